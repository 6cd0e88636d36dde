#!/usr/bin/env python3
"""The files of an office, by another hand: allocation, public draw, a later batch, the first day.

    python3 tests/reference/office_files.py > tests/reference/office_files.json

Written from DESIGN.md, sections 5.2 and 6.2, not from fip's source. Only the random streams are
those of examples/rederive.py, the independent second implementation of section 6.
"""

import csv
import io
import json
import pathlib
import sys
from fractions import Fraction

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "examples"))
from rederive import Stream, stratum_quotas  # noqa: E402

ARMS = ["interventie", "controle"]


def in_bytes(text):
    return text.encode("utf-8")


def table(header, rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def largest_remainder(weights, total):
    exact = [Fraction(w * total, sum(weights)) for w in weights]
    parts = [int(e) for e in exact]
    order = sorted(range(len(exact)), key=lambda i: parts[i] - exact[i])
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


class Design:
    def __init__(self, seed, sizes, strata, cluster, persons, caseworkers):
        self.seed, self.sizes, self.strata = seed, sizes, strata
        self.cluster, self.persons, self.caseworkers = cluster, persons, caseworkers

    def unit(self, person):
        return person["huis"] if self.cluster else person["nr"]

    def stratum(self, person):
        return person["gemeente"] if self.strata else ""


def stream(design, batch, label):
    prefix = "batch\n%d\n" % batch if batch > 1 else ""
    return Stream(design.seed, prefix + label)


def lines(design, people, batch):
    """Per stratum, canonical: its label and its units in lot order."""
    of = {}
    for person in people:
        of.setdefault(design.stratum(person), set()).add(design.unit(person))
    result = []
    for label in sorted(of, key=in_bytes):
        units = sorted(of[label], key=in_bytes)
        stream(design, batch, "stratum\n" + label if design.strata else "").shuffle(units)
        result.append((label, units))
    return result


def weigh(design, people):
    weight = {}
    for person in people:
        weight[design.unit(person)] = weight.get(design.unit(person), 0) + 1
    return weight if design.persons else dict.fromkeys(weight, 1)


def first_quotas(design, people, line):
    weight = weigh(design, people)
    there = [sum(weight[u] for u in units) for _, units in line]
    if isinstance(design.sizes, dict):
        return [
            [design.sizes[label], n - design.sizes[label]] for (label, _), n in zip(line, there)
        ]
    sizes = [design.sizes, sum(there) - design.sizes]
    return stratum_quotas(design.seed, there, sizes) if design.strata else [sizes]


def take(line, quotas, weight):
    """The arm of every unit: arms take units in lot order while they have fewer than their target;
    what a stratum takes too many, the next one takes less."""
    arms, over = {}, 0
    for (_, units), quota in zip(line, quotas):
        target, taken = quota[0] - over, 0
        for unit in units:
            if taken < target:
                arms[unit] = 0
                taken += weight[unit]
            else:
                arms[unit] = 1
        over = taken - target
    return arms


def office(design, batch, arms, places):
    """Caseworker and invitation of the units of the intervention arm."""
    units = sorted((u for u, arm in arms.items() if arm == 0), key=in_bytes)
    order = list(units)
    stream(design, batch, "caseworker\ninterventie").shuffle(order)
    who = {}
    start = 0
    for (name, _), n in zip(design.caseworkers, places(len(units))):
        for unit in order[start : start + n]:
            who[unit] = name
        start += n
    order = list(units)
    stream(design, batch, "order\ninterventie").shuffle(order)
    return {unit: (who[unit], place) for place, unit in enumerate(order, 1)}


def given_places(design):
    def places(units):
        given = sum(n for _, n in design.caseworkers if n)
        return [units - given if n is None else n for _, n in design.caseworkers]

    return places


def header(design, batch):
    names = ["nr", "arm", "lot"]
    names += ["stratum"] if design.strata else []
    names += ["cluster"] if design.cluster else []
    names += ["batch"] if batch > 1 else []
    return names + ["caseworker", "invitation"]


def rows(design, people, arms, lots, seen, batch):
    for person in people:
        unit = design.unit(person)
        row = [person["nr"], ARMS[arms[unit]], lots[unit]]
        row += [design.stratum(person)] if design.strata else []
        row += [person["huis"]] if design.cluster else []
        row += [batch] if batch > 1 else []
        yield row + list(seen.get(unit, ("", "")))


def scenario(design, people, later, day):
    eligible = [p for p in people if int(p["leeftijd"]) < 65]
    line = lines(design, eligible, 1)
    quotas = first_quotas(design, eligible, line)
    weight = weigh(design, eligible)
    arms = take(line, quotas, weight)
    lots = {u: lot for _, units in line for lot, u in enumerate(units, 1)}
    seen = office(design, 1, arms, given_places(design))
    drawn = list(rows(design, eligible, arms, lots, seen, 1))
    result = {
        "register": table(people[0], (p.values() for p in people)),
        "allocation": table(header(design, 1), drawn),
    }

    canonical = sorted(eligible, key=lambda p: in_bytes(p["nr"]))
    numbers = {u: i for i, u in enumerate(sorted(arms, key=in_bytes), 1)}
    public = []
    for place, p in enumerate(canonical, 1):
        row = [place]
        row += [design.stratum(p)] if design.strata else []
        row += [numbers[design.unit(p)]] if design.cluster else []
        public.append(row + [lots[design.unit(p)], ARMS[arms[design.unit(p)]]])
    names = ["place"] + (["stratum"] if design.strata else [])
    names += (["cluster"] if design.cluster else []) + ["lot", "arm"]
    result["public"] = table(names, public)

    # A later batch.
    ids = {p["nr"] for p in eligible}
    eligible_later = [p for p in later if int(p["leeftijd"]) < 65]
    new = [p for p in eligible_later if p["nr"] not in ids]
    joins = [p for p in new if design.cluster and p["huis"] in arms]
    new = [p for p in new if not (design.cluster and p["huis"] in arms)]
    line2 = lines(design, new, 2)
    weight2 = weigh(design, new)
    there = [sum(weight2[u] for u in units) for _, units in line2]
    if isinstance(design.sizes, dict):
        of = {label: quota for (label, _), quota in zip(line, quotas)}
        quotas2 = [largest_remainder(of[label], n) for (label, _), n in zip(line2, there)]
    else:
        totals = [sum(q[a] for q in quotas) for a in (0, 1)]
        quotas2 = [largest_remainder(totals, sum(there))]
    arms2 = take(line2, quotas2, weight2)
    lots2 = {u: lot for _, units in line2 for lot, u in enumerate(units, 1)}
    first_units = sum(1 for arm in arms.values() if arm == 0)
    shares = given_places(design)(first_units)
    seen2 = office(design, 2, arms2, lambda n: largest_remainder(shares, n))
    names = header(design, 1)
    at = names.index("caseworker")
    joined = []
    for p in joins:
        row = next(rows(design, [p], arms, lots, seen, 1))
        joined.append(row[:at] + [1] + row[at:])
    result["batch"] = {
        "register": table(later[0], (p.values() for p in later)),
        "allocation": table(header(design, 2), rows(design, new, arms2, lots2, seen2, 2)),
        "joined": table(names[:at] + ["batch"] + names[at:], joined) if joined else None,
        "known": sum(p["nr"] in ids for p in eligible_later),
        "sizes": quotas2,
    }

    # The first day.
    there = {p["nr"]: p for p in day}
    still = [
        p for p in eligible if p["nr"] in there and int(there[p["nr"]]["leeftijd"]) < 65
    ]
    weight3 = weigh(design, still)
    line3 = [(label, [u for u in units if u in weight3]) for label, units in line]
    capped = []
    for (_, units), quota in zip(line3, quotas):
        left = sum(weight3[u] for u in units)
        first = min(quota[0], left)
        capped.append([first, left - first])
    arms3 = take(line3, capped, weight3)
    seen3 = office(design, 1, arms3, given_places(design))
    counts = []
    for a, name in enumerate(ARMS):
        was = [p for p in eligible if arms[design.unit(p)] == a]
        now = [p for p in still if arms3[design.unit(p)] == a]
        stays = [p for p in still if arms[design.unit(p)] == a]
        counts.append(
            {
                "arm": name,
                "drawn": len(was),
                "left": len(was) - len(stays),
                "moved_in": sum(arms[design.unit(p)] != a for p in now),
                "moved_out": sum(arms3[design.unit(p)] != a for p in stays),
                "started": len(now),
            }
        )
    result["day"] = {
        "register": table(day[0], (p.values() for p in day)),
        "allocation": table(header(design, 1), rows(design, still, arms3, lots, seen3, 1)),
        "arms": counts,
        "absent": sum(p["nr"] not in there for p in eligible),
        "not_drawn": sum(p["nr"] not in ids for p in day),
    }
    return result


def person(number, huis, gemeente, leeftijd):
    return {
        "nr": "%09d" % number,
        "huis": huis,
        "gemeente": gemeente,
        "leeftijd": str(leeftijd),
        "naam": "Naam, %d" % number,
    }


def people():
    found = []
    for i in range(70):
        huis = (i * 7 % 70) // 3 if i % 5 else 100 + i
        gemeente = "Krimpen aan den IJssel" if huis % 3 == 0 else "Capelle"
        found.append(person((i * 37) % 1000 + 1, "h%d" % huis, gemeente, 20 + (i * 13) % 50))
    return found


def later(found):
    new = [
        person(2000 + i, "h%d" % (300 + i // 2), ["Capelle", "Krimpen aan den IJssel"][(i // 2) % 2], 30)
        for i in range(14)
    ]
    # Two new members of households drawn before, and one who is too old.
    houses = [p for p in found if int(p["leeftijd"]) < 65]
    for i, p in enumerate((houses[3], houses[10])):
        new.append(person(3000 + i, p["huis"], p["gemeente"], 18))
    new.append(person(4000, "h400", "Capelle", 66))
    return found[::2] + new[::-1]


def on_the_day(found):
    day = []
    for i, p in enumerate(found):
        if i % 11 == 4:
            continue
        day.append(dict(p, leeftijd="65") if i % 9 == 2 else dict(p))
    return day[::-1] + [person(5000, "h500", "Capelle", 40)]


def main():
    found = people()
    caseworkers = [("De Boer", 4), ("Özdemir", 3), ("Van 't Hof", None)]
    households = Design(
        "pilot 2017", {"Capelle": 17, "Krimpen aan den IJssel": 9}, True, True, True, caseworkers
    )
    persons = Design("pilot 2017", 20, False, False, False, caseworkers)
    json.dump(
        {
            "note": "made by tests/reference/office_files.py",
            "households": scenario(households, found, later(found), on_the_day(found)),
            "persons": scenario(persons, found, later(found), on_the_day(found)),
        },
        sys.stdout,
        ensure_ascii=False,
        indent=1,
    )
    print()


main()
