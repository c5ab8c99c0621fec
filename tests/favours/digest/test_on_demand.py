"""Letters on demand: five a day, while the weekly letter comes as always."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.utils.translation import override

from accounts.models import OutgoingMail
from favours.digest.sending import TooManyLettersError, due_networks, send_one_now, write_letters
from tests.calendar import SEVEN

pytestmark = pytest.mark.usefixtures("at_seven")


def test_five_letters_on_demand_in_a_day_and_the_weekly_one(network, people):
    assert [send_one_now(network, uuid4()) for _ in range(5)] == [True] * 5
    with pytest.raises(TooManyLettersError):
        send_one_now(network, uuid4())
    write_letters(due_networks(SEVEN, 100), SEVEN)
    assert OutgoingMail.objects.count() == 6


def test_weekly_letter_does_not_count(network, people):
    write_letters(due_networks(SEVEN, 100), SEVEN)
    assert [send_one_now(network, uuid4()) for _ in range(5)] == [True] * 5


def test_second_tap_does_not_count(network, people):
    key = uuid4()
    assert [send_one_now(network, key) for _ in range(9)] == [True] * 9
    assert [send_one_now(network, uuid4()) for _ in range(4)] == [True] * 4


@pytest.mark.parametrize(("language", "words"), [("en", "five letters in a day"), ("de", "fünf Briefe an einem Tag")])
def test_page_says_clearly_that_five_are_enough(alice, alice_client, network, people, language, words):
    alice.language = language
    alice.save()
    with override(language):
        pages = [alice_client.post("/letter/now/", {"key": uuid4()}, follow=True) for _ in range(6)]
    assert [words in page.content.decode() for page in pages] == [False] * 5 + [True]
