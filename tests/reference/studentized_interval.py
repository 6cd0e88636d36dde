"""Intervals from the studentized randomization test by brute force: for each constant effect on a
grid, the p-value over all allocations of the outcomes without that effect, and halving where it
crosses alpha furthest out. The cases (people, draws, outcomes) are those of randomization.json.

Run: python studentized_interval.py > studentized_interval.json
"""
import itertools, json, platform
import numpy as np


def allocations(treated, strata, clusters):
    units = sorted(set(clusters))
    arm = {c: treated[clusters.index(c)] for c in units}
    stratum = {c: strata[clusters.index(c)] for c in units}
    per = []
    for s in sorted(set(strata)):
        own = [c for c in units if stratum[c] == s]
        per.append([set(x) for x in itertools.combinations(own, sum(arm[c] for c in own))])
    return np.array([[c in set().union(*parts) for c in clusters] for parts in itertools.product(*per)])


def studentized(y, z, strata, clusters):
    """Straight from the definition, for many outcomes at once: y is people by effects."""
    num = var = 0.0
    for s in sorted(set(strata)):
        ok = (strata == s) & ~np.isnan(y[:, 0])
        n = ok.sum()
        if n == 0:
            continue
        parts = []
        for arm in (True, False):
            rows = ok & (z == arm)
            if rows.sum() == 0:
                break
            m = y[rows].mean(axis=0)
            own = sorted(set(clusters[rows]))
            sums = np.array([(y[rows & (clusters == c)] - m).sum(axis=0) for c in own])
            g = len(own)
            with np.errstate(divide="ignore", invalid="ignore"):
                parts.append((m, np.float64(g) / (g - 1) * np.square(sums).sum(axis=0) / rows.sum() ** 2))
        if len(parts) < 2:
            continue
        num = num + n * (parts[0][0] - parts[1][0])
        var = var + n * n * (parts[0][1] + parts[1][1])
    with np.errstate(divide="ignore", invalid="ignore"):
        return num / np.sqrt(var)


def p_values(taus, y, z, strata, clusters, draws):
    adjusted = y[:, None] - np.outer(z, taus)
    observed = np.abs(studentized(adjusted, z, strata, clusters))
    count = np.zeros(len(taus))
    for d in draws:
        t = np.abs(studentized(adjusted, d, strata, clusters))
        count += np.isnan(t) | (t >= observed * (1 - 1e-13))
    return count / len(draws)


def limits(y, z, strata, clusters, draws, alpha):
    p = lambda taus: p_values(np.atleast_1d(taus), y, z, strata, clusters, draws)
    ok = ~np.isnan(y)
    centre = y[ok & z].mean() - y[ok & ~z].mean()
    width = np.nanmax(y) - np.nanmin(y)
    grid = centre + width * np.tan(np.linspace(-np.pi / 2 + 1e-3, np.pi / 2 - 1e-3, 4001))
    accepted = np.flatnonzero(p(grid) > alpha)
    found = []
    for at, step in ((accepted[0], -1), (accepted[-1], 1)):
        if at + step < 0 or at + step >= len(grid):
            found.append(None)
            continue
        inside, outside = grid[at], grid[at + step]
        while abs(outside - inside) > 1e-11 * width:
            middle = (inside + outside) / 2
            inside, outside = (middle, outside) if p(middle)[0] > alpha else (inside, middle)
        found.append(inside)
    return found


source = json.load(open("randomization.json"))
cases = []
for case in source["cases"]:
    z = np.array(case["treated"], dtype=bool)
    n = len(z)
    strata = np.array(case.get("strata", [0] * n))
    clusters = np.array(case.get("clusters", list(range(n))))
    draws = allocations(z.tolist(), strata.tolist(), clusters.tolist())
    intervals = {}
    for level in case["intervals"]:
        intervals[level] = [
            limits(np.array([np.nan if v is None else v for v in y], dtype=float), z, strata, clusters, draws,
                   1 - float(level))
            for y in case["outcomes"]]
    cases.append({"name": case["name"], "allocations": len(draws), "intervals": intervals})
print(json.dumps({
    "oracle": f"Python {platform.python_version()}, numpy {np.__version__}, all allocations",
    "command": "python studentized_interval.py > studentized_interval.json",
    "cases": cases}, indent=1))
