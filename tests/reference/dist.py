"""Reference values of the distributions, by mpmath with 60 digits.

Run:  python dist.py > dist.json
Every argument is the exact double written in the file. Each case is
[function, arguments, value]; values are decimal strings with 20 digits.
Tails are integrals of the density (tanh-sinh in 60 digits) where mpmath's
hypergeometric series does not converge in reasonable time, checked against it where it does.
"""

import json
import sys

import mpmath as mp

mp.mp.dps = 60
cases = []


def put(name, args, value):
    cases.append([name, args, mp.nstr(value, 20, min_fixed=0, max_fixed=0)])


def tail_integral(log_density, start, end, scale, towards):
    """Integral of exp(log_density) from start away to end, in steps that grow."""
    top = log_density(start)
    total = mp.mpf(0)
    at, width = start, scale
    while True:
        nxt = at + towards * width
        last = nxt >= end if towards > 0 else nxt <= end
        if last:
            nxt = end
        piece = abs(mp.quad(lambda t: mp.exp(log_density(t) - top), [at, nxt]))
        total += piece
        if last or piece < total * mp.mpf(10) ** -40:
            break
        at, width = nxt, width * mp.mpf("1.3")
    return total * mp.exp(top)


# The regularised incomplete beta in terms of ln odds: density exp(a u - (a+b) ln(1+e^u)).
def ibeta_lower(a, b, ln_odds):
    """I_x(a, b), x/(1-x) = exp(ln_odds), below the mean."""
    a, b = mp.mpf(a), mp.mpf(b)
    const = mp.loggamma(a + b) - mp.loggamma(a) - mp.loggamma(b)

    def log_density(u):
        return a * u - (a + b) * mp.log1p(mp.exp(u)) + const

    p = a / (a + b)
    x = 1 / (1 + mp.exp(-ln_odds))
    slope = a - (a + b) * x
    scale = 1 / (abs(slope) + mp.sqrt((a + b) * x * (1 - x)) + mp.mpf("1e-60"))
    return tail_integral(log_density, mp.mpf(ln_odds), mp.mpf("-inf"), 2 * scale, -1)


def beta_tails(a, b, ln_odds):
    a, b = mp.mpf(a), mp.mpf(b)
    if ln_odds <= mp.log(a / b):
        low = ibeta_lower(a, b, ln_odds)
        return low, 1 - low
    up = ibeta_lower(b, a, -ln_odds)
    return 1 - up, up


def gamma_tails(a, x):
    """P and Q in terms of ln x: density exp(a u - e^u)/Gamma(a)."""
    a, x = mp.mpf(a), mp.mpf(x)
    const = -mp.loggamma(a)

    def log_density(u):
        return a * u - mp.exp(u) + const

    u0 = mp.log(x)
    scale = 2 / (abs(a - x) + mp.sqrt(x))
    if x <= a:
        low = tail_integral(log_density, u0, mp.mpf("-inf"), scale, -1)
        return low, 1 - low
    up = tail_integral(log_density, u0, mp.mpf("inf"), scale, 1)
    return 1 - up, up


def t_upper(t, df):
    t, df = mp.mpf(t), mp.mpf(df)
    low, up = beta_tails(df / 2, mp.mpf(1) / 2, mp.log(df / t**2))
    return low / 2


# The method itself against mpmath's own functions.
for a, b, x in [(0.5, 0.5, 0.3), (3.5, 0.5, 0.99), (20, 7.25, 0.1), (2, 30, 0.3)]:
    ours = beta_tails(a, b, mp.log(mp.mpf(x) / (1 - mp.mpf(x))))[0]
    assert abs(ours / mp.betainc(a, b, 0, mp.mpf(x), regularized=True) - 1) < mp.mpf(10) ** -30
for a, x in [(0.5, 0.1), (0.5, 400), (30, 3), (12.5, 80)]:
    p, q = gamma_tails(a, x)
    assert abs(q / mp.gammainc(a, mp.mpf(x), regularized=True) - 1) < mp.mpf(10) ** -30
    assert abs(p / mp.gammainc(a, 0, mp.mpf(x), regularized=True) - 1) < mp.mpf(10) ** -30

# Normal.
for x in [0.0, 1e-300, 1e-9, 0.1, 0.5, 1.0, 1.7, 2.4999, 2.5, 3.0, 5.5, 8.0, 12.25, 20.0, 30.0, 37.0, 37.5]:
    put("normal_sf", [x], mp.erfc(mp.mpf(x) / mp.sqrt(2)) / 2)
    put("normal_cdf", [x], 1 - mp.erfc(mp.mpf(x) / mp.sqrt(2)) / 2)
    put("normal_cdf", [-x], mp.erfc(mp.mpf(x) / mp.sqrt(2)) / 2)


def solve(function, guess):
    """Root of an increasing or decreasing smooth function, by the secant method."""
    return mp.findroot(function, (guess, guess * (1 + mp.mpf("1e-6"))), tol=mp.mpf(10) ** -70, maxsteps=200, verify=False)


PROBS = [1e-300, 1e-100, 1e-30, 1e-10, 1e-4, 0.0125, 0.025, 0.2, 0.3, 0.4, 0.4999, 0.4999999999,
         0.5000001, 0.6, 0.7, 0.975, 0.9995, 1 - 2.0**-40]
for p in PROBS:
    q = mp.mpf(p)
    far = min(q, 1 - q)
    if far > mp.mpf("1e-5"):
        z = mp.sqrt(2) * mp.erfinv(2 * q - 1)
    else:
        g = mp.sqrt(-2 * mp.log(far))
        z = mp.findroot(lambda x: mp.log(mp.erfc(x / mp.sqrt(2)) / 2) - mp.log(far), g - mp.log(g) / g - 1 / g)
        z = -z if q < mp.mpf(1) / 2 else z
    put("normal_quantile", [p], z)

# Student's t.
DFS = [1.0, 1.5, 2.0, 3.7, 10.0, 29.0, 100.25, 1026.0, 3e4, 1e6, 1e7, 1e9]
TS = [1e-8, 0.1, 0.9, 1.0, 1.1, 1.959963984540054, 3.5, 8.0, 20.0, 36.0]
for df in DFS:
    for t in TS:
        up = t_upper(t, df)
        put("t_sf", [t, df], up)
        put("t_cdf", [t, df], 1 - up)
        put("t_two_sided", [t, df], 2 * up)
for df, t in [(1.0, 1e299), (1.0, 1e160), (1.0, 1e31), (2.0, 1e150), (3.0, 1e99), (10.0, 1e29), (29.0, 1e10), (1.5, 3e200)]:
    put("t_sf", [t, df], t_upper(t, df))


def hill_guess(p, df):
    from scipy.stats import t as scipy_t

    return mp.mpf(float(scipy_t.isf(float(p), float(df))))


for df in DFS:
    for p in PROBS:
        q = mp.mpf(p)
        far = min(q, 1 - q)
        if far < mp.mpf("1e-200") and df < 1.4:
            continue
        guess = hill_guess(far, df)
        if not mp.isfinite(guess) or guess <= 0:
            continue
        # Newton on ln tail against ln t, from a double-precision guess.
        s = mp.log(guess)
        for _ in range(60):
            t = mp.exp(s)
            tail = t_upper(t, df)
            lnpdf = (mp.loggamma((mp.mpf(df) + 1) / 2) - mp.loggamma(mp.mpf(df) / 2)
                     - mp.log(mp.mpf(df) * mp.pi) / 2 - (mp.mpf(df) + 1) / 2 * mp.log1p(t * t / df))
            step = (mp.log(tail) - mp.log(far)) / (-t * mp.exp(lnpdf) / tail)
            s -= step
            if abs(step) < mp.mpf(10) ** -24:
                break
        else:
            raise SystemExit("no convergence")
        put("t_quantile", [p, df], mp.exp(s) if q > mp.mpf(1) / 2 else -mp.exp(s))
    print("t", df, file=sys.stderr)

# Chi-square and the gamma functions.
for df in [1.0, 2.0, 3.5, 7.0, 30.0, 200.0, 1e4, 1e6, 1e9]:
    sd = mp.sqrt(2 * mp.mpf(df))
    points = [1e-5 * df, 0.01 * df, 0.5 * df, 0.97 * df, df, 1.03 * df, 2.0 * df]
    points += [float(df + k * sd) for k in (-20, -5, -1, 0.1, 1, 3, 8, 25)]
    for x in sorted(set(p for p in points if p > 0)):
        p, q = gamma_tails(mp.mpf(df) / 2, mp.mpf(x) / 2)
        if p > mp.mpf("1e-300"):
            put("chi2_cdf", [x, df], p)
        if q > mp.mpf("1e-300"):
            put("chi2_sf", [x, df], q)
for df, x in [(1.0, 1300.0), (2.0, 1350.0), (5.0, 1380.0), (100.0, 1700.0)]:
    put("chi2_sf", [x, df], gamma_tails(mp.mpf(df) / 2, mp.mpf(x) / 2)[1])
for df in [1.0, 2.0, 3.5, 30.0, 1e4, 1e9]:
    from scipy.stats import chi2

    for p in [1e-300, 1e-100, 1e-10, 0.05, 0.4, 0.5, 0.6, 0.95, 1 - 2.0**-30]:
        far, upper = (mp.mpf(p), True) if p <= 0.5 else (1 - mp.mpf(p), False)
        guess = float(chi2.isf(p, df))
        if not guess > 0:
            continue
        s = mp.log(mp.mpf(guess))
        for _ in range(80):
            x = mp.exp(s)
            lo, up = gamma_tails(mp.mpf(df) / 2, x / 2)
            tail = up if upper else lo
            weight = mp.exp(mp.mpf(df) / 2 * mp.log(x / 2) - x / 2 - mp.loggamma(mp.mpf(df) / 2))
            step = (mp.log(tail) - mp.log(far)) / ((-weight if upper else weight) / tail)
            s -= step
            if abs(step) < mp.mpf(10) ** -24:
                break
        else:
            raise SystemExit("no convergence")
        put("chi2_isf", [p, df], mp.exp(s))
print("chi2", file=sys.stderr)

# F.
for d1, d2 in [(1.0, 1.0), (1.0, 8.0), (3.0, 2.5), (4.0, 60.0), (50.0, 1.0), (10.0, 1e6), (1.0, 1e9), (1e9, 1.0), (1e4, 1e4), (1e9, 1e9), (6.5, 1e9)]:
    sd = mp.sqrt(2 / mp.mpf(d1) + 2 / mp.mpf(d2))
    for k in (-30, -8, -2, -0.3, 0, 0.2, 1, 4, 12, 36, 400):
        f = float(mp.exp(k * sd))
        if not 1e-200 < f < 1e200:
            continue
        up, low = beta_tails(mp.mpf(d2) / 2, mp.mpf(d1) / 2, mp.log(mp.mpf(d2) / (mp.mpf(d1) * mp.mpf(f))))
        if up > mp.mpf("1e-300"):
            put("f_sf", [f, d1, d2], up)
        if low > mp.mpf("1e-300"):
            put("f_cdf", [f, d1, d2], low)
for f, d1, d2 in [(1e200, 1.0, 1.0), (1e200, 3.0, 2.0), (1e305, 1e9, 1.0), (1e40, 2.0, 14.0)]:
    up, low = beta_tails(mp.mpf(d2) / 2, mp.mpf(d1) / 2, mp.log(mp.mpf(d2) / (mp.mpf(d1) * mp.mpf(f))))
    put("f_sf", [f, d1, d2], up)
    put("f_cdf", [1.0 / f if 1.0 / f > 1e-300 else 1e-300, d2, d1],
        beta_tails(mp.mpf(d1) / 2, mp.mpf(d2) / 2, mp.log(mp.mpf(d1) / (mp.mpf(d2) * mp.mpf(1.0 / f if 1.0 / f > 1e-300 else 1e-300))))[1])
for d1, d2 in [(1.0, 1.0), (3.0, 2.5), (4.0, 60.0), (1.0, 1e9), (1e4, 1e4), (1e9, 1e9)]:
    for p in [1e-250, 1e-30, 1e-6, 0.05, 0.3, 0.5, 0.8, 0.95, 1 - 2.0**-30]:
        far, upper = (mp.mpf(p), True) if p <= 0.5 else (1 - mp.mpf(p), False)
        if p < 1e-100 and d2 < 3:
            continue
        # A start from bisection on ln f in the tail's own logarithm.
        s = mp.mpf(0)
        for _ in range(200):
            lnodds = mp.log(mp.mpf(d2) / mp.mpf(d1)) - s
            up, low = beta_tails(mp.mpf(d2) / 2, mp.mpf(d1) / 2, lnodds)
            tail = up if upper else low
            a, b = mp.mpf(d2) / 2, mp.mpf(d1) / 2
            ln_w = a * lnodds - (a + b) * mp.log1p(mp.exp(lnodds)) + mp.loggamma(a + b) - mp.loggamma(a) - mp.loggamma(b)
            step = (mp.log(tail) - mp.log(far)) / ((-1 if upper else 1) * mp.exp(ln_w - mp.log(tail)))
            s -= step
            if abs(step) < mp.mpf(10) ** -24:
                break
        else:
            raise SystemExit("no convergence")
        put("f_isf", [p, d1, d2], mp.exp(s))
print("f", file=sys.stderr)

# Beta.
for a, b in [(0.5, 0.5), (1.0, 1.0), (2.5, 7.0), (40.0, 3.0), (1e4, 5e4), (5e8, 5e8), (1e9, 1.0), (0.5, 5e8)]:
    mean = mp.mpf(a) / (mp.mpf(a) + b)
    sd = mp.sqrt(mean * (1 - mean) / (mp.mpf(a) + b))
    for k in (-30, -6, -1.5, -0.2, 0, 0.3, 2, 7, 30):
        x = float(mean + k * sd)
        if not 0 < x < 1:
            continue
        low, up = beta_tails(a, b, mp.log(mp.mpf(x) / (1 - mp.mpf(x))))
        if low > mp.mpf("1e-300"):
            put("beta_cdf", [x, a, b], low)
        if up > mp.mpf("1e-300"):
            put("beta_sf", [x, a, b], up)

# ln Gamma, ln choose, the correction of Hedges' g.
for x in [1e-10, 0.1, 0.5, 0.99, 0.9999999, 1.0000001, 1.3, 1.5, 1.7, 1.9999, 2.0001, 2.5, 3.0, 7.7, 14.9, 15.1, 100.5, 1e4, 1e9, 1e300]:
    put("ln_gamma", [x], mp.loggamma(mp.mpf(x)))
for n, k in [(5, 2), (40, 20), (1028, 360), (1028, 1), (10**6, 31), (10**6, 5 * 10**5), (10**9, 3 * 10**8), (100, 97), (62, 31)]:
    n_, k_ = mp.mpf(n), mp.mpf(k)
    put("ln_choose", [n, k], mp.loggamma(n_ + 1) - mp.loggamma(k_ + 1) - mp.loggamma(n_ - k_ + 1))
for m in [1.5, 2.0, 3.0, 4.5, 18.0, 100.0, 1026.0, 1e6, 1e9]:
    a = mp.mpf(m) / 2
    put("gamma_half_ratio", [float(a)], mp.exp(mp.loggamma(a) - mp.loggamma(a - mp.mpf(1) / 2)) / mp.sqrt(a))

# Binomial, by the beta integral and, for small n, by the sum (asserted equal).
for n, p in [(10, 0.3), (20, 0.5), (360, 0.01), (1028, 0.75), (100000, 0.2), (10**9, 0.3), (10**6, 1e-6)]:
    mean, sd = n * p, (n * p * (1 - p)) ** 0.5
    for k in sorted({max(0, min(n, int(mean + z * sd))) for z in (-30, -6, -1, 0, 1, 2, 7, 30)}):
        q = 1 - mp.mpf(p)
        pmf = mp.exp(mp.loggamma(n + 1) - mp.loggamma(k + 1) - mp.loggamma(n - k + 1) + k * mp.log(mp.mpf(p)) + (n - k) * mp.log(q))
        put("binomial_pmf", [k, n, p], pmf)
        if k == n:
            continue
        low, up = beta_tails(n - k, k + 1, mp.log(q / mp.mpf(p)))
        if n <= 1028:
            exact = sum(mp.binomial(n, i) * mp.mpf(p) ** i * q ** (n - i) for i in range(k + 1))
            assert abs(low / exact - 1) < mp.mpf(10) ** -30
        put("binomial_cdf", [k, n, p], low)
        put("binomial_sf", [k, n, p], up)

# Hypergeometric, by exact integer sums.
from fractions import Fraction
from math import comb

for successes, population, draws in [(4, 8, 4), (12, 27, 10), (120, 1028, 360), (5, 1000, 400), (900, 1000, 950), (5000, 20000, 8000)]:
    low, high = max(0, draws - (population - successes)), min(successes, draws)
    total = comb(population, draws)
    weights = [comb(successes, k) * comb(population - successes, draws - k) for k in range(low, high + 1)]
    mean = draws * successes / population
    sd = (mean * (1 - successes / population) * (1 - draws / population)) ** 0.5
    for k in sorted({max(low, min(high, int(mean + z * sd))) for z in (-25, -6, -2, 0, 1, 4, 25)}):
        i = k - low
        for name, value in [("pmf", weights[i]), ("cdf", sum(weights[: i + 1])), ("sf", sum(weights[i + 1:]))]:
            v = mp.mpf(value) / total
            if v == 0 or v > mp.mpf("1e-300"):
                put("hypergeometric_" + name, [k, successes, population, draws], v)
print("discrete", file=sys.stderr)

# Noncentral t: mean over the scale of the normal probability.
for df in [1.0, 3.5, 18.0, 1026.0, 1e6]:
    for t, delta in [(0.5, 1.0), (2.0, 0.3), (2.2, 4.1), (-1.0, -0.5), (30.0, 28.0), (-2.0, 1.5), (300.0, 299.0), (100.0, 5.0)]:
        v = mp.mpf(df)
        const = mp.log(2) + v / 2 * mp.log(v / 2) - mp.loggamma(v / 2)

        def integrand(z):
            density = mp.exp(const + v * z - v * mp.exp(2 * z) / 2)
            return density * mp.ncdf(mp.mpf(t) * mp.exp(z) - mp.mpf(delta))

        with mp.workdps(30):
            width = 1 / mp.sqrt(2 * v)
            left = -mp.mpf(90) / v - 14 * width
            right = min(14 * width, mp.mpf(5))
            marks = {left, right, mp.mpf(0)}
            for m in range(-14, 15):
                marks.add(m * width)
            if mp.mpf(delta) / t > 0:
                centre = mp.log(mp.mpf(delta) / t)
                for m in range(-12, 13):
                    marks.add(centre + mp.mpf(m) / (2 * (abs(delta) + 1)))
            marks = sorted(m for m in marks if left <= m <= right)
            put("noncentral_t_cdf", [t, df, delta], mp.quad(integrand, marks))
    print("nct", df, file=sys.stderr)

# Noncentral chi-square: the Poisson mixture.
for df, nc, x in [(1.0, 0.5, 2.0), (1.0, 30.0, 20.0), (4.0, 3.0, 9.5), (2.0, 400.0, 380.0), (1.0, 1e4, 1.01e4), (6.0, 0.01, 30.0)]:
    with mp.workdps(30):
        half = mp.mpf(nc) / 2
        spread = 14 * mp.sqrt(half) + 60
        total = mp.mpf(0)
        j = int(max(0, half - spread))
        while j <= half + spread:
            weight = mp.exp(-half + j * mp.log(half) - mp.loggamma(j + 1))
            total += weight * mp.gammainc(mp.mpf(df) / 2 + j, 0, mp.mpf(x) / 2, regularized=True)
            j += 1
        put("noncentral_chi2_cdf", [x, df, nc], total)

print(json.dumps({"oracle": f"mpmath {mp.__version__}, Python {sys.version.split()[0]}, 60 digits", "cases": cases}, indent=None, separators=(",", ":")).replace('],[', '],\n['))
