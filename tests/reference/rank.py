"""Adds scipy's Brunner-Munzel test, and its interval, to the output of rank.R.

Run:  Rscript rank.R | python rank.py > rank.json
The interval is the estimate -/+ t quantile x standard error of Brunner & Munzel (2000), computed here
by direct counting of pairs.
"""

import json
import sys

import numpy as np
import scipy
from scipy import stats

data = json.load(sys.stdin)
data["oracle"] += (f"; scipy {scipy.__version__}, numpy {np.__version__}, Python {sys.version.split()[0]}")
for case in data["cases"]:
    x = np.array([float(v) for v in case["treated"]])
    y = np.array([float(v) for v in case["control"]])
    wins = (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])
    case["superiority"] = float(wins.mean())
    v1 = wins.mean(axis=1).var(ddof=1) / len(x)
    v0 = wins.mean(axis=0).var(ddof=1) / len(y)
    if v1 + v0 > 0:
        bm = stats.brunnermunzel(y, x)
        df = (v1 + v0) ** 2 / (v1**2 / (len(x) - 1) + v0**2 / (len(y) - 1))
        half = stats.t.isf(0.025, df) * np.sqrt(v1 + v0)
        case["brunner_munzel"] = [repr(float(v)) for v in (bm.statistic, df, bm.pvalue)]
        case["superiority_ci"] = [max(0.0, wins.mean() - half), min(1.0, wins.mean() + half)]
json.dump(data, sys.stdout, indent=None)
