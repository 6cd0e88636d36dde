"""Reference values for standardised effects: Cohen's d, Hedges's g, standardised differences.

Run:  python effect_size.py > effect_size.json
mpmath, 40 digits, from the definitions: the noncentral t by integrating over the scale, the
categorical distance with an explicit inverse of the averaged multinomial covariance.
"""

import json
import sys

import mpmath as mp

mp.mp.dps = 40


def nct_cdf(t, df, delta):
    df, t, delta = mp.mpf(df), mp.mpf(t), mp.mpf(delta)
    const = mp.log(2) + df / 2 * mp.log(df / 2) - mp.loggamma(df / 2)
    width = 1 / mp.sqrt(2 * df)
    left, right = -90 / df - 14 * width, min(14 * width, mp.mpf(4))
    marks = {left, right} | {k * width for k in range(-14, 15)}
    if t != 0 and delta / t > 0:
        marks |= {mp.log(delta / t) + mp.mpf(k) / (2 * (abs(delta) + 1)) for k in range(-10, 11)}
    marks = sorted(m for m in marks if left <= m <= right)

    def f(z):
        return mp.exp(const + df * z - df * mp.exp(2 * z) / 2) * mp.ncdf(t * mp.exp(z) - delta)

    with mp.workdps(25):
        return mp.quad(f, marks)


cases = []
for n1, m1, s1, n0, m0, s0 in [(10, 5.5, 2.0, 12, 3.25, 2.5), (3, 1.0, 0.5, 2, 0.75, 1.0), (360, 2.41, 1.5, 668, 2.36, 1.4), (25, 10.0, 1.0, 25, 10.0, 2.0), (40, 0.0, 1.0, 30, 6.0, 1.0)]:
    m1, s1, m0, s0 = map(mp.mpf, (m1, s1, m0, s0))
    df = n1 + n0 - 2
    pooled = mp.sqrt(((n1 - 1) * s1**2 + (n0 - 1) * s0**2) / df)
    d = (m1 - m0) / pooled
    root = mp.sqrt(mp.mpf(n1) * n0 / (n1 + n0))
    t = d * root
    j = mp.gamma(mp.mpf(df) / 2) / (mp.sqrt(mp.mpf(df) / 2) * mp.gamma(mp.mpf(df - 1) / 2))
    limits = []
    for p in (mp.mpf("0.975"), mp.mpf("0.025")):
        guess = t - mp.sqrt(2) * mp.erfinv(2 * p - 1) * mp.sqrt(1 + t**2 / (2 * df))
        delta = mp.findroot(lambda x: nct_cdf(t, df, x) - p, (guess, guess + mp.mpf("0.01")), solver="secant", tol=mp.mpf(10) ** -36)
        limits.append(delta / root)
    cases.append({"treated": [n1, float(m1), float(s1)], "control": [n0, float(m0), float(s0)],
                  "cohens_d": [mp.nstr(v, 17) for v in (d, *limits)], "hedges_g": [mp.nstr(j * v, 17) for v in (d, *limits)],
                  "smd": mp.nstr((m1 - m0) / mp.sqrt((s1**2 + s0**2) / 2), 17), "variance_ratio": mp.nstr(s1**2 / s0**2, 17)})

binary = []
for a, b, c, d in [(56, 14, 48, 32), (1, 999, 9, 3991), (0, 10, 3, 7), (5, 5, 10, 0)]:
    p, q = mp.mpf(a) / (a + b), mp.mpf(c) / (c + d)
    binary.append({"table": [a, b, c, d], "smd": mp.nstr((p - q) / mp.sqrt((p * (1 - p) + q * (1 - q)) / 2), 17)})

categorical = []
for treated, control in [([10, 20, 30], [15, 25, 20]), ([5, 0, 3, 2], [0, 4, 3, 9]), ([1, 500, 0], [0, 499, 700]), ([12, 8], [30, 50]),
                         ([100, 200, 300, 50, 7, 0, 1], [110, 190, 310, 60, 0, 3, 2])]:
    n1, n0 = sum(treated), sum(control)
    k = len(treated) - 1
    p = [mp.mpf(x) / n1 for x in treated[1:]]
    q = [mp.mpf(x) / n0 for x in control[1:]]
    s = mp.matrix(k, k)
    for i in range(k):
        for l in range(k):
            s[i, l] = ((p[i] * (1 - p[i]) + q[i] * (1 - q[i])) / 2 if i == l else -(p[i] * p[l] + q[i] * q[l]) / 2)
    diff = mp.matrix([x - y for x, y in zip(p, q)])
    categorical.append({"treated": treated, "control": control, "smd": mp.nstr(mp.sqrt((diff.T * s**-1 * diff)[0]), 17)})

json.dump({"oracle": f"mpmath {mp.__version__}, Python {sys.version.split()[0]}", "cases": cases, "binary": binary, "categorical": categorical}, sys.stdout)
