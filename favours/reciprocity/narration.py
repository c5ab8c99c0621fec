"""The reciprocity figures in sentences: pure functions from figures to text in the active language.

Each sentence is one pattern for translators. Numbers up to twelve are words. Withheld figures are described without any
number, least of all how much is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypedDict

from django.template.defaultfilters import capfirst
from django.utils.dates import MONTHS
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from favours.reciprocity import Figures, Withheld, is_withheld
from favours.reciprocity.figures import KindShare, ShareBand

NUMBER_WORDS: Final = (
    pgettext_lazy("a number before a plural noun", "two"),
    pgettext_lazy("a number before a plural noun", "three"),
    pgettext_lazy("a number before a plural noun", "four"),
    pgettext_lazy("a number before a plural noun", "five"),
    pgettext_lazy("a number before a plural noun", "six"),
    pgettext_lazy("a number before a plural noun", "seven"),
    pgettext_lazy("a number before a plural noun", "eight"),
    pgettext_lazy("a number before a plural noun", "nine"),
    pgettext_lazy("a number before a plural noun", "ten"),
    pgettext_lazy("a number before a plural noun", "eleven"),
    pgettext_lazy("a number before a plural noun", "twelve"),
)
TIMES: Final = (
    gettext_lazy("once"),
    gettext_lazy("twice"),
    gettext_lazy("three times"),
    gettext_lazy("four times"),
    gettext_lazy("five times"),
    gettext_lazy("six times"),
    gettext_lazy("seven times"),
    gettext_lazy("eight times"),
    gettext_lazy("nine times"),
    gettext_lazy("ten times"),
    gettext_lazy("eleven times"),
    gettext_lazy("twelve times"),
)
MOSTLY: Final = {
    "tip": gettext_lazy("mostly with tips"),
    "introduction": gettext_lazy("mostly with introductions"),
    "recommendation": gettext_lazy("mostly with recommendations"),
    "advice": gettext_lazy("mostly with advice"),
    "support": gettext_lazy("mostly by lending a hand"),
}
OFTEN: Final = {
    "tip": gettext_lazy("often with tips"),
    "introduction": gettext_lazy("often with introductions"),
    "recommendation": gettext_lazy("often with recommendations"),
    "advice": gettext_lazy("often with advice"),
    "support": gettext_lazy("often by lending a hand"),
}
MOST: Final = 0.5
"""Minimum share of a kind for help to have been "mostly" of it."""
MUCH: Final = 0.2
"""Minimum share of a kind for help to have been "often" of it."""
LIVELY: Final = 1.5
"""Minimum multiple of an average month for a month to be called one of the liveliest."""
LIVELIEST: Final = 2
"""Maximum number of months called the liveliest."""
FROM_ELSEWHERE: Final = {ShareBand.HALF, ShareBand.THREE_QUARTERS, ShareBand.NEARLY_ALL}
"""Bands in which the share is stated: of a lower one, the remainder would look like something owed."""
LIVELINESS: Final = (
    (2 / 3, pgettext_lazy("a month", "lively")),
    (1 / 3, pgettext_lazy("a month", "some")),
    (0.0, pgettext_lazy("a month", "a little")),
)
"""Words for the liveliness of a month, by the share of the liveliest month that it exceeds."""


@dataclass(frozen=True)
class Story:
    """The paragraphs of the network page, as sentences; an empty paragraph is left out.

    No unit is used for both directions, so nothing can be subtracted: help given is stated in times, kinds and months,
    help received in people. `threads` is about both at once.
    """

    given: Sequence[str]
    received: Sequence[str]
    threads: Sequence[str]


class Month(TypedDict):
    """A month for the table below the band; `received` is in words, None if it is withheld."""

    month: date
    give: int | Withheld
    received: str | None


def is_empty(figures: Figures) -> bool:
    """Returns whether nothing was logged in the whole window."""
    return figures["rhythm"] == 0


def is_under_way(figures: Figures) -> bool:
    """Returns whether there is help in the window, but none that may be shown in numbers yet."""
    flow = figures["flow"]
    shown = [count for count in (flow["give"], flow["receive"]) if not is_withheld(count)]
    return not is_empty(figures) and not any(shown)


def tell(figures: Figures) -> Story:
    """Returns the figures in sentences, by paragraph."""
    return Story(list(_given(figures)), list(_received(figures)), list(_threads(figures)))


def months_of(figures: Figures) -> list[Month]:
    """Returns the twelve months, the oldest first, with numbers for help given and words for help received."""
    rows = figures["flow"]["by_month"]
    received = [0 if is_withheld(row["receive"]) else int(row["receive"]) for row in rows]
    return [
        {
            "month": date.fromisoformat(f"{row['month']}-01"),
            "give": row["give"],
            "received": None if is_withheld(row["receive"]) else _liveliness(count, max(received)),
        }
        for row, count in zip(rows, received, strict=True)
    ]


def under_way() -> list[str]:
    """Returns the sentences shown in place of a picture while only a few people are part of it."""
    return [
        _("You're under way."),
        _("A picture appears once more people are part of it."),
        _("With only a few it would be a bill, and nobody keeps one here."),
    ]


def times(count: int) -> str:
    """Returns a number of times in words: "once", "twice", "ten times", "136 times"."""
    if 1 <= count <= len(TIMES):
        return str(TIMES[count - 1])
    return ngettext("%(count)s time", "%(count)s times", count) % {"count": number_format(count)}


def people(count: int) -> str:
    """Returns a number of people in words: "one person", "nine people", "74 people"."""
    return ngettext("one person", "%(count)s people", count) % {"count": number(count)}


def number(count: int) -> str:
    """Returns a number, from two to twelve as a word."""
    if 2 <= count <= len(NUMBER_WORDS) + 1:
        return str(NUMBER_WORDS[count - 2])
    return number_format(count)


def months(keys: Sequence[str]) -> str:
    """Returns a list of the names of months given as YYYY-MM: "May, June and July"."""
    names = [str(MONTHS[date.fromisoformat(f"{key}-01").month]) for key in keys]
    if len(names) < 2:
        return "".join(names)
    return _("%(months)s and %(last)s") % {"months": ", ".join(names[:-1]), "last": names[-1]}


def _liveliness(count: int, most: int) -> str:
    if not count:
        return _("quiet")
    return next(str(words) for share, words in LIVELINESS if count > share * most)


def _given(figures: Figures) -> Iterator[str]:
    count = figures["flow"]["give"]
    if is_withheld(count):
        yield _("You helped as well; while it reaches only a few, it stays in your journal.")
        return
    if not count:
        yield _("No help of yours is in the journal for these twelve months.")
        return
    mostly = _mostly(figures["mix"]["give"])
    if _is_full_year(figures):
        pattern = (
            _("In twelve months you helped %(times)s, %(mostly)s.")
            if mostly
            else _("In twelve months you helped %(times)s.")
        )
    else:
        pattern = _("You helped %(times)s, %(mostly)s.") if mostly else _("You helped %(times)s.")
    yield pattern % {"times": times(count), "mostly": mostly}
    liveliest = _liveliest(figures)
    if liveliest:
        yield _("It was liveliest in %(months)s.") % {"months": months(liveliest)}


def _received(figures: Figures) -> Iterator[str]:
    count, helpers = figures["flow"]["receive"], figures["breadth"]["receive"]
    if is_withheld(count) or is_withheld(helpers):
        yield _("Help has come to you as well; while it comes from only a few, it stays in your journal.")
        return
    if not count:
        yield _("No help to you is in the journal for these twelve months. It is easily overlooked.")
        return
    core = _core(helpers, figures["spread"]["receive"])
    if core:
        yield _("%(people)s helped you, at the core about %(core)s.") % {
            "people": capfirst(people(helpers)),
            "core": core,
        }
    elif helpers:
        yield _("%(people)s helped you.") % {"people": capfirst(people(helpers))}
    else:
        yield _("Help came to you.")
    elsewhere = figures["from_elsewhere"]
    if not is_withheld(elsewhere) and elsewhere["band"] in FROM_ELSEWHERE:
        yield _("Much of it came from somewhere else entirely, as far as logged.")


def _threads(figures: Figures) -> Iterator[str]:
    """Yields the sentences about both directions: passing on, picking up the thread, and the active months."""
    if figures["passed_on"]:
        yield _("%(times)s you passed on something you had received.") % {
            "times": capfirst(times(figures["passed_on"]))
        }
    if figures["rediscovered"]:
        yield _("You picked up the thread with %(people)s.") % {"people": people(figures["rediscovered"])}
    active = figures["active_months"]
    if len(active) == len(figures["flow"]["by_month"]):
        yield _("Something moved in every month.")
    elif _is_full_year(figures):
        yield ngettext(
            "Something moved in one of the twelve months.",
            "Something moved in %(count)s of the twelve months.",
            len(active),
        ) % {"count": number(len(active))}
    elif active:
        yield _("Something moved in %(months)s.") % {"months": months(active)}


def _is_full_year(figures: Figures) -> bool:
    """Returns whether the journal goes back all twelve months."""
    return figures["active_months"][:1] == figures["window"][:1]


def _mostly(mix: list[KindShare] | Withheld) -> str:
    """Returns a phrase for the kinds that most or much of the help was; "" if no kind but "other" stands out."""
    if is_withheld(mix):
        return ""
    named = [part for part in mix if part["kind"] in MOSTLY]
    mostly = [str(MOSTLY[part["kind"]]) for part in named if part["share"] >= MOST][:1]
    often = [str(OFTEN[part["kind"]]) for part in named if MUCH <= part["share"] < MOST][:1]
    return ", ".join(mostly + often)


def _liveliest(figures: Figures) -> list[str]:
    """Returns the months in which clearly more was given than in others, in order."""
    counts = {row["month"]: int(row["give"]) for row in figures["flow"]["by_month"] if not is_withheld(row["give"])}
    bar = LIVELY * sum(counts.values()) / max(len(counts), 1)
    best = sorted((month for month in counts if counts[month] >= bar), key=lambda month: -counts[month])[:LIVELIEST]
    return sorted(best) if _is_full_year(figures) else []


def _core(reached: int, spread: float | Withheld | None) -> str:
    """Returns the approximate number of people who account for most of the help, in words; "" if that is everybody."""
    if not isinstance(spread, float) or round(spread) >= reached:
        return ""
    return number(round(spread))
