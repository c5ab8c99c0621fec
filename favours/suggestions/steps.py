"""The next steps for a suggested person, as data: addresses and texts ready to send."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from urllib.parse import quote
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from contacts.matching import Match
from contacts.models import Contact, Network, WayToReach
from favours.models import Favour, Signal, Suggestion
from favours.suggestions.their_words import quoted, told_to_them
from favours.suggestions.wording import offer_of
from favours.tips.heard import Answer

Kind = Signal.Kind

FIRST_MONTH = timedelta(days=31)
"""Age of a need up to which messages do not ask whether somebody is "still" looking."""


class StepKind(StrEnum):
    """The kind of a step."""

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
"""Icons of the steps that lead straight to the person. The others lead to pages of netcrm."""


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
    """Returns the contact that the member could introduce to the suggested person, or None."""
    return suggestion.signals[0].other


def is_ask(suggestion: Suggestion) -> bool:
    """Returns whether the person is to be asked about something that the member is looking for."""
    return suggestion.signals[0].kind == Kind.ASK


def addressee(suggestion: Suggestion) -> Contact:
    """Returns the contact that the first step reaches: for an introduction, the helper, who is asked first."""
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
    """Return each match of an answer with a text that asks the person first, and the ways to send it. One query.

    The text names nobody else, because both people have to agree before they are introduced.
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
    """Returns a first message from the member to the addressee."""
    return text_to(addressee(suggestion), _opening(suggestion))


def _opening(suggestion: Suggestion) -> str:
    """Returns the words after the greeting, according to the strongest reason."""
    signal = suggestion.signals[0]
    need = signal.topic.text if signal.topic else ""
    if signal.kind == Kind.ASK:
        return ask_text(need)
    if signal.other is not None:
        person = suggestion.contact
        what = {"person": person.display_name, "name": _first_name(person), "what": quoted(need)}
        return _("may I introduce you to %(person)s? %(name)s is looking for: “%(what)s”. You came to my mind.") % what
    if signal.tip is not None:
        return _("this made me think of you: %(tip)s") % {"tip": signal.tip.text}
    if signal.kind == Kind.MATCH:
        return _own_offer(need)
    if signal.kind == Kind.SEEKS:
        return still_looking(need, suggestion.round.day - (signal.day or suggestion.round.day))
    if signal.kind == Kind.MILESTONE:
        return _("I have not forgotten your day. All the best for it!")
    if signal.kind == Kind.NEWS:
        return _("I have been thinking of what you told me. How are things going?")
    return _("it has been a while. How are you, and what are you working on?")


def ask_text(ask: str) -> str:
    """Returns a message, without the greeting, to somebody who may know about one of the member's asks."""
    what = {"what": quoted(ask)}
    return _("I am looking for: “%(what)s”. You came to my mind. Do you know about that, or somebody who does?") % what


def text_to(contact: Contact, words: str) -> str:
    """Returns these words with a greeting to a contact before them."""
    return f"{_hello(contact)} {words}"


def still_looking(need: str, age: timedelta) -> str:
    """Returns a message, without the greeting, to the person who has a need that was noted `age` ago.

    It leaves out words that would sound wrong to them, and says "still" only after a month.
    """
    what = {"what": told_to_them(need)}
    if not what["what"]:
        return _("I have been thinking of what you are looking for, and keep my ears open for you. How is it going?")
    if age < FIRST_MONTH:
        return _("you are looking for: “%(what)s”. I keep my ears open for you.") % what
    return _("are you still looking for: “%(what)s”? I keep my ears open for you.") % what


def _own_offer(need: str) -> str:
    what = {"what": told_to_them(need)}
    if not what["what"]:
        return _("I may be able to help with what you are looking for myself. Shall we talk?")
    return _("you are looking for: “%(what)s”. Perhaps I can help with that myself. Shall we talk?") % what


def introduction_text(suggestion: Suggestion) -> str:
    """Returns a message to both people, for use once the helper has agreed; "" if there is nobody to introduce."""
    signal = suggestion.signals[0]
    if signal.other is None or signal.topic is None:
        return ""
    text = _(
        "Hello %(person)s, hello %(other)s, I would like you two to know each other. %(person)s is looking for: "
        "“%(what)s”. %(other)s: “%(offer)s”. Over to you!"
    )
    return text % {
        "person": _first_name(suggestion.contact),
        "other": _first_name(signal.other),
        "what": quoted(signal.topic.text),
        "offer": quoted(offer_of(signal, suggestion.contact)),
    }


def page_of(suggestion: Suggestion) -> str:
    """Returns the path of a suggestion's page."""
    return reverse("favours:suggestion", args=[suggestion.uuid])


def log_address(suggestion: Suggestion) -> str:
    """Returns the path of the quick log with the people and, if any, the member's ask filled in."""
    people = [suggestion.contact, counterpart(suggestion)]
    filled: dict[str, str | list[str]] = {"contacts": [str(person.uuid) for person in people if person]}
    signal = suggestion.signals[0]
    if signal.kind == Kind.ASK and signal.topic is not None:
        filled |= {"mode": Favour.Direction.RECEIVE.value, "note": signal.topic.text}
    return reverse("favours:log", query=filled)


def _pages(suggestion: Suggestion) -> Iterator[Step]:
    text = first_text(suggestion)
    other = counterpart(suggestion)
    if other is not None:
        label = _("Ask %(name)s first") % {"name": _first_name(other)}
        yield Step(StepKind.ASK_FIRST, label, page_of(suggestion), text)
        both = introduction_text(suggestion)
        yield Step(StepKind.INTRODUCE, _("Introduce them"), f"{page_of(suggestion)}?introduce", both)
    else:
        words = _("Ask %(name)s") if is_ask(suggestion) else _("Write to %(name)s")
        label = words % {"name": _first_name(suggestion.contact)}
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
