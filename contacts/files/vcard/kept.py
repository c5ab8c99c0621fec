"""Translating properties kept from other files into the version being written, so that strict readers accept the card.

A property that has no place in that version is written as a property of netcrm's own, from which netcrm's reader
restores it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from contacts.files.card_builder import escaped
from contacts.files.labels import from_types
from contacts.files.vcard.content_lines import ENCODINGS, PLAIN_ENCODINGS, Head, split_head, split_quoted, unescaped
from contacts.files.vcard.fields import KEPT

TOKEN = re.compile(r"[A-Za-z0-9-]+")
ONCE = frozenset(("N", "BDAY", "ANNIVERSARY", "DEATHDATE", "GENDER", "KIND", "PRODID", "REV", "UID"))
"""Properties that a card may have only once."""
NOT_IN_4 = frozenset(("AGENT", "MEMBER", "LABEL"))
"""Properties that 4.0 lacks, or has only in groups."""
DATES = frozenset(("BDAY", "ANNIVERSARY", "DEATHDATE"))
DATE = re.compile(
    r"(?:[0-9]{4}-?[0-9]{2}-?[0-9]{2}|[0-9]{4}(?:-[0-9]{2})?|--[0-9]{2}-?[0-9]{2}|---[0-9]{2})(?:T[0-9:.Z+-]+)?"
)
FULL_DATE = re.compile(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}(?:T[0-9:.Z+-]+)?")
PLACE = re.compile(r"(?:geo:)?(-?[0-9]+(?:\.[0-9]+)?)\s*[;,]\s*(-?[0-9]+(?:\.[0-9]+)?)", re.IGNORECASE)
MEDIA = {"PHOTO": "image", "LOGO": "image", "SOUND": "audio", "KEY": "application"}
DATA = re.compile(r"data:(?:([A-Za-z]+)/([A-Za-z0-9.+-]+))?[^,]{0,80};base64,(.+)", re.IGNORECASE)
VALUES = {"url": "uri", "cid": "uri", "content-id": "uri"}
"""Value types of 2.1, with their names in later versions."""

Parameters = list[tuple[str, str]]


def kept_lines(lines: Iterable[str], version: str, written: list[str]) -> Iterator[str]:
    """Yields the kept lines in a form that a card of this version, 3.0 or 4.0, can hold.

    `written` are the card's lines so far. In 4.0, kept labels are added to the addresses among them.
    """
    taken = {name_of(line) for line in written}
    for line in lines:
        split = split_head(line)
        translated = None
        if split is not None and not (split[0].name in ONCE and split[0].name in taken):
            translated = _translated(*split, version)
            taken.add(split[0].name)
        if translated is None and split is not None and split[0].name == "LABEL":
            _label(written, *split)
        yield translated or f"{KEPT}:{escaped(line)}"


def name_of(line: str) -> str:
    """Returns the name of the property on a line, in capitals and without its group."""
    return re.split("[;:]", line, maxsplit=1)[0].rpartition(".")[2].upper()


def _translated(head: Head, value: str, version: str) -> str | None:
    """Returns a property as a line of this version, or None if the version has no equivalent."""
    group, _dot, name = split_quoted(head.text, ";")[0].strip().rpartition(".")
    if (
        not TOKEN.fullmatch(name)
        or (group and not TOKEN.fullmatch(group))
        or (version == "4.0" and head.name in NOT_IN_4)
    ):
        return None
    parameters = list(_parameters(head, version))
    if head.name in MEDIA:
        parameters, value = _media(head, parameters, value, version)
    elif head.encoding == "base64":
        parameters.append(("ENCODING", "b"))
    elif head.name == "REV" and not FULL_DATE.fullmatch(value):
        return None
    elif head.name in DATES:
        if not DATE.fullmatch(value) and version == "4.0":
            parameters = [*_without(parameters, "VALUE"), ("VALUE", "text")]
        elif version == "3.0" and not FULL_DATE.fullmatch(value):
            return None
    elif head.name == "GEO" and (place := PLACE.fullmatch(value.strip())):
        value = f"geo:{place[1]},{place[2]}" if version == "4.0" else f"{place[1]};{place[2]}"
        parameters = _without(parameters, "VALUE")
    shown = "".join(f";{key}={_quoted(text)}" for key, text in dict.fromkeys(parameters))
    return f"{group}.{name}{shown}:{value}" if group else f"{name}{shown}:{value}"


def _parameters(head: Head, version: str) -> Iterator[tuple[str, str]]:
    """Yields the parameters as pairs of name and value, without those about the value's encoding in its file."""
    for piece in split_quoted(head.text, ";")[1:]:
        key, equals, text = (part.strip() for part in piece.partition("="))
        if not equals:
            key, text = ("ENCODING", key) if key.upper() in {*ENCODINGS, *PLAIN_ENCODINGS} else ("TYPE", key)
        if key.upper() in ("ENCODING", "CHARSET") or not text or not TOKEN.fullmatch(key):
            continue
        for each in split_quoted(text.replace('"', ""), ",") if key.upper() == "TYPE" else [text]:
            if key.upper() == "TYPE" and each.strip().upper() == "PREF" and version == "4.0":
                yield "PREF", "1"
            elif key.upper() == "VALUE":
                yield key.upper(), VALUES.get(each.lower(), each)
            elif each.strip():
                yield key, each.strip()


def _media(head: Head, parameters: Parameters, value: str, version: str) -> tuple[Parameters, str]:
    """Returns the parameters and value of a picture, sound or key, either embedded or given by its URL."""
    data = DATA.fullmatch(value.replace("\\,", ",").replace("\\;", ";"))
    if not data and head.encoding != "base64":
        is_address = version == "3.0" and ":" in value and ("VALUE", "uri") not in parameters
        return [*parameters, ("VALUE", "uri")] if is_address else parameters, value
    kinds = [text for key, text in parameters if key.upper() == "TYPE"]
    kind = data[2] if data and data[2] else (kinds or [""])[0]
    content = data[3] if data else value
    rest = _without(_without(parameters, "TYPE"), "VALUE")
    if version == "3.0":
        return [*rest, ("ENCODING", "b"), *([("TYPE", kind.upper())] if kind else [])], content
    media = data[1] if data and data[1] else MEDIA[head.name]
    return rest, f"data:{media}/{kind.lower() or 'octet-stream'};base64,{content}"


def _label(written: list[str], head: Head, value: str) -> None:
    """Adds the text of a label to the address with the same type, or else to the first address without a label."""
    places = [place for place, line in enumerate(written) if name_of(line) == "ADR" and ";LABEL=" not in line]
    word = from_types(tuple(kind for kind in head.types if kind != "pref"))
    fitting = [place for place in places if f"TYPE={word}" in written[place].partition(":")[0]] if word else []
    for place in (fitting or places)[:1]:
        front, _colon, rest = written[place].partition(":")
        text = unescaped(value).replace("\n", "\\n")
        written[place] = f"{front};LABEL={_in_quotes(text)}:{rest}"


def _without(parameters: Parameters, name: str) -> Parameters:
    return [(key, text) for key, text in parameters if key.upper() != name]


def _quoted(text: str) -> str:
    """Returns a parameter's value, quoted if necessary."""
    bare = text.strip('"')
    return _in_quotes(bare) if re.search('[;:,"]', bare) else bare


def _in_quotes(text: str) -> str:
    return '"{}"'.format(text.replace('"', "'"))
