#!/usr/bin/env python3
"""Draw an allocation of fip again, without fip.

    python3 rederive.py manifest.json register.csv [--allocation allocation.csv] [--list]
    python3 rederive.py manifest.json --public draw-public.csv
    python3 rederive.py --vectors assign.json

Reads the design and the seed from the manifest and the clients from the register, draws
by the rules of "fip-chacha20-v1", and says whether the SHA-256 of the result is the one
in the manifest. Exit code: 0 the same, 1 not the same, 2 it could not be drawn.

The draw depends on ids by their order only: draw-public.csv, which has places, strata, numbers
of clusters, lots and arms and no ids, is enough to draw again. Then lots and arms are compared
row by row, and the numbers per arm with the manifest; the SHA-256 needs the ids.

This program does not evaluate eligibility expressions. Where the manifest says that
clients were left out, give --allocation: its ids say who took part (its arms are only
compared, never used).

It needs Python 3.8 or newer and nothing else. It was written from the description of the
algorithm, not from fip's source, so that each checks the other.
"""

import argparse
import csv
import hashlib
import io
import json
import struct
import sys
from fractions import Fraction

# ---------------------------------------------------------------------------------------
# Random numbers: the ChaCha20 keystream of a seed and a label


def rotate(word, bits):
    return ((word << bits) | (word >> (32 - bits))) & 0xFFFFFFFF


def quarter_round(x, a, b, c, d):
    x[a] = (x[a] + x[b]) & 0xFFFFFFFF
    x[d] = rotate(x[d] ^ x[a], 16)
    x[c] = (x[c] + x[d]) & 0xFFFFFFFF
    x[b] = rotate(x[b] ^ x[c], 12)
    x[a] = (x[a] + x[b]) & 0xFFFFFFFF
    x[d] = rotate(x[d] ^ x[a], 8)
    x[c] = (x[c] + x[d]) & 0xFFFFFFFF
    x[b] = rotate(x[b] ^ x[c], 7)


def chacha20_block(key, counter, stream_id):
    """64 bytes of keystream; counter and stream id are 64-bit integers."""
    state = list(struct.unpack("<4I", b"expand 32-byte k"))
    state += struct.unpack("<8I", key)
    state += struct.unpack("<4I", struct.pack("<QQ", counter, stream_id))
    x = list(state)
    for _ in range(10):  # ten double rounds
        quarter_round(x, 0, 4, 8, 12)
        quarter_round(x, 1, 5, 9, 13)
        quarter_round(x, 2, 6, 10, 14)
        quarter_round(x, 3, 7, 11, 15)
        quarter_round(x, 0, 5, 10, 15)
        quarter_round(x, 1, 6, 11, 12)
        quarter_round(x, 2, 7, 8, 13)
        quarter_round(x, 3, 4, 9, 14)
    return struct.pack("<16I", *((a + b) & 0xFFFFFFFF for a, b in zip(x, state)))


class Stream:
    """The numbers that belong to a seed and a label."""

    def __init__(self, seed, label):
        self.key = hashlib.sha256(b"fip/v1/key\n" + seed.encode()).digest()
        name = hashlib.sha256(b"fip/v1/stream\n" + label.encode()).digest()
        self.stream_id = int.from_bytes(name[:8], "little")
        self.numbers = self.generate()

    def generate(self):
        counter = 0
        while True:
            yield from struct.unpack(
                "<8Q", chacha20_block(self.key, counter, self.stream_id)
            )
            counter += 1

    def u64(self):
        return next(self.numbers)

    def below(self, n):
        """A uniform integer from 0 to n - 1."""
        while True:
            m = self.u64() * n
            if m % 2**64 >= 2**64 % n:
                return m >> 64

    def shuffle(self, items):
        for i in range(len(items) - 1, 0, -1):
            j = self.below(i + 1)
            items[i], items[j] = items[j], items[i]


# ---------------------------------------------------------------------------------------
# The draw


class CannotDraw(Exception):
    pass


# White space by Unicode's property White_Space; str.strip() would take some more.
WHITE_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)


def key_of(text):
    return text.strip(WHITE_SPACE)


def in_bytes(text):
    return text.encode("utf-8")


def stream_of(seed, batch, label):
    """The numbers of a label; those of a later batch have its number before it."""
    return Stream(seed, label if batch == 1 else "batch\n%d\n%s" % (batch, label))


def arm_sizes(declared, units):
    """Sizes from sizes, shares and at most one rest: largest remainder, ties to the
    earlier arm. `declared` has an int (size), a Fraction (share) or None (rest) per arm."""
    exact = [
        d if isinstance(d, int) else d * units if d is not None else None
        for d in declared
    ]
    given = sum(e for e in exact if e is not None)
    exact = [units - given if e is None else Fraction(e) for e in exact]
    sizes = [int(e // 1) for e in exact]
    if sum(exact) != units or min(sizes) < 0:
        raise CannotDraw(
            "the sizes of the arms (%s) do not fit %d units"
            % (", ".join(str(float(e)) for e in exact), units)
        )
    left = units - sum(sizes)
    by_fraction = sorted(range(len(exact)), key=lambda a: sizes[a] - exact[a])
    for a in by_fraction[:left]:
        sizes[a] += 1
    return sizes


def stratum_quotas(seed, strata_sizes, sizes, batch=1):
    """Seats per stratum and arm; strata in canonical order."""
    left = list(strata_sizes)
    quotas = [[] for _ in left]
    for a, size in enumerate(sizes[:-1]):
        total = sum(left)
        seats = [r * size // total for r in left]
        stream = stream_of(seed, batch, "misfits\n%d" % a)
        order = list(range(len(left)))
        stream.shuffle(order)
        u = stream.below(total)
        cumulative = 0
        for s in order:
            before = (cumulative + total - 1 - u) // total
            cumulative += left[s] * size % total
            if (cumulative + total - 1 - u) // total > before:
                seats[s] += 1
        for s, n in enumerate(seats):
            quotas[s].append(n)
            left[s] -= n
    for s, n in enumerate(left):
        quotas[s].append(n)
    return quotas


def given_quotas(declared, labels, there):
    """Sizes laid down per stratum: a table by the stratum as it is shown, or None (the rest)."""
    quotas = []
    for label, n in zip(labels, there):
        name = key_of(label.replace("\x1f", " | "))
        tables = [d and {key_of(k): v for k, v in d.items()} for d in declared]
        if any(d is not None and name not in d for d in tables):
            raise CannotDraw("an arm has no size for stratum %r" % name)
        left = n - sum(d[name] for d in tables if d is not None)
        if left < 0 or (left > 0 and None not in tables):
            raise CannotDraw("the sizes for stratum %r do not fit it" % name)
        quotas.append([left if d is None else d[name] for d in tables])
    return quotas


def deal(lines, quotas, weight):
    """Per stratum the arms take units in lot order, each while it has less than its quota; the last
    takes the rest. What an arm took too many of one stratum it takes less of the next. Where every
    unit counts for one these are consecutive runs of the quotas."""
    arms, ahead = {}, [0] * len(quotas[0])
    for units, quota in zip(lines, quotas):
        at = 0
        for a in range(len(quota) - 1):
            wanted, taken = quota[a] - ahead[a], 0
            while taken < wanted and at < len(units):
                arms[units[at]] = a
                taken += weight[units[at]]
                at += 1
            ahead[a] = taken - wanted
        for unit in units[at:]:
            arms[unit] = len(quota) - 1
    return arms


def draw_units(method, seed, declared, stratum_of, weight, batch):
    """The arm (0, 1, ...) of every unit; `stratum_of` has each unit's label and `weight` what it
    counts for."""
    units = sorted(stratum_of, key=in_bytes)
    if method == "simple":
        shares = [d if d is not None else 1 - sum(filter(None, declared)) for d in declared]
        stream = stream_of(seed, batch, "simple")
        arms = {}
        for unit in units:
            x = Fraction(stream.u64() >> 11, 2**53)
            reached, a = shares[0], 0
            while x >= reached:
                a += 1
                reached += shares[a]
            arms[unit] = a
        return arms
    strata = {}
    for unit in units:
        strata.setdefault(stratum_of[unit], []).append(unit)
    labels = sorted(strata, key=in_bytes)
    lines = [strata[label] for label in labels]
    there = [sum(weight[unit] for unit in line) for line in lines]
    if any(isinstance(d, dict) for d in declared):
        quotas = given_quotas(declared, labels, there)
    else:
        sizes = arm_sizes(declared, sum(there))
        quotas = [sizes] if method == "complete" else stratum_quotas(seed, there, sizes, batch)
    for label, line in zip(labels, lines):
        name = "" if method == "complete" else "stratum\n" + label
        stream_of(seed, batch, name).shuffle(line)
    return deal(lines, quotas, weight)


def draw(method, seed, declared, clients, persons=False, batch=1):
    """The arm of every client. A client is (key, stratum values, cluster key or None). Sizes count
    clusters, or where `persons` says so the clients in them."""
    seen = set()
    stratum_of, unit_of, members = {}, {}, {}
    for key, values, cluster in clients:
        unit = key if cluster is None else cluster
        if not key or not unit:
            raise CannotDraw("a client without an id, or without a cluster")
        if key in seen:
            raise CannotDraw("the id %r occurs twice" % key)
        seen.add(key)
        label = "\x1f".join(values)
        if stratum_of.setdefault(unit, label) != label:
            raise CannotDraw("the members of cluster %r are in different strata" % unit)
        unit_of[key] = unit
        members[unit] = members.get(unit, 0) + 1
    if not seen:
        raise CannotDraw("there are no clients")
    weight = members if persons else dict.fromkeys(members, 1)
    arms = draw_units(method, seed, declared, stratum_of, weight, batch)
    return {key: arms[unit] for key, unit in unit_of.items()}


def allocation_sha256(arms, names):
    digest = hashlib.sha256()
    for key in sorted(arms, key=in_bytes):
        digest.update(("%s\t%s\n" % (key, names[arms[key]])).encode("utf-8"))
    return digest.hexdigest()


# ---------------------------------------------------------------------------------------
# Files


def read_table(path):
    """The rows of a CSV file as dictionaries: UTF-8 or Windows-1252; comma, semicolon,
    tab or bar."""
    with open(path, "rb") as file:
        raw = file.read()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    header = text.split("\n", 1)[0]
    delimiter = max(";,\t|", key=header.count)
    csv.field_size_limit(2**31 - 1)
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
    if not rows:
        raise CannotDraw("%s is empty" % path)
    names = [key_of(name) for name in rows[0]]
    return [dict(zip(names, row)) for row in rows[1:]]


def column(row, name, path):
    if name not in row:
        raise CannotDraw("%s has no column %r" % (path, name))
    return row[name]


def declared_quota(declared):
    if declared == "rest":
        return None
    if "size" in declared:
        return declared["size"]
    if "sizes" in declared:
        return declared["sizes"]
    return Fraction(declared["share"])


def rederive(args):
    with open(args.manifest, encoding="utf-8") as file:
        manifest = json.load(file)
    if manifest.get("algorithm") != "fip-chacha20-v1":
        raise CannotDraw("unknown algorithm %r" % manifest.get("algorithm"))
    design, counts = manifest["design"], manifest["counts"]
    id_column, cluster_column = design["id"], design.get("cluster")

    with open(args.register, "rb") as file:
        register_sha256 = hashlib.sha256(file.read()).hexdigest()
    if register_sha256 != manifest["register"]["sha256"]:
        print("note: the register is not the file that was drawn from")

    kept = None
    if args.allocation:
        kept = {
            key_of(column(row, id_column, args.allocation)): column(row, "arm", args.allocation)
            for row in read_table(args.allocation)
        }
    elif counts["eligible"] != counts["read"]:
        raise CannotDraw(
            "%d of %d clients took part; give --allocation allocation.csv to say who"
            % (counts["eligible"], counts["read"])
        )

    clients = []
    for row in read_table(args.register):
        key = key_of(column(row, id_column, args.register))
        if kept is not None and key not in kept:
            continue
        values = [column(row, name, args.register) for name in design.get("strata", [])]
        cluster = None
        if cluster_column is not None:
            cluster = key_of(column(row, cluster_column, args.register))
        clients.append((key, values, cluster))

    names = [arm["name"] for arm in design["arms"]]
    declared = [declared_quota(arm["declared"]) for arm in design["arms"]]
    arms = draw(
        design["method"],
        manifest["seed"],
        declared,
        clients,
        design.get("count") == "persons",
        design.get("batch", 1),
    )

    if args.list:
        for key in sorted(arms, key=in_bytes):
            print("%s\t%s" % (key, names[arms[key]]))
    for a, name in enumerate(names):
        print("%s: %d persons" % (name, sum(1 for arm in arms.values() if arm == a)))
    found = allocation_sha256(arms, names)
    expected = manifest["allocation"]["sha256"]
    print("drawn again: %s" % found)
    print("manifest:    %s" % expected)
    same = found == expected
    print("the same" if same else "NOT the same")
    if kept is not None:
        other = [k for k in kept if k not in arms or names[arms[k]] != key_of(kept[k])]
        print("allocation file: %d of %d clients have another arm" % (len(other), len(kept)))
        same = same and not other
    return same


def lots_of(method, seed, clients, batch):
    """Every unit's place in its stratum's shuffle, from 1; none in a simple draw."""
    if method == "simple":
        return {}
    strata = {}
    for unit, label in {c[2] or c[0]: "\x1f".join(c[1]) for c in clients}.items():
        strata.setdefault(label, []).append(unit)
    lots = {}
    for label, line in strata.items():
        line.sort(key=in_bytes)
        name = "" if method == "complete" else "stratum\n" + label
        stream_of(seed, batch, name).shuffle(line)
        lots.update({unit: lot for lot, unit in enumerate(line, 1)})
    return lots


def rederive_public(args):
    """The draw from the file without ids: places and numbers stand for ids and clusters, padded
    with zeros so that their order is the same."""
    with open(args.manifest, encoding="utf-8") as file:
        manifest = json.load(file)
    if manifest.get("algorithm") != "fip-chacha20-v1":
        raise CannotDraw("unknown algorithm %r" % manifest.get("algorithm"))
    design, counts = manifest["design"], manifest["counts"]
    method, seed, batch = design["method"], manifest["seed"], design.get("batch", 1)
    shown = {key_of(" | ".join(s["values"])): s["values"] for s in counts.get("strata", [])}
    rows = read_table(args.public)
    clients = []
    for at, row in enumerate(rows, 1):
        if int(column(row, "place", args.public)) != at:
            raise CannotDraw("row %d of %s is not in order" % (at + 1, args.public))
        values, cluster = [], None
        if design.get("strata"):
            label = key_of(column(row, "stratum", args.public))
            if label not in shown:
                raise CannotDraw("the manifest has no stratum %r" % label)
            values = shown[label]
        if design.get("cluster") is not None:
            cluster = "%020d" % int(column(row, "cluster", args.public))
        clients.append(("%020d" % at, values, cluster))
    names = [arm["name"] for arm in design["arms"]]
    declared = [declared_quota(arm["declared"]) for arm in design["arms"]]
    arms = draw(method, seed, declared, clients, design.get("count") == "persons", batch)
    lots = lots_of(method, seed, clients, batch)
    other = 0
    for row, (key, _, cluster) in zip(rows, clients):
        lot = lots.get(cluster or key)
        same_lot = "lot" not in row or lot is None or int(row["lot"]) == lot
        other += key_of(row["arm"]) != names[arms[key]] or not same_lot
    print("%d of %d people have another arm or lot" % (other, len(rows)))
    same = other == 0
    for a, name in enumerate(names):
        found = sum(1 for arm in arms.values() if arm == a)
        recorded = next(c["persons"] for c in counts["arms"] if c["arm"] == name)
        print("%s: %d persons, %d in the manifest" % (name, found, recorded))
        same = same and found == recorded
    print("the same" if same else "NOT the same")
    return same


# ---------------------------------------------------------------------------------------
# Test vectors


def check_vectors(path):
    with open(path, encoding="utf-8") as file:
        vectors = json.load(file)
    results = []

    def check(name, found, expected):
        results.append(found == expected)
        print("%-20s %s" % (name, "ok" if found == expected else "DIFFERS"))

    v = vectors["stream"]
    stream = Stream(v["seed"], v["label"])
    check("stream", [str(stream.u64()) for _ in v["u64"]], v["u64"])

    v = vectors["below"]
    stream = Stream(v["seed"], v["label"])
    check("below", [str(stream.below(n)) for n in v["bounds"]], v["draws"])

    v = vectors["shuffle"]
    items = list(v["items"])
    Stream(v["seed"], v["label"]).shuffle(items)
    check("shuffle", items, v["order"])

    def sha256(method, seed, arms, clients):
        names = [name for name, _ in arms]
        declared = [
            q if isinstance(q, int) else Fraction(str(q)) for _, q in arms
        ]
        return allocation_sha256(draw(method, seed, declared, clients), names)

    v = vectors["complete"]
    clients = [(i, [], None) for i in v["ids"]]
    check("complete", sha256("complete", v["seed"], v["arms"], clients), v["sha256"])

    v = vectors["complete_1028"]
    clients = [("%09d" % i, [], None) for i in range(1, 1029)]
    check("complete_1028", sha256("complete", v["seed"], v["arms"], clients), v["sha256"])

    town = ["Bergen op Zoom"] * 6 + ["Steenbergen"] * 3 + ["Woensdrecht"]
    clients = [
        ("c%04d" % i, [town[i % 10], "vrouw" if i % 3 else "man"], None)
        for i in range(1, 1001)
    ]
    for name in ["stratified", "stratified_3_arms"]:
        v = vectors[name]
        check(name, sha256("stratified", v["seed"], v["arms"], clients), v["sha256"])

    v = vectors["simple"]
    clients = [("%04d" % i, [], None) for i in range(1, 501)]
    check("simple", sha256("simple", v["seed"], v["shares"], clients), v["sha256"])
    return all(results)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("manifest", nargs="?", help="manifest.json of the draw")
    parser.add_argument("register", nargs="?", help="the register that was drawn from")
    parser.add_argument("--allocation", help="allocation.csv, where clients were left out")
    parser.add_argument("--list", action="store_true", help="print every client's arm")
    parser.add_argument("--public", help="draw-public.csv, to draw again without ids")
    parser.add_argument("--vectors", help="check this program against test vectors instead")
    args = parser.parse_args()
    if args.vectors is None and args.register is None and args.public is None:
        parser.error("give a manifest and a register, or --public, or --vectors")
    try:
        if args.vectors:
            same = check_vectors(args.vectors)
        else:
            same = rederive_public(args) if args.public else rederive(args)
    except (CannotDraw, OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        print("cannot draw again: %s" % error, file=sys.stderr)
        return 2
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
