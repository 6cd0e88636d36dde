"""Rounding for people: half away from zero on the shortest decimal that reads back as the
same double. Independent of the program: Python's repr gives that decimal, the decimal module
rounds it.

    python3 rounding.py > rounding.json
"""
import decimal
import json
import random
import sys
from decimal import ROUND_HALF_UP, Decimal

decimal.getcontext().prec = 800


def fixed(value, decimals, shift):
    number = Decimal(repr(value)).scaleb(shift)
    text = format(number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP), "f")
    return text.removeprefix("-") if not any(c in "123456789" for c in text) else text


random.seed(20170301)
values = [
    0.0, -0.0, 0.5, 1.5, 2.5, -0.5, -2.5, 0.005, -0.004, -0.005, 0.015, 0.045, 1.005, 2.675, 0.285, 0.575,
    0.1 + 0.2, 1 / 3, 2 / 3, 0.9995, 0.99949, 9.995, 99.995, 999.5, 9999.5, 9999.995, 99999.5, 1234567.891,
    75 / 360, 285 / 360, 105 / 308, 984 / 1625, 23 / 160, 1 / 8, 0.0005, 0.00049999, 1e-7, 5e-324, 1e15,
    123456789012345680.0, 1e22, 2.0**-20,
]
values += [random.randrange(-10**6, 10**6) / 10 ** random.randrange(0, 7) for _ in range(300)]
values += [random.gauss(0, 1) * 10 ** random.randrange(-5, 6) for _ in range(200)]
values += [random.randrange(0, n + 1) / n for n in random.choices(range(1, 2000), k=200)]
cases = [
    {"value": value, "decimals": decimals, "shift": shift, "text": fixed(value, decimals, shift)}
    for value in values
    for decimals, shift in [(0, 0), (1, 0), (2, 0), (3, 0), (0, 2), (1, 2)]
]
json.dump({"made_by": f"Python {sys.version.split()[0]}", "cases": cases}, sys.stdout, indent=0)
print()
