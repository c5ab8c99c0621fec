"""`python -m pytest -s tests/attacks/races.py`: every form of every page, sent four times at the same moment.

Impatient members do this, and so do phones that retry. Nothing may break, and nothing may be stored twice. Each bug
found this way has a regression test with the feature it belongs to.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Invitation, OutgoingMail, User
from contacts.middleware import network_of
from contacts.models import Network, Owned
from tests.attacks.addresses import every_address
from tests.attacks.forms import Form, filling, forms_of
from tests.conftest import make_member
from tests.contacts.pictures import picture
from tests.elsewhere import elsewhere
from tests.isolation.addresses import OF_A_ROW, OF_A_VALUE
from tests.isolation.rows import Belongings, plant

pytestmark = pytest.mark.django_db(transaction=True)

TIMES = 4
OWN_VALUES = {"id", "uuid", "created_at", "made_at", "heartbeat_at", "finished_at", "deleted_at", "computed_at"}
"""Columns that differ between two rows even if their contents are the same."""
CARD = b"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Zoe Secret\r\nEND:VCARD\r\n"
TABLE = b"day,direction,kind,contacts,note\n2026-05-01,give,tip,Zoe Table,Once\n"
LEFT_OUT = ("logout", "/mfa/", "/accounts/", "/i18n/")
"""Parts of the URLs to skip, because they sign the member out or belong to allauth."""
OWN_FILES = {"StoredFile", "ImportRun", "ImportRow", "Export"}
"""Models with a new row for each upload or export; quotas limit their number."""
PICTURES = {"photo", "picture", "image"}


def test_forms_sent_four_times_at_once(network: Network, caplog: pytest.LogCaptureFixture) -> None:
    logging.disable(logging.CRITICAL)
    pattern = plant(network)
    client = client_of(network.owner)
    wrong: dict[str, object] = {}
    for number, form in enumerate(list(distinct_forms(client, pattern, network))):
        clear_unique_rows()
        other = network_of(make_member(f"bob{number}@example.org", is_staff=True))
        belongings = plant(other)
        problem = sent_at_once(other, translated(form, pattern, belongings))
        if problem:
            wrong[f"{form.action} {sorted({name for name, _value in form.values})}"] = problem
        other.owner.delete()
    logging.disable(logging.NOTSET)
    assert wrong == {}


def client_of(member: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(member)
    return client


def clear_unique_rows() -> None:
    """Make room for the rows of `plant` that an instance can have only once."""
    OutgoingMail.objects.all().delete()
    Invitation.objects.all().delete()


def distinct_forms(client: Client, belongings: Belongings, network: Network) -> Iterator[Form]:
    """Yield each form that is sent by POST, once for each of its buttons."""
    seen: set[tuple[object, ...]] = set()
    for address in every_address(belongings, network):
        response = client.get(address)
        if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
            continue
        for form in forms_of(address, response.content.decode()):
            if form.method != "post" or any(part in form.action for part in LEFT_OUT):
                continue
            names = tuple(sorted({name for name, _value in form.values}))
            if (form.action.partition("?")[0], names) not in seen:
                seen.add((form.action.partition("?")[0], names))
                yield form
    for name, arguments in {**OF_A_ROW, **{name: lambda _, v=v: v for name, v in OF_A_VALUE.items()}}.items():
        address = reverse(name, kwargs=arguments(belongings))
        if not any(address == action for action, _names in seen):
            yield Form(address, "post")


def translated(form: Form, pattern: Belongings, belongings: Belongings) -> Form:
    """Return the form as it would appear on the pages of a member with the same kinds of belongings."""
    pairs = []
    for field in fields(Belongings):
        ours, theirs = getattr(pattern, field.name), getattr(belongings, field.name)
        pairs.append((str(ours.uuid), str(theirs.uuid)))
        if field.name == "merge":
            pairs.append((str(ours.batch), str(theirs.batch)))

    def translate(text: str) -> str:
        for ours, theirs in pairs:
            text = text.replace(ours, theirs)
        return text

    return Form(
        translate(form.action), form.method, [(name, translate(value)) for name, value in form.values], form.free
    )


def filled(form: Form) -> dict[str, object]:
    data: dict[str, list[object]] = {}
    for name, value in form.values:
        if name == "csrfmiddlewaretoken":
            continue
        if name in form.free and not value:
            value = filling(name)
        if name in PICTURES or name == "file":
            continue
        data.setdefault(name, []).append(value)
    return dict(data)


def files_of(form: Form) -> dict[str, SimpleUploadedFile]:
    names = {name for name, _value in form.values}
    found = {}
    if "file" in names:
        is_table = form.action.startswith("/favours/")
        found["file"] = SimpleUploadedFile("help.csv", TABLE) if is_table else SimpleUploadedFile("cards.vcf", CARD)
    for name in names & PICTURES:
        found[name] = SimpleUploadedFile("picture.png", picture())
    return found


def rows(network: Network) -> Counter[tuple[object, ...]]:
    """Count the network's rows by model and contents, ignoring the columns in OWN_VALUES."""
    found: Counter[tuple[object, ...]] = Counter()
    for model in apps.get_models():
        if issubclass(model, Owned) and model.__name__ not in OWN_FILES:
            names = [field.attname for field in model._meta.concrete_fields if field.attname not in OWN_VALUES]
            for values in model._base_manager.filter(network=network).values_list(*names):
                found[model.__name__, repr(values)] += 1
    return found


def sent_at_once(network: Network, form: Form) -> object:
    """Send a form several times at once. Returns the statuses and the duplicate rows in case of a problem, or None."""
    before = rows(network)
    clients = [client_of(network.owner) for _number in range(TIMES)]

    def send() -> int:
        client = clients.pop()
        return client.post(form.action, {**filled(form), **files_of(form)}).status_code

    statuses = sorted(elsewhere(send, workers=TIMES))
    doubled = [
        f"{count}x {name} {values}"[:150]
        for (name, values), count in rows(network).items()
        if count - before[name, values] > 1
    ]
    print(form.action[:70], statuses, doubled)
    return (statuses, doubled) if doubled or statuses[-1] >= 500 else None
