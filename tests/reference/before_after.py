"""Tests that R's base packages lack, from statsmodels.

Run: python before_after.py > before_after_py.json   (reads before_after.json)
"""
import json
import sys

import numpy as np
import scipy
import statsmodels
from scipy import stats
from statsmodels.stats.contingency_tables import SquareTable, StratifiedTable

made = json.load(open("before_after.json"))
squares = []
for table in made["squares"]:
    t = np.array(table, float)
    sm = SquareTable(t, shift_zeros=False).homogeneity("stuart_maxwell")
    bh = SquareTable(t, shift_zeros=False).homogeneity("bhapkar")
    squares.append({"counts": table, "stuart_maxwell": [sm.statistic, float(sm.df), sm.pvalue],
                    "bhapkar": [bh.statistic, float(bh.df), bh.pvalue]})

# Treated yes, treated no, control yes, control no per stratum.
berkeley = [[512, 313, 89, 19], [353, 207, 17, 8], [120, 205, 202, 391], [138, 279, 131, 244], [53, 138, 94, 299], [22, 351, 24, 317]]
small = [[5, 9, 3, 12], [8, 4, 6, 7], [2, 11, 1, 14], [7, 7, 9, 3]]
rare = [[1, 40, 6, 33], [3, 22, 2, 30]]
homogeneity = []
for tables in (berkeley, small, rare):
    s = StratifiedTable([np.array(t, float).reshape(2, 2) for t in tables])
    plain, tarone = s.test_equal_odds(adjust=False), s.test_equal_odds(adjust=True)
    homogeneity.append({"counts": tables, "odds_ratio": s.oddsratio_pooled, "df": len(tables) - 1,
                        "breslow_day": [plain.statistic, plain.pvalue], "tarone": [tarone.statistic, tarone.pvalue]})

json.dump({
    "oracle": f"Python {sys.version.split()[0]}, statsmodels {statsmodels.__version__}, scipy {scipy.__version__}",
    "squares": squares, "homogeneity": homogeneity}, sys.stdout, indent=1)
