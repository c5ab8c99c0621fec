"""The network page: its sentences, the charts below them, and withheld figures, which appear nowhere."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client

from contacts.models import Contact, Network
from favours.journal.writing import Entry, log_favours
from favours.models import Summary
from favours.reciprocity import summaries
from tests.favours.conftest import make_people

LETTERS = "ABCDEFGHIJ"


def log_tips(network: Network, given: str, received: str = "", day: date | None = None) -> None:
    """Log a tip given to, or received from, each person named by a letter, and bring the summary up to date."""
    people = dict(zip(LETTERS, make_people(network, *LETTERS), strict=True))
    log_favours(
        network,
        [
            Entry(direction=direction, kind="tip", day=day, contacts=[people[letter]])
            for direction, letters in (("give", given), ("receive", received))
            for letter in letters
        ],
    )
    summaries.recompute(network)


def text_of(html: str) -> str:
    """Return the words on a page, separated by single spaces."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def test_blank_network_invites_to_log(alice_client: Client, network: Network) -> None:
    page = alice_client.get("/network/")
    assert "This page is still blank." in text_of(page.content.decode())
    assert page.context["behind"] is False


def test_few_people_are_told_without_any_number(alice_client: Client, network: Network) -> None:
    log_tips(network, "AB", "C")
    page = alice_client.get("/network/")
    words = text_of(page.content.decode())
    assert "You're under way. A picture appears once more people are part of it." in words
    assert 'class="band"' not in page.content.decode()
    assert "<table" not in page.content.decode()


def test_withheld_direction_is_in_no_word_picture_or_table(alice_client: Client, network: Network) -> None:
    log_tips(network, "ABCDEFGHI", "J")
    page = alice_client.get("/network/")
    assert page.context["story"].given == ["You helped nine times, mostly with tips."]
    assert page.context["story"].received[0] == (
        "Help has come to you as well; while it comes from only a few, it stays in your journal."
    )
    assert list(page.context["band"].textures) == ["lines"]
    html = page.content.decode()
    assert 'class="band-dots"' not in html
    assert "What came to you, by" not in html


def test_both_directions_are_told_in_two_paragraphs(alice_client: Client, network: Network) -> None:
    log_tips(network, "ABCDEF", "FGHIJ")
    page = alice_client.get("/network/")
    assert page.context["story"].received == ["Five people helped you."]
    assert page.context["band"].textures == ["dots", "lines"]
    assert page.content.decode().count("<table") == 3


def test_htmx_gets_the_summary_alone(alice_client: Client, network: Network) -> None:
    log_tips(network, "ABCDEF")
    part = alice_client.get("/network/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert 'id="summary"' in part


def test_page_asks_again_only_while_behind(alice_client: Client, network: Network, anna: Contact) -> None:
    log_tips(network, "ABCDEF")
    assert "hx-trigger" not in summary_of(alice_client)
    log_favours(network, [Entry(direction="give", kind="tip", contacts=[anna])])
    behind = summary_of(alice_client)
    assert 'hx-get="/network/" hx-trigger="load delay:2s"' in behind
    assert '<a href="/network/">Look again</a>' in behind
    assert "You helped six times" in text_of(behind)
    summaries.recompute(network)
    renewed = summary_of(alice_client)
    assert "hx-trigger" not in renewed
    assert "You helped seven times" in text_of(renewed)


def summary_of(client: Client) -> str:
    return client.get("/network/", headers={"HX-Request": "true"}).content.decode()


def test_first_entry_is_announced_before_its_summary(alice_client: Client, network: Network, anna: Contact) -> None:
    log_favours(network, [Entry(direction="give", kind="tip", contacts=[anna])])
    assert "Your first entry is being woven in." in text_of(summary_of(alice_client))


def test_earlier_month_is_opened_and_nothing_written(alice_client: Client, network: Network) -> None:
    log_tips(network, "ABCDEF", day=date(2024, 2, 29))
    before = list(Summary.objects.values_list("pk", "computed_at"))
    page = alice_client.get("/network/2024-02/")
    assert page.context["story"].given[0] == "You helped six times, mostly with tips."
    assert "The twelve months up to February 2024" in page.content.decode()
    assert list(Summary.objects.values_list("pk", "computed_at")) == before


def test_month_before_any_entry_is_blank(alice_client: Client, network: Network) -> None:
    log_tips(network, "ABCDEF", day=date(2024, 2, 29))
    page = alice_client.get("/network/2023-01/")
    assert "For these twelve months the journal is blank." in text_of(page.content.decode())


def test_present_month_is_the_running_summary_and_later_ones_are_missing(
    alice_client: Client, network: Network
) -> None:
    today = network.today()
    assert alice_client.get(f"/network/{today:%Y-%m}/").headers["Location"] == "/network/"
    assert alice_client.get(f"/network/{today.year + 1}-01/").status_code == 404
    assert alice_client.get("/network/2024-13/").status_code == 404


def test_months_of_the_journal_can_be_opened(alice_client: Client, network: Network) -> None:
    today = network.today()
    log_tips(network, "A", day=date(today.year - 1, 12, 1))
    years = alice_client.get("/network/").context["years"]
    assert years[-1] == (today.year - 1, [date(today.year - 1, 12, 1)])


def test_stranger_sees_nothing_of_it(mallory_client: Client, network: Network) -> None:
    log_tips(network, "ABCDEF", day=date(2024, 2, 29))
    assert "This page is still blank." in text_of(mallory_client.get("/network/").content.decode())
    page = mallory_client.get("/network/2024-02/")
    assert "For these twelve months the journal is blank." in text_of(page.content.decode())


@pytest.mark.parametrize("path", ["/network/", "/network/2024-02/"])
def test_page_needs_a_member_and_is_only_read(client: Client, alice_client: Client, path: str) -> None:
    assert client.get(path).status_code == 302
    assert alice_client.post(path).status_code == 405


@pytest.mark.parametrize(("given", "queries"), [("ABCDE", 5), ("ABCDEABCDEABCDEABCDE", 5)])
def test_number_of_queries_does_not_grow(
    alice_client: Client, network: Network, django_assert_num_queries: Any, given: str, queries: int
) -> None:
    log_tips(network, given)
    with django_assert_num_queries(queries):
        alice_client.get("/network/")
