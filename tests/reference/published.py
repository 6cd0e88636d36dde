"""Published examples recomputed by scipy, statsmodels and mpmath.

Run:  python published.py > published_py.json
`printed` is what the source named beside it prints.
"""

import json
import sys

import mpmath
import numpy
import scipy
import scipy.stats
import statsmodels
from statsmodels.stats.nonparametric import rank_compare_2indep
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

# Newcombe (1998), Statistics in Medicine 17, 857-872, Table I, method 3 (Wilson's score
# interval): printed limits as quoted, row by row the same, in the tests of several unrelated
# public programs; here they must be what statsmodels computes.
wilson = []
for yes, n, low, high in [(81, 263, "0.2553", "0.3662"), (15, 148, "0.0624", "0.1605"), (0, 20, "0.0000", "0.1611"), (1, 29, "0.0061", "0.1718")]:
    theirs = proportion_confint(yes, n, method="wilson")
    assert ["%.4f" % v for v in theirs] == [low, high]
    wilson.append({"yes": yes, "n": n, "limits": [float(v) for v in theirs], "printed": [low, high]})

# Newcombe (1998), Statistics in Medicine 17, 873-890, Table II: method 10 (hybrid score) and
# method 6 (Miettinen & Nurminen). The printed limits are those that unrelated public programs test
# themselves against: R's ratesci (the fourth example, both methods), one that took the first, second
# and seventh from SAS, and others with all eight of method 10. The hybrid limits must also be what
# statsmodels computes. For the score interval the second source is mpmath, in proportion.py;
# statsmodels is off there by 2e-4 and 6e-3 in the first example, where print, SAS and mpmath agree.
PRINTED = [
    ((56, 70, 48, 80), ("0.0524", "0.3339"), ("0.0528", "0.3382")),
    ((9, 10, 3, 10), ("0.1705", "0.8090"), ("0.1700", "0.8406")),
    ((6, 7, 2, 7), ("0.0582", "0.8062"), ("0.0342", "0.8534")),
    ((5, 56, 0, 29), ("-0.0381", "0.1926"), ("-0.0326", "0.1933")),
    ((0, 10, 0, 20), ("-0.1611", "0.2775"), ("-0.1658", "0.2844")),
    ((0, 10, 0, 10), ("-0.2775", "0.2775"), ("-0.2879", "0.2879")),
    ((10, 10, 0, 20), ("0.6791", "1.0000"), ("0.7156", "1.0000")),
    ((10, 10, 0, 10), ("0.6075", "1.0000"), ("0.6636", "1.0000")),
]
newcombe = []
for (a, m, c, n), hybrid, score in PRINTED:
    theirs = confint_proportions_2indep(a, m, c, n, compare="diff", method="newcomb")
    assert ["%.4f" % v for v in theirs] == list(hybrid), (a, m, c, n, theirs)
    row = {"table": [a, m - a, c, n - c], "hybrid": [float(v) for v in theirs], "hybrid_printed": hybrid, "score_printed": score}
    newcombe.append(row)

# Pain scores (Brunner & Munzel 2000; Reiczigel, Zakarias & Rozsa 2005), as in R's lawstat, whose
# documentation prints 3.1375, df 17.683, p 0.005786. scipy's sign is that of lawstat.
treated = [1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 1, 1]
control = [3, 3, 4, 3, 1, 2, 3, 1, 1, 5, 4]
bm = scipy.stats.brunnermunzel(treated, control)
superiority = rank_compare_2indep(numpy.array(treated), numpy.array(control), use_t=True)
low, high = superiority.conf_int(alpha=0.05)
pain = {
    "treated": treated,
    "control": control,
    "statistic": float(bm.statistic),
    "p_value": float(bm.pvalue),
    "df": float(superiority.df),
    "superiority": [float(superiority.prob1), float(low), float(high)],
    "printed": ["3.1375", "17.683", "0.005786"],
}

# NIST StRD PiDigits: certified mean and standard deviation. The file has the first 5000 digits of
# pi but for the 957th, which is 3 there instead of 8; the certified values are those of the file.
mpmath.mp.dps = 5020
digits = mpmath.nstr(mpmath.pi, 5010).replace(".", "")[:5000]
assert digits[956] == "8"
digits = digits[:956] + "3" + digits[957:]
mpmath.mp.dps = 40
values = [mpmath.mpf(d) for d in digits]
mean = mpmath.fsum(values) / 5000
sd = mpmath.sqrt(mpmath.fsum((v - mean) ** 2 for v in values) / 4999)
assert mpmath.nstr(mean, 15, strip_zeros=False) == "4.53480000000000"
assert mpmath.nstr(sd, 15, strip_zeros=False) == "2.86733906028871"
pi = {"digits": digits, "mean": "4.53480000000000", "sd": "2.86733906028871"}

json.dump(
    {
        "oracle": f"scipy {scipy.__version__}, statsmodels {statsmodels.__version__}, mpmath {mpmath.__version__}, Python {sys.version.split()[0]}",
        "command": "python published.py > published_py.json",
        "wilson": wilson,
        "newcombe": newcombe,
        "pain": pain,
        "pi_digits": pi,
    },
    sys.stdout,
)
