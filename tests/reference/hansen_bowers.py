"""Hansen & Bowers (2008) d², by listing every allocation the design could have drawn.

Written from the paper's definitions (Statistical Science 23, 219-236): the adjusted difference
of the cluster totals with fixed denominators and weights, its mean and covariance over all
allocations as exact fractions, and d² with the Moore-Penrose inverse in 50 digits.
Run: python3 hansen_bowers.py > hansen_bowers.json
"""
import itertools
import json
import platform
import random
import sys
from fractions import Fraction

import mpmath

mpmath.mp.dps = 50


def allocations(strata):
    """strata: list of (units, number treated). Yields sets of treated units."""
    per = [list(itertools.combinations(units, t)) for units, t in strata]
    for choice in itertools.product(*per):
        yield set(itertools.chain.from_iterable(choice))


def adjusted(x, clusters, strata, treated):
    """The adjusted difference of one covariate, centred by stratum; strata without a contrast left out."""
    total = weights = Fraction(0)
    for units, t in strata:
        n = len(units)
        if t in (0, n):
            continue
        members = [i for u in units for i in clusters[u]]
        mean = sum(x[i] for i in members) / Fraction(len(members))
        totals = {u: sum(x[i] - mean for i in clusters[u]) for u in units}
        size = Fraction(len(members), n)
        difference = (sum(totals[u] for u in units if u in treated) / (size * t)
                      - sum(totals[u] for u in units if u not in treated) / (size * (n - t)))
        harmonic = 2 / (Fraction(1, t) + Fraction(1, n - t))
        total += harmonic * size * difference
        weights += harmonic * size
    return total / weights


def pseudo_inverse(matrix):
    k = len(matrix)
    scale = [mpmath.sqrt(to_mp(matrix[a][a])) or mpmath.mpf(1) for a in range(k)]
    correlation = mpmath.matrix(k, k)
    for a in range(k):
        for b in range(k):
            correlation[a, b] = to_mp(matrix[a][b]) / scale[a] / scale[b]
    values, vectors = mpmath.eigsy(correlation)
    rank = sum(1 for v in values if v > mpmath.mpf("1e-30"))
    inverse = mpmath.matrix(k, k)
    for j in range(k):
        if values[j] > mpmath.mpf("1e-30"):
            inverse += vectors[:, j] * vectors[:, j].T / values[j]
    for a in range(k):
        for b in range(k):
            inverse[a, b] = inverse[a, b] / scale[a] / scale[b]
    return inverse, rank


def to_mp(f):
    return mpmath.mpf(f.numerator) / f.denominator


def case(columns, clusters, strata):
    exact = [[Fraction(str(v)) for v in c] for c in columns]
    drawn = list(allocations(strata))
    d = [[adjusted(x, clusters, strata, t) for x in exact] for t in drawn]
    k, m = len(columns), len(drawn)
    mean = [sum(row[a] for row in d) / m for a in range(k)]
    assert all(v == 0 for v in mean)
    covariance = [[sum(row[a] * row[b] for row in d) / m for b in range(k)] for a in range(k)]
    inverse, rank = pseudo_inverse(covariance)
    picked = random.sample(range(m), min(m, 6))
    unit_of = {i: u for u, members in enumerate(clusters) for i in members}
    stratum_of = {u: s for s, (units, _) in enumerate(strata) for u in units}
    n = len(columns[0])
    results = []
    for p in picked:
        v = mpmath.matrix([to_mp(x) for x in d[p]])
        statistic = (v.T * inverse * v)[0]
        results.append({
            "treated": [int(unit_of[i] in drawn[p]) for i in range(n)],
            "differences": [float(to_mp(x)) for x in d[p]], "statistic": float(statistic),
            "p_value": float(mpmath.gammainc(mpmath.mpf(rank) / 2, statistic / 2, regularized=True))})
    return {"columns": columns, "cluster": [unit_of[i] for i in range(n)],
            "stratum": [stratum_of[unit_of[i]] for i in range(n)], "allocations": m,
            "rank": rank, "std_errors": [float(mpmath.sqrt(to_mp(covariance[a][a]))) for a in range(k)],
            "results": results}


random.seed(2008)


def normal(n, digits=3):
    return [round(random.gauss(40, 12), digits) for _ in range(n)]


def flag(n):
    return [random.randint(0, 1) for _ in range(n)]


singles = lambda n: [[i] for i in range(n)]
years = normal(12, 0)
cases = {
    "complete": case([normal(9), flag(9), normal(9)], singles(9), [(list(range(9)), 4)]),
    # A stratum of one, and one with a single treated person.
    "strata": case([normal(12), [v + 1000000 for v in years], flag(12)], singles(12),
                   [([0, 1, 2, 3], 2), ([4, 5, 6, 7, 8], 3), ([9], 1), ([10, 11], 1)]),
    # A constant, a combination of two others, and a covariate constant within strata.
    "dependent": (lambda a, b: case([a, [7] * 10, b, [round(2 * x - y, 1) for x, y in zip(a, b)], [1] * 5 + [2] * 5],
                                    singles(10), [(list(range(5)), 2), (list(range(5, 10)), 3)]))(normal(10, 1), normal(10, 1)),
    "clusters": case([normal(17), flag(17), [1, 2, 2, 1, 3, 3, 3, 1, 4, 4, 4, 4, 2, 2, 1, 1, 1]],
                     [[0], [1, 2], [3], [4, 5, 6], [7], [8, 9, 10, 11], [12, 13], [14], [15], [16]],
                     [(list(range(10)), 4)]),
    "clusters_strata": case([normal(18), normal(18)],
                            [[0, 1], [2], [3, 4, 5], [6], [7, 8], [9], [10, 11], [12], [13, 14, 15], [16, 17]],
                            [([0, 1, 2, 3, 4], 2), ([5, 6, 7, 8, 9], 3)]),
}
json.dump({"oracle": f"Python {platform.python_version()}, fractions and mpmath {mpmath.__version__}",
           "command": "python3 hansen_bowers.py > hansen_bowers.json", "cases": cases}, sys.stdout)
