"""What a file of contacts is: found out once, from its bytes alone, and kept with the import run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

from django.utils.translation import gettext_lazy as _

from contacts.cards import UnreadableFileError
from contacts.files import archive, encoding, limits, monica
from contacts.files.own.fields import FORMAT
from contacts.files.own.reading import is_own
from contacts.files.sniffing import Kind, kind_of
from contacts.files.tables.layouts import Layout, recognise_layout

Reader: TypeAlias = Literal["own", "vcard", "monica", "table"]
FORMAT_OF_READER = {"own": FORMAT, "vcard": "vcard", "monica": "monica"}


@dataclass(frozen=True)
class Recognition:
    """How a file is read: by which ``reader``, in which ``encoding`` (Python's name), unpacked first or not.

    ``layout`` describes a table; other files have none.
    """

    reader: Reader
    encoding: str = "utf-8"
    is_archive: bool = False
    layout: Layout | None = None

    @property
    def format(self) -> str:
        """One of ``vcard``, ``netcrm``, ``monica``, or the format of a table's layout."""
        return self.layout.format if self.layout else FORMAT_OF_READER[self.reader]

    def as_json(self) -> dict[str, Any]:
        """Returns plain values from which ``from_json`` makes an equal recognition."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Recognition:
        """Returns the recognition that ``as_json`` was called on, whose numbers JSON may have made texts."""
        layout = values["layout"]
        return cls(**{**values, "layout": Layout.from_json(layout) if layout else None})


def recognise(data: bytes) -> Recognition:
    """Returns what a file is. Raises ``UnreadableFileError``, with what to do instead, if it holds no contacts.

    The name and its ending say nothing: people rename files, and programs get endings wrong.
    """
    if is_own(data):
        return Recognition("own")
    limits.check_file_size(len(data))
    kind = kind_of(data)
    is_archive = kind == Kind.ARCHIVE
    if is_archive:
        data = archive.contacts_in(data)
        kind = kind_of(data)
        if kind == Kind.ARCHIVE:
            raise UnreadableFileError(_("The archive holds another archive. Unpack it and upload the file inside."))
    name = encoding.encoding_of(data)
    if kind == Kind.VCARD:
        return Recognition("vcard", name, is_archive)
    data = encoding.as_utf8(data, name)
    if kind == Kind.JSON:
        monica.Export(data)
        return Recognition("monica", name, is_archive)
    return Recognition("table", name, is_archive, recognise_layout(data))
