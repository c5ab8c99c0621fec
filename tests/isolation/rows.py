"""Alice's belongings: one row of every kind, which strangers try to reach."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.utils import timezone

from accounts.mail.outbox import queue_mail
from accounts.models import Invitation, OutgoingMail
from contacts.calendar.reminders import remind_once
from contacts.cards import Way
from contacts.files.recognition import recognise
from contacts.merging import merge
from contacts.models import (
    Circle,
    Contact,
    Conversation,
    DuplicatePair,
    ImportRun,
    Merge,
    Network,
    Owned,
    Photo,
    Relation,
    Reminder,
    StoredFile,
    Topic,
)
from contacts.people.conversations import log_conversation
from contacts.people.directory import add_contact, trash_contacts
from contacts.people.photos import set_photo
from contacts.people.relations import add_relation
from contacts.people.topics import add_topic
from favours.models import Export, Favour, Suggestion, TipBoxItem
from favours.suggestions.rounds import make_round
from favours.tips.tip_box import keep_tip
from favours.transfer.exports import request_export
from tests.calendar import DAY
from tests.contacts.pictures import picture
from tests.favours.entries import log_favour


@dataclass(frozen=True)
class Belongings:
    """Rows of one network, under the names by which tests/isolation/addresses.py refers to them."""

    network: Network
    contact: Contact
    trashed_contact: Contact
    pair: DuplicatePair
    merge: Merge
    circle: Circle
    topic: Topic
    reminder: Reminder
    relation: Relation
    photo: Photo
    conversation: Conversation
    favour: Favour
    export: Export
    suggestion: Suggestion
    received_favour: Favour
    tip: TipBoxItem
    ask: Topic
    import_run: ImportRun
    mail: OutgoingMail
    invitation: Invitation


def plant(network: Network) -> Belongings:
    """Fill the network with one row of every kind, if possible by domain functions, and return the rows."""
    contact = add_contact(network, display_name="Anna Secret", ways=[Way("email", "anna.secret@example.org")])
    other = add_contact(network, display_name="Ben Secret")
    trashed = add_contact(network, display_name="Clara Secret")
    trash_contacts(network, [trashed])
    twin, survivor = (add_contact(network, display_name=name) for name in ("Deniz Secret", "D. Secret"))
    add_topic(network, contact=add_contact(network, display_name="Eva Secret"), kind="seeks", text="secret office")
    circle = Circle.objects.create(network=network, name="Secret circle")
    circle.memberships.create(network=network, contact=contact)
    file = StoredFile.objects.create(network=network, name="secret.vcf", content=b"BEGIN:VCARD\nEND:VCARD\n")
    received = log_favour(network, direction="receive", kind="tip", day=DAY, contacts=[other], note="Secret note")
    return Belongings(
        network=network,
        contact=contact,
        trashed_contact=trashed,
        pair=DuplicatePair.objects.create(network=network, first=contact, second=other, score=0.9),
        merge=merge(network, survivor, twin),
        circle=circle,
        topic=add_topic(network, contact=contact, kind="seeks", text="secret need", day=DAY),
        reminder=remind_once(network, contact, text="Secret reminder", day=DAY),
        relation=add_relation(network, contact, label="spouse", name="Secret spouse"),
        photo=set_photo(network, contact, picture()),
        conversation=log_conversation(network, day=DAY, contacts=[contact], note="Secret talk"),
        favour=log_favour(network, direction="give", kind="tip", day=DAY, contacts=[contact, other]),
        export=request_export(network, file_format="vcard4"),
        suggestion=make_round(network, network.today()).listed[0],
        received_favour=received,
        tip=keep_tip(network, "Secret grant"),
        ask=add_topic(network, contact=None, kind="seeks", text="secret bookkeeper"),
        import_run=ImportRun.objects.create(
            network=network,
            file=file,
            file_name="secret.vcf",
            recognition=recognise(file.content).as_json(),
        ),
        mail=queue_mail(
            purpose="letter",
            dedup_key="secret",
            recipient=network.owner.email,
            subject="Secret",
            text="Secret",
            html="<p>Secret</p>",
            member=network.owner,
        ),
        invitation=Invitation.objects.create(
            token_hash="0" * 64, email="secret@example.org", invited_by=network.owner, expires_at=timezone.now()
        ),
    )


def owned_rows(network: Network) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of the network in every owned table, for comparison before and after."""
    found: dict[str, list[tuple[object, ...]]] = {"network": list(Network.objects.filter(pk=network.pk).values_list())}
    for model in apps.get_models():
        if issubclass(model, Owned):
            manager: models.Manager[Owned] = model._base_manager
            found[model.__name__] = list(manager.filter(network=network).order_by("pk").values_list())
    return found
