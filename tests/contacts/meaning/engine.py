"""An engine that knows a few words: those in one string of MEANINGS mean the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar

import numpy as np
from django.test import override_settings

from contacts.matching import calibration
from contacts.matching.likelihood import Weights
from contacts.meaning import client
from contacts.meaning.encoding import Encoder
from contacts.meaning.service import Service
from contacts.meaning.shelves import Floats

MEANINGS = ("hecke hedge gärtnerin thuja", "steuer tax accountant", "wohnung flat untermiete", "honig imkerei")

SURE = Weights(-4.0, (8.0,), 0.0, (0.0, 0.0), (0.0, 0.0), 0.0)
"""A cosine of 1 is .98 likely, of .5 is .5, and of 0 is .02; words and lengths have no weight."""


class FewWords:
    """Counts the words of each meaning. A text without any of them gets a vector far from all others."""

    name: ClassVar[str] = "fewwords"
    package: ClassVar[str] = "numpy"
    dimensions: ClassVar[int] = len(MEANINGS) + 1

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def vectors(self, texts: Sequence[str], *, asked: bool) -> Floats:
        self.encoded.extend(texts)
        vectors = np.array([self._counts(text.lower()) for text in texts], np.float32)
        vectors[:, -1] += vectors.sum(axis=1) == 0
        return vectors

    def _counts(self, text: str) -> list[float]:
        return [float(sum(word in text for word in line.split())) for line in MEANINGS] + [0.0]


@contextmanager
def meaning_by(engine: FewWords) -> Iterator[Service]:
    """Match by meaning with this engine, in this process, while the context is active."""
    service = Service(Encoder([engine], {}))
    weights = dict(calibration.WEIGHTS)
    with override_settings(MEANING=True):
        calibration.WEIGHTS[(engine.name,)] = SURE
        client._line.service = service
        try:
            yield service
        finally:
            client._line.service = None
            calibration.WEIGHTS.clear()
            calibration.WEIGHTS.update(weights)
