"""No request, however large, takes more than two seconds of processor time: every URL and field once.

`python -m pytest -s tests/attacks/large_values.py` tries each with every shape and size.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from functools import partial
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from contacts.cards import UnreadableFileError
from contacts.forms.imports import MOST_COLUMNS
from contacts.models import DuplicatePair, Network
from contacts.people.directory import add_contact
from contacts.people.search_words import MOST_SOUGHT
from contacts.text import fold
from favours.transfer.table import WHILE_WAITING, import_favours
from netcrm.bounds import LONGEST_PATH, LONGEST_QUERY_STRING
from tests.attacks.costs import SECONDS, cost_of
from tests.attacks.fields import ANYTHING, every_endpoint, of_each_route
from tests.attacks.large_values import asked, posted
from tests.attacks.shapes import SHAPES
from tests.isolation.rows import Belongings

AT_ONCE = 300_000
"""Total characters of all fields in the short version: enough to slow down anything that is not bounded."""
NAMES = SHAPES["names"](160_000)[0]
WORDS = SHAPES["words"](600_000)[0]
ACCENTS = "\u0301\u0316"


@pytest.fixture(autouse=True)
def logs_again() -> Iterator[None]:
    """Re-enable logging after a test that may have silenced it."""
    yield
    logging.disable(logging.NOTSET)


def test_no_address_takes_long_over_large_values(
    alice_client: Client, belongings: Belongings, network: Network
) -> None:
    endpoints = of_each_route(every_endpoint(alice_client, belongings, network))
    alice_client.raise_request_exception = False
    logging.disable()  # Each rejected request is logged with its traceback, which takes longer than rejecting it.
    wrong, fields = {}, 0
    for endpoint in endpoints:
        names = sorted(endpoint.names or {ANYTHING})
        fields += len(endpoint.asked) + len(endpoint.posted) + len(endpoint.files)
        for request in (
            partial(posted, alice_client, endpoint, names, "mixed", AT_ONCE),
            partial(asked, alice_client, endpoint, names, "names", LONGEST_QUERY_STRING),
        ):
            cost = cost_of(request, alice_client)
            if cost.seconds > SECONDS or cost.status == 500:
                wrong[endpoint.path] = cost
    assert wrong == {}
    assert len(endpoints) > 120
    assert fields > 700


@pytest.mark.parametrize("name", ["people", "new_people", "contacts"])
def test_more_people_than_fit_into_an_entry_come_back_unread(alice_client: Client, name: str) -> None:
    address = reverse("favours:log")
    values = [NAMES] if name == "people" else [f"Anna b{number}" for number in range(1000)]
    with CaptureQueriesContext(connection) as queries:
        answer = alice_client.post(address, {"mode": "give", "kind": "tip", name: values})
    assert answer.status_code == 422
    assert len(queries) < 40
    if name != "contacts":
        page = answer.content.decode()
        assert "At most 200 people" in page
        assert values[-1][-20:] in page


def test_a_search_looks_for_its_first_words_alone(alice_client: Client, network: Network) -> None:
    add_contact(network, given_name="Anna")
    with CaptureQueriesContext(connection) as queries:
        answer = alice_client.get(reverse("favours:received"), {"received": WORDS[:7_000]})
    assert answer.status_code == 200
    assert max(query["sql"].count("search_text") for query in queries) <= MOST_SOUGHT + 5


def test_a_search_sent_as_a_form_is_bounded_as_well(alice_client: Client) -> None:
    form = {"mode": "give", "search": "received", "received": WORDS}
    with CaptureQueriesContext(connection) as queries:
        answer = alice_client.post(reverse("favours:log"), form)
    assert answer.status_code == 200
    assert max(len(query["sql"]) for query in queries) < 20_000


def test_a_path_and_a_query_of_any_length_are_refused_with_advice(alice_client: Client) -> None:
    for address in (f"/contacts/{'x' * LONGEST_PATH}/", f"/contacts/?q={'x' * LONGEST_QUERY_STRING}"):
        answer = alice_client.get(address)
        assert (answer.status_code, b"Too much at once" in answer.content) == (400, True)


@pytest.mark.parametrize(
    "form",
    [{"note": "x" * 1_100_000}, {f"field{number}": "" for number in range(1_200)}, {"note": [""] * 1_200}],
    ids=["length", "names", "values"],
)
def test_a_body_that_is_too_large_is_refused_with_advice(
    alice_client: Client, network: Network, form: dict[str, object]
) -> None:
    network.owner.language = "de"
    network.owner.save()
    answer = alice_client.post(reverse("favours:log"), form)
    assert (answer.status_code, "Zu viel auf einmal" in answer.content.decode()) == (400, True)


def test_many_files_are_refused(alice_client: Client) -> None:
    files = {f"file{number}": SimpleUploadedFile("a.vcf", b"x") for number in range(20)}
    assert alice_client.post(reverse("contacts:imports"), files).status_code == 400


@pytest.mark.parametrize("charset", ["punycode", "idna", "utf-7", "zlib", "rot13"])
def test_other_encodings_than_utf8_are_refused(alice_client: Client, charset: str) -> None:
    body = f'--b\r\nContent-Disposition: form-data; name="note"\r\n\r\n{"a-" * 1000}\r\n--b--\r\n'
    content_type = f"multipart/form-data; boundary=b; charset={charset}"
    answer = alice_client.generic("POST", reverse("favours:log"), body, content_type=content_type)
    assert answer.status_code == 400


def test_a_large_upload_is_refused_before_it_is_read(alice_client: Client) -> None:
    answer = alice_client.generic("POST", reverse("contacts:imports"), b"", CONTENT_LENGTH=str(10**9))
    assert answer.status_code == 400


def test_accents_upon_accents_fold_in_linear_time() -> None:
    begin = time.process_time()
    assert fold("Ä" + ACCENTS * 50_000 + "b") == "ab"
    assert time.process_time() - begin < 1  # It took about ten seconds when the time grew quadratically.


def test_a_table_is_bounded_while_the_member_waits(alice_client: Client) -> None:
    rows = "day,direction,kind,contacts\n" + "2026-01-01,give,tip,Anna\n" * 2_001
    answer = alice_client.post(reverse("favours:import"), {"file": SimpleUploadedFile("a.csv", rows.encode())})
    assert (answer.status_code, "At most 2000 rows" in answer.content.decode()) == (422, True)


def test_many_new_circles_are_refused_and_kept(alice_client: Client, belongings: Belongings) -> None:
    text = ",".join(f"circle{number}" for number in range(51))
    answer = alice_client.post(reverse("contacts:add"), {"name": "Anna", "circles": text})
    assert (answer.status_code, text in answer.content.decode()) == (422, True)


@pytest.mark.parametrize(("file_format", "mode"), [("PNG", "RGBA"), ("GIF", "P"), ("WEBP", "RGB")])
def test_a_small_file_with_a_huge_picture_is_refused(
    alice_client: Client, belongings: Belongings, file_format: str, mode: str
) -> None:
    picture = BytesIO()
    Image.new(mode, (3600, 3600)).save(picture, file_format)
    address = reverse("contacts:change_photo", args=[belongings.contact.uuid])
    answer = alice_client.post(address, {"picture": SimpleUploadedFile("a", picture.getvalue())})
    assert answer.status_code == 422


def test_a_table_of_a_thousand_columns_asks_about_the_first_ones(alice_client: Client) -> None:
    line = ",".join(f"column {number}" for number in range(1000)) + "\n"
    upload = {"file": SimpleUploadedFile("a.csv", (line * 3).encode())}
    page = alice_client.post(reverse("contacts:imports"), upload, follow=True).content.decode()
    assert page.count('<select name="column_') == MOST_COLUMNS


def test_an_action_merges_as_many_as_fit_into_a_request(alice_client: Client, network: Network) -> None:
    people = [add_contact(network, given_name="Anna", family_name=f"B{number // 2}") for number in range(60)]
    pairs = [
        DuplicatePair.objects.create(network=network, first=first, second=second, score=1, is_certain=True)
        for first, second in zip(people[::2], people[1::2], strict=True)
    ]
    form = {"action": "same_person", "_selected_action": [pair.pk for pair in pairs]}
    assert alice_client.post(reverse("admin:contacts_duplicatepair_changelist"), form).status_code == 302
    assert network.merges.count() == 20


def test_the_names_of_a_table_are_bounded_too(network: Network) -> None:
    row = "day,direction,kind,contacts\n2026-01-01,give,tip," + ";".join(f"p{number}" for number in range(4_001))
    with pytest.raises(UnreadableFileError):
        import_favours(network, row.encode(), WHILE_WAITING)


def test_rows_that_fail_one_after_another_end_the_trying(network: Network) -> None:
    rows = "day,direction,kind,contacts\n" + "2199-01-01,give,tip,Anna\n" * 400
    result = import_favours(network, rows.encode(), WHILE_WAITING)
    reasons = [problem.reason for problem in result.skipped]
    assert (len(reasons), sum(reason.startswith("Not tried") for reason in reasons)) == (400, 200)


CARDS = {
    "circles": "CATEGORIES:" + ",".join(f"c{number}" for number in range(130_000)),
    "phones": "\n".join(f"TEL:+49171{number:07}" for number in range(50_000)),
    "labels": "\n".join(f"i{number}.X-ABLabel:x\ni{number}.TEL:{number}" for number in range(25_000)),
}


@pytest.mark.parametrize("lines", CARDS.values(), ids=CARDS)
def test_a_card_of_thousands_of_values_is_read_quickly(alice_client: Client, lines: str) -> None:
    card = f"BEGIN:VCARD\nVERSION:3.0\nFN:Anna\n{lines}\nEND:VCARD\n".encode()
    assert len(card) < 1_000_000

    def upload() -> HttpResponseBase:
        return alice_client.post(reverse("contacts:imports"), {"file": SimpleUploadedFile("a.vcf", card)})

    cost = cost_of(upload, alice_client)
    assert cost.status == 200
    assert cost.seconds < SECONDS
