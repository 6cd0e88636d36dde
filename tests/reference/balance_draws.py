# Balance of some covariates by all allocations of small designs, listed: the share of allocations whose d2 (Hansen & Bowers
# 2008, sections 3 to 5, written from its definition with the covariance over the allocations themselves) is at least as large.
# Run in this folder: python3 balance_draws.py > balance_draws.json
import itertools, json, sys
import numpy as np

rng = np.random.default_rng(20261128)


def allocations(strata, treated):
    """Every way to treat so many units of each stratum, as a vector of 0 and 1 per unit."""
    ways = [list(itertools.combinations([u for u, s in enumerate(strata) if s == k], n)) for k, n in enumerate(treated)]
    for chosen in itertools.product(*ways):
        z = np.zeros(len(strata))
        z[[u for part in chosen for u in part]] = 1
        yield z


def case(name, strata, sizes, treated, x, questions):
    unit = np.repeat(np.arange(len(sizes)), sizes)
    person_stratum = np.array(strata)[unit]
    centred = x.copy()
    for k in set(strata):
        centred[person_stratum == k] -= x[person_stratum == k].mean(0)
    totals = np.array([centred[unit == u].sum(0) for u in range(len(sizes))])
    zs = np.array(list(allocations(strata, treated)))
    sums = zs @ totals
    assert np.abs(sums.mean(0)).max() < 1e-9
    results = []
    for observed in (0, len(zs) // 3, len(zs) - 2):
        found = []
        for q in questions:
            t = sums[:, q]
            cov = t.T @ t / len(t)
            d2 = np.einsum("ij,jk,ik->i", t, np.linalg.pinv(cov, rcond=1e-10), t)
            found.append(dict(statistic=d2[observed], p_value=float((d2 >= d2[observed] * (1 - 1e-9)).mean())))
        results.append(dict(treated=zs[observed][unit].astype(int).tolist(), found=found))
    return dict(name=name, stratum=person_stratum.tolist(), cluster=unit.tolist(), columns=x.T.tolist(), questions=questions,
                allocations=len(zs), results=results)


def made_up(n):
    return np.column_stack([np.round(rng.normal(40, 12, n)), rng.integers(0, 2, n), np.round(np.exp(rng.normal(7, 1, n)))]).astype(float)


cases = [
    case("persons", [0] * 10, [1] * 10, [4], made_up(10), [[0], [1], [0, 1], [0, 1, 2]]),
    case("strata", [0] * 4 + [1] * 6, [1] * 10, [1, 3], made_up(10), [[0], [1], [2], [0, 2]]),
    case("clusters in strata", [0] * 4 + [1] * 5, [2, 1, 3, 2, 1, 4, 2, 2, 1], [2, 2], made_up(18), [[0], [1], [2], [0, 1, 2]]),
    case("pairs", [0, 0, 1, 1, 2, 2, 3, 3, 4, 4], [1] * 10, [1] * 5, made_up(10), [[0], [1], [0, 1]]),
]
json.dump(dict(made_with=dict(numpy=np.__version__), cases=cases), sys.stdout)
