"""The next steps for a suggested person, as data: addresses and texts ready to send."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from contacts.matching import Match
from contacts.models import Contact, Network, WayToReach
from favours.models import Signal, Suggestion
from favours.suggestions.wording import offer_of
from favours.tips.heard import Answer

Kind = Signal.Kind


class StepKind(StrEnum):
    """What a step does."""

    ASK_FIRST = "ask_first"
    INTRODUCE = "introduce"
    WRITE = "write"
    LOG = "log"
    MAIL = "mail"
    MESSAGE = "message"
    CALL = "call"
    PROFILE = "profile"


ICONS = {
    StepKind.MAIL: "mail",
    StepKind.MESSAGE: "message-circle",
    StepKind.CALL: "phone",
    StepKind.PROFILE: "external-link",
}
"""Icons of the steps that lead straight to the person. The others are paths of our own pages."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. `text` can be shared or copied; `base` is the `href` without the text."""

    kind: StepKind
    label: str
    href: str
    text: str = ""
    base: str = ""

    @property
    def reaches(self) -> bool:
        """Whether it leads straight to the person."""
        return self.kind in ICONS

    @property
    def icon(self) -> str:
        """The name of its icon. Raises KeyError unless it reaches the person."""
        return ICONS[self.kind]


def counterpart(suggestion: Suggestion) -> Contact | None:
    """Returns whom the member could introduce to the suggested person, or None."""
    return suggestion.signals[0].other


def addressee(suggestion: Suggestion) -> Contact:
    """Returns whom the first step reaches: for an introduction, the one who would help is asked first."""
    return counterpart(suggestion) or suggestion.contact


def steps_of(network: Network, suggestions: Collection[Suggestion]) -> dict[UUID, list[Step]]:
    """Returns the steps of each suggestion, saved or not, by its UUID: at least one, in order. One query."""
    ways = _ways(network, [addressee(suggestion) for suggestion in suggestions])
    return {each.uuid: [*_pages(each), *_reaching(ways[addressee(each).pk], first_text(each))] for each in suggestions}


def reaching_steps(network: Network, contacts: Sequence[Contact], text: str) -> list[tuple[Contact, list[Step]]]:
    """Returns for each contact all steps by which `text` reaches them. One query."""
    ways = _ways(network, contacts)
    return [(contact, list(_reaching(ways[contact.pk], text))) for contact in contacts]


def to_ask(network: Network, answer: Answer) -> list[tuple[Match, str, list[Step]]]:
    """Return for each match of an answer a text that asks the person first, and how it reaches them. One query.

    Nobody else is named in it: who is to be introduced agrees first.
    """
    people = [match.contact for match in answer.matches if match.contact]
    ways = _ways(network, people)
    asked = []
    for match, contact in zip(answer.matches, people, strict=True):
        what = (answer.heard.text if answer.is_need else match.text).rstrip(" .?!")
        if answer.is_need:
            words = _("somebody I know is looking for: %(what)s. Would you be open to it?") % {"what": what}
        else:
            words = _("you are looking for: %(what)s. I know somebody who may have it. Shall I ask?") % {"what": what}
        text = f"{_hello(contact)} {words}"
        asked.append((match, text, list(_reaching(ways[contact.pk], text))))
    return asked


def first_text(suggestion: Suggestion) -> str:
    """Returns what the member could first write to the addressee."""
    return f"{_hello(addressee(suggestion))} {_opening(suggestion)}"


def _opening(suggestion: Suggestion) -> str:
    """Returns the words after the greeting, according to the strongest reason."""
    signal = suggestion.signals[0]
    person = {"person": suggestion.contact.display_name, "name": _first_name(suggestion.contact)}
    what = {"what": signal.topic.text.rstrip(" .") if signal.topic else "", **person}
    if signal.other is not None:
        return _("may I introduce you to %(person)s? %(name)s is looking for %(what)s. You came to my mind.") % what
    if signal.tip is not None:
        return _("this made me think of you: %(tip)s") % {"tip": signal.tip.text}
    if signal.kind == Kind.MATCH:
        return _("you are looking for %(what)s. Perhaps I can help with that myself. Shall we talk?") % what
    if signal.kind == Kind.SEEKS:
        return _("are you still looking for %(what)s? I keep my ears open for you.") % what
    if signal.kind == Kind.MILESTONE:
        return _("I have not forgotten your day. All the best for it!")
    if signal.kind == Kind.NEWS:
        return _("I have been thinking of what you told me. How are things going?")
    return _("it has been a while. How are you, and what are you working on?")


def introduction_text(suggestion: Suggestion) -> str:
    """Returns what the member could write to both, once the helper has agreed; "" if there is nobody to introduce."""
    signal = suggestion.signals[0]
    if signal.other is None or signal.topic is None:
        return ""
    text = _(
        "Hello %(person)s, hello %(other)s, I would like you two to know each other. %(person)s is looking for "
        "%(what)s. %(other)s: %(offer)s. Over to you!"
    )
    return text % {
        "person": _first_name(suggestion.contact),
        "other": _first_name(signal.other),
        "what": signal.topic.text.rstrip(" ."),
        "offer": offer_of(signal).rstrip(" ."),
    }


def page_of(suggestion: Suggestion) -> str:
    """Returns the path of a suggestion's page."""
    return reverse("favours:suggestion", args=[suggestion.uuid])


def log_address(suggestion: Suggestion) -> str:
    """Returns the path of the quick log with the people filled in."""
    people = [suggestion.contact, counterpart(suggestion)]
    return reverse("favours:log", query={"contacts": [str(person.uuid) for person in people if person]})


def _pages(suggestion: Suggestion) -> Iterator[Step]:
    text = first_text(suggestion)
    other = counterpart(suggestion)
    if other is not None:
        label = _("Ask %(name)s first") % {"name": _first_name(other)}
        yield Step(StepKind.ASK_FIRST, label, page_of(suggestion), text)
        both = introduction_text(suggestion)
        yield Step(StepKind.INTRODUCE, _("Introduce them"), f"{page_of(suggestion)}?introduce", both)
    else:
        label = _("Write to %(name)s") % {"name": _first_name(suggestion.contact)}
        yield Step(StepKind.WRITE, label, page_of(suggestion), text)
    yield Step(StepKind.LOG, _("Log it"), log_address(suggestion))


def _reaching(ways: Collection[WayToReach], text: str) -> Iterator[Step]:
    body = f"?body={quote(text, safe='')}"
    for way in ways:
        if way.kind == WayToReach.Kind.PHONE and way.href:
            yield Step(StepKind.CALL, way.value, way.href)
        if way.message_href:
            yield Step(StepKind.MESSAGE, way.value, f"{way.message_href}{body}", text, way.message_href)
        if way.kind == WayToReach.Kind.EMAIL and way.href:
            yield Step(StepKind.MAIL, way.value, f"{way.href}{body}", text, way.href)
        if way.kind == WayToReach.Kind.LINK and way.href:
            yield Step(StepKind.PROFILE, way.value, way.href)


def _ways(network: Network, contacts: Collection[Contact]) -> dict[int, list[WayToReach]]:
    ways: defaultdict[int, list[WayToReach]] = defaultdict(list)
    for way in network.ways_to_reach.filter(contact__in=contacts).exclude(kind=WayToReach.Kind.ADDRESS):
        ways[way.contact_id].append(way)
    return ways


def _hello(contact: Contact) -> str:
    return _("Hello %(name)s,") % {"name": _first_name(contact)}


def _first_name(contact: Contact) -> str:
    return contact.given_name or contact.display_name
