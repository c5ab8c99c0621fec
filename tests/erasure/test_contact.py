"""No trace of an erased contact remains, except in the member's texts about others, which are listed for editing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as given
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Invitation
from contacts.erasing.contacts import KEPT_IN_TRASH, empty_trash, erase_contacts
from contacts.erasing.erasures import erasures_file
from contacts.merging import merge
from contacts.models import Contact, ImportSource, Network, WayToReach
from contacts.people.directory import add_contact, trash_contacts
from netcrm.restoring import erase_again
from tests.conftest import make_member
from tests.erasure.person import EMAIL, FAMILY, NAME, Known, make_known, mention
from tests.erasure.places import Place, files_with, find, free_places

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data_folder")]

NEVER = {
    "account_emailaddress.email": "the member's own",
    "account_emailconfirmation.key": "random",
    "accounts_invitation.token_hash": "random",
    "accounts_outgoingmail.dedup_key": "a purpose and random identifiers",
    "accounts_outgoingmail.message_id": "random",
    "accounts_outgoingmail.purpose": "a word of ours",
    "accounts_user.email": "the member's own",
    "accounts_user.name": "the member's own",
    "accounts_user.password": "the member's own",
    "accounts_user.time_zone": "one of a list",
    "auth_group.name": "Django's own",
    "auth_permission.codename": "Django's own",
    "auth_permission.name": "Django's own",
    "accounts_signinlink.password_version": "a hash",
    "accounts_signinlink.token_hash": "a hash",
    "accounts_trycount.limit": "the name of a limit",
    "contacts_calendarfeed.token_hash": "random",
    "contacts_duplicatepair.evidence": "kinds of likeness, without values",
    "contacts_importrun.format": "a word of ours",
    "contacts_importrun.mapping": "a hash, and words of ours",
    "contacts_importrun.recognition": "numbers, and words of ours",
    "contacts_importsource.format": "a word of ours",
    "contacts_importsource.key": "a hash, which keeps deleted what was deleted",
    "contacts_importsource.known_values": "hashes, which a test of its own looks at",
    "contacts_network.meaning_version": "names of engines",
    "contacts_photo.content": "a picture, which a test of its own looks at",
    "contacts_storedfile.media_type": "a word of ours",
    "contacts_textvector.row": "numbers, which a test of its own looks at",
    "contacts_textvector.version": "names of engines",
    "django_content_type.app_label": "Django's own",
    "django_content_type.model": "Django's own",
    "django_migrations.app": "Django's own",
    "django_migrations.applied": "Django's own",
    "django_migrations.id": "Django's own",
    "django_migrations.name": "Django's own",
    "django_session.session_key": "random",
    "favours_export.format": "a word of ours",
    "favours_participation.direction": "a word of ours",
    "favours_participation.kind": "a word of ours",
    "favours_signal.sentence": "a hash",
    "favours_summary.definition": "a hash",
    "favours_summary.figures": "figures of a whole network",
    "favours_usedlink.key": "a hash",
    "mfa_authenticator.data": "the member's own",
    "sqlite_sequence.name": "SQLite's own",
    "sqlite_sequence.seq": "SQLite's own",
    "usersessions_usersession.data": "the member's own",
    "usersessions_usersession.ip": "the member's own",
    "usersessions_usersession.session_key": "random",
    "usersessions_usersession.user_agent": "the member's own",
}
"""Columns that can never name anybody a member knows, with the reason."""

EDITABLE = {
    "contacts_circle.name",
    "contacts_contact.notes",
    "contacts_conversation.note",
    "contacts_conversation.place",
    "contacts_conversation.search_text",
    "contacts_topic.text",
    "contacts_relation.name",
    "contacts_reminder.text",
    "contacts_searchword.word",
    "favours_favour.note",
    "favours_favour.place",
    "favours_favour.search_text",
    "favours_tipboxitem.text",
}
"""Columns of texts that the member wrote about her and others, and of the search texts derived from them."""


def by_page(knows: Known, client: Client) -> None:
    trash_contacts(knows.network, [knows.person])
    assert client.post(f"/contacts/{knows.person.uuid}/erase/").status_code == 302


def by_retention(knows: Known, client: Client) -> None:
    trash_contacts(knows.network, [knows.person], instant=timezone.now() - KEPT_IN_TRASH)
    empty_trash(knows.network, timezone.now())


def remember(contact: Contact) -> None:
    """Record that the contact was erased after the backup was made."""
    erasures_file().parent.mkdir()
    erasures_file().write_text(f"2026-05-03 contact {contact.uuid}\n")


def after_restore(knows: Known, client: Client) -> None:
    remember(knows.person)
    assert erase_again() == 1


def by_domain(knows: Known, client: Client) -> None:
    erase_contacts(knows.network, [knows.person])


WAYS: list[Callable[[Known, Client], None]] = [by_page, by_retention, after_restore, by_domain]


@pytest.fixture
def known(network: Network, alice_client: Client) -> Known:
    return make_known(network, alice_client)


def test_person_is_known_in_every_place_that_there_is(known: Known) -> None:
    """A new column fails here until make_known() fills it or NEVER says why it can't name anybody."""
    mention(known)
    filled = {str(each.place) for each in find([*known.needles, FAMILY, "Wilhelmina"])}
    free = {str(place) for place in free_places()} - {"contacts_contact.uuid"}
    assert free - filled - NEVER.keys() == set()
    here = NEVER.keys() & {str(place) for place in free_places()}
    assert here & filled == set()
    if connection.vendor == "sqlite":
        assert NEVER.keys() - here == set()


@pytest.mark.parametrize("erase", WAYS)
def test_nothing_names_an_erased_contact(
    known: Known, alice_client: Client, erase: Callable[[Known, Client], None], tmp_path: Path
) -> None:
    assert files_with([NAME], tmp_path / "mail")
    erase(known, alice_client)
    assert {str(each.place) for each in find([*known.needles, FAMILY])} == set()
    assert files_with([*known.needles, FAMILY], tmp_path / "mail") == set()


@pytest.mark.django_db(transaction=True)
def test_files_of_the_database_keep_nothing(known: Known, alice_client: Client) -> None:
    """Neither free pages nor the write-ahead log contain any of the strings, compared as bytes."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has its own ways.")
    sought = [*known.needles, FAMILY]
    folder = Path(connection.settings_dict["NAME"]).parent
    assert files_with(sought, folder)
    by_page(known, alice_client)
    assert files_with(sought, folder) == set()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete")
        assert cursor.fetchone() == (1,)
    assert "secure_delete=ON" in given.DATABASES["default"]["OPTIONS"]["init_command"]


def test_what_the_member_wrote_beside_others_stays_and_is_listed(known: Known, alice_client: Client) -> None:
    mention(known)
    trash_contacts(known.network, [known.person])
    address = f"/contacts/{known.person.uuid}/erase/"
    before = alice_client.get(address).content.decode()
    alice_client.post(address)
    after = alice_client.get("/contacts/mentions/").content.decode()
    for page in (before, after):
        assert {each for each in known.mentioned_at if f'href="{each}"' not in page} == set()
    left = {str(each.place) for each in find([*known.needles, FAMILY])}
    assert left == EDITABLE


def test_every_mention_can_be_edited_where_it_is_listed(known: Known, alice_client: Client) -> None:
    mention(known)
    for address in known.mentioned_at:
        assert alice_client.get(address).status_code == 200
        assert NAME in alice_client.get(address).content.decode().replace("&#x27;", "'")


def test_mentions_that_were_edited_leave_the_list(known: Known, alice_client: Client) -> None:
    mention(known)
    by_page(known, alice_client)
    known.network.tip_box_items.filter(used_on=None).delete()
    assert 'href="/tip/"' not in alice_client.get("/contacts/mentions/").content.decode().split("<main")[1]


def test_name_that_somebody_else_bears_stays_with_them(network: Network, known: Known, alice_client: Client) -> None:
    namesake = Contact.objects.create(network=network, display_name=NAME, sort_name="x", extra_properties=[NAME])
    by_page(known, alice_client)
    namesake.refresh_from_db()
    assert (namesake.display_name, namesake.extra_properties) == (NAME, [NAME])
    assert find(known.needles) == set()


def test_address_that_somebody_else_has_stays_with_them(network: Network, known: Known, alice_client: Client) -> None:
    way = known.person.ways.get(kind="email")
    WayToReach.objects.create(
        network=network, contact=known.ben, kind="email", value=way.value, normalised=way.normalised
    )
    by_page(known, alice_client)
    assert network.ways_to_reach.filter(contact=known.ben, kind="email", normalised=way.normalised).exists()


def test_strangers_contact_of_the_same_name_is_untouched(
    known: Known, alice_client: Client, stranger_network: Network
) -> None:
    other = Contact.objects.create(network=stranger_network, display_name=NAME, sort_name="x", extra_properties=[NAME])
    by_page(known, alice_client)
    other.refresh_from_db()
    assert other.extra_properties == [NAME]
    assert {(each.place, each.key) for each in find([FAMILY])} == {
        (Place("contacts_contact", "display_name"), other.pk),
        (Place("contacts_contact", "extra_properties"), other.pk),
    }


def test_hashes_and_picture_of_an_erased_contact_are_gone(known: Known, alice_client: Client) -> None:
    by_page(known, alice_client)
    assert not known.network.photos.exists()
    orphans = ImportSource.objects.filter(contact=None)
    assert orphans.exists()
    assert set(map(tuple, orphans.values_list("known_values", flat=True))) == {()}


def test_entry_with_nobody_else_stays_without_its_note(known: Known, alice_client: Client) -> None:
    alone = known.network.favours.get(place__startswith="Collects")
    by_page(known, alice_client)
    alone.refresh_from_db()
    assert (alone.note, alone.place, alone.search_text, alone.deleted_at) == ("", "", "", None)


def test_contact_who_is_a_part_of_another_in_a_backup_is_erased_again(network: Network) -> None:
    survivor, erased, later = (add_contact(network, display_name=name) for name in ("Ada Aal", NAME, "A. Aal"))
    merge(network, survivor, erased)
    merge(network, survivor, later)
    remember(erased)
    assert erase_again() == 1
    assert find([FAMILY]) == set()
    assert network.contacts.filter(pk=survivor.pk).exists()
    assert erase_again() == 0


def test_member_whose_sessions_hold_something_stays_signed_in(known: Known, alice_client: Client) -> None:
    by_page(known, alice_client)
    assert alice_client.get("/contacts/").status_code == 200
    assert [entry[0] for entry in alice_client.session["admin_undo"]] == ["other"]


def test_another_member_keeps_an_invitation_to_the_same_address(known: Known, alice_client: Client) -> None:
    bob = make_member("bob@example.org")
    Invitation.objects.create(
        email=EMAIL, invited_by=bob, token_hash="0" * 64, expires_at=timezone.now() + timedelta(1)
    )
    by_page(known, alice_client)
    assert list(Invitation.objects.values_list("invited_by", flat=True)) == [bob.pk]
