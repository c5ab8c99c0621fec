"""One-line logging of help for tests."""

from typing import Any

from contacts.models import Network
from favours.journal import writing
from favours.journal.writing import Entry
from favours.models import Favour


def log_favour(network: Network, **fields: Any) -> Favour:
    """Log one act of help, given as the fields of an entry, and return it."""
    return writing.log_favour(network, Entry(**fields))
