"""What kind of file this is, by its bytes; and for what is no file of contacts, what to do instead."""

from __future__ import annotations

from enum import Enum

from django.utils.translation import gettext_lazy as _

from contacts.cards import UnreadableFileError
from contacts.files import encoding
from contacts.files.vcard import reading as vcard

SAMPLE_BYTES = 64 * 1024
MOST_CONTROL_CHARACTERS = 0.1

FOREIGN_SIGNATURES = (
    (b"%PDF", _("This is a PDF document. Export your contacts as vCard (.vcf) or CSV instead.")),
    (b"\xd0\xcf\x11\xe0", _("This is an old Excel or Outlook file. Save it as CSV, or export your contacts as CSV.")),
    (b"!BDN", _("This is an Outlook data file (.pst). In Outlook choose Open & Export, then export contacts as CSV.")),
    (b"SQLite format 3", _("This is a database. Export your contacts as vCard (.vcf) or CSV instead.")),
    (b"\x1f\x8b", _("This file is compressed. Unpack it and upload the file inside.")),
    (b"Rar!", _("This archive cannot be opened here. Unpack it and upload the file inside.")),
    (b"7z\xbc\xaf", _("This archive cannot be opened here. Unpack it and upload the file inside.")),
    (b"\xff\xd8\xff", _("This is a picture. Export your contacts as vCard (.vcf) or CSV instead.")),
    (b"\x89PNG", _("This is a picture. Export your contacts as vCard (.vcf) or CSV instead.")),
)


class Kind(Enum):
    VCARD = "vcard"
    JSON = "json"
    TABLE = "table"
    ARCHIVE = "archive"


def kind_of(data: bytes) -> Kind:
    """Returns the kind of a file; raises UnreadableFileError if it holds no contacts in any form that netcrm knows."""
    if not data.strip(b"\x00\r\n\t \xef\xbb\xbf\xff\xfe"):
        raise UnreadableFileError(
            _("The file is empty. Export your contacts again, and look whether the file has a size.")
        )
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Kind.ARCHIVE
    for signature, reason in FOREIGN_SIGNATURES:
        if data.startswith(signature):
            raise UnreadableFileError(reason)
    text = encoding.as_utf8(data[:SAMPLE_BYTES]).decode("utf-8", "replace").lstrip("\ufeff \t\r\n\x00")
    start = text[:200].lower()
    if start.startswith(("{", "[")):
        return Kind.JSON
    if "begin:vcalendar" in start and "begin:vcard" not in text.lower():
        raise UnreadableFileError(_("This is a calendar. Export your contacts as vCard (.vcf) or CSV instead."))
    if vcard.is_vcard(text):
        return Kind.VCARD
    if start.startswith(("<?xml", "<!doctype", "<html", "<")):
        raise UnreadableFileError(
            _("This is a web page or XML file. Export your contacts as vCard (.vcf) or CSV instead.")
        )
    if start.startswith(("dn:", "version: 1")) or "\nobjectclass:" in text.lower():
        raise UnreadableFileError(
            _("This is an LDIF file. In the address book choose vCard or CSV as the export's format.")
        )
    if _is_binary(text):
        raise UnreadableFileError(
            _("This file holds no text that can be read. Export your contacts as vCard (.vcf) or CSV.")
        )
    return Kind.TABLE


def _is_binary(text: str) -> bool:
    sample = text[:4096]
    control = sum(1 for character in sample if character < " " and character not in "\t\r\n\x0b\x0c")
    return control > len(sample) * MOST_CONTROL_CHARACTERS
