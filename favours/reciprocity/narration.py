"""The reciprocity figures in sentences: pure functions from figures to text in the active language.

Each sentence is one pattern for translators. Numbers up to twelve are words. What the gate withholds is described
without any number, least of all how much is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.template.defaultfilters import capfirst
from django.utils.dates import MONTHS
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from favours.reciprocity import Figures, Withheld, is_withheld
from favours.reciprocity.figures import ClosedShare, KindShare, ShareBand

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
GIVEN_FREELY: Final = {
    ShareBand.HARDLY_ANY: gettext_lazy("Nearly all of it went to people who had helped you before, as far as logged."),
    ShareBand.QUARTER: gettext_lazy(
        "About a quarter was just so: nothing had come from there before, as far as logged."
    ),
    ShareBand.HALF: gettext_lazy("About half was just so: nothing had come from there before, as far as logged."),
    ShareBand.THREE_QUARTERS: gettext_lazy(
        "About three quarters was just so: nothing had come from there before, as far as logged."
    ),
    ShareBand.NEARLY_ALL: gettext_lazy("Nearly all was just so: nothing had come from there before, as far as logged."),
}
FROM_ELSEWHERE: Final = {
    ShareBand.HARDLY_ANY: gettext_lazy("Nearly all came from people whom you had helped before, as far as logged."),
    ShareBand.QUARTER: gettext_lazy("About a quarter came from somewhere else entirely, as far as logged."),
    ShareBand.HALF: gettext_lazy("About half came from somewhere else entirely, as far as logged."),
    ShareBand.THREE_QUARTERS: gettext_lazy("About three quarters came from somewhere else entirely, as far as logged."),
    ShareBand.NEARLY_ALL: gettext_lazy("Nearly all came from somewhere else entirely, as far as logged."),
}


@dataclass(frozen=True)
class Story:
    """The two paragraphs of the network page, as sentences; an empty paragraph is left out."""

    given: Sequence[str]
    received: Sequence[str]


def is_empty(figures: Figures) -> bool:
    """Returns whether nothing was logged in the whole window."""
    return figures["rhythm"] == 0


def is_under_way(figures: Figures) -> bool:
    """Returns whether there is help in the window, but none that may be shown in numbers yet."""
    flow = figures["flow"]
    shown = [count for count in (flow["give"], flow["receive"]) if not is_withheld(count)]
    return not is_empty(figures) and not any(shown)


def tell(figures: Figures) -> Story:
    """Returns what the member gave and received, in sentences."""
    return Story(given=list(_given(figures)), received=[*_received(figures), *_threads(figures)])


def under_way() -> list[str]:
    """Returns the sentences shown in place of a picture while only a few people are part of it."""
    return [
        _("You're under way."),
        _("A picture appears once more people are part of it."),
        _("With only a few it would be a bill, and nobody keeps one here."),
    ]


def times(count: int) -> str:
    """Returns how often: "once", "twice", "ten times", "136 times"."""
    if 1 <= count <= len(TIMES):
        return str(TIMES[count - 1])
    return ngettext("%(count)s time", "%(count)s times", count) % {"count": number_format(count)}


def people(count: int) -> str:
    """Returns how many people: "one person", "nine people", "74 people"."""
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


def _given(figures: Figures) -> Iterator[str]:
    count, reached = figures["flow"]["give"], figures["breadth"]["give"]
    if is_withheld(count) or is_withheld(reached):
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
    if reached:
        core = _core(reached, figures["spread"]["give"])
        if core:
            yield _("It reached %(people)s, mainly about %(core)s.") % {"people": people(reached), "core": core}
        else:
            yield _("It reached %(people)s.") % {"people": people(reached)}
    yield from _by_band(GIVEN_FREELY, figures["given_freely"])


def _received(figures: Figures) -> Iterator[str]:
    count, helpers = figures["flow"]["receive"], figures["breadth"]["receive"]
    if is_withheld(count) or is_withheld(helpers):
        yield _("Help has come to you as well; while it comes from only a few, it stays in your journal.")
        return
    if not count:
        yield _("No help to you is in the journal for these twelve months. It is easily overlooked.")
        return
    if helpers:
        yield _("You were helped %(times)s, by %(people)s.") % {"times": times(count), "people": people(helpers)}
    else:
        yield _("You were helped %(times)s.") % {"times": times(count)}
    mostly = _mostly(figures["mix"]["receive"])
    core = _core(helpers, figures["spread"]["receive"])
    if mostly and core:
        yield _("It came %(mostly)s, and mainly from about %(core)s of them.") % {"mostly": mostly, "core": core}
    elif mostly:
        yield _("It came %(mostly)s.") % {"mostly": mostly}
    elif core:
        yield _("It came mainly from about %(core)s of them.") % {"core": core}
    yield from _by_band(FROM_ELSEWHERE, figures["from_elsewhere"])


def _threads(figures: Figures) -> Iterator[str]:
    """Yields what concerns both directions: passing on, picking up the thread, and when something moved."""
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
    """Returns the kind that makes up half or more, as a phrase; "" if there is none, or if it is "other"."""
    if is_withheld(mix):
        return ""
    leading = [part["kind"] for part in mix if part["share"] >= 0.5 and part["kind"] in MOSTLY]
    return str(MOSTLY[leading[0]]) if leading else ""


def _core(reached: int, spread: float | Withheld | None) -> str:
    """Returns about how many people make up most of it, as a word or number; "" if that is everybody."""
    if not isinstance(spread, float) or round(spread) >= reached:
        return ""
    return number(round(spread))


def _by_band(patterns: Mapping[ShareBand, object], value: ClosedShare | Withheld) -> Iterator[str]:
    if not is_withheld(value) and value["band"]:
        yield str(patterns[value["band"]])
