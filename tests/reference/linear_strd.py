"""The NIST StRD linear regression sets, data and certified values, as JSON.

The files are NIST's own (https://www.itl.nist.gov/div898/strd/lls/lls.shtml), in the folder given.
Run: python3 linear_strd.py FOLDER > linear_strd.json

Every set is solved once more here, in 60 digits from the decimal data (mpmath), and the
certified values must agree: a slip in reading the files cannot go unnoticed. The same system
with its columns rounded to double precision is solved too ("rounded"): that is the best
answer any program can give that computes powers of x in doubles.
"""
import json
import platform
import re
import sys
from pathlib import Path

import mpmath

mpmath.mp.dps = 60
# name, degree of the polynomial in x (None: the columns as they are), intercept
SETS = [("Norris", 1, True), ("Pontius", 2, True), ("NoInt1", 1, False), ("NoInt2", 1, False),
        ("Filip", 10, True), ("Longley", None, True), ("Wampler1", 5, True), ("Wampler2", 5, True),
        ("Wampler3", 5, True), ("Wampler4", 5, True), ("Wampler5", 5, True)]


def read(path):
    lines = path.read_text().splitlines()
    head = "\n".join(lines[:60])
    first, last = map(int, re.search(r"Data\s*\(lines (\d+) to (\d+)\)", head).groups())
    data = [line.split() for line in lines[first - 1:last] if line.strip()]
    certified = [(m[1], m[2]) for line in lines[:60]
                 if (m := re.match(r"\s+B\d+\s+(\S+)\s+(\S+)\s*$", line))]
    sigma = re.search(r"Residual\s*\n\s*Standard Deviation\s+(\S+)", head)[1]
    return data, certified, sigma


def solve(columns, y):
    x = mpmath.matrix(list(map(list, zip(*columns))))
    inverse = (x.T * x) ** -1
    b = inverse * (x.T * mpmath.matrix(y))
    e = mpmath.matrix(y) - x * b
    s2 = (e.T * e)[0] / (len(y) - len(columns))
    return list(b), [mpmath.sqrt(s2 * inverse[i, i]) for i in range(len(columns))], mpmath.sqrt(s2)


def columns_of(rows, degree, intercept, parse):
    x = [[parse(v) for v in column] for column in zip(*rows)]
    if degree is not None:
        x = [[v ** p for v in x[0]] for p in range(1, degree + 1)]
    return [[parse("1")] * len(rows)] * intercept + x


def number(v):
    """A standard error; what is left of zero after rounding in 60 digits is zero."""
    return float(v) if v > mpmath.mpf("1e-40") else 0.0


sets = {}
for name, degree, intercept in SETS:
    data, certified, sigma = read(Path(sys.argv[1]) / f"{name}.dat")
    y, rows = [row[0] for row in data], [row[1:] for row in data]
    exact = solve(columns_of(rows, degree, intercept, mpmath.mpf), [mpmath.mpf(v) for v in y])
    for (b, sd), eb, es in zip(certified, exact[0], exact[1]):
        assert abs(mpmath.mpf(b) - eb) <= 1e-14 * abs(eb), (name, b, eb)
        assert abs(mpmath.mpf(sd) - es) <= 1e-14 * abs(es) + mpmath.mpf("1e-40"), (name, sd, es)
    doubles = [[mpmath.mpf(v) for v in column] for column in columns_of(rows, degree, intercept, float)]
    rounded = solve(doubles, [mpmath.mpf(float(v)) for v in y])
    sets[name] = {
        "y": [float(v) for v in y], "columns": [[float(v) for v in c] for c in zip(*rows)],
        "degree": degree, "intercept": intercept,
        "estimates": [float(b) for b, _ in certified], "std_errors": [float(s) for _, s in certified],
        "sigma": float(sigma),
        "rounded": {"estimates": [float(b) for b in rounded[0]],
                    "std_errors": [number(s) for s in rounded[1]], "sigma": number(rounded[2])}}
    assert abs(mpmath.mpf(sigma) - exact[2]) <= 1e-14 * exact[2] + mpmath.mpf("1e-40"), name
json.dump({"oracle": f"NIST StRD certified values; checked with Python {platform.python_version()}, mpmath {mpmath.__version__}",
           "command": "python3 linear_strd.py FOLDER > linear_strd.json", "sets": sets}, sys.stdout)
