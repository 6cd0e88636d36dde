# How often the CR2 test with Satterthwaite degrees of freedom rejects at 5 % over draws of clusters without an effect,
# by sizes of clusters and how these go with the outcome: why sizes whose coefficient of variation over sqrt(clusters in
# the smaller arm) is up to 0.1 are taken as safe (src/stats/cluster.rs). The closed form for two arms.
# Run in this folder: python3 cluster_validity.py > cluster_validity.json (a minute)
import json, sys
import numpy as np
from scipy import stats

rng = np.random.default_rng(20261127)
TRIALS = 20000


def rejects(totals, n, z):
    estimate = variance = trace = square = 0
    for arm in (1, 0):
        own = (z == arm).astype(float)
        people = (own * n).sum(1, keepdims=True)
        mean = (own * totals).sum(1, keepdims=True) / people
        estimate = estimate + (2 * arm - 1) * mean[:, 0]
        share = own * n / people
        variance = variance + ((own * (totals - n * mean)) ** 2 / (1 - share)).sum(1) / people[:, 0] ** 2
        a, w2 = own * n / (people ** 2 * (1 - share)), own * n ** 2 / (people ** 3 * (1 - share))
        trace = trace + (a - w2).sum(1)
        square = square + (a ** 2 - 2 * a * w2).sum(1) + w2.sum(1) ** 2
    return 2 * stats.t.sf(abs(estimate) / np.sqrt(variance), trace ** 2 / square) < .05


def means(kind, n):
    own, person = rng.normal(size=(2, TRIALS, len(n)))
    size = (n - n.mean()) / (n.std() or 1)
    return {"unrelated": .2 * own + person / np.sqrt(n), "alike within": own + person / np.sqrt(n),
            "half by size": size * .55 + .45 * own + .7 * person / np.sqrt(n)}[kind]


def sizes(pattern, count):
    n = np.full(count, 12)
    if pattern == "one large": n[0] = 48
    if pattern == "two large": n[:2] = 48
    if pattern == "a fifth large": n[:max(1, count // 5)] = 30
    if pattern == "halves": n[: count // 2] = 24
    if pattern == "nearly equal": n = 11 + np.arange(count) % 3
    if pattern == "varied": n = 6 + (np.arange(count) * 7) % 13
    if pattern == "households": n = 1 + (np.arange(count) % 3 == 0)
    if pattern == "very varied": n = np.round(4 * 1.1 ** ((np.arange(count) * 17) % 30)).astype(int)
    return n


designs = []
for treated, control in [(2, 2), (3, 3), (4, 4), (6, 6), (10, 10), (15, 15), (25, 25), (50, 50), (4, 8), (6, 18), (10, 30), (20, 60)]:
    for pattern in ["equal", "nearly equal", "varied", "very varied", "households", "halves", "a fifth large", "one large", "two large"]:
        n = sizes(pattern, treated + control)
        rate = {}
        for kind in ["unrelated", "alike within", "half by size"]:
            z = rng.permuted(np.tile(np.arange(len(n)) < treated, (TRIALS, 1)), axis=1).astype(int)
            with np.errstate(all="ignore"):
                rate[kind] = round(float(rejects(means(kind, n) * n, n, z).mean()), 4)
        designs.append(dict(pattern=pattern, treated=treated, control=control, sizes=n.tolist(),
                            unsteady=float(n.std() / n.mean() / np.sqrt(min(treated, control))), rate=rate))
        print(pattern, treated, control, round(designs[-1]["unsteady"], 3), rate, file=sys.stderr)
json.dump(dict(made_with=dict(numpy=np.__version__), trials=TRIALS, designs=designs), sys.stdout)
