"""The letter's page, its preview, sending one now, and the command that writes one to a file."""

from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default as modern

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from accounts.mail.outbox import draft_trace
from accounts.models import OutgoingMail
from favours.digest.preview import letter_now
from favours.digest.sending import write_letters
from favours.digest.timing import settings_of
from favours.models import Favour, Participation
from favours.sample.network import add_sample
from tests.calendar import MONDAY
from tests.favours.digest.conftest import make_due
from tests.isolation.rows import owned_rows


def test_letter_page_records_nothing(alice_client, network, people):
    before = owned_rows(network)
    assert alice_client.get("/letter/").status_code == 200
    assert alice_client.get("/letter/preview/").status_code == 200
    assert owned_rows(network) == before


def test_letter_page_keeps_the_settings(alice_client, network, at_seven):
    wishes = {"weekday": "5", "hour": "18", "length": "3", "pause_from": "2026-08-01", "pause_to": "2026-08-15"}
    assert alice_client.post("/letter/", wishes).status_code == 302
    letter = settings_of(network)
    assert (letter.is_on, letter.weekday, letter.hour, letter.length) == (False, 5, 18, 3)
    assert (letter.pause_from, letter.pause_to) == (date(2026, 8, 1), date(2026, 8, 15))


def test_letter_page_refuses_a_pause_that_ends_before_it_begins(alice_client, network, at_seven):
    wishes = {"weekday": "5", "hour": "18", "length": "3", "pause_from": "2026-08-15", "pause_to": "2026-08-01"}
    assert alice_client.post("/letter/", wishes).status_code == 422
    assert settings_of(network).weekday == 1


def test_preview_has_a_policy_of_its_own(alice_client, people):
    response = alice_client.get("/letter/preview/")
    assert response["Content-Security-Policy"] == (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    )
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_preview_of_nothing_is_no_page(alice_client, network, at_seven):
    assert alice_client.get("/letter/preview/").status_code == 404


def test_letter_at_once_is_queued_once_a_key(alice_client, network, people):
    for _tap in range(2):
        assert alice_client.post("/letter/now/", {"key": str(network.uuid)}).status_code == 302
    assert OutgoingMail.objects.get().recipient == "alice@example.org"


def test_letter_at_once_is_not_sent_while_the_sample_is_here(alice_client, network, people):
    add_sample(network, contacts=3, favours=3)
    alice_client.post("/letter/now/", {"key": str(network.uuid)})
    assert OutgoingMail.objects.count() == 0
    assert alice_client.get("/letter/").content.count(b"/letter/now/") == 0


def test_letter_at_once_with_nobody_to_suggest_is_not_sent(alice_client, network, at_seven):
    alice_client.post("/letter/now/", {"key": "no key"})
    assert OutgoingMail.objects.count() == 0


@pytest.mark.parametrize("language", ["en", "de"])
def test_letter_is_complete_in_both_forms(network, people, language):
    network.owner.language = language
    letter = letter_now(network, MONDAY)
    for name in ("Jana Stein", "Markus Holm", "Lea Brandt", "Omar Said"):
        assert (name in letter.text, name in letter.html) == (True, True)
    assert len(letter.html.encode()) < 100_000
    assert "<script" not in letter.html


def test_letter_escapes_names_and_keeps_line_breaks_out_of_its_subject(network, people):
    jana = people[0]
    jana.display_name = "Jana <script>alert(1)</script>\r\nBcc: everybody@example.org"
    jana.save()
    letter = letter_now(network, MONDAY)
    assert "<script" not in letter.html
    assert len(letter.subject.splitlines()) == 1


def test_command_writes_the_same_letter_each_time_whoever_helped_whom(network, people, tmp_path, capsys):
    written = []
    for number in range(2):
        file = tmp_path / f"{number}.eml"
        call_command("digest", owner="alice@example.org", as_of=MONDAY, out=file)
        written.append(file.read_bytes())
        Favour.objects.update(direction="receive")
        Participation.objects.update(direction="receive")
    assert written[0] == written[1]
    message = message_from_bytes(written[0], policy=modern)
    assert message["Subject"] == "Jana Stein and Markus Holm ought to meet"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_command_says_so_when_there_is_no_letter(network, tmp_path):
    with pytest.raises(CommandError):
        call_command("digest", owner="alice@example.org", as_of=MONDAY + timedelta(days=7), out=tmp_path / "no.eml")


def test_today_says_why_no_letter_came(alice_client, network, at_seven):
    make_due(network)
    write_letters([network.pk])
    assert alice_client.get("/").context["silence"] == OutgoingMail.Reason.NOBODY


@pytest.mark.parametrize("reason", OutgoingMail.Reason)
def test_letter_page_gives_each_reason_in_the_language_of_the_member(alice_client, network, reason):
    draft_trace(
        purpose="letter", dedup_key="trace", member=network.owner, state=OutgoingMail.State.SKIPPED, reason=reason
    ).save()
    labels = []
    for language in ("en", "de"):
        network.owner.language = language
        network.owner.save()
        with override(language):
            labels.append(str(reason.label))
        assert f": {labels[-1]}" in alice_client.get("/letter/").content.decode()
    assert labels[0] != labels[1]
