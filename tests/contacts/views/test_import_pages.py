"""The pages of an import, from upload to undo."""

from base64 import b64encode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from contacts.files import limits
from contacts.files.limits import SMALL_BYTES
from contacts.importing import runs
from contacts.importing.running import work_on
from contacts.importing.runs import ENTRIES_AT_ONCE
from contacts.models import ImportRow, ImportRun, Network, StoredFile
from contacts.people.conversations import log_conversation
from tests.attacks.bombs import in_card, picture, zipped

CARDS = b"""BEGIN:VCARD
VERSION:3.0
UID:anna-1
FN:Anna Berg
N:Berg;Anna;;;
EMAIL:anna@example.org
END:VCARD
BEGIN:VCARD
VERSION:3.0
UID:ben-1
FN:Ben Tal
N:Tal;Ben;;;
END:VCARD
BEGIN:VCARD
VERSION:3.0
END:VCARD
"""
TABLE = b"Who,Where from,Reached by\nAnna Berg,Koeln,anna@example.org\nBen Tal,Bonn,ben@example.org\n"


def upload(client: Client, data: bytes, name: str = "contacts.vcf") -> str:
    """Upload a file and return the URL to which it redirects."""
    response = client.post(reverse("contacts:imports"), {"file": SimpleUploadedFile(name, data)})
    assert response.status_code == 302, response.content.decode()
    return str(response["Location"])


@pytest.fixture
def run(network: Network, alice_client: Client) -> ImportRun:
    """An import that Alice has uploaded and previewed."""
    upload(alice_client, CARDS)
    return network.import_runs.get()


def test_upload_shows_a_preview_and_writes_nothing(network: Network, alice_client: Client) -> None:
    address = upload(alice_client, CARDS)
    page = alice_client.get(address)
    assert page.status_code == 200
    assert network.import_runs.get().report == {"notices": [], "read": 3, "created": 2, "skipped": 1}
    assert network.contacts.count() == 0
    assert [row.name for row in page.context["rows"]] == ["Anna Berg", "Ben Tal"]


@pytest.mark.parametrize(
    "padding",
    [
        pytest.param(b"NOTE:" + b"a" * SMALL_BYTES, id="bytes"),
        pytest.param(b"FN:A\nEND:VCARD\nBEGIN:VCARD\n" * ENTRIES_AT_ONCE, id="entries"),
        pytest.param(b"PHOTO;ENCODING=b:" + b64encode(picture(3_000)), id="pixels"),
    ],
)
def test_what_takes_longer_than_a_page_is_looked_through_by_a_worker(
    network: Network, alice_client: Client, padding: bytes
) -> None:
    page = alice_client.get(upload(alice_client, b"BEGIN:VCARD\nVERSION:3.0\n" + padding + b"\nFN:Anna\nEND:VCARD\n"))
    run = network.import_runs.get()
    assert (run.state, page.templates[0].name) == (ImportRun.State.READING, "contacts/import_progress.html")
    work_on(run.pk)
    run.refresh_from_db()
    assert run.state == ImportRun.State.PREVIEW


def test_file_that_holds_too_much_is_refused_after_a_single_reading(
    network: Network, alice_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    network.owner.language = "de"
    network.owner.save()
    monkeypatch.setattr(limits, "MAX_VALUES_IN_ALL", 20)
    page = alice_client.get(upload(alice_client, CARDS * 10))
    run = network.import_runs.get()
    assert (run.state, run.rows_total, run.rows.count()) == (ImportRun.State.FAILED, 0, 0)
    assert "Die Datei enthält mehr als 20 Werte. Teile sie" in page.content.decode()


def test_archive_is_looked_through_by_a_worker_if_much_is_in_it(network: Network, alice_client: Client) -> None:
    upload(alice_client, zipped(in_card(b"X-A:b\n"))(SMALL_BYTES))
    assert network.import_runs.get().state == ImportRun.State.READING


def test_preview_shows_skipped_entries_with_the_reason(run: ImportRun, alice_client: Client) -> None:
    page = alice_client.get(reverse("contacts:import_run", args=[run.uuid]), {"show": "skipped"})
    assert [(row.row, row.reason) for row in page.context["rows"]] == [
        (3, "This entry holds neither a name nor a way to reach anybody.")
    ]


def test_preview_of_nobody_offers_no_import(network: Network, alice_client: Client) -> None:
    page = alice_client.get(upload(alice_client, b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:\r\nEND:VCARD\r\n"))
    shown = page.content.decode()
    assert "Nobody would come in" in shown
    run = network.import_runs.get()
    assert reverse("contacts:import_confirm", args=[run.uuid]) not in shown
    assert reverse("contacts:import_cancel", args=[run.uuid]) in shown


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4 something", b"\x89PNG\r\n\x1a\n00000000"])
def test_upload_of_something_else_says_why(network: Network, alice_client: Client, data: bytes) -> None:
    response = alice_client.post(reverse("contacts:imports"), {"file": SimpleUploadedFile("x.vcf", data)})
    assert response.status_code == 422
    assert network.import_runs.count() == 0
    assert response.context["form"].errors["file"]


def test_confirmed_import_brings_everybody_in_and_wipes_the_file(
    run: ImportRun, network: Network, alice_client: Client
) -> None:
    response = alice_client.post(reverse("contacts:import_confirm", args=[run.uuid]))
    assert response.status_code == 302
    assert alice_client.get(response["Location"]).templates[0].name == "contacts/import_progress.html"
    work_on(run.pk)
    run.refresh_from_db()
    assert run.state == ImportRun.State.DONE
    assert sorted(network.contacts.values_list("display_name", flat=True)) == ["Anna Berg", "Ben Tal"]
    assert StoredFile.objects.count() == 0
    result = alice_client.get(reverse("contacts:import_run", args=[run.uuid]))
    assert result.templates[0].name == "contacts/import_result.html"
    assert [row.row for row in result.context["rows"]] == [3]


def test_progress_answers_a_part_to_htmx_and_a_refresh_once_done(run: ImportRun, alice_client: Client) -> None:
    address = reverse("contacts:import_run", args=[run.uuid])
    alice_client.post(reverse("contacts:import_confirm", args=[run.uuid]))
    part = alice_client.get(address, headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    assert "HX-Refresh" not in part.headers
    work_on(run.pk)
    assert alice_client.get(address, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_cancelled_preview_wipes_the_file(run: ImportRun, network: Network, alice_client: Client) -> None:
    alice_client.post(reverse("contacts:import_cancel", args=[run.uuid]))
    run.refresh_from_db()
    assert run.state == ImportRun.State.CANCELLED
    assert network.files.count() == 0


def test_cancelled_preview_tells_of_nobody_and_offers_no_undo(run: ImportRun, alice_client: Client) -> None:
    alice_client.post(reverse("contacts:import_cancel", args=[run.uuid]))
    result = alice_client.get(reverse("contacts:import_run", args=[run.uuid]))
    assert (result.context["report"], result.context["tabs"]) == ({}, [])
    assert (b"Nothing has come in." in result.content, b"Undo the whole import" in result.content) == (True, False)


def test_undo_takes_everybody_out_again(run: ImportRun, network: Network, alice_client: Client) -> None:
    alice_client.post(reverse("contacts:import_confirm", args=[run.uuid]))
    work_on(run.pk)
    alice_client.post(reverse("contacts:import_undo", args=[run.uuid]))
    run.refresh_from_db()
    assert run.state == ImportRun.State.UNDONE
    assert network.contacts(manager="with_trash").count() == 0
    assert network.import_sources.count() == 0


def test_undone_import_lists_only_whom_it_kept(run: ImportRun, network: Network, alice_client: Client) -> None:
    alice_client.post(reverse("contacts:import_confirm", args=[run.uuid]))
    work_on(run.pk)
    anna = network.contacts.get(given_name="Anna")
    log_conversation(network, day=network.today(), contacts=[anna])
    alice_client.post(reverse("contacts:import_undo", args=[run.uuid]))
    result = alice_client.get(reverse("contacts:import_run", args=[run.uuid]))
    assert result.context["tabs"] == [(ImportRow.Outcome.KEPT, 1)]
    assert [row.contact for row in result.context["rows"]] == [anna]


def test_unknown_table_asks_for_its_columns_and_remembers_them(network: Network, alice_client: Client) -> None:
    address = upload(alice_client, TABLE, "people.csv")
    run = network.import_runs.get()
    columns = alice_client.get(address, follow=True)
    assert columns.templates[0].name == "contacts/import_columns.html"
    answer = alice_client.post(
        reverse("contacts:import_columns", args=[run.uuid]),
        {"column_0": "display_name", "column_1": "address.city", "column_2": "email"},
    )
    assert answer.status_code == 302
    run.refresh_from_db()
    assert (run.state, run.report["created"]) == (ImportRun.State.PREVIEW, 2)
    upload(alice_client, TABLE, "people.csv")
    latest = network.import_runs.latest("pk")
    assert latest.mapping["columns"] == {"0": "display_name", "1": "address.city", "2": "email"}


def test_whom_would_you_call_marks_the_tapped_ones(run: ImportRun, network: Network, alice_client: Client) -> None:
    alice_client.post(reverse("contacts:import_confirm", args=[run.uuid]))
    work_on(run.pk)
    anna = network.contacts.get(given_name="Anna")
    address = reverse("contacts:import_people", args=[run.uuid])
    assert [contact.display_name for contact in alice_client.get(address).context["screen"]] == ["Anna Berg", "Ben Tal"]
    alice_client.post(address, {"contacts": [str(anna.uuid)]})
    assert list(network.contacts.filter(would_call=True)) == [anna]


@pytest.mark.parametrize("name", ["import_run", "import_columns", "import_people"])
def test_stranger_finds_no_page_of_an_import(run: ImportRun, mallory_client: Client, name: str) -> None:
    assert mallory_client.get(reverse(f"contacts:{name}", args=[run.uuid])).status_code == 404


@pytest.mark.parametrize("name", ["import_confirm", "import_cancel", "import_undo", "import_retry", "import_people"])
def test_stranger_changes_nothing_of_an_import(run: ImportRun, mallory_client: Client, name: str) -> None:
    assert mallory_client.post(reverse(f"contacts:{name}", args=[run.uuid])).status_code == 404
    run.refresh_from_db()
    assert run.state == ImportRun.State.PREVIEW


@pytest.mark.parametrize("entries", [1, 3])
def test_preview_takes_as_many_queries_for_one_row_as_for_three(
    network: Network, alice_client: Client, entries: int, django_assert_num_queries: object
) -> None:
    cards = b"".join(b"BEGIN:VCARD\nVERSION:3.0\nFN:Person %d\nEND:VCARD\n" % number for number in range(entries))
    address = upload(alice_client, cards)
    with django_assert_num_queries(5):  # type: ignore[operator]
        alice_client.get(address)


def preview_of(client: Client, data: bytes) -> tuple[str, ImportRun]:
    """Return the preview of an uploaded file, and its run."""
    shown = client.get(upload(client, data)).content.decode()
    return shown, ImportRun.objects.get()


def test_preview_says_how_dates_are_read_and_turns_their_order(alice_client: Client) -> None:
    table = b"First Name,Last Name,Birthday,Connected On\nAnna,Berg,2/6/1980,05 Mar 2024\n"
    shown, run = preview_of(alice_client, table)
    assert "2/6/1980 is read as 2 June 1980, as is usual where you are." in shown
    assert "The month comes first" in shown
    alice_client.post(reverse("contacts:import_reading", args=[run.uuid]), {"day_order": "month"})
    shown = alice_client.get(reverse("contacts:import_run", args=[run.uuid])).content.decode()
    assert "2/6/1980 is read as 6 February 1980" in shown
    assert "The day comes first" in shown
    runs.confirm(run.network, run)
    work_on(run.pk)
    assert (run.network.contacts.get().birth_month, run.network.contacts.get().birth_day) == (2, 6)


def test_preview_names_the_encoding_with_names_and_changes_it(alice_client: Client) -> None:
    data = "First Name,Last Name,Connected On\nŁukasz,Żak,\nŠárka,Nováková,\n".encode("cp1250")
    shown, run = preview_of(alice_client, data)
    assert "It is read as Central European (Windows-1250): Łukasz Żak, Šárka Nováková." in shown
    alice_client.post(reverse("contacts:import_reading", args=[run.uuid]), {"encoding": "cp1251"})
    shown = alice_client.get(reverse("contacts:import_run", args=[run.uuid])).content.decode()
    assert "It is read as Cyrillic (Windows-1251): Јukasz Їak" in shown


def test_preview_of_a_plain_file_asks_nothing(run: ImportRun, alice_client: Client) -> None:
    shown = alice_client.get(reverse("contacts:import_run", args=[run.uuid])).content.decode()
    assert "is read as" not in shown
    assert "Read the file differently" in shown


def test_file_that_two_readers_can_read_is_read_as_chosen(alice_client: Client) -> None:
    card = "BEGIN:VCARD\nVERSION:3.0\nN:Post;Paul;;;\nEND:VCARD\n"
    shown, run = preview_of(alice_client, f"First Name,Connected On\nAnna,\nBen,\n{card}".encode())
    assert (run.format, "Kind of file" in shown) == ("linkedin", True)
    alice_client.post(reverse("contacts:import_reading", args=[run.uuid]), {"reader": "vcard"})
    run.refresh_from_db()
    assert (run.format, [row.name for row in run.rows.all()]) == ("vcard", ["Paul Post"])


def test_other_delimiter_makes_other_columns(alice_client: Client) -> None:
    _shown, run = preview_of(alice_client, b"Who;Where, when\nAnna;Bonn, May\n")
    assert run.state == ImportRun.State.MAPPING
    assert ";" not in str(alice_client.get(reverse("contacts:import_columns", args=[run.uuid])).context["form"].fields)
    alice_client.post(reverse("contacts:import_reading", args=[run.uuid]), {"delimiter": ","})
    form = alice_client.get(reverse("contacts:import_columns", args=[run.uuid])).context["form"]
    assert [str(field.label) for field in form] == ["Who;Where", "when"]


@pytest.mark.parametrize(
    "fields",
    [{"encoding": "utf-7"}, {"encoding": "rot13"}, {"delimiter": "a"}, {"day_order": "x"}, {"reader": "own"}, {}],
)
def test_reading_that_is_not_on_offer_changes_nothing(
    run: ImportRun, alice_client: Client, fields: dict[str, str]
) -> None:
    before = run.recognition
    alice_client.post(reverse("contacts:import_reading", args=[run.uuid]), fields)
    run.refresh_from_db()
    assert (run.recognition, run.state) == (before, ImportRun.State.PREVIEW)


def test_reading_that_finds_nobody_says_so(alice_client: Client) -> None:
    _shown, run = preview_of(alice_client, b"First Name,Last Name,Connected On\nAnna,Alt,\n")
    before = run.recognition
    response = alice_client.post(reverse("contacts:import_reading", args=[run.uuid]), {"delimiter": "|"}, follow=True)
    assert "This is no file of contacts." in response.content.decode()
    run.refresh_from_db()
    assert run.recognition == before
