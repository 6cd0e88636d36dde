"""Reference values for the audit room: tests from printed summaries, with scipy and numpy.

Run: python tests/reference/audit.py > tests/reference/audit.json
"""

import json
import sys

import numpy
import scipy
from scipy import stats

SUMMARIES = [
    # n, mean, sd of two groups
    (28, 5.21, 1.60, 31, 4.87, 1.42),
    (667, 8.27, 6.24, 359, 7.34, 5.34),
    (12, 7.30, 2.51, 9, 4.10, 0.30),
    (2, 1.0, 0.5, 3, 1.5, 0.25),
]
TABLES = [
    [[62, 245], [252, 1341]],
    [[3, 1], [1, 3]],
    [[10, 20, 30], [6, 9, 17]],
    [[0, 12, 5], [4, 20, 0]],
    [[200, 800], [230, 770]],
]
STATISTICS = [
    ("t", 2.20, 28), ("t", -1.96, 1000), ("chi2", 3.5733, 1), ("chi2", 12.4, 5), ("z", 1.64, None),
]


def summaries():
    for n1, m1, s1, n2, m2, s2 in SUMMARIES:
        row = {"arms": [[n1, m1, s1], [n2, m2, s2]]}
        for name, equal in (("welch", False), ("student", True)):
            r = stats.ttest_ind_from_stats(m1, s1, n1, m2, s2, n2, equal_var=equal)
            row[name] = {"t": abs(float(r.statistic)), "p": float(r.pvalue)}
        yield row


def tables():
    for table in TABLES:
        row = {"table": table}
        for name, kind, yates in (
            ("pearson", "pearson", False), ("yates", "pearson", True), ("likelihood", "log-likelihood", False),
        ):
            if name == "yates" and len(table[0]) > 2:
                continue
            r = stats.chi2_contingency(table, correction=yates, lambda_=kind)
            row[name] = {"statistic": float(r.statistic), "df": int(r.dof), "p": float(r.pvalue)}
        if len(table[0]) == 2:
            row["fisher"] = {"p": float(stats.fisher_exact(table).pvalue)}
        yield row


def statistics():
    for kind, value, df in STATISTICS:
        p = {
            "t": lambda: 2 * stats.t.sf(abs(value), df),
            "chi2": lambda: stats.chi2.sf(value, df),
            "z": lambda: 2 * stats.norm.sf(abs(value)),
        }[kind]()
        yield {"kind": kind, "value": value, "df": df, "p": float(p)}


json.dump(
    {
        "versions": {"python": sys.version.split()[0], "numpy": numpy.__version__, "scipy": scipy.__version__},
        "summaries": list(summaries()),
        "tables": list(tables()),
        "statistics": list(statistics()),
    },
    sys.stdout,
    indent=1,
)
