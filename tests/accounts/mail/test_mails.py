"""A member's own mails, read in the browser if there is no mail server."""

from __future__ import annotations

from django.test import Client
from pytest_django import Settings

from accounts.mail.outbox import draft_mail
from accounts.models import OutgoingMail, User

HTML = (
    "<!doctype html><html><head><title>Hello</title></head><body><a href='https://here.example/'>Open</a></body></html>"
)


def mail(member: User, html: str = "") -> OutgoingMail:
    drafted = draft_mail(
        purpose="letter",
        dedup_key="letter",
        recipient=member.email,
        subject="Hello",
        text="See https://here.example/",
        html=html,
        member=member,
    )
    drafted.save()
    return drafted


def test_mail_is_shown_in_a_frame_and_as_text(alice: User, alice_client: Client) -> None:
    shown = mail(alice, HTML)
    page = alice_client.get(f"/accounts/mails/{shown.uuid}/").content.decode()
    assert page.count(f'<iframe class="letter-frame" src="/accounts/mails/{shown.uuid}/frame/"') == 1
    assert page.count('<a href="https://here.example/"') == 1
    assert page.count("Open</a>") == 0


def test_frame_has_a_policy_of_its_own_and_links_that_leave_it(alice: User, alice_client: Client) -> None:
    response = alice_client.get(f"/accounts/mails/{mail(alice, HTML).uuid}/frame/")
    assert response.content.decode() == HTML.replace("<head>", '<head><base target="_top">')
    assert response["Content-Security-Policy"] == (
        "sandbox allow-top-navigation-by-user-activation; default-src 'none'; style-src 'unsafe-inline'; "
        "frame-ancestors 'self'"
    )
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_mail_of_text_alone_has_no_frame(alice: User, alice_client: Client) -> None:
    shown = mail(alice)
    assert alice_client.get(f"/accounts/mails/{shown.uuid}/").content.count(b"<iframe") == 0
    assert alice_client.get(f"/accounts/mails/{shown.uuid}/frame/").status_code == 404


def test_with_a_mail_server_there_is_no_frame(alice: User, alice_client: Client, settings: Settings) -> None:
    settings.MAIL_SERVER = {"host": "mail.example.org"}
    assert alice_client.get(f"/accounts/mails/{mail(alice, HTML).uuid}/frame/").status_code == 404
