"""A person whose data is in every possible place, so that erasing her has work to do in each of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.utils import timezone

from accounts.invitations import invite
from accounts.mail.outbox import queue_mail, send_due_mail
from accounts.models import OutgoingMail
from contacts.admin.undo import WAITING
from contacts.calendar.reminders import remind_once
from contacts.duplicates.pairs import refresh_if_behind
from contacts.importing.running import work_on
from contacts.importing.runs import confirm, receive
from contacts.merging import merge
from contacts.models import Contact, ImportRow, ImportRun, Network, Relation
from contacts.people.conversations import hear, log_conversation
from contacts.people.directory import add_contact, edit_contact
from contacts.people.photos import set_photo
from contacts.people.picking import Picked
from contacts.people.relations import add_relation
from contacts.people.topics import add_topic
from favours.digest.sending import send_one_now
from favours.models import Export
from favours.suggestions.rounds import make_round
from favours.tips.tip_box import keep_tip, pass_on
from favours.transfer.exports import request_export
from tests.calendar import DAY
from tests.contacts.pictures import picture
from tests.favours.entries import log_favour

NAME = "Wilhelmina Quastenflosser"
FAMILY = "Quastenflosser"
UID = "wq-card-0815-4711"
EMAIL = "wilhelmina@quastenflosser.example"
PHONE = "+49 171 5550123"
PHONE_FORMS = (PHONE, "+491715550123", "0171 5550123", "01715550123")
LINK = "https://www.linkedin.com/in/wilhelmina-77-quastenflosser"
STREET = "Tiefseegasse 4711"
SECRET = "Collects glass sponges from the Sagami Bay"
MENTION = f"Ask {NAME} about it."

CARD = f"""BEGIN:VCARD
VERSION:3.0
UID:{UID}
FN:{NAME}
N:{FAMILY};Wilhelmina;;;
EMAIL:{EMAIL}
TEL:{PHONE}
URL:{LINK}
ADR:;;{STREET};Kiel;;24103;
NOTE:{SECRET}
TITLE:{FAMILY} research
ORG:{FAMILY} Institute;Department of {FAMILY}
NICKNAME:{FAMILY}chen
X-PET:{FAMILY}
BDAY:17990101
END:VCARD
"""
CARD_OF_BEN = f"""BEGIN:VCARD
VERSION:3.0
FN:Ben Barsch
EMAIL:ben@barsch.example
TITLE:friend of {NAME}
X-FISH:{NAME}
END:VCARD
"""


@dataclass
class Known:
    """The person, her companion, and the strings to search for once she is gone."""

    network: Network
    person: Contact
    ben: Contact
    mentioned_at: set[str] = field(default_factory=set)

    @property
    def needles(self) -> list[str]:
        uid = str(self.person.uuid)
        return [uid, uid.replace("-", ""), UID, EMAIL, *PHONE_FORMS, LINK, LINK[12:], STREET, SECRET]


def bring_in(network: Network, card: str, name: str) -> ImportRun:
    run = receive(network, name=name, data=card.encode())
    work_on(run.pk)
    confirm(network, run)
    work_on(run.pk)
    return run


def make_known(network: Network, client: Client) -> Known:
    """Make the person known to the member, whose browser is `client`, in every possible way, and return the details."""
    bring_in(network, CARD, f"{NAME}.vcf")
    bring_in(network, CARD.replace(f"TITLE:{FAMILY} research", f"TITLE:{FAMILY} and more"), "again.vcf")
    person = network.contacts.get(display_name=NAME)
    ben = add_contact(network, given_name="Ben", family_name="Barsch")
    add_contact(network, given_name="Ben", family_name="Barsch")
    knows = Known(network, person, ben)
    _let_mails_hold(network, person, ben)

    twin = add_contact(network, display_name=f"W. {FAMILY}", notes=SECRET, prefix=FAMILY, suffix=FAMILY)
    merge(network, person, twin)
    person.refresh_from_db()
    edit_contact(
        network, person, additional_names=FAMILY, prefix=FAMILY, suffix=FAMILY, how_met=SECRET, city=FAMILY,
        display_name=NAME, circles=["Divers"],
    )  # fmt: skip
    set_photo(network, person, picture())
    add_topic(network, contact=person, kind="seeks", text=f"{FAMILY} needs an office", day=DAY)
    remind_once(network, person, text=SECRET, day=DAY)
    add_relation(network, person, label=FAMILY[:90], name=f"Otto {FAMILY}")
    Relation.objects.create(network=network, contact=ben, card_uid=f"urn:uuid:{person.uuid}", label="friend")
    log_conversation(network, day=DAY, contacts=[person], place=SECRET, note=SECRET)
    hear(network, contact=person, kind="news", text=SECRET, day=DAY)
    log_favour(network, direction="give", kind="tip", day=DAY, contacts=[person], place=SECRET, note=SECRET)
    log_favour(network, direction="receive", kind="tip", day=DAY, contacts=[person, ben], note="")
    tip = keep_tip(network, f"{SECRET} {NAME}")
    pass_on(network, text=f"{SECRET} {NAME}", people=Picked([person]), item=tip)
    person.ways.filter(kind="email").update(label=FAMILY)
    refresh_if_behind(network.pk)

    _let_files_hold(network, person)
    _let_the_machine_hold(network, person, client)
    return knows


def mention(knows: Known) -> None:
    """Make the member write about her and others in the same texts, which are the member's to edit."""
    network, ben = knows.network, knows.ben
    edit_contact(network, ben, notes=MENTION, circles=[f"Friends of {NAME}"])
    line = add_topic(network, contact=ben, kind="seeks", text=MENTION, day=DAY)
    offer = add_topic(network, contact=None, kind="offers", text=MENTION, day=DAY)
    talk = log_conversation(network, day=DAY, contacts=[ben, knows.person], note=MENTION, place=NAME)
    remind_once(network, ben, text=MENTION, day=DAY)
    add_relation(network, ben, label="friend", name=NAME)
    favour = log_favour(
        network, direction="give", kind="tip", day=DAY, contacts=[ben, knows.person], note=MENTION, place=NAME
    )
    keep_tip(network, MENTION)
    circle = network.circles.get(name=f"Friends of {NAME}")
    knows.mentioned_at = {
        f"/contacts/{ben.uuid}/edit/",
        f"/contacts/lines/{line.uuid}/",
        f"/contacts/lines/{offer.uuid}/",
        f"/contacts/conversations/{talk.uuid}/",
        f"/contacts/{ben.uuid}/",
        f"/favours/{favour.uuid}/",
        f"/contacts/circles/{circle.uuid}/",
        "/tip/",
    }


def _let_files_hold(network: Network, person: Contact) -> None:
    """Create uploads in each state, exports, and undo data of other contacts that mentions her."""
    plain = CARD_OF_BEN.replace(f"TITLE:friend of {NAME}\n", "").replace(f"X-FISH:{NAME}\n", "")
    bring_in(network, plain, "first.vcf")
    run = bring_in(network, CARD_OF_BEN, "second.vcf")
    other = network.contacts.get(ways__value="ben@barsch.example")
    edit_contact(network, other, role="Baker")
    network.import_changes.filter(run=run, contact=other).update(before={"role": MENTION})
    survivor = add_contact(network, display_name="Clara Dorsch")
    merge(network, survivor, add_contact(network, display_name="C. Dorsch", how_met=MENTION))
    edit_contact(network, survivor, how_met="")
    ImportRow.objects.create(
        network=network, run=run, row=7, outcome="skipped", name=f"{NAME};{EMAIL}", fields=[NAME], reason=MENTION
    )
    ImportRun.objects.filter(pk=run.pk).update(report=run.report | {"notices": [MENTION]}, problem=MENTION)
    receive(network, name=f"{NAME}.vcf", data=CARD.encode())
    receive(network, name="table.csv", data=f"Who,How\n{NAME},{EMAIL}\n".encode())
    request_export(network, file_format="json")
    request_export(network, file_format="vcard4", contact=person)
    Export.objects.update(problem=MENTION)


def _let_mails_hold(network: Network, person: Contact, ben: Contact) -> None:
    """Create a sent letter, also as a file; a waiting one; an invitation; and a mail that fills every column."""
    member = network.owner
    add_topic(network, contact=person, kind="seeks", text=f"an office for {FAMILY}")
    add_topic(network, contact=ben, kind="offers", text="an office")
    made = make_round(network, network.today())
    assert person in [each.contact for each in made.listed], "the letter names her"
    assert send_one_now(network, uuid4())
    invite(member, EMAIL)
    send_due_mail()
    queue_mail(
        purpose="letter",
        dedup_key="every column",
        recipient=member.email,
        subject=NAME,
        text=f"{SECRET} {NAME}",
        html=f"<p>{NAME}</p>",
        headers={"X-About": NAME},
        named=[str(person.uuid)],
        member=member,
        expires_at=timezone.now() + timedelta(days=1),
    )
    OutgoingMail.objects.filter(dedup_key="every column").update(problem=MENTION, state="sent", due_at=timezone.now())
    assert send_one_now(network, uuid4())


def _let_the_machine_hold(network: Network, person: Contact, client: Client) -> None:
    """Create a browser session and entries in the history of Django's admin site."""
    session = client.session
    assert isinstance(session, SessionStore)
    session[WAITING] = [["key", "delete", [str(person.uuid)], "/admin/"], ["other", "archive", [], "/admin/"]]
    session["_messages"] = f'[["__json_message", 0, {messages.SUCCESS}, "{NAME} was deleted", ""]]'
    session.save()
    LogEntry.objects.create(
        user=network.owner,
        content_type=ContentType.objects.get_for_model(Contact),
        object_id=str(person.uuid),
        object_repr=NAME,
        action_flag=2,
        change_message=MENTION,
    )
