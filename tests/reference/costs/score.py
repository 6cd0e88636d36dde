# Intervals of the difference in shares of 'uit': Newcombe's hybrid score interval (1998, method 10), which leads beside
# Fisher's test, from its definition; and the differences d with
# |p1 - p0 - d| <= z sqrt(V(d)), V at the maximum-likelihood shares under d, with N/(N - 1) (Miettinen & Nurminen 1985,
# eq. 8-9) and without (Mee 1984). Run in this folder: python3 score.py > score.json
import csv, json, sys
from math import sqrt
import scipy
from scipy.optimize import brentq
from scipy.stats import norm

rows = [r for r in csv.DictReader(open("outcomes.csv"), delimiter=";") if r["reden"] != "AOW" and r["uit"] != ""]
x1, n1, x0, n0 = (sum(r["groep"] == a and (r["uit"] == "1" or not yes) for r in rows)
                  for a in ("fip", "regulier") for yes in (True, False))


def shares(d):
    score = lambda p0: x1 / (p0 + d) - (n1 - x1) / (1 - p0 - d) + x0 / p0 - (n0 - x0) / (1 - p0)
    p0 = brentq(score, max(0, -d) + 1e-13, min(1, 1 - d) - 1e-13, xtol=1e-15)
    return p0 + d, p0


def limit(side, factor):
    found = x1 / n1 - x0 / n0

    def beyond(d):
        p1, p0 = shares(d)
        return (found - d) / sqrt((p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0) * factor) - side * norm.isf(0.025)

    return brentq(beyond, -0.9, found, xtol=1e-14) if side > 0 else brentq(beyond, found, 0.9, xtol=1e-14)


n = n1 + n0
out = {"made_with": {"scipy": scipy.__version__}, "treated": [x1, n1], "control": [x0, n0]}
for name, factor in (("miettinen_nurminen", n / (n - 1)), ("mee", 1)):
    out[name] = {"conf_low": limit(1, factor), "conf_high": limit(-1, factor)}


def wilson(x, m):
    z = norm.isf(0.025)
    middle, half = x + z * z / 2, z * sqrt(x * (m - x) / m + z * z / 4)
    return (middle - half) / (m + z * z), (middle + half) / (m + z * z)


(l1, u1), (l0, u0), (p1, p0) = wilson(x1, n1), wilson(x0, n0), (x1 / n1, x0 / n0)
out["newcombe"] = {"conf_low": p1 - p0 - sqrt((p1 - l1) ** 2 + (u0 - p0) ** 2),
                   "conf_high": p1 - p0 + sqrt((u1 - p1) ** 2 + (p0 - l0) ** 2)}
json.dump(out, sys.stdout, indent=2)
