"""Bounds for missing outcomes, entropy balancing, matching's standard error and power, from their definitions.

Run: python bounds.py > bounds.json   (reads inference.json beside it)
"""
import json, platform
from fractions import Fraction
import numpy as np, scipy
from scipy import optimize, stats

rng = np.random.default_rng(42)


def imbens_manski(low, high, se_low, se_high, level):
    f = lambda c: stats.norm.cdf(c + (high - low) / max(se_low, se_high)) - stats.norm.cdf(-c) - level
    c = optimize.brentq(f, 0, 10, xtol=1e-15, rtol=1e-15)
    return low - c * se_low, high + c * se_high


def lee(y1, n1, y0, n0, level):
    """All people n1, n0; trims the arm with the higher response. Fractional trimming by expanding to weights."""
    r1, r0 = Fraction(len(y1), n1), Fraction(len(y0), n0)
    swap = r1 < r0
    if swap:
        y1, n1, y0, n0, r1, r0 = y0, n0, y1, n1, r0, r1
    q = (r1 - r0) / r1
    out = []
    for order in (np.sort(y1), np.sort(y1)[::-1]):
        mass = (1 - q) * len(y1)
        w, left = [], mass
        for _ in order:
            w.append(min(Fraction(1), left))
            left -= w[-1]
        w = np.array([float(x) for x in w])
        mean = np.average(order, weights=w)
        var = np.sum(w * (order - mean) ** 2) / (w.sum() - 1)
        edge = order[np.nonzero(w)[0][-1]]
        kept = float(mass)
        v = var / kept + np.var(y0, ddof=1) / len(y0)
        if q > 0:
            v += (edge - mean) ** 2 * (float(q) / kept + float((1 - r1) / (r1 * n1)) + float((1 - r0) / (r0 * n0)))
        out.append((mean - np.mean(y0), np.sqrt(v)))
    (low, se_low), (high, se_high) = out
    if swap:
        (low, se_low), (high, se_high) = (-high, se_high), (-low, se_low)
    ci = imbens_manski(low, high, se_low, se_high, level)
    return {"low": low, "high": high, "low_std_error": se_low, "high_std_error": se_high,
            "conf_low": ci[0], "conf_high": ci[1], "trimmed": float(q), "trims_treated": not swap}


def worst(y1, n1, y0, n0, lo, hi, level):
    def diff(a, b):
        t = np.concatenate([y1, np.full(n1 - len(y1), a)])
        c = np.concatenate([y0, np.full(n0 - len(y0), b)])
        return t.mean() - c.mean(), np.sqrt(t.var(ddof=1) / len(t) + c.var(ddof=1) / len(c))
    (low, se_low), (high, se_high) = diff(lo, hi), diff(hi, lo)
    ci = imbens_manski(low, high, se_low, se_high, level)
    return {"low": low, "high": high, "low_std_error": se_low, "high_std_error": se_high, "conf_low": ci[0], "conf_high": ci[1]}


cases = []
for n1, m1, n0, m0, ties in [(60, 6, 70, 21, False), (50, 20, 80, 8, True), (40, 4, 40, 4, False), (30, 0, 50, 11, True)]:
    y1, y0 = rng.normal(5, 2, n1 - m1), rng.normal(4, 2, n0 - m0)
    y1, y0 = (np.round(y1), np.round(y0)) if ties else (np.round(y1, 3), np.round(y0, 3))
    lo, hi = -2.0, 14.0
    cases.append({"treated": y1.tolist(), "treated_missing": m1, "control": y0.tolist(), "control_missing": m0,
                  "range": [lo, hi], "lee": lee(y1, n1, y0, n0, 0.95), "worst": worst(y1, n1, y0, n0, lo, hi, 0.95)})

data = json.load(open("inference.json"))["data"]
x = np.column_stack([data["age"], data["years"], data["woman"]]).astype(float)
z, y = np.array(data["treated"], bool), np.array(data["y"], float)
weights = np.ones(len(y))
for arm in (True, False):
    d = (x[z == arm] - x.mean(0)) / x.std(0)
    # The moment conditions themselves, solved as equations.
    sol = optimize.root(lambda l: np.exp(d @ l) @ d, np.zeros(3), tol=1e-15)
    w = np.exp(d @ sol.x)
    assert np.abs(w @ d / w.sum()).max() < 1e-13
    weights[z == arm] = w / w.sum() * (z == arm).sum()

# Abadie and Imbens's variance with one match, ties (there are none here) aside.
t, c = np.nonzero(z)[0], np.nonzero(~z)[0]
within = (np.cov(x[t].T) * (len(t) - 1) + np.cov(x[c].T) * (len(c) - 1)) / (len(y) - 2)
inv = np.linalg.inv(within)
dist = lambda i, j: (x[i] - x[j]) @ inv @ (x[i] - x[j])
match = np.array([min(c, key=lambda j: dist(i, j)) for i in t])
gaps = y[t] - y[match]
tau = gaps.mean()
again = 0.0
for j in c:
    k = np.sum(match == j)
    if k > 1:
        other = min((l for l in c if l != j), key=lambda l: dist(j, l))
        again += k * (k - 1) * (y[j] - y[other]) ** 2 / 2
ai = {"effect": tau, "std_error": float(np.sqrt(np.sum((gaps - tau) ** 2) + again) / len(t))}


def ordinal(p0, theta, n1, n0, alpha):
    above = 1 - np.cumsum(p0)[:-1]
    shifted = above * np.exp(theta) / (1 - above + above * np.exp(theta))
    edges = np.concatenate([[1], shifted, [0]])
    p1 = edges[:-1] - edges[1:]
    p = (n1 * p1 + n0 * np.array(p0)) / (n1 + n0)
    v = n1 * n0 / (3 * (n1 + n0)) * (1 - np.sum(p ** 3))
    return {"control": p0, "log_odds": theta, "treated_n": n1, "control_n": n0, "alpha": alpha,
            "shifted": p1.tolist(), "power": float(stats.norm.cdf(abs(theta) * np.sqrt(v) - stats.norm.isf(alpha / 2)))}


def unequal_t(delta, n1, n0, alpha, inflation=1.0, df=None):
    df = n1 + n0 - 2 if df is None else df
    nc = delta / np.sqrt(inflation * (1 / n1 + 1 / n0))
    t = stats.t.isf(alpha / 2, df)
    return float(stats.nct.sf(t, df, nc) + stats.nct.cdf(-t, df, nc))


designs = []
for delta, n1, n0, r2, m, cv, icc, take, lost in [
    (0.3, 360, 668, 0, 1, 0, 0, 1, 0), (0.3, 360, 668, .3, 1, 0, 0, 1, 0), (0.4, 200, 200, 0, 2, .4, .3, 1, 0),
    (0.5, 180, 360, .2, 1, 0, 0, .6, .1), (0.6, 300, 300, .1, 10, .5, .05, .7, .2)]:
    size = max(m * (1 - lost), 1)
    deff = 1 + ((cv ** 2 + 1) * size - 1) * icc
    k1, k0 = n1 * (1 - lost), n0 * (1 - lost)
    designs.append({"delta": delta, "treated": n1, "control": n0, "explained": r2, "mean": m, "cv": cv, "icc": icc,
                    "take_up": take, "attrition": lost, "clustered": m > 1, "design_effect": deff,
                    "power": unequal_t(delta * take, k1, k0, .05, (1 - r2) * deff, (n1 + n0) / m - 2 if m > 1 else None)})

print(json.dumps({
    "oracle": f"Python {platform.python_version()} numpy {np.__version__} scipy {scipy.__version__}",
    "command": "python bounds.py > bounds.json",
    "cases": cases, "entropy": weights.tolist(), "abadie_imbens": ai,
    "ordinal": [ordinal([.1, .2, .5, .2], .887, 94, 94, .05), ordinal([.1, .2, .3, .25, .15], -.4, 120, 300, .01)],
    # Whitehead (1993), section 4: 187 people for power .90 at .05. His levels run from best to
    # worst and the odds are those of a better one; turned round here.
    "whitehead": {"control": [.1, .2, .5, .2], "log_odds": .887, "power": .9, "people": 187},
    "designs": designs,
}))
