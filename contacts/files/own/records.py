"""Records in netcrm's own export other than people."""

from __future__ import annotations

from dataclasses import dataclass

from contacts.files.own.fields import RecordValues


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a section: its position in the file (from 1), and its values, keyed by attribute name."""

    row: int
    section: str
    values: RecordValues

    @property
    def file_id(self) -> str:
        """The identifier in the file; empty if there is none."""
        return str(self.values["uuid"])
