"""A covariate that varies little about a large mean (a time stamp, an account number) balances and
predicts as the same covariate about zero does. Entropy balancing by scipy's minimizer on the
covariate about zero, inverse probability weights by statsmodels.
Run: python large_mean.py > large_mean.json"""
import json, platform
import numpy as np, scipy, statsmodels, statsmodels.api as sm
from scipy.optimize import brentq

rng = np.random.default_rng(1610)
n = 60
x = rng.integers(0, 1000, n).astype(float)
treated = (rng.random(n) < 1 / (1 + np.exp(-(x - 500) / 400))).astype(int)
y = np.round(rng.normal(size=n) + x / 300, 3)
c = (x - x.mean()) / x.std()


def tilt(rows):
    z = c[rows]
    f = lambda l: np.sum(np.exp(l * z) * z)
    w = np.exp(brentq(f, -20, 20, xtol=1e-15) * z)
    return w / w.sum() * len(z)


entropy = np.ones(n)
for arm in (0, 1):
    entropy[treated == arm] = tilt(treated == arm)
fit = sm.Logit(treated, sm.add_constant(c)).fit(disp=0, tol=1e-14, maxiter=100)
p = fit.predict()
print(json.dumps({
    "oracle": f"Python {platform.python_version()}, scipy {scipy.__version__}, statsmodels {statsmodels.__version__}",
    "command": "python large_mean.py > large_mean.json",
    "x": x.tolist(), "treated": treated.tolist(), "y": y.tolist(), "shift": 1e15,
    "entropy": entropy.tolist(),
    "inverse_probability": np.where(treated == 1, 1 / p, 1 / (1 - p)).tolist(),
}))
