"""Read sets of needs and the lines that answer them, and compute the figures of a ranking.

A folder has pairs.tsv (id, seek_lang, target_lang, relation, seek, target_kind, target), also.tsv (id and target_id:
targets that also answer a need), distractors.tsv (lang, kind, text: more lines) and misfits.tsv (lang, text: needs that
no line answers).
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

RESAMPLES = 1000


@dataclass(frozen=True)
class NeedSet:
    """Needs and lines; `right` has the lines that answer each need. The needs without an answer (misfits) come last."""

    needs: list[str]
    lines: list[str]
    kinds: list[str]
    right: list[frozenset[int]]
    groups: list[tuple[str, str]]
    """The languages of each answerable need and its target, and the relation between the two."""

    @property
    def answerable(self) -> int:
        return len(self.groups)


def read_set(folder: Path) -> NeedSet:
    """Read a set from its folder."""
    pairs, distractors, misfits = (_rows(folder / f"{name}.tsv") for name in ("pairs", "distractors", "misfits"))
    places = {row["id"]: place for place, row in enumerate(pairs)}
    right = [{place} for place in range(len(pairs))]
    for row in _rows(folder / "also.tsv"):
        right[places[row["id"]]].add(places[row["target_id"]])
    return NeedSet(
        needs=[*(row["seek"] for row in pairs), *(row["text"] for row in misfits)],
        lines=[*(row["target"] for row in pairs), *(row["text"] for row in distractors)],
        kinds=[*(row["target_kind"] for row in pairs), *(row["kind"] for row in distractors)],
        right=[*map(frozenset, right), *[frozenset[int]()] * len(misfits)],
        groups=[(f"{row['seek_lang']}->{row['target_lang']}", row["relation"]) for row in pairs],
    )


def folds(needs: NeedSet, count: int, seed: int) -> tuple[list[int], list[int]]:
    """Return the fold of each need and of each line. A need, its targets and their other needs are in one fold."""
    draw = random.Random(seed)
    parent = list(range(needs.answerable))

    def root(place: int) -> int:
        while parent[place] != place:
            place = parent[place]
        return place

    for place in range(needs.answerable):
        for other in needs.right[place]:
            parent[root(place)] = root(other)
    families: dict[int, list[int]] = {}
    for place in range(needs.answerable):
        families.setdefault(root(place), []).append(place)
    of_pair = [0] * needs.answerable
    sizes = [0] * count
    for family in sorted(draw.sample(list(families.values()), len(families)), key=len, reverse=True):
        fold = sizes.index(min(sizes))
        sizes[fold] += len(family)
        for place in family:
            of_pair[place] = fold
    of_misfit = [draw.randrange(count) for _ in needs.needs[needs.answerable :]]
    of_distractor = [draw.randrange(count) for _ in needs.lines[needs.answerable :]]
    return of_pair + of_misfit, of_pair + of_distractor


def ranks(needs: NeedSet, scores: Callable[[int], dict[int, float]]) -> list[float]:
    """Return the rank of the best right line of each answerable need; lines with equal scores share their mean rank.

    `scores` returns the scores of lines for a need; lines without a score share the last ranks.
    """
    found = []
    for place in range(needs.answerable):
        scored = scores(place)
        best = max((scored[line] for line in needs.right[place] if line in scored), default=None)
        if best is None:
            found.append((len(scored) + len(needs.lines) + 1) / 2)
            continue
        better = sum(score > best for score in scored.values())
        found.append(better + (sum(score == best for score in scored.values()) + 1) / 2)
    return found


def ranking(found: Sequence[float]) -> str:
    """Return R@1, R@5, R@10 and MRR of some ranks, with 95 % intervals by resampling the needs."""
    measures = {f"R@{most}": [float(rank <= most) for rank in found] for most in (1, 5, 10)}
    measures["MRR"] = [1 / rank for rank in found]
    return "   ".join(f"{name} {_with_interval(values)}" for name, values in measures.items())


def shown(needs: NeedSet, lines_shown: Callable[[int], set[int]]) -> str:
    """Return the share of misfits with any line, of shown lines that are right, and of needs with a right line."""
    lists = [lines_shown(place) for place in range(len(needs.needs))]
    total = sum(map(len, lists))
    right = sum(len(lines & needs.right[place]) for place, lines in enumerate(lists))
    answered = sum(bool(lines & needs.right[place]) for place, lines in enumerate(lists[: needs.answerable]))
    anybody = sum(map(bool, lists[needs.answerable :]))
    return (
        f"misfits that show anybody {share(anybody, len(lists) - needs.answerable)}   "
        f"right of what is shown {share(right, total)}   "
        f"needs with a right one {share(answered, needs.answerable)}"
    )


def share(part: int, whole: int) -> str:
    """Return a share with its 95 % interval by Wilson's score."""
    if not whole:
        return "-"
    z, p = 1.96, part / whole
    middle = (p + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z * sqrt(p * (1 - p) / whole + z * z / (4 * whole * whole)) / (1 + z * z / whole)
    return f"{p:.3f} ({middle - half:.3f}-{middle + half:.3f})"


def _with_interval(values: Sequence[float]) -> str:
    draw = random.Random(0)
    means = sorted(sum(draw.choices(values, k=len(values))) / len(values) for _ in range(RESAMPLES))
    mean = sum(values) / len(values)
    return f"{mean:.3f} ({means[RESAMPLES // 40]:.3f}-{means[-RESAMPLES // 40]:.3f})"


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
