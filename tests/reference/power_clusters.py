"""Power of shares and ordinal outcomes with few clusters: the noncentral t of scipy, and trials made up and tested.

A made-up trial has clusters of one size, whose shares are beta distributed (so that the intraclass correlation is the
stated one) or whose standing is a normal deviate common to members; the arms' cluster means are compared by Student's t.
Run: python3 power_clusters.py > power_clusters.json
"""
import json
import platform

import numpy as np
import scipy
from scipy import stats

ALPHA, TRIALS = 0.05, 20000


def by_t(delta, df):
    t = stats.t.isf(ALPHA / 2, df)
    return float(stats.nct.sf(t, df, delta) + stats.nct.cdf(-t, df, delta))


def rejected(one, zero):
    """Share of trials whose cluster means differ by Student's t."""
    return float((stats.ttest_ind(one, zero, axis=1).pvalue < ALPHA).mean())


def share(rng, k, m, icc, p0, difference):
    p1, deff = p0 + difference, 1 + (m - 1) * icc
    se = np.sqrt(deff * (p1 * (1 - p1) + p0 * (1 - p0)) / (k * m))
    means = []
    for p in (p1, p0):
        s = (1 - icc) / icc
        means.append(rng.binomial(m, rng.beta(p * s, (1 - p) * s, (TRIALS, k))) / m)
    return dict(kind="share", clusters=k, mean=m, icc=icc, control=p0, difference=difference,
                power=by_t(difference / se, 2 * k - 2), simulated=rejected(*means))


def ordinal(rng, k, m, icc, control, theta):
    deff, n = 1 + (m - 1) * icc, k * m
    above = 1 - np.cumsum(control)[:-1]
    moved = above * np.exp(theta) / (1 - above + above * np.exp(theta))
    edges = np.concatenate([[1], moved, [0]])
    treated = edges[:-1] - edges[1:]
    v = n * n / (3 * 2 * n) * (1 - np.sum(((treated + control) / 2) ** 3)) / deff
    means = []
    for shares in (treated, np.array(control)):
        own = np.sqrt(icc) * rng.normal(size=(TRIALS, k, 1)) + np.sqrt(1 - icc) * rng.normal(size=(TRIALS, k, m))
        means.append(np.searchsorted(np.cumsum(shares)[:-1], stats.norm.cdf(own)).mean(2))
    return dict(kind="ordinal", clusters=k, mean=m, icc=icc, control=control, log_odds=theta,
                power=by_t(theta * np.sqrt(v), 2 * k - 2), simulated=rejected(*means))


def delivered(rng, k, m, n0, icc, difference):
    """k who deliver it to m people each, against n0 people, tested as CR2 tests it: the spread of the k means and of the
    people, with Satterthwaite's degrees of freedom for independent people."""
    v1, v0 = 1 / (k * m), 1 / n0
    df = (v1 + v0) ** 2 / (v1**2 / (k - 1) + v0**2 / (n0 - 1))
    b = np.sqrt(icc) * rng.normal(size=(TRIALS, k)) + np.sqrt((1 - icc) / m) * rng.normal(size=(TRIALS, k)) + difference
    c = rng.normal(size=(TRIALS, n0))
    t = (b.mean(1) - c.mean(1)) / np.sqrt(b.var(1, ddof=1) / k + c.var(1, ddof=1) / n0)
    return dict(kind="delivered", providers=k, treated=k * m, control=n0, icc=icc, difference=difference,
                power=by_t(difference / np.sqrt(v1 * (1 + (m - 1) * icc) + v0), df),
                simulated=float((np.abs(t) > stats.t.isf(ALPHA / 2, df)).mean()))


rng = np.random.default_rng(20261127)
print(json.dumps(dict(
    oracle=f"python {platform.python_version()} numpy {np.__version__} scipy {scipy.__version__}",
    command="python3 power_clusters.py > power_clusters.json", alpha=ALPHA, trials=TRIALS,
    cases=[share(rng, 3, 20, .05, .3, .2), share(rng, 5, 30, .03, .4, .15), share(rng, 12, 15, .05, .2, .15),
           ordinal(rng, 3, 20, .05, [.1, .2, .4, .3], .8), ordinal(rng, 6, 20, .05, [.2, .3, .3, .2], .7)],
    providers=[delivered(rng, 3, 20, 60, .1, .6), delivered(rng, 5, 16, 80, .05, .5), delivered(rng, 2, 30, 100, .02, .8)],
)))
