"""Randomization tests by enumerating all allocations, straight from the definitions.

Run: python randomization.py > randomization.json
"""
import itertools, json, platform
import numpy as np, scipy
from scipy import stats


def allocations(treated, strata, clusters):
    """All allocations with the observed number of treated units in every stratum."""
    units = sorted(set(clusters))
    arm = {c: treated[clusters.index(c)] for c in units}
    stratum = {c: strata[clusters.index(c)] for c in units}
    per = []
    for s in sorted(set(strata)):
        own = [c for c in units if stratum[c] == s]
        k = sum(arm[c] for c in own)
        per.append([set(chosen) for chosen in itertools.combinations(own, k)])
    for parts in itertools.product(*per):
        chosen = set().union(*parts)
        yield np.array([c in chosen for c in clusters])


def statistic(y, z, strata, clusters):
    """Difference and studentized difference."""
    num = var = total = 0.0
    for s in sorted(set(strata)):
        ok = (strata == s) & ~np.isnan(y)
        n = ok.sum()
        if n == 0:
            continue
        parts = []
        for arm in (True, False):
            rows = ok & (z == arm)
            m = y[rows].mean()
            sums = [np.sum(y[rows & (clusters == c)] - m) for c in sorted(set(clusters[rows]))]
            g = len(sums)
            parts.append((m, g / (g - 1) * np.sum(np.square(sums)) / rows.sum() ** 2))
        total += n
        num += n * (parts[0][0] - parts[1][0])
        var += n * n * (parts[0][1] + parts[1][1])
    return num / total, num / np.sqrt(var)


def reaches(value, bound):
    return abs(value) >= abs(bound) - 1e-9


def step_down(observed, replicates):
    order = np.argsort(-np.abs(observed), kind="stable")
    adjusted = np.empty(len(order))
    so_far = 0.0
    for j, k in enumerate(order):
        rest = order[j:]
        p = np.mean(np.max(np.abs(replicates[:, rest]), axis=1) >= abs(observed[k]) - 1e-9)
        so_far = max(so_far, p)
        adjusted[k] = so_far
    return adjusted.tolist()


def interval(y, z, strata, clusters, draws, alpha):
    def p(tau):
        untreated = y - tau * z
        t = statistic(untreated, z, strata, clusters)[0]
        return np.mean([reaches(statistic(untreated, d, strata, clusters)[0], t) for d in draws])

    t = statistic(y, z, strata, clusters)[0]
    width = np.nanmax(y) - np.nanmin(y)
    limits = []
    for sign in (-1, 1):
        inside, outside = t, t + sign * 50 * width
        if p(outside) > alpha:
            limits.append(None)
            continue
        while abs(outside - inside) > 1e-9 * width:
            middle = (inside + outside) / 2
            if p(middle) > alpha:
                inside = middle
            else:
                outside = middle
        limits.append((inside + outside) / 2)
    return limits


rng = np.random.default_rng(20170301)
cases = []


def case(name, treated, outcomes, strata=None, clusters=None, levels=(0.9, 0.95)):
    n = len(treated)
    z = np.array(treated, bool)
    s = np.zeros(n, int) if strata is None else np.array(strata)
    c = np.arange(n) if clusters is None else np.array(clusters)
    draws = list(allocations(list(treated), list(s), list(c)))
    observed = np.array([statistic(y, z, s, c) for y in outcomes])
    replicates = np.array([[statistic(y, d, s, c) for y in outcomes] for d in draws])
    result = {"name": name, "treated": [int(t) for t in treated], "allocations": len(draws),
              "outcomes": [[None if np.isnan(v) else v for v in y] for y in outcomes]}
    if strata is not None:
        result["strata"] = list(map(int, strata))
    if clusters is not None:
        result["clusters"] = list(map(int, clusters))
    for place, label in enumerate(("difference", "studentized")):
        obs, rep = observed[:, place], replicates[:, :, place]
        result[label] = {
            "observed": obs.tolist(),
            "p_value": [float(np.mean([reaches(v, o) for v in rep[:, k]])) for k, o in enumerate(obs)],
            "westfall_young": step_down(obs, rep),
        }
    result["intervals"] = {str(level): [interval(y, z, s, c, draws, 1 - level) for y in outcomes] for level in levels}
    cases.append(result)


def outcomes(n, lift, z):
    a = np.round(rng.normal(10, 2, n) + lift * z, 2)
    b = np.round(rng.exponential(3, n) - 0.5 * lift * z, 2)
    c = np.round(0.5 * a + rng.normal(0, 1, n), 2)
    return [a, b, c]


z = np.array([1, 0, 0, 1, 0, 1, 0, 0, 1])
case("complete", z, outcomes(9, 2.5, z))
z = np.array([1, 0, 0, 1, 1, 0, 1, 0, 0, 0, 1, 1])
y = outcomes(12, 2.0, z)
case("strata", z, y, strata=[3, 3, 3, 3, 1, 1, 1, 1, 7, 7, 7, 7])
# Unequal shares per stratum, so that weights matter.
z = np.array([1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0])
case("unequal strata", z, outcomes(11, 3.0, z), strata=[0] * 5 + [1] * 6)
clusters = [1, 1, 2, 3, 3, 3, 4, 5, 5, 6, 7, 7, 8]
arm = {1: 1, 2: 0, 3: 0, 4: 1, 5: 1, 6: 0, 7: 0, 8: 1}
z = np.array([arm[c] for c in clusters])
case("clusters", z, outcomes(13, 3.0, z), clusters=clusters)
strata = [1] * 7 + [2] * 6
clusters = [1, 1, 2, 3, 3, 4, 4, 5, 6, 6, 7, 8, 8]
arm = {1: 1, 2: 0, 3: 0, 4: 1, 5: 1, 6: 0, 7: 1, 8: 0}
z = np.array([arm[c] for c in clusters])
case("clusters in strata", z, outcomes(13, 3.0, z), strata=strata, clusters=clusters, levels=(0.7, 0.8))
z = np.array([1, 0, 0, 1, 0, 1, 0, 1, 1, 0])
y = outcomes(10, 2.5, z)
y[1][4] = np.nan
case("missing", z, y)

extra1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
extra2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]


def enumerate_two(f):
    return float(stats.permutation_test((extra2, extra1), f, vectorized=True, n_resamples=np.inf,
                                        permutation_type="independent").pvalue)


def difference(a, b, axis=-1):
    return np.mean(a, axis=axis) - np.mean(b, axis=axis)


def welch(a, b, axis=-1):
    se = np.sqrt(np.var(a, axis=axis, ddof=1) / a.shape[axis] + np.var(b, axis=axis, ddof=1) / b.shape[axis])
    return difference(a, b, axis) / se


print(json.dumps({
    "oracle": f"Python {platform.python_version()} numpy {np.__version__} scipy {scipy.__version__}",
    "command": "python randomization.py > randomization.json",
    "cases": cases,
    "sleep": {"y": extra2 + extra1, "treated": [1] * 10 + [0] * 10,
              "scipy_difference": enumerate_two(difference), "scipy_welch": enumerate_two(welch)},
}))
