# Reference values of the stratified difference with thin strata (one person in an arm): within strata that have
# two in each arm, between the others by the hybrid estimator of Pashley & Miratrix (2021), written from its
# definition. Run in this folder: python3 blocked_thin.py > blocked_thin.json
import json, sys
import numpy as np

rng = np.random.default_rng(20261127)


def reference(y, z, s):
    n = len(y)
    parts = {}
    cells, relative = [], {}
    for j in np.unique(s):
        one, zero = y[(s == j) & z], y[(s == j) & ~z]
        thin = min(len(one), len(zero)) < 2
        var = None if thin else one.var(ddof=1) / len(one) + zero.var(ddof=1) / len(zero)
        relative[j] = 1 / len(one) + 1 / len(zero)
        if not thin:
            cells += [(len(one) + len(zero), arm.var(ddof=1) / len(arm), len(arm) - 1) for arm in (one, zero)]
        parts[j] = (len(one) + len(zero), one.mean() - zero.mean(), var)
    estimate = sum(m * d for m, d, _ in parts.values()) / n
    small = [(m, d, relative[j]) for j, (m, d, v) in parts.items() if v is None]
    large = [(m, v) for m, d, v in parts.values() if v is not None]
    within = sum((m / n) ** 2 * v for m, v in large)
    ns = sum(m for m, _, _ in small)
    mean = sum(m * d for m, d, _ in small) / ns
    whole = ns + sum(m * m / (ns - 2 * m) for m, _, _ in small)
    between = sum(m * m / ((ns - 2 * m) * whole) * (d - mean) ** 2 for m, d, _ in small) * (ns / n) ** 2
    # The pieces of the variance with their degrees of freedom: cells of large strata, and the quadratic form of the
    # thin ones, written out (Satterthwaite, variances in proportion to 1/n1 + 1/n0).
    pieces = [((m / n) ** 2 * v, f) for m, v, f in cells]
    w = np.array([m for m, _, _ in small]) / ns
    a = w ** 2 / ((1 - 2 * w) * (1 + (w ** 2 / (1 - 2 * w)).sum()))
    centre = np.eye(len(w)) - np.outer(np.ones(len(w)), w)
    b = centre.T @ np.diag(a) @ centre @ np.diag([r for _, _, r in small])
    pieces.append((between, np.trace(b) ** 2 / np.trace(b @ b)))
    v, f = np.array(pieces).T
    df = v.sum() ** 2 / (v ** 2 / (f + 2)).sum() - 2
    return dict(estimate=estimate, std_error=(within + between) ** 0.5, df=df, source="hybrid" if large else "between")


def trial(name, sizes):
    y, z, s = [], [], []
    for j, (treated, control) in enumerate(sizes):
        level = rng.normal(0, 5)
        for arm, k in ((1, treated), (0, control)):
            for _ in range(k):
                y.append(round(level + 0.5 * arm + rng.normal(), 3)); z.append(arm); s.append(j)
    y, z, s = np.array(y), np.array(z), np.array(s)
    return dict(name=name, y=y.tolist(), treated=z.tolist(), stratum=s.tolist(), **reference(y, z == 1, s))


cases = [trial("pairs", [(1, 1)] * 12), trial("triples", [(1, 2)] * 10), trial("a triple among pairs", [(1, 1)] * 9 + [(1, 2)]),
         trial("thin of several sizes", [(1, 1), (1, 2), (3, 1), (1, 4), (1, 1), (2, 1)]),
         trial("thin among large", [(5, 6), (1, 2), (8, 4), (1, 1), (1, 3), (2, 2)])]
json.dump({"made_with": {"numpy": np.__version__}, "cases": cases}, sys.stdout, indent=1)
