"""Effects by weights that were estimated, with errors that know it, by brute force.

What a person moves an estimate by is the derivative of the whole estimate (weights included) by that
person's case weight, taken numerically (the infinitesimal jackknife); the share of itself that the outcome keeps
in it, again numerically. For entropy balancing the influence is also put together from a weighted regression per arm,
and compared with the numerical one here.
Run: python3 weights.py > weights.json
"""
import json
import platform

import numpy as np
import scipy

STEP = 1e-4


def logistic(z, x, case):
    b = np.zeros(x.shape[1])
    for _ in range(60):
        e = 1 / (1 + np.exp(-x @ b))
        step = np.linalg.solve((x * (case * e * (1 - e))[:, None]).T @ x, x.T @ (case * (z - e)))
        b += step
        if np.abs(step).max() < 1e-15:
            break
    return 1 / (1 + np.exp(-x @ b))


def ipw(y, z, x, case):
    e = logistic(z, np.column_stack([np.ones(len(y)), x]), case)
    one, zero = case * z / e, case * (1 - z) / (1 - e)
    return (one @ y) / one.sum() - (zero @ y) / zero.sum()


def tilt(x, case):
    """Weights proportional to case * exp(x'l) with mean zero."""
    l = np.zeros(x.shape[1])
    for _ in range(200):
        w = case * np.exp(x @ l)
        w /= w.sum()
        g = w @ x
        step = np.linalg.solve((x - g).T @ ((x - g) * w[:, None]), g)
        l -= step
        if np.abs(step).max() < 1e-15:
            break
    return w


def entropy(y, z, x, case, weights=False):
    centre = (case @ x) / case.sum()
    w = np.zeros(len(y))
    for arm in (0, 1):
        own = z == arm
        w[own] = tilt(x[own] - centre, case[own])
    return w if weights else w[z == 1] @ y[z == 1] - w[z == 0] @ y[z == 0]


def influence(estimate, y, z, x):
    n = len(y)
    found = np.zeros(n)
    for i in range(n):
        # Five points: exact to the fourth order.
        at = {}
        for k in (-2, -1, 1, 2):
            case = np.ones(n)
            case[i] += k * STEP
            at[k] = estimate(y, z, x, case)
        found[i] = (at[-2] - 8 * at[-1] + 8 * at[1] - at[2]) / (12 * STEP)
    return found


def welch(pieces):
    """Welch (1947), as Stata's `ttest, welch` has it."""
    return sum(v for v, _ in pieces) ** 2 / sum(v * v / (d + 2) for v, d in pieces) - 2


def by_ipw(y, z, x):
    n = len(y)
    moves = influence(ipw, y, z, x)
    left = np.zeros(n)
    e = logistic(z, np.column_stack([np.ones(n), x]), np.ones(n))
    w = np.where(z == 1, 1 / e, 1 / (1 - e))
    for i in range(n):
        moved = y.copy()
        moved[i] += 1.0
        # Only this person's own influence is needed: linear in the outcome.
        own = {}
        for k in (-2, -1, 1, 2):
            case = np.ones(n)
            case[i] += k * STEP
            own[k] = ipw(moved, z, x, case)
        now = (own[-2] - 8 * own[-1] + 8 * own[1] - own[2]) / (12 * STEP)
        share = w[i] / w[z == z[i]].sum()
        left[i] = (now - moves[i]) / (share if z[i] == 1 else -share)
    pieces = [(float((moves[z == a] ** 2 / left[z == a]).sum()), float(left[z == a].sum())) for a in (1, 0)]
    return dict(estimate=float(ipw(y, z, x, np.ones(n))), std_error=float(np.sqrt(sum(v for v, _ in pieces))), df=float(welch(pieces)))


def by_entropy(y, z, x):
    n = len(y)
    w = entropy(y, z, x, np.ones(n), True)
    centred = x - x.mean(0)
    pieces, slopes, moves = [], {}, np.zeros(n)
    for arm in (1, 0):
        own = z == arm
        d = np.column_stack([np.ones(own.sum()), centred[own]])
        root = np.sqrt(w[own])[:, None]
        b, *_ = np.linalg.lstsq(d * root, y[own] * root[:, 0], rcond=None)
        e = y[own] - d @ b
        hat = np.diag((d * root) @ np.linalg.inv((d * root).T @ (d * root)) @ (d * root).T)
        pieces.append((float((((w[own] * e) ** 2) / (1 - hat)).sum()), float((w[own] ** 2).sum() ** 2 / (w[own] ** 4).sum() * (1 - d.shape[1] / own.sum()))))
        slopes[arm] = b[1:]
        moves[own] = (1 if arm else -1) * w[own] * e
    of_all = centred @ (slopes[1] - slopes[0])
    pieces.append((float((of_all**2).sum() / (n * (n - 1))), n - 1.0))
    numerical = influence(entropy, y, z, x)
    assert np.abs(numerical - (moves + of_all / n)).max() < 1e-9, np.abs(numerical - (moves + of_all / n)).max()
    return dict(estimate=float(entropy(y, z, x, np.ones(n))), std_error=float(np.sqrt(sum(v for v, _ in pieces))), df=float(welch(pieces)))


def case(seed, n, treated, k):
    rng = np.random.default_rng(seed)
    x = np.round(rng.normal(size=(n, k)), 3)
    x[:, -1] = rng.random(n) < 0.4
    z = np.zeros(n, int)
    z[rng.permutation(n)[:treated]] = 1
    y = np.round(3 + x @ np.arange(1, k + 1) + z * (0.5 + 0.8 * x[:, 0]) + rng.normal(size=n) * (1 + z), 3)
    return dict(y=y.tolist(), treated=z.tolist(), covariates=x.T.tolist(), inverse_probability=by_ipw(y, z, x), entropy=by_entropy(y, z, x))


print(json.dumps(dict(
    oracle=f"python {platform.python_version()} numpy {np.__version__} scipy {scipy.__version__}",
    command="python3 weights.py > weights.json",
    cases=[case(1, 60, 30, 2), case(2, 90, 25, 3), case(3, 40, 20, 1)],
), indent=1))
