"""Nothing that leaves netcrm says how much one contact gave or received: each output is fetched and searched.

A few contacts have numbers that occur nowhere else. Each guard was seen to fail: with Anna's numbers on a contact's
page, on the start page of the admin site and, with "You owe", in the letter; with a journal that accepts a direction,
with or without a form field; with counts by contact in a summary; with Django's own page for confirming a deletion; and
with a search of the admin site that says how many entries each contact has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from contacts.models import Contact, Network
from contacts.people.directory import add_contact
from favours.forms.entry import JournalFilterForm
from favours.journal.writing import Entry, log_favours
from favours.models import Favour
from favours.reciprocity import summaries
from tests.conftest import make_member
from tests.favours.conftest import make_people
from tests.favours.outputs import (
    Output,
    admin_pages,
    mails,
    pages,
    stored_figures,
    visible,
    without_drawings,
)
from tests.favours.test_no_ledger import DENIALS, LEDGER_WORDS
from tests.isolation.rows import Belongings, plant

pytestmark = pytest.mark.any_database

GIVEN, RECEIVED = 263, 101
"""Numbers of favours that Anna received from Alice and gave to her in the last twelve months."""
GIVEN_TO_BEN, RECEIVED_FROM_BEN = 157, 61
"""The same for Ben, who is in Anna's circle and organisation."""
OTHERS = "CDEFGH"
GIVEN_TO_OTHERS, RECEIVED_FROM_OTHERS = 97, 41
"""The same for each of the others, so that the whole network's figures pass the gate."""


def accounts_of(given: int, received: int) -> set[str]:
    """Return every number that reveals an account: both counts, their sum, their difference and their quotients."""
    total = given + received
    return {
        str(given),
        str(received),
        str(total),
        str(given - received),
        f"{given / received:.2f}",
        f"{received / given:.2f}",
        f"{100 * given / total:.0f} %",
        f"{100 * received / total:.0f} %",
    }


ACCOUNTS = (
    accounts_of(GIVEN, RECEIVED)
    | accounts_of(GIVEN_TO_BEN, RECEIVED_FROM_BEN)
    | accounts_of(GIVEN + GIVEN_TO_BEN, RECEIVED + RECEIVED_FROM_BEN)
)
ACCOUNT = re.compile(
    r"(?<![\w.,])("
    + "|".join(re.escape(number).replace(r"\ ", r"\s?") for number in sorted(ACCOUNTS))
    + r")(?![\w%]|[.,]\d)"
)


def accounts_in(outputs: Iterable[Output]) -> list[tuple[str, list[str]]]:
    """Return the outputs that reveal one of the accounts, with the numbers that do and some surrounding words."""
    found = []
    for source, text in outputs:
        text = without_drawings(text)
        numbers = [text[max(match.start() - 40, 0) : match.end() + 20] for match in ACCOUNT.finditer(text)]
        if numbers:
            found.append((source, numbers))
    return found


def ledger_words_in(outputs: Iterable[Output]) -> list[tuple[str, str]]:
    found = []
    for source, text in outputs:
        words = visible(text)
        for denial in DENIALS:
            words = words.replace(denial, "")
        found += [
            (source, words[max(match.start() - 40, 0) : match.end() + 20]) for match in LEDGER_WORDS.finditer(words)
        ]
    return found


@pytest.fixture(params=["en", "de"])
def alice(request: pytest.FixtureRequest, db: None) -> User:
    """Alice, who may tidy up on the admin site, in each language."""
    return make_member("alice@example.org", name="Alice", is_staff=True, language=request.param)


@pytest.fixture
def belongings(network: Network) -> Belongings:
    """One row of every kind, and enough help for a recognisable account."""
    belongings = plant(network)
    anna, ben = belongings.contact, network.contacts.get(display_name="Ben Secret")
    for contact in (anna, ben):
        belongings.circle.memberships.get_or_create(network=network, contact=contact)
    Contact.objects.filter(pk__in=[anna.pk, ben.pk]).update(organisation="Secret & Sons")
    log_many(network, anna, GIVEN - 1, RECEIVED)  # One tip by `plant` is for both of them,
    log_many(network, ben, GIVEN_TO_BEN - 1, RECEIVED_FROM_BEN - 1)  # and Ben gave one there.
    for other in make_people(network, *OTHERS):
        log_many(network, other, GIVEN_TO_OTHERS, RECEIVED_FROM_OTHERS)
    Favour.objects.filter(network=network).update(day=network.today())
    network.participations.update(day=network.today())
    network.mark_changed(network.today() - timedelta(days=400))
    summaries.recompute(network)
    return belongings


def log_many(network: Network, contact: Contact, given: int, received: int) -> None:
    kinds = Favour.Kind.values
    log_favours(
        network,
        [
            Entry(direction=direction, kind=kinds[number % len(kinds)], contacts=[contact])
            for direction, count in (("give", given), ("receive", received))
            for number in range(count)
        ],
    )


def test_figures_of_the_network_are_shown(alice_client: Client, belongings: Belongings) -> None:
    figures = summaries.running_summary(belongings.network).figures
    given, received = figures["flow"]["give"], figures["flow"]["receive"]
    assert given == GIVEN + GIVEN_TO_BEN - 1 + len(OTHERS) * GIVEN_TO_OTHERS
    assert received == RECEIVED + RECEIVED_FROM_BEN + len(OTHERS) * RECEIVED_FROM_OTHERS
    assert ACCOUNTS.isdisjoint({str(given), str(received)})
    page = visible(alice_client.get("/network/").content.decode())
    assert re.search(rf"1[.,]?{given % 1000:03} (times|Mal)", page)


UNITS = {"times": r"\b(times|once|twice|Mal|mal)\b", "people": r"\b(people|person|Menschen?|Leuten?|Personen?)\b"}


def test_no_unit_of_the_network_page_is_on_both_sides(alice_client: Client, belongings: Belongings) -> None:
    """Seen to fail with "It reached nine people." in the first paragraph, and with a table of the favours received."""
    html = alice_client.get("/network/").content.decode()
    given, received = re.findall(r"<p><strong>.*?</strong>(.*?)</p>", html, re.DOTALL)[:2]
    assert [unit for unit, words in UNITS.items() if re.search(words, given)] == ["times"]
    assert [unit for unit, words in UNITS.items() if re.search(words, received)] == ["people"]
    numbers = [re.findall(r"<td[^>]*>[^<]*\d", table) for table in re.findall(r"<table.*?</table>", html, re.DOTALL)]
    assert [bool(found) for found in numbers] == [True, False, True]  # Given by month, received, by kind.
    assert html.count('class="mix"') == 1


def test_no_page_tells_or_stores_an_account_nor_speaks_of_one(alice_client: Client, belongings: Belongings) -> None:
    outputs = list(pages(alice_client, belongings))
    assert accounts_in(outputs) == []
    assert ledger_words_in(output for output in outputs if "/export/" not in output.source) == []
    assert accounts_in(stored_figures(belongings.network)) == []


@pytest.mark.parametrize("operates", [False, True])
def test_no_admin_page_tells_an_account_nor_speaks_of_one(
    alice_client: Client, alice: User, belongings: Belongings, operates: bool
) -> None:
    User.objects.filter(pk=alice.pk).update(is_superuser=operates)
    outputs = list(admin_pages(alice_client, belongings.network))
    assert accounts_in(outputs) == []
    assert ledger_words_in(outputs) == []


def test_no_mail_tells_or_stores_an_account_nor_speaks_of_one(belongings: Belongings) -> None:
    outputs = list(mails(belongings.network))
    assert outputs != []
    assert accounts_in(outputs) == []
    assert ledger_words_in(outputs) == []
    assert accounts_in(stored_figures(belongings.network)) == []


@pytest.mark.parametrize("number", ["263", "about 364.", 'data-help="101"', "72 %", "2.60", "(162)", "263:101"])
def test_guard_sees_an_account(number: str) -> None:
    assert accounts_in([Output("page", f"<p>{number}</p>")]) != []


def test_journal_has_no_filter_by_person_or_direction() -> None:
    assert list(JournalFilterForm().fields) == ["q", "kind", "since", "until"]


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "?q=Anna",
        "?q=Anna&direction=give",
        "?q=Anna&direction=receive&mode=give",
        "?q=Anna&kind=tip",
        "?q=Anna+helped",
        "?q=give",
        "?direction=receive",
        "?kind=receive",
        "with/{anna}/",
        "with/{anna}/?direction=give",
        "with/{anna}/?q=give&kind=give",
    ],
)
def test_no_address_of_the_journal_parts_the_directions(alice_client: Client, network: Network, asked: str) -> None:
    anna, ben = (add_contact(network, display_name=name) for name in ("Anna", "Ben"))
    log_many(network, anna, given=3, received=2)
    log_many(network, ben, given=2, received=3)
    page = alice_client.get("/favours/" + asked.format(anna=anna.uuid))
    directions = {moment.direction for moment in page.context["moments"]}
    assert directions in (set(), {"give", "receive"})
