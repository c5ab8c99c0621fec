"""The charts of the network page: pure functions from figures to SVG paths.

The woven band is a river of two strands of one colour: lines for help given, dots for help received. They cross between
two months, and a strand is wide where there was much help. Each is drawn to its own scale, so the two cannot be
compared.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from favours.models import Favour
from favours.reciprocity import Figures, Withheld, is_withheld
from favours.reciprocity.figures import KindShare

MONTH: Final = 100
"""Width of a month in SVG units, like all lengths here."""
HEIGHT: Final = 256
SWING: Final = 66.0
"""Distance by which a strand swings from the middle of the river."""
MONTHS_ASIDE: Final = 2
"""Months after which the strands change sides."""
WIDEST: Final = 112.0
NARROWEST: Final = 2.0
THREADS: Final = {"lines": 9, "dots": 7}
"""Threads per strand: close together where there was little help, and spread out where there was much."""
MARGIN: Final = 6.0
"""Margin of background on either side of the upper strand."""


@dataclass(frozen=True)
class Strand:
    """One direction's strand: its threads as paths, and the closed area that covers the strand below it.

    Every other thread of dots is in a second path, so that the dots can alternate.
    """

    texture: str
    threads: Sequence[str]
    cover: str


@dataclass(frozen=True)
class Band:
    """The woven band: a strand, the one painted over it, and the (x, width) where the first one is on top again.

    `ghost` is the x from which the last month is still running: it is drawn as wide as the month before.
    """

    strands: Sequence[Strand]
    rises: Sequence[tuple[int, int]]
    ghost: int | None
    width: int
    height: int = HEIGHT

    @property
    def textures(self) -> list[str]:
        return [strand.texture for strand in self.strands]


@dataclass(frozen=True)
class Bar:
    """One kind's part of the mix bar; `start` and `length` are percentages of the bar."""

    kind: Favour.Kind
    share: float
    start: float
    length: float


def woven_band(figures: Figures, *, running: bool = False) -> Band | None:
    """Returns the band of the twelve months, without a withheld direction; None if there is nothing to show.

    `running` means that the last month is not over.
    """
    rows = figures["flow"]["by_month"]
    given = [row["give"] for row in rows if not is_withheld(row["give"])]
    received = [row["receive"] for row in rows if not is_withheld(row["receive"])]
    counts = {"dots": [int(count) for count in received], "lines": [int(count) for count in given]}
    strands = [_strand(texture, _drawn(months, running=running)) for texture, months in counts.items() if any(months)]
    if not strands:
        return None
    crossings = range(0, len(rows) + 1, 2 * MONTHS_ASIDE) if len(strands) > 1 else ()
    rises = [(_across(month), MONTHS_ASIDE * MONTH) for month in crossings]
    ghost = MONTH * (len(rows) - 1) if running else None
    return Band(strands, rises, ghost, width=MONTH * len(rows))


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


def _drawn(months: list[int], *, running: bool) -> list[int]:
    """Returns the counts to draw: a running month counts at least as much as the month before."""
    return [*months[:-1], max(months[-2:])] if running else months


def _strand(texture: str, months: Sequence[int]) -> Strand:
    """Returns a strand from before the first month to after the last; its ends are as wide as the months next to them.

    Its widths are relative to its own liveliest month.
    """
    widths = [NARROWEST + (WIDEST - NARROWEST) * count / max(months) for count in months]
    edged = [widths[0], *widths, widths[-1]]
    middles = [_middle(texture, month) for month in range(-1, len(months) + 1)]

    def thread(place: float, aside: float = 0.0) -> list[float]:
        """Returns the y of a thread in each month, `place` being -0.5 to 0.5 across the strand."""
        return [middle + place * width + aside for middle, width in zip(middles, edged, strict=True)]

    count = THREADS[texture]
    paths = [_curve(thread(number / (count - 1) - 0.5)) for number in range(count)]
    upper, lower = thread(-0.5, -MARGIN), thread(0.5, MARGIN)
    cover = f"{_curve(upper)}v{round(lower[-1]) - round(upper[-1])}{_curve(lower, backwards=True)}z"
    alternating = ["".join(paths[::2]), "".join(paths[1::2])] if texture == "dots" else ["".join(paths)]
    return Strand(texture, alternating, cover)


def _middle(texture: str, month: int) -> float:
    swing = SWING if texture == "lines" else -SWING
    return HEIGHT / 2 + swing * math.cos(math.pi * (month + 0.5) / MONTHS_ASIDE)


def _curve(heights: Sequence[float], *, backwards: bool = False) -> str:
    """Returns a Catmull-Rom spline through one y per month, as an SVG path of whole numbers.

    With `backwards`, it continues a path from the last month to the first. Its slope in a month is the same on either
    side, so each smooth curve (`s`) continues the one before.
    """
    step = -MONTH if backwards else MONTH
    if backwards:
        heights = heights[::-1]
    points = [round(height) for height in heights]
    slopes = [(after - before) / 6 for before, after in _neighbours(points)]
    start = "" if backwards else f"M{_across(-1)} {points[0]}"
    first = f"c{round(step / 3)}{_next(round(slopes[0]))} "
    curves = [
        f"{round(step * 2 / 3)}{_next(round(end - slope) - begin)}{_next(step)}{_next(end - begin)}"
        for begin, end, slope in zip(points, points[1:], slopes[1:], strict=False)
    ]
    return start + first + "s".join(curves)


def _neighbours(points: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yields the points before and after each point; an end is its own neighbour."""
    return zip([points[0], *points[:-1]], [*points[1:], points[-1]], strict=True)


def _next(value: int) -> str:
    """Returns a number as it is written after another one: a minus sign needs no space before it."""
    return str(value) if value < 0 else f" {value}"


def _across(month: int) -> int:
    """Returns the x of the middle of a month; months before and after the twelve are outside the picture."""
    return MONTH * month + MONTH // 2
