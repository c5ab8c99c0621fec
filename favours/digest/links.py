"""The links of a letter: signed, bound to one action each, and valid without signing in.

A link contains the UUIDs of its network and its subject, and a fingerprint of what the letter said about the subject.
Once the letter would say something else, the link is void, so it never shows more than the mail did.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from hashlib import sha256
from urllib.parse import urljoin

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from contacts.models import Contact, Network, Topic
from contacts.people.topics import close_topic, renew_topic
from favours.digest.timing import switch_off
from favours.models import Suggestion, UsedLink
from favours.suggestions.answers import log_it, note_asked
from favours.suggestions.rounds import find_suggestion
from favours.suggestions.steps import counterpart, first_text, still_looking, text_to
from favours.suggestions.wording import offer_of

GOOD_FOR = timedelta(days=14)
"""Validity of a link."""
TOKEN = "TOKEN"  # noqa: S105 - a placeholder for the token


class Act(StrEnum):
    """The action that a link's button performs. The last one changes nothing; it only shows the person to ask."""

    ASK = "ask"
    LOG = "log"
    STILL = "still"
    SETTLED = "settled"
    ASK_ABOUT = "ask-about"


Subject = Suggestion | Topic


class BadLinkError(Exception):
    """The link was tampered with, or was not made by this instance."""


class SpentLinkError(Exception):
    """The link has expired or was used, or its subject has changed."""


@dataclass(frozen=True, slots=True)
class Link:
    """A valid link. `key` identifies it once it is used."""

    network: Network
    act: Act
    subject: Subject
    key: str

    @property
    def people(self) -> list[Contact]:
        """The contacts it is about: somebody, and perhaps the person to introduce them to."""
        return people_of(self.subject)


Addresses = Callable[[Act, Subject], str]
"""A function that returns the address of a link. In a preview, the addresses lead nowhere."""


def signed_addresses(network: Network) -> Addresses:
    """Return a function that makes absolute addresses of links, each valid for 14 days."""
    return lambda act, subject: _signed_address(network, act, subject)


def _signed_address(network: Network, act: Act, subject: Subject) -> str:
    token = signing.dumps([network.uuid.hex, subject.uuid.hex, _fingerprint(subject)], salt=_salt(act))
    return _address_with(TOKEN, settings.BASE_URL, "favours:letter_link", act).replace(TOKEN, token)


def unsubscribe_address(network: Network) -> str:
    """Return the absolute address for unsubscribing, which never expires and works any number of times."""
    token = signing.Signer(salt=_salt("unsubscribe")).sign(network.uuid.hex)
    return _address_with(TOKEN, settings.BASE_URL, "favours:letter_unsubscribe").replace(TOKEN, token)


@cache
def _address_with(token: str, base_url: str, name: str, *arguments: str) -> str:
    """Return an absolute address. Cached, because resolving the name is the slowest part of making a link."""
    return urljoin(f"{base_url}/", reverse(name, args=[*arguments, token]))


def app_address(path: str) -> str:
    """Return the absolute address of one of netcrm's pages, for letters."""
    return urljoin(f"{settings.BASE_URL}/", path)


def read_link(act: str, token: str) -> Link:
    """Check a link and return its action and subject. Changes nothing. Raises BadLinkError or SpentLinkError."""
    try:
        purpose = Act(act)
        network_hex, subject_hex, fingerprint = signing.loads(token, salt=_salt(purpose), max_age=GOOD_FOR)
    except signing.SignatureExpired as old:
        raise SpentLinkError from old
    except (signing.BadSignature, ValueError) as tampered:
        raise BadLinkError from tampered
    network = _network(network_hex)
    link_key = sha256(token.encode()).hexdigest()
    subject = _subject(network, purpose, uuid.UUID(subject_hex))
    if subject is None or _fingerprint(subject) != fingerprint or network.used_links.filter(key=link_key).exists():
        raise SpentLinkError
    return Link(network, purpose, subject, link_key)


def message_of(link: Link) -> str:
    """Return a message for the person whom a link asks the member to write to; "" for other links."""
    if link.act == Act.ASK and isinstance(link.subject, Suggestion):
        return first_text(link.subject)
    if link.act == Act.ASK_ABOUT and isinstance(link.subject, Topic) and link.subject.contact is not None:
        need = link.subject
        age = link.network.today() - (need.renewed_on or need.noted_on)
        return text_to(link.subject.contact, still_looking(need.text, age))
    return ""


def follow_link(link: Link) -> None:
    """Perform the action of a link, once.

    Raises SpentLinkError if it has been used, ValidationError if the action is not possible.
    """
    try:
        with transaction.atomic():
            UsedLink.objects.create(network=link.network, key=link.key)
            _do(link)
    except IntegrityError as used:
        raise SpentLinkError from used


def unsubscribe(token: str) -> Network:
    """Switch off the letter that an unsubscribe token is for, and return its network. Raises BadLinkError."""
    network = read_unsubscribe(token)
    switch_off(network)
    return network


def read_unsubscribe(token: str) -> Network:
    """Return the network that an unsubscribe token is for. Changes nothing. Raises BadLinkError."""
    try:
        return _network(signing.Signer(salt=_salt("unsubscribe")).unsign(token))
    except signing.BadSignature as tampered:
        raise BadLinkError from tampered


def forget_used_links() -> None:
    """Delete the records of used links that have expired anyway."""
    UsedLink.objects.filter(created_at__lt=timezone.now() - GOOD_FOR - timedelta(days=1)).delete()


def people_of(subject: Subject) -> list[Contact]:
    """Return the contacts that a suggestion or a topic is about."""
    if isinstance(subject, Suggestion):
        other = counterpart(subject)
        return [subject.contact, other] if other else [subject.contact]
    return [subject.contact] if subject.contact else []


def _do(link: Link) -> None:
    subject = link.subject
    if isinstance(subject, Suggestion):
        (log_it if link.act == Act.LOG else note_asked)(link.network, subject)
    elif link.act == Act.STILL:
        renew_topic(link.network, subject)
    elif link.act == Act.SETTLED:
        close_topic(link.network, subject)


def _subject(network: Network, act: Act, subject_uuid: uuid.UUID) -> Subject | None:
    """Return the subject of a link if a letter could still be about it, else None."""
    if act in (Act.ASK, Act.LOG):
        return find_suggestion(network, subject_uuid)
    open_topics = network.topics.filter(kind=Topic.Kind.SEEKS, closed_on=None, contact__deleted_at=None)
    return open_topics.filter(uuid=subject_uuid).select_related("contact").first()


def _network(network_hex: str) -> Network:
    found = Network.objects.select_related("owner").filter(uuid=network_hex, owner__is_active=True).first()
    if found is None:
        raise BadLinkError
    return found


def _fingerprint(subject: Subject) -> str:
    """Return a fingerprint of what a letter says about its subject."""
    words = [person.display_name for person in people_of(subject)]
    if isinstance(subject, Suggestion):
        signal = subject.signals[0]
        words += [signal.kind, signal.topic.text if signal.topic else "", offer_of(signal, subject.contact)]
    else:
        words.append(subject.text)
    return sha256("\n".join(words).encode()).hexdigest()[:16]


def _salt(purpose: str) -> str:
    return f"favours.letter.{purpose}"
