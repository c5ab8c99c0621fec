"""Measure how well duplicates are found: python bench/duplicates.py RECORDS.csv, or --generate N

RECORDS.csv has the columns `id,given,family,street,city,postcode,phone,email,birthday,cluster`; any may be missing, and
a birthday is YYYYMMDD or YYYY-MM-DD. Records with the same `cluster` are the same person. The output is the precision,
recall and F1 of the proposed pairs at the default threshold, the time and the memory. Instead of reading a file, it can
generate N records of made-up people; see bench/people.py. --drop omits columns, to measure the result without them.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import resource
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from time import perf_counter, process_time

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netcrm.settings")
os.environ.setdefault("NETCRM_SECRET_KEY", "only to load the settings")
django.setup()

from bench.people import generate  # noqa: E402 - the settings come first
from contacts.duplicates.finding import THRESHOLD, find_duplicates  # noqa: E402
from contacts.duplicates.records import Address, Birthday, PersonRecord  # noqa: E402

Row = Mapping[str, str]
Pair = tuple[int, int]


def main(arguments: Sequence[str] | None = None) -> None:
    options = parse(arguments)
    rows = read(options.records) if options.records else generate(options.generate, options.language, options.seed)
    dropped = set(filter(None, options.drop.split(",")))
    records = [record_of(key, row, dropped) for key, row in enumerate(rows)]
    before = memory()
    started, processor = perf_counter(), process_time()
    found = find_duplicates(records, threshold=options.threshold)
    seconds, processor = perf_counter() - started, process_time() - processor
    pairs = {(proposal.first, proposal.second) for proposal in found}
    print(f"{len(records)} records, {len(pairs)} pairs proposed")
    print_quality(pairs, true_pairs(rows))
    print(f"time {seconds:.1f} s, of which {processor:.1f} s of the processor")
    print(f"memory {memory():.0f} MB, of which {before:.0f} MB before")


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure how well duplicates are found.")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("records", nargs="?", type=Path, metavar="RECORDS.csv")
    source.add_argument("--generate", type=int, metavar="N", help="make up N records instead of reading a file")
    parser.add_argument("--language", choices=["de", "en"], default="de", help="of the people made up (default: de)")
    parser.add_argument("--seed", type=int, default=1, help="of the people made up (default: 1)")
    parser.add_argument("--drop", default="", metavar="COLUMNS", help="columns to leave out, with commas between")
    parser.add_argument("--threshold", type=float, default=THRESHOLD, help=f"default: {THRESHOLD}")
    return parser.parse_args(arguments)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, skipinitialspace=True))


def record_of(key: int, row: Row, dropped: set[str]) -> PersonRecord:
    """Return the row as a record. Its key is the row's position, so that any `id` will do."""

    def value(column: str) -> str:
        return "" if column in dropped else (row.get(column) or "").strip()

    return PersonRecord(
        key=key,
        given_name=value("given"),
        family_name=value("family"),
        addresses=(Address(value("street"), value("city"), value("postcode")),),
        emails=(value("email"),),
        phones=(value("phone"),),
        birthday=birthday_of(value("birthday")),
    )


def birthday_of(text: str) -> Birthday | None:
    """Parse a date in YYYYMMDD or YYYY-MM-DD, even if there is no such day; return None for any other format."""
    match = re.fullmatch(r"(\d{4})-?(\d{2})-?(\d{2})", text)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def true_pairs(rows: Iterable[Row]) -> set[Pair]:
    clusters = defaultdict(list)
    for key, row in enumerate(rows):
        if cluster := (row.get("cluster") or "").strip():
            clusters[cluster].append(key)
    return {pair for keys in clusters.values() for pair in combinations(keys, 2)}


def print_quality(found: set[Pair], true: set[Pair]) -> None:
    right = len(found & true)
    precision = right / len(found) if found else 1.0
    recall = right / len(true) if true else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    print(f"{len(true)} true pairs   precision {precision:.4f}   recall {recall:.4f}   F1 {f1:.4f}")


def memory() -> float:
    """Return the peak memory of this process, in megabytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1024


if __name__ == "__main__":
    main()
