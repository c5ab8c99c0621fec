"""Helpers for importing files of contacts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from contacts.database.batches import Pace
from contacts.importing.running import bring_in_now
from contacts.models import ImportRun, Network

Bring = Callable[..., ImportRun]


def card(name: str = "", **properties: str) -> str:
    """Return a vCard; underscores in the names of properties become hyphens."""
    lines = [f"FN:{name}"] if name else []
    lines += [f"{key.replace('_', '-')}:{value}" for key, value in properties.items()]
    return "\r\n".join(["BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD", ""])


@pytest.fixture
def bring(network: Network) -> Bring:
    """A function that imports vCards into Alice's network."""

    def bring_cards(*cards: str) -> ImportRun:
        return bring_in_now(network, name="contacts.vcf", data="".join(cards).encode())

    return bring_cards


class Steady(Pace):
    """A pace whose batches always have the largest size, as if each transaction took as long as it should."""

    def __init__(self, largest: int) -> None:
        super().__init__(largest)
        self.size = largest

    @contextmanager
    def turn(self) -> Iterator[None]:
        self._give_way()
        yield
