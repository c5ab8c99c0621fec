"""No trace of an erased member remains: neither their own data nor that of anybody they knew."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from accounts.invitations import invite
from accounts.members import erase_member
from accounts.models import User
from contacts.middleware import network_of
from contacts.models import Network
from tests.conftest import make_member
from tests.erasure.person import FAMILY, make_known, mention
from tests.erasure.places import files_with, find, places

pytestmark = pytest.mark.usefixtures("data_folder")

OPERATOR = "operator@example.org"
WHO = "Alberta Ährenfisch"
ADDRESS = "alberta@aehrenfisch.example"


@pytest.fixture
def member(db: None) -> User:
    """A member whom the operator invited and who knows somebody in every possible way."""
    operator = make_member(OPERATOR)
    invite(operator, ADDRESS)
    member = make_member(ADDRESS, name=WHO)
    browser = Client(headers={"user-agent": f"Browser of {WHO}"})
    browser.force_login(member)
    browser.get("/")
    mention(make_known(network_of(member), browser))
    return member


@pytest.mark.django_db(transaction=True)
def test_nothing_of_an_erased_member_is_left(member: User, tmp_path: Path) -> None:
    uuids = [str(network.uuid) for network in Network.objects.filter(owner=member)]
    sought = [WHO, ADDRESS, FAMILY, *uuids, *(uuid.replace("-", "") for uuid in uuids)]
    assert len({each.place.table for each in find(sought)}) > 20
    erase_member(member)
    assert {str(each.place) for each in find(sought)} == set()
    assert files_with(sought, tmp_path / "mail") == set()
    if connection.vendor == "sqlite":
        folder = Path(connection.settings_dict["NAME"]).parent
        assert files_with([WHO, ADDRESS, FAMILY], folder) == set()


def test_no_row_of_an_erased_member_is_left(member: User) -> None:
    """Rows tied to the member only through keys go too: every table is empty afterwards."""
    erase_member(member)
    User.objects.get(email=OPERATOR).delete()
    # Counters of tries are shared by all addresses whose hash falls into the same bucket, and they expire.
    kept = {"django_content_type", "auth_permission", "django_migrations", "sqlite_sequence", "accounts_trycount"}
    with connection.cursor() as cursor:
        for table in sorted({place.table for place in places()} - kept):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
            assert (table, cursor.fetchone()) == (table, (0,))
