"""Reference values for shares: Wilson, Newcombe, Miettinen-Nurminen, ratio and odds ratio.

Run:  python proportion.py > proportion.json
Everything is computed twice: by mpmath (50 digits) from the papers' formulas, and by
statsmodels, with which it must agree (asserted); for Miettinen and Nurminen's interval the
second source is the printed Table II of Newcombe (1998), asserted to its four decimals.
"""

import json
import sys

import mpmath as mp
import statsmodels
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

mp.mp.dps = 50
Z = mp.sqrt(2) * mp.erfinv(mp.mpf("0.95"))


def wilson(x, n):
    x, n = mp.mpf(x), mp.mpf(n)
    root = Z * mp.sqrt(Z**2 + 4 * x * (1 - x / n))
    return (2 * x + Z**2 - root) / (2 * (n + Z**2)), (2 * x + Z**2 + root) / (2 * (n + Z**2))


def newcombe(a, m, c, n):
    p1, p0 = mp.mpf(a) / m, mp.mpf(c) / n
    (l1, u1), (l0, u0) = wilson(a, m), wilson(c, n)
    d = p1 - p0
    return d - mp.sqrt((p1 - l1) ** 2 + (u0 - p0) ** 2), d + mp.sqrt((u1 - p1) ** 2 + (p0 - l0) ** 2)


def constrained(a, m, c, n, delta):
    """Maximum-likelihood p0 under p1 - p0 = delta: the root of Miettinen & Nurminen's cubic."""
    total = m + n
    # Cubic in p0 with the roles of their equation: L3 p^3 + L2 p^2 + L1 p + L0 = 0.
    l3 = mp.mpf(total)
    l2 = (m + 2 * n) * delta - total - (a + c)
    l1 = (n * delta - total - 2 * c) * delta + a + c
    l0 = c * delta * (1 - delta)
    roots = mp.polyroots([l3, l2, l1, l0], maxsteps=500, extraprec=400)
    low, high = max(mp.mpf(0), -delta), min(mp.mpf(1), 1 - delta)
    best = None
    for r in roots:
        if abs(mp.im(r)) < mp.mpf(10) ** -20 and low - mp.mpf(10) ** -20 <= mp.re(r) <= high + mp.mpf(10) ** -20:
            p0 = min(max(mp.re(r), low), high)

            def part(k, p):
                return mp.mpf(0) if k == 0 else (k * mp.log(p) if p > 0 else mp.mpf("-inf"))

            value = part(a, p0 + delta) + part(m - a, 1 - p0 - delta) + part(c, p0) + part(n - c, 1 - p0)
            if best is None or value > best[0]:
                best = (value, p0)
    return best[1] + delta, best[1]


def miettinen_nurminen(a, m, c, n):
    d = mp.mpf(a) / m - mp.mpf(c) / n

    def excess(delta):
        p1, p0 = constrained(a, m, c, n, delta)
        v = (p1 * (1 - p1) / m + p0 * (1 - p0) / n) * mp.mpf(m + n) / (m + n - 1)
        return (d - delta) ** 2 - Z**2 * v

    def bisect(inside, outside):
        for _ in range(110):
            middle = (inside + outside) / 2
            if excess(middle) > 0:
                outside = middle
            else:
                inside = middle
        return inside

    edge = mp.mpf(10) ** -25
    return bisect(d, -1 + edge), bisect(d, 1 - edge)


# Newcombe (1998), Table II, method 6.
PRINTED_MN = {(56, 70, 48, 80): ("0.0528", "0.3382"), (9, 10, 3, 10): ("0.1700", "0.8406"), (6, 7, 2, 7): ("0.0342", "0.8534"),
              (5, 56, 0, 29): ("-0.0326", "0.1933"), (0, 10, 0, 20): ("-0.1658", "0.2844"), (0, 10, 0, 10): ("-0.2879", "0.2879"),
              (10, 10, 0, 20): ("0.7156", "1.0000"), (10, 10, 0, 10): ("0.6636", "1.0000")}

out = []
# (a of m, c of n); the first eight are the examples of Newcombe (1998, Statistics in Medicine 17:873, Table II).
TABLES = [(56, 70, 48, 80), (9, 10, 3, 10), (6, 7, 2, 7), (5, 56, 0, 29), (0, 10, 0, 20), (0, 10, 0, 10), (10, 10, 0, 20), (10, 10, 0, 10),
          (89, 360, 110, 668), (3, 1000, 9, 4000), (5210, 100000, 5010, 200000), (1, 2, 1, 2), (7, 7, 5, 9), (20, 20, 30, 30)]
for a, m, c, n in TABLES:
    case = {"table": [a, m - a, c, n - c]}
    case["wilson"] = [mp.nstr(v, 20) for v in wilson(a, m)]
    nc = newcombe(a, m, c, n)
    case["newcombe"] = [mp.nstr(v, 20) for v in nc]
    sm = confint_proportions_2indep(a, m, c, n, compare="diff", method="newcomb")
    assert all(abs(s - float(v)) < 1e-9 for s, v in zip(sm, nc)), (a, m, c, n, sm, nc)
    assert all(abs(s - float(v)) < 1e-9 for s, v in zip(proportion_confint(a, m, method="wilson"), wilson(a, m)))
    mn = miettinen_nurminen(a, m, c, n)
    printed = PRINTED_MN.get((a, m, c, n))
    assert printed is None or tuple("%.4f" % v for v in mn) == printed
    case["miettinen_nurminen"] = [mp.nstr(v, 20) for v in mn]
    if a > 0 and c > 0 and not (a == m and c == n):
        rr = mp.mpf(a) * n / (mp.mpf(m) * c)
        se = mp.sqrt(mp.mpf(1) / a - mp.mpf(1) / m + mp.mpf(1) / c - mp.mpf(1) / n)
        case["risk_ratio"] = [mp.nstr(v, 20) for v in (rr, rr * mp.exp(-Z * se), rr * mp.exp(Z * se))]
        sm = confint_proportions_2indep(a, m, c, n, compare="ratio", method="log")
        assert all(abs(s / float(v) - 1) < 1e-9 for s, v in zip(sm, (rr * mp.exp(-Z * se), rr * mp.exp(Z * se))))
    if 0 < a < m and 0 < c < n:
        ratio = mp.mpf(a) * (n - c) / (mp.mpf(m - a) * c)
        se = mp.sqrt(mp.mpf(1) / a + mp.mpf(1) / (m - a) + mp.mpf(1) / c + mp.mpf(1) / (n - c))
        case["odds_ratio"] = [mp.nstr(v, 20) for v in (ratio, ratio * mp.exp(-Z * se), ratio * mp.exp(Z * se))]
        sm = confint_proportions_2indep(a, m, c, n, compare="odds-ratio", method="logit")
        assert all(abs(s / float(v) - 1) < 1e-9 for s, v in zip(sm, (ratio * mp.exp(-Z * se), ratio * mp.exp(Z * se))))
    out.append(case)
json.dump({"oracle": f"mpmath {mp.__version__}, statsmodels {statsmodels.__version__}, Python {sys.version.split()[0]}", "cases": out}, sys.stdout)
