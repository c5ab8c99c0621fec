"""Physical lines of a vCard file: markers, and heads that a program has folded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

BLANKS = " \t"
MARKERS = ("BEGIN:VCARD", "END:VCARD")
NEXT_MARKER = re.compile(rb"[\r\n][ \t]*(?:[Bb][Ee][Gg][Ii][Nn]|[Ee][Nn][Dd])[ \t]*:[ \t]*[Vv][Cc][Aa][Rr][Dd]")
"""A marker as programs write it, without blanks inside of its words."""
FEWEST_FOLDS = 3

WITHOUT_COLON = frozenset(
    ("N", "FN", "ORG", "TITLE", "ROLE", "TEL", "EMAIL", "ADR", "LABEL", "URL", "NOTE", "BDAY", "NICKNAME", "UID", "REV")
)
"""Names that are an empty property if a line has nothing else, rather than a continuation of the text before."""

WITH_PARAMETERS = WITHOUT_COLON | {"PHOTO", "LOGO", "KEY", "IMPP", "RELATED", "CATEGORIES", "ANNIVERSARY", "GEO"}
"""Names whose parameters may be so long that a program folds the line before the colon."""

LONGEST_NAME = max(map(len, WITHOUT_COLON))
LONGEST_CUT_HEAD = 4000


def is_marker(line: str) -> bool:
    """Returns whether a line begins or ends a card, ignoring blanks around and inside."""
    if len(line) > 100:
        return False
    return line.replace(" ", "").replace("\t", "").upper() in MARKERS


def with_whole_heads(lines: Iterable[str], fold: int) -> Iterator[str]:
    """Yields the lines, with heads that were folded before their colon (because of long parameters) rejoined."""
    held = ""
    for line in lines:
        if held and line[:1] in BLANKS and line.strip() and not is_marker(line) and is_rest(held, line.lstrip()):
            line = held + unfolded(line, fold)
        elif held:
            yield held
        held = line if is_cut_head(line) else ""
        if not held:
            yield line
    if held:
        yield held


def is_rest(held: str, line: str) -> bool:
    """Returns whether a continuation line belongs to the head before it.

    A head that is only a name is continued only by its parameters or its colon.
    """
    return ";" in held or line[0] in ":;"


def unfolded(line: str, fold: int) -> str:
    """Returns a continuation line without the blanks that mark it as folded."""
    return line[1:] if line[1:2] not in BLANKS else line[fold:]


def is_cut_head(line: str) -> bool:
    """Returns whether a line can be the first part of a head: a known name, and no colon outside quotes."""
    if len(line) <= LONGEST_NAME and line.upper() in WITHOUT_COLON:
        return True
    if ";" not in line or (":" in line and '"' not in line) or len(line) > LONGEST_CUT_HEAD or line[0] in BLANKS:
        return False
    name = line.partition(";")[0].rpartition(".")[2].strip().upper()
    if name not in WITH_PARAMETERS and not name.startswith("X-"):
        return False
    return ":" not in "".join(line.split('"')[::2])


def fold_width(data: bytes) -> int:
    """Returns the number of blanks that mark a folded line: two if all begin with two, as on old Macs, else one."""
    newline = b"\n" if b"\n" in data else b"\r"
    folds = data.count(newline + b" ")
    return 2 if folds >= FEWEST_FOLDS and folds == data.count(newline + b"  ") else 1
