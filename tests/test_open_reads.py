"""The guard against writes while rows are still being read."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db import transaction

from contacts.models import Network
from tests.open_reads import OpenReadError, no_write_while_reading


def touch(network: Network) -> None:
    Network.objects.filter(pk=network.pk).update(revision=1)


def touch_in_a_transaction(network: Network) -> None:
    with transaction.atomic():
        touch(network)


def touch_and_go_on(network: Network) -> None:
    with suppress(OpenReadError):
        touch(network)


def while_reading(act: Callable[[Network], None]) -> None:
    with no_write_while_reading():
        for each in Network.objects.iterator():
            act(each)


@pytest.mark.parametrize("act", [touch, touch_in_a_transaction, touch_and_go_on])
def test_write_between_two_rows_is_refused(network: Network, act: Callable[[Network], None]) -> None:
    with pytest.raises(OpenReadError):
        while_reading(act)


def test_write_in_the_transaction_of_the_read_is_sound(network: Network) -> None:
    with transaction.atomic():
        while_reading(touch)


def test_write_after_the_last_row_is_sound(network: Network) -> None:
    with no_write_while_reading():
        for each in list(Network.objects.iterator()):
            touch(each)


def test_read_that_was_given_up_is_over(network: Network, stranger_network: Network) -> None:
    with no_write_while_reading():
        rows = Network.objects.iterator()
        first = next(rows)
        rows.close()
        touch(first)
