"""The quick log: an entry together with the new people it creates along the way."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date

from django.db import transaction

from contacts.models import Conversation, Network
from contacts.people.conversations import Heard, hear
from contacts.people.picking import Picked
from contacts.people.presence import present_contacts
from favours.journal.writing import Entry, log_favour
from favours.models import Favour


@transaction.atomic
def log_help(network: Network, entry: Entry, people: Picked) -> Favour:
    """Log `entry` with these people and return its favour; new people become contacts, met at the entry's place.

    Repeating a `client_key` returns the first favour and adds no contacts again. Raises ValidationError.
    """
    people = _held(network, people)
    key = entry.client_key
    if key and (logged := network.favours(manager="with_trash").filter(client_key=key).first()):
        return logged
    return log_favour(network, replace(entry, contacts=people.people(network, how_met=entry.place)))


@transaction.atomic
def log_heard(
    network: Network,
    *,
    people: Picked,
    kind: Heard,
    text: str,
    day: date,
    place: str = "",
    client_key: uuid.UUID | None = None,
) -> Conversation:
    """Note what one person was heard to seek or offer, or news about them.

    New people and a repeated `client_key` are handled as in `log_help`. Raises ValidationError.
    """
    people = _held(network, people)
    if client_key and (logged := network.conversations(manager="with_trash").filter(client_key=client_key).first()):
        return logged
    (contact,) = people.people(network, how_met=place)
    return hear(network, contact=contact, kind=kind, text=text, day=day, place=place, client_key=client_key)


def _held(network: Network, people: Picked) -> Picked:
    """Make a form that was sent twice wait for the running transaction, and return its people as they are by then.

    Contacts are locked before the network: saving a contact locks in this order, and the reverse order would deadlock.
    """
    contacts = present_contacts(network, people.contacts)
    network.lock()
    return replace(people, contacts=contacts)
