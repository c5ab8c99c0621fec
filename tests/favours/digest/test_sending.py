"""The sweep: every due letter ends up in the outbox exactly once, whatever happens along the way."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.mail.outbox import send_due_mail
from accounts.models import OutgoingMail
from contacts.middleware import network_of
from favours.digest import sending
from favours.digest.sending import due_networks, send_one_now, write_letters
from favours.digest.timing import change_settings, settings_of, switch_off
from favours.models import Round
from favours.sample.network import add_sample
from favours.suggestions.rounds import make_round
from tests.calendar import MONDAY, SEVEN, WEEK
from tests.conftest import make_member
from tests.elsewhere import elsewhere
from tests.favours.digest.conftest import make_due, plant_letter

State = OutgoingMail.State
Reason = OutgoingMail.Reason
pytestmark = pytest.mark.usefixtures("at_seven")


def sweep(now=SEVEN):
    write_letters(due_networks(now, 100), now)


def states():
    return list(OutgoingMail.objects.order_by("pk").values_list("state", "reason"))


def test_sweep_queues_the_letter_of_the_week_once(network, people):
    sweep()
    sweep()
    mail = OutgoingMail.objects.get()
    assert (mail.state, mail.purpose, mail.recipient, mail.member) == (
        State.QUEUED,
        "letter",
        "alice@example.org",
        network.owner,
    )
    assert mail.dedup_key == f"letter:{network.uuid}:2026-W19"
    assert mail.subject == "Jana Stein and Markus Holm ought to meet"
    letter = settings_of(network)
    assert (letter.handled_week, letter.next_digest_at, letter.attempts) == (MONDAY, SEVEN + WEEK, 0)
    assert Round.objects.filter(network=network).count() == 1


def test_sweep_before_the_hour_does_nothing(network, people):
    sweep(SEVEN - timedelta(seconds=1))
    assert states() == []


def test_letter_expires_when_the_next_week_begins(network, people):
    sweep()
    assert OutgoingMail.objects.get().expires_at == datetime(2026, 5, 10, 22, tzinfo=UTC)
    send_due_mail(datetime(2100, 1, 1, tzinfo=UTC))
    assert states() == [(State.EXPIRED, "")]


def test_week_without_suggestions_is_skipped(network):
    make_due(network)
    sweep()
    assert states() == [(State.SKIPPED, Reason.NOBODY)]


def test_week_of_a_holiday_is_skipped(network, people):
    change_settings(network, pause_from=MONDAY, pause_to=MONDAY)
    sweep()
    assert states() == [(State.SKIPPED, Reason.PAUSE)]


def test_week_with_the_sample_network_is_skipped(network, people):
    add_sample(network, contacts=3, favours=3)
    sweep()
    assert states() == [(State.SKIPPED, Reason.SAMPLE)]


def test_letter_that_is_off_is_not_due(network, people):
    switch_off(network)
    assert due_networks(SEVEN, 100) == []


def test_send_one_now_has_a_key_of_its_own(network, people):
    assert [send_one_now(network, network.uuid), send_one_now(network, network.uuid)] == [True, True]
    sweep()
    assert OutgoingMail.objects.count() == 2


def test_failing_letter_holds_up_no_other_and_is_given_up_in_the_end(network, people, mallory, monkeypatch):
    plant_letter(network_of(mallory))
    compose = sending.compose

    def compose_but_alices(contents, *arguments):
        if contents.network == network:
            raise RuntimeError
        return compose(contents, *arguments)

    monkeypatch.setattr(sending, "compose", compose_but_alices)
    for _sweep in range(sending.MOST_ATTEMPTS):
        sweep()
    assert list(OutgoingMail.objects.values_list("member", flat=True)) == [mallory.pk]
    sweep()
    mail = OutgoingMail.objects.get(member=network.owner)
    assert (mail.state, mail.reason) == (State.FAILED, Reason.UNWRITTEN)
    letter = settings_of(network)
    assert (letter.next_digest_at, letter.attempts) == (SEVEN + WEEK, 0)


def test_queries_for_four_letters_are_those_for_one(network, people):
    make_round(network, MONDAY)
    with CaptureQueriesContext(connection) as of_one:
        sweep()
    for other in [network_of(make_member(f"member{number}@example.org")) for number in range(4)]:
        plant_letter(other)
        make_round(other, MONDAY)
    with CaptureQueriesContext(connection) as of_four:
        sweep()
    assert OutgoingMail.objects.count() == 5
    assert len(of_four) == len(of_one)


def test_hundred_crashes_lose_no_letter_and_double_none(db, monkeypatch):
    """A crash at any statement leaves only complete letters, and the next sweep writes the missing ones."""
    networks = [network_of(make_member(f"member{number}@example.org")) for number in range(4)]
    for network in networks:
        plant_letter(network)
        make_round(network, MONDAY)
    random = Random(5)

    class Killed(BaseException):
        pass

    for _crash in range(100):
        left = random.randrange(1, 60)

        def count(execute, sql, params, many, context):
            nonlocal left
            left -= 1
            if left == 0:
                raise Killed
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            try:
                sweep()
            except Killed:
                # A killed worker counts as an attempt, and a letter is parked after five; another test covers that.
                networks[0].letter_settings.model.objects.update(attempts=0)
    sweep()
    keys = sorted(OutgoingMail.objects.values_list("dedup_key", flat=True))
    assert keys == sorted(f"letter:{network.uuid}:2026-W19" for network in networks)


def test_letter_that_another_sweep_wrote_meanwhile_is_not_written_again(network, people, monkeypatch):
    """The other sweep begins once this one has composed the letter, and ends before this one stores it."""
    compose, composed = sending.compose, []

    def overtaken(*arguments):
        letter = compose(*arguments)
        composed.append(letter)
        if len(composed) == 1:
            sweep()
        return letter

    monkeypatch.setattr(sending, "compose", overtaken)
    sweep()
    assert len(composed) == 2
    assert states() == [(State.QUEUED, "")]


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_write_each_letter_once():
    networks = [network_of(make_member(f"member{number}@example.org")) for number in range(6)]
    for network in networks:
        plant_letter(network)
    due = due_networks(SEVEN, 100)
    elsewhere(lambda: write_letters(due, SEVEN), workers=2)
    keys = sorted(OutgoingMail.objects.values_list("dedup_key", flat=True))
    assert keys == sorted(f"letter:{network.uuid}:2026-W19" for network in networks)
    assert {settings_of(network).next_digest_at for network in networks} == {SEVEN + WEEK}
