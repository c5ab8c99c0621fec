"""Contact files of every kind that netcrm reads, with a payload wherever text is allowed."""

from __future__ import annotations

import csv
import io
import json
import re
import uuid
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from contacts.files.tables.headers import EXACT
from contacts.files.vcard.properties import HANDLERS
from contacts.models import Network
from favours.transfer.exports import request_export, write_export

FIXTURES = Path(__file__).parents[1] / "contacts" / "files" / "fixtures"
LINKEDIN = ("First Name", "Last Name", "URL", "Email Address", "Company", "Position", "Connected On")
STRUCTURE = {"uuid", "type", "id", "format", "version", "kind", "direction", "language", "state"}
"""JSON keys of identifiers, kinds and formats, whose values must stay valid."""

IDENTIFIER = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NAMES_THE_CARD = {"VERSION", "PRODID", "REV", "PROFILE", "KIND", "UID", "AGENT", "MEMBER", "PHOTO"}


class HostileFile(NamedTuple):
    """A file to upload."""

    name: str
    data: bytes


def hostile_files(payload: str, own_export: bytes) -> Iterator[HostileFile]:
    """Yield one file of each kind. `own_export` is netcrm's own JSON of a network with text in every field."""
    yield HostileFile(f"{payload}.csv", unknown_table(payload))
    yield HostileFile(f"known{payload}.csv", known_table(payload))
    yield HostileFile(f"{payload}.vcf", cards(payload))
    yield HostileFile(f"{payload}.zip", linkedin_archive(payload))
    for name in ("monica", "export"):
        export = (FIXTURES / "monica" / "export.json").read_bytes() if name == "monica" else own_export
        yield HostileFile(f"{name}{payload}.json", json.dumps(poisoned(json.loads(export), payload)).encode())


def written_export(network: Network) -> bytes:
    """Return Alice's data as netcrm's own JSON, with new identifiers so that all of it is imported as new."""
    export = request_export(network, file_format="json")
    write_export(export.pk)
    export.refresh_from_db()
    assert export.file is not None
    others: dict[str, str] = {}
    return IDENTIFIER.sub(
        lambda found: others.setdefault(found[0], str(uuid.uuid4())), bytes(export.file.content).decode()
    ).encode()


def table(rows: Sequence[Sequence[str]]) -> bytes:
    """Format the rows as CSV."""
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue().encode()


def unknown_table(payload: str) -> bytes:
    """Return a table of unknown columns with the payload in every header and cell, as shown on the columns page."""
    return table([[f"{number}{payload}" for number in range(4)], *[[payload] * 4] * 3])


def split_table(pieces: Sequence[str]) -> bytes:
    """Return a table in which the first row and each column spell the payload in pieces."""
    rows = [pieces, *([piece] * len(pieces) for piece in pieces)]
    return table([[f"Person {number}", *row] for number, row in enumerate(rows)])


def known_table(payload: str) -> bytes:
    """Return a table with a column per field, under its first known name, and an unknown one named by the payload."""
    header = [*(names[0] for names in EXACT.values()), payload]
    return table([header, *[[f"{payload}{number}"] * len(header) for number in range(2)]])


def cards(payload: str) -> bytes:
    """Return a vCard with every property that is read and one that is not, each with the payload as value and type."""
    text = payload.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    quoted = payload.replace('"', "")
    names = [name for name in HANDLERS if name not in NAMES_THE_CARD and " " not in name]
    lines = [f"FN:{text}", f"N:{text};{text};{text};{text};{text}", f"ADR:;;{text};{text};{text};{text};{text}"]
    lines += [f'{name};TYPE="{quoted}":{text}' for name in [*names, "X-FOREIGN"]]
    lines += [f"item1.TEL:{text}", f"item1.X-ABLABEL:{text}", f"{payload}", "PHOTO:AAAA"]
    card = "\r\n".join(["BEGIN:VCARD", "VERSION:4.0", *lines, "END:VCARD", ""])
    return (card + card.replace(f"FN:{text}", f"FN:Second {text}")).encode()


def linkedin_archive(payload: str) -> bytes:
    """Return a LinkedIn archive with the payload in its cells and in the name of an additional file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        rows = [LINKEDIN, *[[f"{payload}{row}"] * (len(LINKEDIN) - 1) + ["03 May 2026"] for row in range(2)]]
        archive.writestr("Connections.csv", table(rows))
        archive.writestr(f"a{payload.replace('/', '')}.csv", payload)
    return packed.getvalue()


def poisoned(value: Any, payload: str, key: str = "") -> Any:
    """Append the payload to every text in a JSON value except dates, identifiers and the values of STRUCTURE's keys."""
    if isinstance(value, dict):
        return {name: poisoned(each, payload, name) for name, each in value.items()}
    if isinstance(value, list):
        return [poisoned(each, payload, key) for each in value]
    is_text = isinstance(value, str) and value and not re.match(r"\d{4}-\d\d-\d\d|[0-9a-f]{8}-|data:", value)
    return f"{value}{payload}" if is_text and key not in STRUCTURE else value
