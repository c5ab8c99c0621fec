"""The pictures of the network page as geometry: pure functions from figures to SVG paths.

The woven band is a river of two strands of one colour: lines for what was given, dots for what came back. They cross
each other between two months; a strand is as wide in a month as that month is rich in it. So nothing faces anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from favours.reciprocity import Figures, Withheld, is_withheld
from favours.reciprocity.figures import KindShare

WIDTH: Final = 640.0
HEIGHT: Final = 104.0
SWING: Final = 24.0
"""How far a strand swings from the middle of the river."""
WIDEST: Final = 40.0
NARROWEST: Final = 2.0
THREADS: Final = 11
"""Threads of one strand. They lie close where little moves and spread where much does."""
MARGIN: Final = 2.5
"""Paper on either side of the strand that lies on top."""


@dataclass(frozen=True)
class Piece:
    """A strand between two months. `cover` is the paper under a strand that lies on top of the other one."""

    texture: str
    threads: str
    cover: str = ""


@dataclass(frozen=True)
class Band:
    """The woven band: pieces in the order in which they are painted."""

    pieces: Sequence[Piece]
    textures: Sequence[str]
    width: float = WIDTH
    height: float = HEIGHT


@dataclass(frozen=True)
class Bar:
    """One kind's part of the mix bar, in hundredths of its length. `tone` counts up from 1, the strongest."""

    kind: str
    share: float
    start: float
    length: float
    tone: int


def woven_band(figures: Figures) -> Band | None:
    """The band over the twelve months; None if nothing may be or is to be shown. A withheld direction isn't in it."""
    rows = figures["flow"]["by_month"]
    given = [row["give"] for row in rows if not is_withheld(row["give"])]
    received = [row["receive"] for row in rows if not is_withheld(row["receive"])]
    counts = {"lines": [int(count) for count in given], "dots": [int(count) for count in received]}
    counts = {texture: months for texture, months in counts.items() if any(months)}
    most = max((max(months) for months in counts.values()), default=0)
    if not most:
        return None
    strands = {
        texture: _Strand([_width(count / most) for count in months], phase=1 if texture == "lines" else -1)
        for texture, months in counts.items()
    }
    pieces: list[Piece] = []
    for link in range(-1, len(rows)):
        below, *above = sorted(strands, reverse=link % 2 == 0)
        pieces.append(Piece(below, strands[below].threads(link)))
        pieces += [Piece(texture, strands[texture].threads(link), strands[texture].cover(link)) for texture in above]
    return Band(pieces, list(strands))


def mix_bars(mix: list[KindShare] | Withheld) -> list[Bar]:
    """The parts of the bar by kind, from the left; none if the mix is withheld or a single kind would fill it."""
    if is_withheld(mix):
        return []
    bars: list[Bar] = []
    start = 0.0
    for tone, part in enumerate(mix, start=1):
        length = part["share"] * 100
        bars.append(Bar(part["kind"], part["share"], round(start, 2), round(length, 2), tone))
        start += length
    return bars


def _width(share_of_most: float) -> float:
    return NARROWEST + (WIDEST - NARROWEST) * share_of_most


class _Strand:
    """One direction's strand. Link `n` leads from the middle of month n to that of month n + 1; the first and the
    last link lead in from the edge and out to it."""

    def __init__(self, widths: Sequence[float], phase: int) -> None:
        self.widths = widths
        self.phase = phase

    def threads(self, link: int) -> str:
        """All threads of a link as one path."""
        places = [thread / (THREADS - 1) - 0.5 for thread in range(THREADS)]
        return "".join(f"M{self._point(link, place)}{self._curve(link, place)}" for place in places)

    def cover(self, link: int) -> str:
        """The area of a link with its margin as a closed path."""
        there = f"M{self._point(link, -0.5, -MARGIN)}{self._curve(link, -0.5, -MARGIN)}"
        back = f"L{self._point(link + 1, 0.5, MARGIN)}{self._curve_back(link, 0.5, MARGIN)}Z"
        return there + back

    def _curve(self, link: int, place: float, aside: float = 0.0) -> str:
        (left, top), (right, bottom) = self._place(link, place, aside), self._place(link + 1, place, aside)
        middle = (left + right) / 2
        return f"C{middle:.1f} {top:.1f} {middle:.1f} {bottom:.1f} {right:.1f} {bottom:.1f}"

    def _curve_back(self, link: int, place: float, aside: float) -> str:
        (left, top), (right, bottom) = self._place(link, place, aside), self._place(link + 1, place, aside)
        middle = (left + right) / 2
        return f"C{middle:.1f} {bottom:.1f} {middle:.1f} {top:.1f} {left:.1f} {top:.1f}"

    def _point(self, month: int, place: float, aside: float = 0.0) -> str:
        across, down = self._place(month, place, aside)
        return f"{across:.1f} {down:.1f}"

    def _place(self, month: int, place: float, aside: float) -> tuple[float, float]:
        """Where in the picture a thread lies in a month: `place` from -0.5 to 0.5 across the strand."""
        last = len(self.widths) - 1
        inside = min(max(month, 0), last)
        across = WIDTH * (0 if month < 0 else 1 if month > last else (month + 0.5) / len(self.widths))
        side = self.phase if inside % 2 == 0 else -self.phase
        return across, HEIGHT / 2 + side * SWING + place * self.widths[inside] + aside
