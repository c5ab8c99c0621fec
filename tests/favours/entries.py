"""Logging help in tests in one line."""

from typing import Any

from contacts.models import Network
from favours.journal import writing
from favours.journal.writing import Entry
from favours.models import Favour


def log_favour(network: Network, **fields: Any) -> Favour:
    """Logs one act of help, given as the fields of an entry."""
    return writing.log_favour(network, Entry(**fields))
