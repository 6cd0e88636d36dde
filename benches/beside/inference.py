"""Times in Python: see README.md beside this file.

Run:  python inference.py
"""

import statistics
import time

import numpy as np
import scipy
import scipy.stats
import statsmodels
import statsmodels.api as sm

rng = np.random.default_rng(20170301)


def timed(what, run, times=5):
    run()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        taken.append((time.perf_counter() - start) * 1e3)
    print(f"{what:<70} {statistics.median(taken):10.2f} ms")


print(f"numpy {np.__version__}, scipy {scipy.__version__}, statsmodels {statsmodels.__version__}")

# 10,000 draws, 10 outcomes, 1,028 clients.
n = 1028
outcomes = rng.random((10, n))
treated = np.zeros(n, bool)
treated[rng.choice(n, 360, replace=False)] = True


def difference(x, y, axis):
    return x.mean(axis=axis) - y.mean(axis=axis)


def all_outcomes():
    for y in outcomes:
        scipy.stats.permutation_test((y[treated], y[~treated]), difference, vectorized=True, n_resamples=10_000, rng=1)


timed("10,000 draws x 10 outcomes x 1,028: scipy permutation_test, each outcome", all_outcomes, 3)


def by_matrix():
    draws = np.array([rng.permutation(treated) for _ in range(10_000)])
    sums = draws @ outcomes.T
    return sums / 360 - (outcomes.sum(axis=1) - sums) / (n - 360)


timed("10,000 draws x 10 outcomes x 1,028: numpy, one matrix product", by_matrix, 3)
timed("2 x 2, n = 1,028: scipy fisher_exact", lambda: scipy.stats.fisher_exact([[89, 271], [110, 558]]))

for n in (1028, 1_000_000):
    z = rng.random(n) < 0.35
    y = rng.random(n)
    x = rng.random((n, 3))
    runs = 3 if n > 100_000 else 9

    def lin(columns):
        centred = x[:, :columns] - x[:, :columns].mean(axis=0)
        design = np.column_stack([np.ones(n), z, centred, centred * z[:, None]])
        return sm.OLS(y, design).fit(cov_type="HC2").bse

    name = f"n = {n:8}: "
    timed(name + "scipy ttest_ind (Welch)", lambda: scipy.stats.ttest_ind(y[z], y[~z], equal_var=False), runs)
    timed(name + "statsmodels OLS as Lin, 1 covariate, HC2", lambda: lin(1), runs)
    timed(name + "statsmodels OLS as Lin, 3 covariates, HC2", lambda: lin(3), runs)
    timed(name + "scipy mannwhitneyu", lambda: scipy.stats.mannwhitneyu(y[z], y[~z], method="asymptotic"), runs)
    timed(name + "scipy brunnermunzel", lambda: scipy.stats.brunnermunzel(y[z], y[~z]), runs)
