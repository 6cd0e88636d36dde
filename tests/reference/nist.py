"""NIST StRD data and certified values, and what exact arithmetic on the doubles gives.

Run:  python nist.py FOLDER-WITH-NIST-ANOVA-FILES > nist.json
Source: https://www.itl.nist.gov/div898/strd/ (univariate summary statistics; analysis of
variance). The univariate values are typed in below with their certified mean and standard
deviation; the analysis-of-variance files are NIST's own. The generated sets are stored as their pattern (a first
value, then two that alternate), which is checked against the file. "exact_f" is F in rational
arithmetic on the nearest doubles: with 13 constant leading digits that is all a program that
reads doubles can know.
"""

import json
import re
import sys
from fractions import Fraction
from pathlib import Path

import mpmath

lottery = """162 671 933 414 788 730 817 33 536 875 670 236 473 167 877 980 316 950 456 92 517 557 956 954 104 178 794 278 147 773
437 435 502 610 582 780 689 562 964 791 28 97 848 281 858 538 660 972 671 613 867 448 738 966 139 636 847 659 754 243 122 455
195 968 793 59 730 361 574 522 97 762 431 158 429 414 22 629 788 999 187 215 810 782 47 34 108 986 25 644 829 630 315 567 919
331 207 412 242 607 668 944 749 168 864 442 533 805 372 63 458 777 416 340 436 140 919 350 510 572 905 900 85 389 473 758 444
169 625 692 140 897 672 288 312 860 724 226 884 508 976 741 476 417 831 15 318 432 241 114 799 955 833 358 935 146 630 830 440
642 356 373 271 715 367 393 190 669 8 861 108 795 269 590 326 866 64 523 862 840 219 382 998 4 628 305 747 247 34 747 729 645
856 974 24 568 24 694 608 480 410 729 947 293 53 930 223 203 677 227 62 455 387 318 562 242 428 968"""
lew = """-213 -564 -35 -15 141 115 -420 -360 203 -338 -431 194 -220 -513 154 -125 -559 92 -21 -579 -52 99 -543 -175 162 -457 -346
204 -300 -474 164 -107 -572 -8 83 -541 -224 180 -420 -374 201 -236 -531 83 27 -564 -112 131 -507 -254 199 -311 -495 143 -46
-579 -90 136 -472 -338 202 -287 -477 169 -124 -568 17 48 -568 -135 162 -430 -422 172 -74 -577 -13 92 -534 -243 194 -355 -465
156 -81 -578 -64 139 -449 -384 193 -198 -538 110 -44 -577 -6 66 -552 -164 161 -460 -344 205 -281 -504 134 -28 -576 -118 156
-437 -381 200 -220 -540 83 11 -568 -160 172 -414 -408 188 -125 -572 -32 139 -492 -321 205 -262 -504 142 -83 -574 0 48 -571
-106 137 -501 -266 190 -391 -406 194 -186 -553 83 -13 -577 -49 103 -515 -280 201 300 -506 131 -45 -578 -80 138 -462 -361 201
-211 -554 32 74 -533 -235 187 -372 -442 182 -147 -566 25 68 -535 -244 194 -351 -463 174 -125 -570 15 72 -550 -190 172 -424
-385 198 -218 -536 96"""
mavro = """2.00180 2.00170 2.00180 2.00190 2.00180 2.00170 2.00150 2.00140 2.00150 2.00150 2.00170 2.00180 2.00180 2.00190 2.00190
2.00210 2.00200 2.00160 2.00140 2.00130 2.00130 2.00150 2.00150 2.00160 2.00150 2.00140 2.00130 2.00140 2.00150 2.00140 2.00150
2.00160 2.00150 2.00160 2.00190 2.00200 2.00200 2.00210 2.00220 2.00230 2.00240 2.00250 2.00270 2.00260 2.00260 2.00260 2.00270
2.00260 2.00250 2.00240"""
michelso = """299.85 299.74 299.90 300.07 299.93 299.85 299.95 299.98 299.98 299.88 300.00 299.98 299.93 299.65 299.76 299.81 300.00
300.00 299.96 299.96 299.96 299.94 299.96 299.94 299.88 299.80 299.85 299.88 299.90 299.84 299.83 299.79 299.81 299.88 299.88
299.83 299.80 299.79 299.76 299.80 299.88 299.88 299.88 299.86 299.72 299.72 299.62 299.86 299.97 299.95 299.88 299.91 299.85
299.87 299.84 299.84 299.85 299.84 299.84 299.84 299.89 299.81 299.81 299.82 299.80 299.77 299.76 299.74 299.75 299.76 299.91
299.92 299.89 299.86 299.88 299.72 299.84 299.85 299.85 299.78 299.89 299.84 299.78 299.81 299.76 299.81 299.79 299.81 299.82
299.85 299.87 299.87 299.81 299.74 299.81 299.94 299.95 299.80 299.81 299.87"""

def alternating(first, low, high):
    return [first] + [low, high] * 500


# name: values, certified mean, certified standard deviation. (PiDigits is left out: too long to type in.)
UNIVARIATE = {
    "Lottery": (lottery.split(), "518.958715596330", "291.699727470969"),
    "Lew": (lew.split(), "-177.435000000000", "277.332168044316"),
    "Mavro": (mavro.split(), "2.00185600000000", "0.000429123454003053"),
    "Michelso": (michelso.split(), "299.852400000000", "0.0790105478190518"),
    "NumAcc1": (["10000001", "10000003", "10000002"], "10000002", "1"),
    "NumAcc2": (alternating("1.2", "1.1", "1.3"), "1.2", "0.1"),
    "NumAcc3": (alternating("1000000.2", "1000000.1", "1000000.3"), "1000000.2", "0.1"),
    "NumAcc4": (alternating("10000000.2", "10000000.1", "10000000.3"), "10000000.2", "0.1"),
}
univariate = []
for name, (text, mean, sd) in UNIVARIATE.items():
    exact = [Fraction(t) for t in text]
    m = sum(exact) / len(exact)
    v = sum((x - m) ** 2 for x in exact) / (len(exact) - 1)
    # The typed data give the certified values.
    assert abs(float(m) / float(mean) - 1) < 1e-13 and abs(float(v) ** 0.5 / float(sd) - 1) < 1e-13, name
    doubles = [Fraction(float(t)) for t in text]
    m = sum(doubles) / len(doubles)
    v = sum((x - m) ** 2 for x in doubles) / (len(doubles) - 1)
    mpmath.mp.dps = 40
    exact_sd = mpmath.sqrt(mpmath.mpf(v.numerator) / v.denominator)
    exact_mean = mpmath.mpf(m.numerator) / m.denominator
    univariate.append({"name": name, "values": text if len(set(text)) > 3 or len(text) < 10 else {"first": text[0], "then": text[1:3], "times": 500},
                       "mean": mean, "sd": sd, "exact_mean": mpmath.nstr(exact_mean, 20), "exact_sd": mpmath.nstr(exact_sd, 20)})

anova = []
for path in sorted(Path(sys.argv[1]).glob("*.dat")):
    lines = path.read_text().splitlines()
    certified = next(re.findall(r"[\d.]+E[+-]\d+", line)[-1] for line in lines if line.startswith("Between"))
    groups = {}
    for line in lines[60:]:
        fields = line.split()
        if len(fields) == 2:
            # The treatment is the first column; in SiRstv and AtmWtAg too.
            groups.setdefault(fields[0], []).append(fields[1])
    groups = list(groups.values())
    doubles = [[Fraction(float(t)) for t in g] for g in groups]
    n, k = sum(map(len, doubles)), len(doubles)
    grand = sum(map(sum, doubles)) / n
    between = sum(len(g) * (sum(g) / len(g) - grand) ** 2 for g in doubles) / (k - 1)
    within = sum(sum(x * x for x in g) - sum(g) ** 2 / len(g) for g in doubles) / (n - k)
    stored = []
    for g in groups:
        if path.name.startswith("SmLs"):
            times = (len(g) - 1) // 2
            assert g == [g[0]] + g[1:3] * times, path
            stored.append({"first": g[0], "then": g[1:3], "times": times})
        else:
            stored.append(g)
    anova.append({"name": path.stem, "groups": stored, "certified_f": certified, "exact_f": repr(float(between / within)), "df": [k - 1, n - k]})

json.dump({"oracle": f"NIST StRD; Python {sys.version.split()[0]} fractions, mpmath {mpmath.__version__}", "univariate": univariate, "anova": anova}, sys.stdout)
