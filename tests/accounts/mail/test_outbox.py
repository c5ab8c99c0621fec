"""The outbox: each mail is sent once and ends up in the right state, whatever the mail server does."""

import errno
import smtplib
import socket
import threading
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default as modern

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.mail import EmailMultiAlternatives, get_connection

from accounts.mail import outbox, transport
from accounts.mail.outbox import LEASE, MOST_ATTEMPTS, WAITS, queue_mail, retry, send_due_mail, wipe_old_mail
from accounts.mail.transport import Transport, path_of_copy
from accounts.models import OutgoingMail
from tests.accounts.mail.mail_server import DROP, HANG, OK, running_mail_server
from tests.elsewhere import elsewhere
from tests.servers import free_port

State = OutgoingMail.State
Reason = OutgoingMail.Reason
SOON = datetime(2100, 1, 1, tzinfo=UTC)
"""A time at which everything queued by the tests is due."""


@pytest.fixture
def server(settings):
    with running_mail_server() as running:
        settings.MAIL_SERVER = running.address
        settings.EMAIL_TIMEOUT = 0.3
        yield running


@pytest.fixture
def folder(data_folder):
    return data_folder / "mail"


def queue(key="one", **fields):
    return queue_mail(
        **{
            "purpose": "test",
            "dedup_key": key,
            "recipient": "alice@example.org",
            "subject": "Grüße",
            "text": "Hello",
            **fields,
        }
    )


def state_of(mail):
    mail.refresh_from_db()
    return mail.state


def test_mail_is_sent_once_with_its_message_id(db, server):
    mail = queue(html="<p>Hello</p>", headers={"List-Unsubscribe": "<https://example.org/u>"})
    assert (send_due_mail(SOON), send_due_mail(SOON)) == (1, 0)
    [taken] = server.taken
    message = message_from_bytes(taken, policy=modern)
    assert state_of(mail) == State.SENT
    assert message["Message-ID"] == mail.message_id
    assert message["Subject"] == "Grüße"
    assert message["List-Unsubscribe"] == "<https://example.org/u>"
    assert message.get_body(("plain",)).get_content().strip() == "Hello"
    assert message.get_body(("html",)).get_content().strip() == "<p>Hello</p>"


def test_queue_mail_with_the_same_key_adds_nothing(db):
    assert queue("letter:1", text="first").pk == queue("letter:1", text="second").pk
    assert OutgoingMail.objects.get().text == "first"


@pytest.mark.parametrize(
    ("answer", "state"),
    [("451 Later", State.RETRY), ("550 No such box", State.FAILED), (HANG, State.RETRY), (DROP, State.RETRY)],
)
def test_mail_server_trouble_leads_to_the_right_state(db, server, answer, state):
    server.answer = answer
    mail = queue()
    assert send_due_mail(SOON) == 0
    assert state_of(mail) == state
    assert mail.attempts == 1


def test_mail_server_that_is_down_makes_the_mail_wait(db, server, settings):
    settings.MAIL_SERVER = {**server.address, "port": free_port()}
    mail = queue()
    send_due_mail(SOON)
    assert (state_of(mail), mail.due_at) == (State.RETRY, SOON + WAITS[0])


@pytest.mark.parametrize(("answer", "tried"), [("451 Later", [1, 1]), (HANG, [1, 0]), (DROP, [1, 0])])
def test_mail_server_that_does_not_answer_is_not_asked_for_each_mail(db, server, answer, tried):
    server.answer = answer
    mails = [queue("one"), queue("two")]
    send_due_mail(SOON)
    for mail in mails:
        mail.refresh_from_db()
    assert [mail.attempts for mail in mails] == tried


def test_mail_server_that_drips_its_answer_is_cut_off(db, settings, monkeypatch):
    """Each byte arrives in time, but the answer is never complete: the whole attempt has its own limit."""
    monkeypatch.setattr(transport, "ATTEMPT_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings.EMAIL_TIMEOUT = 5
        settings.MAIL_SERVER = {"host": "127.0.0.1", "port": listener.getsockname()[1]}
        ended = threading.Event()

        def drip():
            with suppress(OSError), listener.accept()[0] as client:
                while not ended.wait(0.05):
                    client.sendall(b"2")

        server = threading.Thread(target=drip)
        server.start()
        mail = queue()
        send_due_mail(SOON)
        ended.set()
        server.join()
    assert state_of(mail) == State.RETRY


def test_mails_go_over_one_connection_that_is_renewed_in_time(db, server, monkeypatch):
    monkeypatch.setattr(transport, "MAILS_PER_CONNECTION", 2)
    for number in range(5):
        queue(f"letter:{number}")
    assert send_due_mail(SOON) == 5
    assert (len(server.taken), len(server.sessions)) == (5, 3)


def test_mail_server_that_closes_a_used_connection_gets_the_mail_on_a_new_one(db, server, monkeypatch):
    queue("one")
    queue("two")
    hand_over = transport.SmtpBackend.hand_over
    carried = []

    def hand_over_once(backend, *arguments):
        if backend in carried:
            raise smtplib.SMTPSenderRefused(421, b"Too many", "netcrm@localhost")
        carried.append(backend)
        hand_over(backend, *arguments)

    monkeypatch.setattr(transport.SmtpBackend, "hand_over", hand_over_once)
    assert send_due_mail(SOON) == 2
    assert len(server.taken) == 2


def test_retry_waits_longer_each_time_and_ends_in_failure(db, server):
    server.answer = "451 Later"
    mail = queue()
    now, waits = SOON, []
    for _attempt in range(MOST_ATTEMPTS - 1):
        send_due_mail(now)
        assert state_of(mail) == State.RETRY
        waits.append(mail.due_at - now)
        now = mail.due_at
    send_due_mail(now)
    assert waits == WAITS
    assert (state_of(mail), mail.attempts) == (State.FAILED, MOST_ATTEMPTS)


def test_retry_before_its_time_does_nothing(db, server):
    server.answer = "451 Later"
    queue()
    send_due_mail(SOON)
    server.answer = OK
    send_due_mail(SOON + WAITS[0] - timedelta(seconds=1))
    assert server.taken == []


def test_problem_names_no_address(db, server):
    server.answer = "550 <alice@example.org> is unknown"
    mail = queue()
    send_due_mail(SOON)
    mail.refresh_from_db()
    assert mail.problem == "RefusedError: 550 <…> is unknown"


def test_mail_that_cannot_be_built_fails_and_holds_nobody_up(db, server):
    broken = queue("broken", headers={"X-Name": "Bob\nBcc: everybody@example.org"})
    fine = queue("fine")
    send_due_mail(SOON)
    assert (state_of(broken), state_of(fine)) == (State.FAILED, State.SENT)


def test_expired_mail_is_not_sent(db, server):
    mail = queue(expires_at=SOON - timedelta(seconds=1))
    send_due_mail(SOON)
    assert (state_of(mail), server.taken) == (State.EXPIRED, [])


def test_crash_before_the_commit_sends_again_with_the_same_message_id(db, server, monkeypatch):
    mail = queue()

    def crash(*args, **kwargs):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "_settle", crash)
        with pytest.raises(SystemExit):
            send_due_mail(SOON)
    assert state_of(mail) == State.SENDING
    assert send_due_mail(SOON + LEASE - timedelta(seconds=1)) == 0
    assert send_due_mail(SOON + LEASE) == 1
    assert [message_from_bytes(taken)["Message-ID"] for taken in server.taken] == [mail.message_id] * 2


def test_crash_sends_at_most_ten_of_many_again(db, server, monkeypatch):
    for number in range(25):
        queue(f"letter:{number}")
    settle, calls = outbox._settle, []

    def crash_after_the_first(*args, **kwargs):
        calls.append(args)
        if len(calls) > 1:
            raise SystemExit
        settle(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "_settle", crash_after_the_first)
        with pytest.raises(SystemExit):
            send_due_mail(SOON)
    while send_due_mail(SOON + LEASE):
        pass
    sent = Counter(message_from_bytes(taken)["Message-ID"] for taken in server.taken)
    assert (len(sent), sorted(sent.values())) == (25, [1] * 15 + [2] * 10)


def test_mails_that_an_interruption_left_untried_are_due_again(db, server, monkeypatch):
    mails = [queue(f"letter:{number}") for number in range(3)]
    monkeypatch.setattr(Transport, "deliver", _interrupted_at_second(Transport.deliver))
    with pytest.raises(SoftTimeLimitExceeded):
        send_due_mail(SOON)
    assert [state_of(mail) for mail in mails] == [State.SENT, State.SENDING, State.QUEUED]


def _interrupted_at_second(deliver):
    tried = []

    def deliver_or_interrupt(transport, mail):
        tried.append(mail)
        if len(tried) == 2:
            raise SoftTimeLimitExceeded
        deliver(transport, mail)

    return deliver_or_interrupt


def test_mail_that_keeps_killing_its_worker_is_parked(db, server):
    mail = queue()
    OutgoingMail.objects.update(state=State.SENDING, attempts=MOST_ATTEMPTS)
    assert send_due_mail(SOON) == 0
    assert (state_of(mail), mail.reason, server.taken) == (State.FAILED, Reason.CUT_OFF, [])


def test_worker_that_lost_its_lease_changes_nothing(db, server, monkeypatch):
    mail = queue()

    def taken_over(*args):
        OutgoingMail.objects.update(state=State.SENT, attempts=2)
        raise OSError

    monkeypatch.setattr(Transport, "deliver", taken_over)
    send_due_mail(SOON)
    assert state_of(mail) == State.SENT


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_mail_once(server):
    for number in range(6):
        queue(f"letter:{number}")
    elsewhere(lambda: send_due_mail(SOON), workers=2)
    sent = [message_from_bytes(taken)["Message-ID"] for taken in server.taken]
    assert sorted(sent) == sorted(OutgoingMail.objects.values_list("message_id", flat=True))


def test_mail_lands_in_one_file_where_no_server_is_set(db, folder):
    mail = queue()
    send_due_mail(SOON)
    assert [path.name for path in folder.iterdir()] == [f"{mail.uuid}.eml"]
    assert message_from_bytes(path_of_copy(mail.uuid).read_bytes())["Message-ID"] == mail.message_id


def test_slow_server_does_not_keep_a_worker_for_long(db, server, monkeypatch):
    """Mail that is not claimed in time is left to the next run."""
    monkeypatch.setattr(outbox, "CLAIMED_AT_ONCE", 1)
    monkeypatch.setattr(outbox, "CLAIMING_SECONDS", 0)
    queue("one")
    queue("two")
    assert [send_due_mail(SOON) for _run in range(3)] == [1, 1, 0]


def test_full_disk_keeps_a_mail_waiting_and_leaves_no_half(db, folder, monkeypatch):
    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    mail = queue()
    with monkeypatch.context() as disk:
        disk.setattr(transport.os, "fsync", full)
        for _sweep in range(2 * MOST_ATTEMPTS):
            assert send_due_mail(SOON) == 0
    assert (state_of(mail), mail.attempts, list(folder.iterdir())) == (State.QUEUED, 0, [])
    assert send_due_mail(SOON) == 1


def test_wiping_empties_mails_30_days_after_sending(db, folder):
    mail = queue()
    send_due_mail(SOON)
    mail.refresh_from_db()
    assert wipe_old_mail(mail.sent_at + timedelta(days=30)) == 0
    assert wipe_old_mail(mail.sent_at + timedelta(days=30, seconds=1)) == 1
    mail.refresh_from_db()
    assert (mail.recipient, mail.subject, mail.text, mail.state) == ("", "", "", State.SENT)
    assert list(folder.iterdir()) == []


def test_wiping_empties_sign_in_mails_after_a_day(db, folder):
    mail = queue(purpose="sign-in")
    send_due_mail(SOON)
    mail.refresh_from_db()
    assert wipe_old_mail(mail.sent_at + timedelta(days=1, seconds=1)) == 1


def test_wiping_spares_mails_that_are_still_to_be_sent(db):
    queue()
    assert wipe_old_mail(SOON) == 0


def test_retry_by_hand_gives_a_failed_mail_fresh_attempts(db, server):
    server.answer = "550 No"
    mail = queue()
    send_due_mail(SOON)
    server.answer = OK
    assert retry(OutgoingMail.objects.all()) == 1
    send_due_mail(SOON)
    assert (state_of(mail), mail.attempts) == (State.SENT, 1)


def test_backend_queues_a_message_once_however_often_it_is_handed_over(alice):
    message = EmailMultiAlternatives("Sign in", "Here", to=["alice@example.org"])
    message.attach_alternative("<p>Here</p>", "text/html")
    backend = get_connection("accounts.mail.outbox.OutboxBackend")
    assert [backend.send_messages([message]), backend.send_messages([message])] == [1, 1]
    mail = OutgoingMail.objects.get()
    assert (mail.purpose, mail.member, mail.text, mail.html) == ("sign-in", alice, "Here", "<p>Here</p>")
    assert mail.expires_at is not None


def test_backend_queues_equal_messages_each(db):
    backend = get_connection("accounts.mail.outbox.OutboxBackend")
    backend.send_messages([EmailMultiAlternatives("Sign in", "Here", to=["bob@example.org"]) for _ in range(2)])
    assert OutgoingMail.objects.count() == 2
