"""Taking an entry back right after it was logged, and bringing it back again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from contacts.models import Contact, Network
from contacts.people.conversations import restore_conversations, trash_conversations
from contacts.people.directory import restore_contacts, trash_contacts
from favours.journal.moments import Moment
from favours.journal.writing import restore_favour, trash_favour
from favours.models import Favour


@transaction.atomic
def take_back(network: Network, moment: Moment, made: Collection[str] = ()) -> None:
    """Put an entry into the trash, together with the people it created. `made` holds the UUIDs of those people.

    Anyone who has since been met, written about, put into a circle or given contact details stays.
    """
    instant = _trash(network, moment)
    strangers = _people(network, moment).filter(last_contact_on=None, notes="", ways=None, circles=None)
    written_about = network.topics.filter(conversation=None, contact__isnull=False)
    strangers = strangers.exclude(pk__in=written_about.values("contact"))
    trash_contacts(network, [contact for contact in strangers if str(contact.uuid) in made], instant=instant)


@transaction.atomic
def bring_back(network: Network, moment: Moment) -> None:
    """Take an entry out of the trash, and the people who were put there with it."""
    restore_contacts(network, _people(network, moment).filter(deleted_at=moment.deleted_at).exclude(deleted_at=None))
    if isinstance(moment, Favour):
        restore_favour(network, moment)
    else:
        restore_conversations(network, [moment])


def _trash(network: Network, moment: Moment) -> datetime:
    if isinstance(moment, Favour):
        return trash_favour(network, moment)
    return trash_conversations(network, [moment])


def _people(network: Network, moment: Moment) -> QuerySet[Contact]:
    people = network.contacts(manager="with_trash")
    return people.filter(favours=moment) if isinstance(moment, Favour) else people.filter(conversations=moment)
