"""Reference values for a yes/no outcome as one answer, in complete draws and within strata.

Run:  python yes_no.py > yes_no.json
Score statistics and p-values by statsmodels' test_proportions_2indep and scipy's chi2_contingency (asserted to be
one); score intervals by the closed-form root of Miettinen & Nurminen's cubic (as Farrington & Manning print it) and
brentq; Fisher's p by scipy's fisher_exact; the error rate of Pearson's test by going through all tables. Within strata:
CMH by statsmodels' StratifiedTable, exact p-values by going through all tables of all strata, McNemar's exact p by
scipy's binomtest, intervals from the formulas by brentq.
"""
import itertools
import json
import sys
from fractions import Fraction

import numpy as np
import scipy
import statsmodels
from scipy import optimize, stats
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.proportion import proportion_confint, test_proportions_2indep

Z = stats.norm.isf(0.025)


def shares(a, m, c, n, delta):
    """Most likely p1, p0 with p1 - p0 = delta."""
    l3, l2 = m + n, (m + 2 * n) * delta - (m + n) - (a + c)
    l1, l0 = (n * delta - (m + n) - 2 * c) * delta + a + c, c * delta * (1 - delta)
    q = l2**3 / (3 * l3) ** 3 - l1 * l2 / (6 * l3**2) + l0 / (2 * l3)
    p = np.sign(q) * np.sqrt(max(l2**2 / (3 * l3) ** 2 - l1 / (3 * l3), 0))
    w = (np.pi + np.arccos(np.clip(q / p**3 if p else 0, -1, 1))) / 3
    p0 = np.clip(2 * p * np.cos(w) - l2 / (3 * l3), max(0, -delta), min(1, 1 - delta))
    return p0 + delta, p0


def variance(a, m, c, n, delta):
    p1, p0 = shares(a, m, c, n, delta)
    return p1 * (1 - p1) / m + p0 * (1 - p0) / n


def limits(d, var, z):
    """Where (d - delta)^2 = z^2 var(delta), on both sides of d."""
    found = []
    for end in (-1.0, 1.0):
        inside = lambda x: (d - x) ** 2 - z * z * max(var(x), 0)
        # At the estimate itself both sides may be 0: the search starts beside it.
        start = d + (end - d) * 1e-7
        if inside(end) <= 0:
            found.append(end)
        elif inside(start) > 0:
            found.append(d)
        else:
            found.append(optimize.brentq(inside, start, end, xtol=1e-15, rtol=1e-14))
    return found


def agreed(d, p, interval):
    low, high = interval(Z)
    if p >= 0.05:
        return [min(low, 0.0), max(high, 0.0)]
    if low > 0 or high < 0:
        return [low, high]
    side = 0 if d > 0 else 1
    sign = 1 if d > 0 else -1
    zero = optimize.brentq(lambda z: sign * interval(z)[side], 1e-9, Z, xtol=1e-15)
    moved = interval(Z * zero / stats.norm.isf(p / 2))[side]
    return [moved, high] if side == 0 else [low, moved]


def newcombe(a, m, c, n):
    def at(z):
        alpha = 2 * stats.norm.sf(z)
        l1, u1 = proportion_confint(a, m, alpha, "wilson")
        l0, u0 = proportion_confint(c, n, alpha, "wilson")
        d = a / m - c / n
        return (max(d - np.hypot(a / m - l1, u0 - c / n), -1), min(d + np.hypot(u1 - a / m, c / n - l0), 1))

    return at


def pearson_rate(m, n, s):
    total = 0.0
    for k in range(max(0, s - n), min(s, m) + 1):
        table = [[k, m - k], [s - k, n - s + k]]
        if 0 < s < m + n and stats.chi2_contingency(table, correction=False).pvalue < 0.05:
            total += stats.hypergeom.pmf(k, m + n, s, m)
    return total


def complete(a, b, c, d):
    m, n = a + b, c + d
    diff = a / m - c / n
    case = dict(table=[a, b, c, d], estimate=diff, rate=pearson_rate(m, n, a + c))
    for name, factor in (("mee", 1.0), ("miettinen_nurminen", (m + n) / (m + n - 1))):
        var = lambda x: variance(a, m, c, n, x) * factor
        if 0 < a + c < m + n:
            test = test_proportions_2indep(a, m, c, n, method="score", correction=factor > 1)
            statistic, p = test.statistic, test.pvalue
            if factor == 1:
                chi2 = stats.chi2_contingency([[a, b], [c, d]], correction=False)
                assert abs(chi2.pvalue - p) < 1e-12 and abs(statistic**2 - chi2.statistic) < 1e-9
                p = chi2.pvalue
        else:
            statistic, p = None, 1.0
        case[name] = dict(statistic=statistic, p_value=p, interval=agreed(diff, p, lambda z: limits(diff, var, z)))
    p = stats.fisher_exact([[a, b], [c, d]]).pvalue
    case["fisher"] = dict(p_value=p, interval=agreed(diff, p, newcombe(a, m, c, n)))
    return case


def stratum_parts(strata):
    used = [t for t in strata if t[0] + t[1] and t[2] + t[3]]
    total = sum(map(sum, used))
    return used, [Fraction(sum(t), total) for t in used]


def strata_variance(used, weights):
    thin = [(t, w) for t, w in zip(used, weights) if min(t[0] + t[1], t[2] + t[3]) < 3]
    mostly_yes = 2 * sum(t[0] + t[2] for t, _ in thin) > sum(sum(t) for t, _ in thin)

    def var(delta):
        total, rough, least = 0.0, 0.0, 0.0
        for (a, b, c, d), w in zip(used, weights):
            m, n, size, w = a + b, c + d, a + b + c + d, float(w)
            if min(m, n) >= 3:
                total += w * w * variance(a, m, c, n, delta) * size / (size - 1)
                continue
            pi, mean = m / size, (a + c) / size
            one, zero = mean + (1 - pi) * delta, mean - pi * delta
            one, zero = one * (1 - one), zero * (1 - zero)
            extra = (m * one + n * zero) * size / (size - 1) / size**2
            rough += w * w * ((one + extra) / m + (zero + extra) / n)
            moves = (m if delta >= 0 else n) if not mostly_yes else (n if delta >= 0 else m)
            least += w * w * abs(delta) * (1 - abs(delta)) / moves
        return total + max(rough, least)

    return var


def exact(used, weights):
    """P(|sum w d| >= observed), over all tables of all strata, in fractions."""
    def diff(t, k):
        m, n, s = t[0] + t[1], t[2] + t[3], t[0] + t[2]
        return Fraction(k, m) - Fraction(s - k, n)

    observed = abs(sum(w * diff(t, t[0]) for t, w in zip(used, weights)))
    dist = {Fraction(0): 1.0}
    for t, w in zip(used, weights):
        m, n, s = t[0] + t[1], t[2] + t[3], t[0] + t[2]
        after = {}
        for k in range(max(0, s - n), min(s, m) + 1):
            p = stats.hypergeom.pmf(k, m + n, s, m)
            for value, q in dist.items():
                key = value + w * diff(t, k)
                after[key] = after.get(key, 0.0) + p * q
        dist = after
    return min(1.0, sum(p for value, p in dist.items() if abs(value) >= observed))


def stratified(name, strata):
    used, weights = stratum_parts(strata)
    d = float(sum(w * (Fraction(t[0], t[0] + t[1]) - Fraction(t[2], t[2] + t[3])) for t, w in zip(used, weights)))
    var = strata_variance(used, weights)
    shares_ = {Fraction(t[0] + t[1], sum(t)) for t in used}
    statistic = d / np.sqrt(var(0.0)) if var(0.0) > 0 else None
    p = 2 * stats.norm.sf(abs(statistic)) if statistic is not None else 1.0
    if len(shares_) == 1 and statistic is not None:
        table = StratifiedTable([np.array([[t[0], t[1]], [t[2], t[3]]], float) for t in used])
        test = table.test_null_odds(correction=False)
        assert abs(test.statistic - statistic**2) < 1e-9 * test.statistic + 1e-12, name
        p = test.pvalue
    exact_p = exact(used, weights)
    if all(t[0] + t[1] == 1 and t[2] + t[3] == 1 for t in used):
        up, down = sum(t[0] > t[2] for t in used), sum(t[0] < t[2] for t in used)
        assert abs(exact_p - stats.binomtest(up, up + down).pvalue) < 1e-12
    interval = lambda z: limits(d, var, z)
    return dict(name=name, strata=strata, equal=len(shares_) == 1, estimate=d,
                score=dict(statistic=statistic, p_value=p, interval=agreed(d, p, interval)),
                exact=dict(p_value=exact_p, interval=agreed(d, exact_p, interval)))


TABLES = [(0, 50, 10, 490), (50, 0, 0, 500), (1, 14, 8, 142), (0, 15, 0, 150), (10, 0, 10, 0), (1, 0, 0, 1), (18, 12, 12, 18),
          (0, 1, 5, 95), (30, 20, 20, 30), (35, 65, 20, 80), (4, 16, 9, 171), (5, 15, 9, 171), (7, 29, 25, 42), (150, 210, 230, 438),
          (3, 7, 9, 1), (0, 20, 12, 168), (6, 14, 18, 162), (47, 3, 40, 10), (9, 41, 3, 47), (10, 40, 3, 47), (0, 36, 7, 60)]
rng = np.random.default_rng(20261127)


def make(sizes, p, shift):
    return [[int(x := rng.binomial(m, min(max(q + shift, 0), 1))), m - x, int(y := rng.binomial(n, q)), n - y]
            for (m, n), q in zip(sizes, p)]


STRATA = {
    "large": make([(30, 30), (20, 20), (50, 50)], [.2, .5, .1], .15),
    "large, unequal chances": make([(10, 30), (20, 20), (40, 15)], [.2, .5, .3], .2),
    "pairs": make([(1, 1)] * 40, rng.uniform(.1, .9, 40), .2),
    "pairs, sparse": make([(1, 1)] * 30, [.05] * 30, .1),
    "one against two": make([(1, 2)] * 25, rng.uniform(.1, .9, 25), .25),
    "thin, unequal chances": make([(1, 2), (2, 1), (1, 3)] * 5, rng.uniform(.2, .8, 15), .3),
    "thin and thick": make([(1, 1)] * 10 + [(12, 12), (8, 8)], [.4] * 12, .2),
    "rare": [[0, 20, 2, 58], [0, 10, 3, 27], [0, 20, 4, 56]],
    "an empty arm": [[3, 5, 1, 7], [2, 0, 0, 0], [4, 4, 2, 6]],
    "nobody": [[0, 5, 0, 5], [0, 3, 0, 3]],
    "everybody against nobody": [[10, 0, 0, 20], [15, 0, 0, 30]],
}
json.dump(dict(made_with=dict(scipy=scipy.__version__, statsmodels=statsmodels.__version__, python=sys.version.split()[0]),
               complete=[complete(*t) for t in TABLES],
               stratified=[stratified(name, strata) for name, strata in STRATA.items()]), sys.stdout, indent=1)
