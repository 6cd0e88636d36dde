# How often Welch's t rejects at 5 % in draws without an effect, by the skewness of the estimate: why a skewness up to
# 0.2 is taken as safe (src/stats/asymmetry.rs). Prints a table, and the skewness of small samples as JSON for the
# test. Run in this folder: python3 asymmetry.py > asymmetry.json; with --table the table goes to standard error (minutes)
import json, sys
import numpy as np
from scipy import stats

rng = np.random.default_rng(1)
KINDS = {
    "normal": lambda z: z,
    "ordinal": lambda z: np.searchsorted([.2, .45, .7, .85, .95], stats.norm.cdf(z)).astype(float),
    "exponential": lambda z: -np.log(stats.norm.sf(z)),
    "count": lambda z: np.floor(np.maximum(2 * z - 1, 0)),
    "log-normal, sigma 1": np.exp,
    "log-normal, sigma 1.3": lambda z: np.exp(1.3 * z),
}


def skewness(a, b):
    e = np.concatenate([a - a.mean(), b - b.mean()])
    return abs((e ** 3).mean() * (1 / len(a) ** 2 - 1 / len(b) ** 2)) / ((e ** 2).mean() * (1 / len(a) + 1 / len(b))) ** 1.5


def table(trials=4000, safe=0.2):
    for n1, n0 in [(15, 150), (20, 180), (10, 30), (10, 100), (12, 12), (30, 300), (50, 500), (70, 130), (60, 60), (100, 1000), (200, 2000)]:
        for kind, make in KINDS.items():
            rejected, skewed = np.zeros(trials, bool), np.zeros(trials)
            for t in range(trials):
                y = make(rng.standard_normal(n1 + n0))
                a, b = y[:n1], y[n1:]
                if y.std() == 0:
                    continue
                rejected[t] = stats.ttest_ind(a, b, equal_var=False).pvalue < .05
                skewed[t] = skewness(a, b)
            led = skewed <= safe
            print(f"{n1:4} {n0:5} {kind:22} Welch {rejected.mean():.3f}; leads in {led.mean():.2f}; answer "
                  f"{(rejected & led).mean() + .05 * (~led).mean():.3f}", file=sys.stderr, flush=True)


cases = []
for kind, make in KINDS.items():
    y = np.round(make(rng.standard_normal(40)), 3)
    cases.append(dict(kind=kind, treated=y[:11].tolist(), control=y[11:].tolist(), skewness=skewness(y[:11], y[11:])))
json.dump({"made_with": {"numpy": np.__version__}, "cases": cases}, sys.stdout, indent=1)
if "--table" in sys.argv:
    table()
