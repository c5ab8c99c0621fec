"""The charts of the network page: pure functions from figures to SVG paths.

The woven band is a river of two strands of one colour: lines for what was given, dots for what came back. They cross
between two months, and the width of a strand shows how much there was in a month. So nothing is set against anything.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from favours.models import Favour
from favours.reciprocity import Figures, Withheld, is_withheld
from favours.reciprocity.figures import KindShare

WIDTH: Final = 640.0
HEIGHT: Final = 128.0
SWING: Final = 33.0
"""How far a strand swings from the middle of the river, in SVG units as all lengths here."""
MONTHS_ASIDE: Final = 2
"""Months after which the strands change sides."""
WIDEST: Final = 58.0
NARROWEST: Final = 0.5
THREADS: Final = {"lines": 11, "dots": 9}
"""Threads per strand. They are close where there is little and spread where there is much."""
MARGIN: Final = 3.0
"""Margin of background on either side of the upper strand."""


@dataclass(frozen=True)
class Piece:
    """A strand between two months: every other thread in one path, the rest in another, so that dots can alternate.

    `cover` is the background under a strand that is on top of the other one.
    """

    texture: str
    threads: str
    threads_between: str
    cover: str = ""


@dataclass(frozen=True)
class Band:
    """The woven band: its pieces in painting order."""

    pieces: Sequence[Piece]
    textures: Sequence[str]
    width: float = WIDTH
    height: float = HEIGHT


@dataclass(frozen=True)
class Bar:
    """One kind's part of the mix bar; `start` and `length` are percentages of the bar."""

    kind: Favour.Kind
    share: float
    start: float
    length: float


def woven_band(figures: Figures) -> Band | None:
    """Returns the band of the twelve months, without a withheld direction; None if there is nothing to show."""
    rows = figures["flow"]["by_month"]
    given = [row["give"] for row in rows if not is_withheld(row["give"])]
    received = [row["receive"] for row in rows if not is_withheld(row["receive"])]
    counts = {"lines": [int(count) for count in given], "dots": [int(count) for count in received]}
    counts = {texture: months for texture, months in counts.items() if any(months)}
    most = max((max(months) for months in counts.values()), default=0)
    if not most:
        return None
    strands = {
        texture: _Strand(texture, [_width(count / most) for count in months]) for texture, months in counts.items()
    }
    pieces: list[Piece] = []
    for link in range(-1, len(rows)):
        below, *above = sorted(strands, reverse=link // MONTHS_ASIDE % 2 == 0)
        pieces.append(strands[below].piece(link))
        pieces += [strands[texture].piece(link, on_top=True) for texture in above]
    return Band(pieces, list(strands))


def mix_bars(mix: list[KindShare] | Withheld) -> list[Bar]:
    """Returns the parts of the bar by kind, from left to right as in the quick log; none if the mix is withheld."""
    if is_withheld(mix):
        return []
    shares = {part["kind"]: part["share"] for part in mix}
    bars: list[Bar] = []
    start = 0.0
    for kind in Favour.Kind:
        if kind in shares:
            length = shares[kind] * 100
            bars.append(Bar(kind, shares[kind], round(start, 2), round(length, 2)))
            start += length
    return bars


def _width(share_of_most: float) -> float:
    return NARROWEST + (WIDEST - NARROWEST) * share_of_most


class _Strand:
    """One direction's strand. Link `n` leads from the middle of month n to that of month n + 1.

    The first and the last link lead in and out, as wide as the month at the edge.
    """

    def __init__(self, texture: str, widths: Sequence[float]) -> None:
        self.texture = texture
        self.widths = widths

    def piece(self, link: int, *, on_top: bool = False) -> Piece:
        threads = THREADS[self.texture]
        paths = [
            f"M{self._point(link, place, 0.0)}{self._curve(link, place)}"
            for place in (thread / (threads - 1) - 0.5 for thread in range(threads))
        ]
        return Piece(self.texture, "".join(paths[::2]), "".join(paths[1::2]), cover=self.cover(link) if on_top else "")

    def cover(self, link: int) -> str:
        """Returns the area of a link with its margin, as a closed path."""
        there = f"M{self._point(link, -0.5, -MARGIN)}{self._curve(link, -0.5, -MARGIN)}"
        back = f"L{self._point(link + 1, 0.5, MARGIN)}{self._curve(link, 0.5, MARGIN, backwards=True)}Z"
        return there + back

    def _curve(self, link: int, place: float, aside: float = 0.0, *, backwards: bool = False) -> str:
        """Returns a thread's Bezier curve over a link, with the slopes of a Catmull-Rom spline through the months."""
        before, start, end, after = (self._down(month, place) + aside for month in range(link - 1, link + 3))
        left, right = _across(link, len(self.widths)), _across(link + 1, len(self.widths))
        points = [
            (left, start),
            (left + (right - left) / 3, start + (end - before) / 6),
            (right - (right - left) / 3, end - (after - start) / 6),
            (right, end),
        ]
        if backwards:
            points.reverse()
        return "C" + " ".join(f"{across:.1f} {down:.1f}" for across, down in points[1:])

    def _point(self, month: int, place: float, aside: float) -> str:
        return f"{_across(month, len(self.widths)):.1f} {self._down(month, place) + aside:.1f}"

    def _down(self, month: int, place: float) -> float:
        """Returns the y of a thread in the middle of a month, `place` being -0.5 to 0.5 across the strand."""
        width = self.widths[min(max(month, 0), len(self.widths) - 1)]
        swing = SWING if self.texture == "lines" else -SWING
        return HEIGHT / 2 + swing * math.cos(math.pi * (month + 0.5) / MONTHS_ASIDE) + place * width


def _across(month: int, months: int) -> float:
    """Returns the x of the middle of a month; months before and after the twelve are outside the picture."""
    return WIDTH * (month + 0.5) / months
