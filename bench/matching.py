"""Measure how well short phrases are matched: python bench/matching.py FILE.tsv

FILE.tsv has the columns `query` and `relevant`. Every distinct `relevant` is a candidate; a row without a query only
adds one. The output is the mean reciprocal rank, the share of queries whose candidate comes first and among the first
ten, and the time per query, for contacts/matching and for a reference: plain TF-IDF over sequences of 3 to 5
characters, compared by cosine similarity. Candidates with equal scores share the middle of their ranks.

The same phrases, joined in random pairs if there are too few, then make up 20,000 topics to index and search.
"""

from __future__ import annotations

import csv
import os
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log, sqrt
from pathlib import Path
from time import perf_counter

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netcrm.settings")
os.environ.setdefault("NETCRM_SECRET_KEY", "only to load the settings")
django.setup()

from contacts.matching.words.index import PhraseIndex  # noqa: E402 - the settings come first

LINES = 20_000
QUERIES_AMONG_LINES = 200
ADDED_LINES = 50

Scorer = Callable[[str], dict[int, float]]
"""Takes a query and returns scores by candidate position; candidates that are missing have no score."""


@dataclass(frozen=True)
class Figures:
    """Measurements of one scorer; times in seconds per query."""

    reciprocal_rank: float
    first: float
    among_ten: float
    time: float

    def __str__(self) -> str:
        return (
            f"MRR {self.reciprocal_rank:.4f}   R@1 {self.first:.4f}   R@10 {self.among_ten:.4f}   "
            f"{self.time * 1000:.2f} ms per query"
        )


def main(path: Path) -> None:
    pairs, candidates = read(path)
    print(f"{len(pairs)} queries, {len(candidates)} candidates")
    ours = measure(matching(candidates), pairs, candidates)
    theirs = measure(reference(candidates), pairs, candidates)
    print(f"matching    {ours}")
    print(f"reference   {theirs}")
    print(
        f"difference  MRR {ours.reciprocal_rank - theirs.reciprocal_rank:+.4f}   "
        f"R@1 {ours.first - theirs.first:+.4f}   R@10 {ours.among_ten - theirs.among_ten:+.4f}"
    )
    time_among_lines([query for query, _relevant in pairs] + candidates)


def read(path: Path) -> tuple[list[tuple[str, int]], list[str]]:
    """Return the queries, each with the position of its candidate, and the candidates."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    candidates = list(dict.fromkeys(row["relevant"] for row in rows))
    positions = {candidate: position for position, candidate in enumerate(candidates)}
    return [(row["query"], positions[row["relevant"]]) for row in rows if row["query"].strip()], candidates


def measure(scorer: Scorer, pairs: Sequence[tuple[str, int]], candidates: Sequence[str]) -> Figures:
    ranks = []
    start = perf_counter()
    scored = [scorer(query) for query, _relevant in pairs]
    time = perf_counter() - start
    for scores, (_query, relevant) in zip(scored, pairs, strict=True):
        ranks.append(rank(scores, relevant, len(candidates)))
    count = len(pairs)
    return Figures(
        sum(1 / rank for rank in ranks) / count,
        sum(rank <= 1 for rank in ranks) / count,
        sum(rank <= 10 for rank in ranks) / count,
        time / count,
    )


def rank(scores: dict[int, float], relevant: int, candidates: int) -> float:
    """Return the rank of a candidate, starting at 1; equal scores share the middle of their ranks."""
    score = scores.get(relevant, 0.0)
    better = sum(other > score for other in scores.values())
    equal = sum(other == score for other in scores.values()) if score else candidates - better
    return better + (equal + 1) / 2


def matching(candidates: Sequence[str]) -> Scorer:
    """Return a scorer that uses the application's own index."""
    index = PhraseIndex(candidates)
    return lambda query: {hit.number: hit.score for hit in index.best(index.likeness(query), len(candidates))}


def reference(candidates: Sequence[str]) -> Scorer:
    """Return a scorer by cosine over plain TF-IDF of 3- to 5-character sequences, smoothed like scikit-learn's."""
    counts = [sequences(candidate) for candidate in candidates]
    frequencies = Counter(sequence for count in counts for sequence in count)
    rarity = {name: log((1 + len(counts)) / (1 + frequency)) + 1 for name, frequency in frequencies.items()}
    postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for position, count in enumerate(counts):
        length = sqrt(sum((times * rarity[name]) ** 2 for name, times in count.items()))
        for name, times in count.items():
            postings[name].append((position, times * rarity[name] / length))

    def score(query: str) -> dict[int, float]:
        scores: defaultdict[int, float] = defaultdict(float)
        for name, times in sequences(query).items():
            for position, weight in postings.get(name, ()):
                scores[position] += times * rarity[name] * weight
        return scores

    return score


def sequences(text: str) -> Counter[str]:
    text = " ".join(text.lower().split())
    return Counter(text[start : start + length] for length in (3, 4, 5) for start in range(len(text) - length + 1))


def time_among_lines(phrases: Sequence[str]) -> None:
    """Print how long it takes to index 20,000 topics, search them and add one."""
    draw = random.Random(20_000)
    topics = [*phrases, *(" und ".join(draw.sample(phrases, 2)) for _ in range(LINES - len(phrases)))][:LINES]
    start = perf_counter()
    index = PhraseIndex(topics)
    cold = perf_counter() - start
    times = sorted(
        timed(lambda: index.best(index.likeness(draw.choice(phrases)), 20)) for _ in range(QUERIES_AMONG_LINES)
    )
    added = sorted(timed(lambda: index.add(" und ".join(draw.sample(phrases, 2)))) for _ in range(ADDED_LINES))
    print(
        f"{LINES} topics   indexed in {cold:.2f} s   query {times[len(times) // 2] * 1000:.1f} ms "
        f"(slowest {times[-1] * 1000:.1f})   one line more {added[len(added) // 2] * 1000:.1f} ms   "
        f"about {index.size() / 1e6:.1f} MB"
    )


def timed(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
