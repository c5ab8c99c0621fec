"""Taking the contact file out of a ZIP archive such as LinkedIn's, without trusting the sizes that it states."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from contacts.cards import UnreadableFileError
from contacts.files import limits

MOST_MEMBERS = 10_000
READ_BYTES = 1024 * 1024
ENTRY_SIGNATURE = b"PK\x01\x02"
"""The first bytes of each member's entry in the archive's directory."""
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Allowed compression methods. Programs that export contacts use no others, and those would take far more memory."""
LINKEDIN_NAME = "connections.csv"


def contacts_in(data: bytes) -> bytes:
    """Returns the bytes of the contact file in an archive.

    LinkedIn's ``Connections.csv`` is preferred, then vCards (all of them, one after the other), then a lone CSV or JSON
    file. Raises ``UnreadableFileError`` for a damaged, locked or too large archive, and for one without contacts.
    """
    if data.count(ENTRY_SIGNATURE) > MOST_MEMBERS:
        raise UnreadableFileError(_("The archive holds too many files. Unpack it and upload the file of contacts."))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _contacts_in(archive, len(data))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise UnreadableFileError(
            _("The archive is damaged. Download it again, or unpack it and upload the file.")
        ) from error
    except RuntimeError as error:
        raise UnreadableFileError(
            _("The archive is locked with a password. Unpack it and upload the file inside.")
        ) from error


@contextmanager
def pictures_in(data: bytes) -> Iterator[Callable[[str], bytes]]:
    """Opens an archive and yields a function that returns the file at a path.

    It returns no bytes for one that is not there or too large, or once too much has been unpacked.
    """
    room = limits.MAX_UNPACKED_BYTES
    with zipfile.ZipFile(io.BytesIO(data)) as archive:

        def picture(path: str) -> bytes:
            nonlocal room
            try:
                if archive.getinfo(path).compress_type not in PACKINGS or room < 0:
                    return b""
                with archive.open(path) as file:
                    content = file.read(limits.MAX_PHOTO_BYTES + 1)
                    room -= len(content)
            except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
                return b""
            return content if len(content) <= limits.MAX_PHOTO_BYTES else b""

        yield picture


def _contacts_in(archive: zipfile.ZipFile, size: int) -> bytes:
    # Damage can leave a member without a name, of which Python 3.11 can't say whether it is a folder.
    members = [member for member in archive.infolist() if member.filename and not member.is_dir()]
    if sum(member.compress_size for member in members) > size:
        raise zipfile.BadZipFile("Members overlap")  # Thousands may be the same bytes.
    by_suffix: dict[str, list[zipfile.ZipInfo]] = {}
    for member in members:
        folders, _slash, name = member.filename.rpartition("/")
        if name.lower() == LINKEDIN_NAME:
            return _unpacked(archive, [member])
        if not name.startswith(".") and "__MACOSX" not in folders[:100]:
            by_suffix.setdefault(name[name.rfind(".") :].lower(), []).append(member)
    vcards = by_suffix.get(".vcf", []) + by_suffix.get(".vcard", [])
    if vcards:
        return _unpacked(archive, vcards)
    tables = by_suffix.get(".csv", []) + by_suffix.get(".json", [])
    if len(tables) == 1:
        return _unpacked(archive, tables)
    if ".xml" in by_suffix and any(member.filename.startswith("xl/") for member in members):
        raise UnreadableFileError(_("This is an Excel workbook. Save it as CSV and upload that."))
    if tables:
        raise UnreadableFileError(
            _("The archive holds several tables. Unpack it and upload the one with your contacts.")
        )
    raise UnreadableFileError(
        _("The archive holds no contacts. LinkedIn's first archive lacks them: wait for the second, complete one.")
    )


def _unpacked(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> bytes:
    """Returns the bytes of the members one after the other. Raises UnreadableFileError once they are too many."""
    if any(member.compress_type not in PACKINGS for member in members):
        raise UnreadableFileError(_("This archive cannot be opened here. Unpack it and upload the file inside."))
    unpacked = io.BytesIO()
    for member in members:
        with archive.open(member) as source:
            while piece := source.read(READ_BYTES):
                unpacked.write(piece)
                if unpacked.tell() > limits.MAX_UNPACKED_BYTES:
                    raise UnreadableFileError(
                        format_lazy(
                            _("Unpacked, the archive holds more than {limit} MB. Upload your contacts in parts."),
                            limit=limits.MAX_UNPACKED_BYTES // limits.MEBIBYTE,
                        )
                    )
        unpacked.write(b"\r\n")
    return unpacked.getvalue()
