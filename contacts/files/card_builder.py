"""Building a card from the values that a reader finds; it cleans, limits and de-duplicates each of them.

Nothing is dropped silently: values that do not fit are listed among the card's losses.
"""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Literal, TypeAlias

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from contacts.cards import (
    CARD_TEXTS,
    LENGTHS,
    Card,
    DayField,
    ListField,
    Loss,
    PartialDate,
    Related,
    Skipped,
    Text,
    TextField,
    Way,
    WayKind,
)
from contacts.files import labels, limits
from contacts.files.addresses import address_text, parts_of, with_commas
from contacts.files.dates import partial_date
from contacts.files.inline_images import from_base64, media_type
from contacts.files.messenger_schemes import MESSENGER_SCHEMES
from contacts.files.nothing import SYSTEM_CIRCLES, is_nothing
from contacts.files.phone_numbers import numbers_in, unspoilt
from contacts.files.shown_names import given_name_beside
from contacts.people.names import compose_name, split_name
from contacts.text import clean, one_line, visible

WayKey: TypeAlias = tuple[str, str]

UNREADABLE = "\ufffd"


class Draft:
    """Collects the values of one person in a file; ``finish`` returns the card, or the reason why there is none.

    If netcrm itself wrote the card (``is_own``), a name without parts is kept that way.
    """

    def __init__(self, row: int, *, is_own: bool = False) -> None:
        self.card = Card(row, is_own=is_own)
        self.is_organisation: bool | None = None
        self._ways: dict[WayKey, Way] = {}
        self._preferred: set[WayKey] = set()
        self._repeated: set[WayKey] = set()
        self._notes: list[str] = []
        self._extra_size = 0
        self._full: set[str] = set()

    def lose(self, field: str, reason: Text) -> None:
        """Records that a field could not be imported as a whole."""
        if len(self.card.losses) < limits.MAX_LOSSES:
            self.card.losses.append(Loss(one_line(field)[:80], reason))

    def set_text(self, field: TextField, text: str) -> bool:
        """Fills an empty field. Returns False if the field already holds something else, which stays."""
        text = "" if self._is_nothing(text) else self._bounded(field, one_line(text))
        current = getattr(self.card, field)
        if not current:
            setattr(self.card, field, text)
        return not text or not current or current == text

    def add_circle(self, name: str) -> None:
        """Adds a circle, without Google's ``* `` mark, unless it is the group that Google puts everybody in."""
        name = one_line(name).removeprefix("* ")
        if name.lower() not in SYSTEM_CIRCLES:
            self.add_to("circles", name)

    def add_to(self, field: ListField | Literal["circles"], text: str) -> None:
        """Adds a text to a list unless it is there already."""
        text = "" if self._is_nothing(text) else self._bounded(field, one_line(text))
        texts: list[str] = getattr(self.card, field)
        if text and text not in texts and self._has_room(field, len(texts)):
            texts.append(text)

    def add_notes(self, text: str) -> None:
        """Adds a paragraph to the notes; line breaks are kept."""
        text = clean(text).strip()
        if text and text not in self._notes and self._has_room("notes", len(self._notes)):
            self._notes.append(text)

    def set_birthday(self, date: PartialDate) -> bool:
        """Fills an empty birthday. Returns False if there is another one."""
        self.card.birthday = self.card.birthday or date
        return self.card.birthday == date

    def set_day(self, field: DayField, day: datetime.date | None) -> None:
        """Fills an empty day."""
        if day is not None and getattr(self.card, field) is None:
            setattr(self.card, field, day)

    def set_how_met(self, text: str) -> None:
        """Fills an empty text on how the two met."""
        self.card.how_met = self.card.how_met or self._bounded("how_met", clean(text).strip())

    def add_related(self, label: str, name: str = "", uid: str = "") -> None:
        """Adds a related person by name, by the ``uid`` of their card, or both."""
        related = Related(self._label(label), self._bounded("related", one_line(name)), uid)
        if (related.name or related.uid) and self._has_room("related", len(self.card.related)):
            self.card.related.append(related)

    def add_email(self, text: str, label: str = "", *, preferred: bool = False) -> WayKey | None:
        """Adds an e-mail address, valid or not; understands ``Name <address>`` and ``mailto:``."""
        text = one_line(visible(text))
        if text[:7].lower() == "mailto:":
            text = text[7:].partition("?")[0]
        if text.endswith(">") and "<" in text:
            text = text[text.rindex("<") + 1 : -1].strip()
        return self._add_way("email", text, label, text.casefold(), preferred)

    def add_phone(self, text: str, label: str = "", *, preferred: bool = False) -> WayKey | None:
        """Adds a phone number, valid or not, or several from one text, and returns the key of the first.

        Understands ``tel:``, and adds the address of a messenger as a link. A number rounded by a spreadsheet is a
        loss.
        """
        text = visible(text).strip()
        scheme, colon, number = text.partition(":")
        if colon and scheme.lower() == "tel":
            text = number.replace(";ext=", " ext. ").partition(";")[0]
        elif colon and scheme.lower() in MESSENGER_SCHEMES:
            return self.add_link(text, label, preferred=preferred)
        numbers = [text] if self.card.is_own else numbers_in(text)
        keys = [self._add_number(one_line(number), label, preferred=preferred) for number in numbers]
        return keys[0]

    def _add_number(self, text: str, label: str, *, preferred: bool) -> WayKey | None:
        number = text if self.card.is_own else unspoilt(text)
        if text and not number:
            self.lose("phone", format_lazy(_("A spreadsheet has rounded this number to “{text}”."), text=text))
            self.keep_column("Phone", text)
            return None
        key = "".join(filter(str.isalnum, number)).casefold()
        return self._add_way("phone", number, label, key or number, preferred)

    def add_link(self, text: str, label: str = "", *, preferred: bool = False) -> WayKey | None:
        """Adds a web page or a messenger's address. Returns None, without a loss, for any other scheme."""
        text = one_line(visible(text)).replace("\\:", ":")
        scheme, colon, _rest = text.partition(":")
        scheme = scheme.lower()
        if colon and scheme not in MESSENGER_SCHEMES and scheme not in ("http", "https"):
            if "." not in scheme:  # not "www.example.org:8080"
                return None
            colon = ""
        if text and not colon:
            text = f"https://{text.lstrip('/')}"
        return self._add_way("link", text, label, text.casefold().rstrip("/"), preferred)

    def add_address(self, parts: tuple[str, ...], label: str = "", *, preferred: bool = False) -> WayKey | None:
        """Adds an address of seven components, unless it is empty."""
        if not self.card.is_own:
            parts = tuple(part.strip(" ,") for part in parts)
        parts = tuple(one_line(part if part.isprintable() else with_commas(part)) for part in parts)
        return self._add_way("address", address_text(parts), label, "\n".join(parts).casefold(), preferred, parts)

    def add_whole_address(
        self, text: str, label: str = "", *, region: str = "", country: str = "", preferred: bool = False
    ) -> WayKey | None:
        """Adds an address given as one text, with the region and country that the file has separately."""
        if self.card.is_own:
            return self.add_address(("", "", text, "", region, "", country), label, preferred=preferred)
        parts = parts_of(clean(text))
        completed = (*parts[:4], parts[4] or region, parts[5], parts[6] or country)
        return self.add_address(completed, label, preferred=preferred)

    def relabel(self, key: WayKey, label: str) -> None:
        """Replaces the label that a way's type implied by the way's own, or adds to it if the way occurs repeatedly."""
        if label := self._label(label):
            way = self._ways[key]
            self._ways[key] = replace(way, label=labels.joined(way.label, label) if key in self._repeated else label)

    def add_photo(self, field: str, encoded: str) -> bool:
        """Adds a picture in base64. Returns False if there is one already; an unusable picture is a loss."""
        if self.card.photo is not None:
            return False
        if len(encoded) * 3 // 4 > limits.MAX_PHOTO_BYTES * 11 // 10:  # a tenth for line ends
            self.lose(field, too_large_photo())
            return True
        picture = from_base64(encoded)
        kind = media_type(picture)
        if len(picture) > limits.MAX_PHOTO_BYTES:
            self.lose(field, too_large_photo())
        elif not kind:
            self.lose(field, _("The picture is damaged or of an unknown type."))
        else:
            self.card.photo, self.card.photo_type = picture, kind
        return True

    def keep(self, line: str) -> None:
        """Keeps a property that netcrm does not model."""
        self._extra_size += len(line)
        if self._extra_size > limits.MAX_EXTRA_CHARACTERS or len(self.card.extra) >= limits.MAX_VALUES:
            self._extra_size -= len(line)
            self.lose(line.partition(":")[0], _("This entry holds too much that netcrm has no field for."))
        elif line not in self.card.extra:
            self.card.extra.append(line)

    def keep_column(self, header: str, value: str) -> None:
        """Keeps the cell of a column that netcrm does not model, as a vCard property of its own."""
        self.keep(f"X-NETCRM-COLUMN:{escaped(one_line(header))};{escaped(clean(value))}")

    def keep_date(self, label: str, text: str, *, month_first: bool) -> bool:
        """Keeps a day that netcrm has no field for, such as an anniversary. Returns False if the text is not a day."""
        date = partial_date(text, month_first=month_first)
        if date is not None:
            self.keep(f"X-NETCRM-DATE:{escaped(self._label(label))};{date}")
        return date is not None

    def finish(self) -> Card | Skipped:
        """Returns the completed card, with joined notes, ways in order and a display name, or why it is skipped."""
        card = self.card
        card.notes = self._joined_notes()
        card.related = distinct(card.related)
        card.ways = list(self._ways.values())
        if self._preferred:
            preferred = {self._ways[key] for key in self._preferred}
            card.ways.sort(key=lambda way: way not in preferred)
        card.is_organisation = self._is_organisation()
        if not card.is_own:  # netcrm wrote the texts as they were stored, including any U+FFFD.
            if not card.is_organisation:
                self._complete_names()
            self._report_unreadable()
        card.display_name = card.display_name or self._bounded("display_name", composed_name(card))
        if not card.display_name:
            text = ", ".join(card.extra)[:100] or card.uid
            return Skipped(card.row, _("This entry holds neither a name nor a way to reach anybody."), text)
        return card

    def _complete_names(self) -> None:
        """Fills in missing parts of the name from the display name, split like a typed one."""
        card = self.card
        if card.given_name or not card.display_name:
            return
        name = split_name(card.display_name)
        if not card.family_name:
            if not card.additional_names:
                card.is_organisation = name.is_organisation and self.is_organisation is None
                self._fill("given_name", name.given_name)
                self._fill("family_name", name.family_name)
                self._fill("suffix", name.suffix)
                self._fill("nickname", name.nickname)
                self._fill("prefix", name.prefix)
        elif given := given_name_beside(card.family_name, card.display_name, name):
            self._fill("given_name", given)
            self._fill("prefix", name.prefix)

    def _fill(self, field: TextField, text: str) -> None:
        """Fills a field if it is empty; any other value in it is better and stays, without a loss."""
        if text and not getattr(self.card, field):
            setattr(self.card, field, self._bounded(field, text))

    def _report_unreadable(self) -> None:
        """Lists as losses the fields with a character that could not be decoded and became U+FFFD."""
        card = self.card
        texts: list[tuple[str, str]] = [(name, getattr(card, name)) for name in CARD_TEXTS]
        texts += [(way.kind, way.value) for way in card.ways]
        texts += [("circles", name) for name in card.circles]
        texts += [(line.partition(":")[0], line) for line in card.extra]
        for field, text in texts:
            if UNREADABLE in text:
                start = max(text.index(UNREADABLE) - 20, 0)
                part = one_line(text[start : start + 40])
                self.lose(field, format_lazy(_("A character could not be read: “{text}”"), text=part))

    def _add_way(
        self, kind: WayKind, value: str, label: str, key: str, preferred: bool, parts: tuple[str, ...] = ()
    ) -> WayKey | None:
        value, label = self._bounded(kind, value), self._label(label)
        if not value or self._is_nothing(value) or not self._has_room(kind, len(self._ways)):
            return None
        way_key = (kind, key)
        known = self._ways.get(way_key)
        if known is None:
            self._ways[way_key] = Way(kind, value, label, parts)
        elif kind != "link" or not known.label:  # A link has only one label, its service.
            self._repeated.add(way_key)
            self._ways[way_key] = replace(known, label=labels.joined(known.label, label))
        if preferred:
            self._preferred.add(way_key)
        return way_key

    def _is_nothing(self, text: str) -> bool:
        return not self.card.is_own and is_nothing(text)

    def _bounded(self, field: str, text: str) -> str:
        limit = LENGTHS[field]
        if len(text) <= limit:
            return text
        self.lose(field, format_lazy(_("The text was shortened to {limit} characters."), limit=limit))
        return text[:limit].rstrip()

    def _label(self, text: str) -> str:
        return labels.plain(one_line(text)) if text else ""

    def _is_organisation(self) -> bool:
        """Returns whether the card is an organisation: if the file says so, or names an organisation but no person."""
        if self.is_organisation is not None:
            return self.is_organisation
        card = self.card
        named = card.given_name or card.family_name or card.nickname
        return bool(card.organisation) and not named and card.display_name in ("", card.organisation)

    def _joined_notes(self) -> str:
        return self._bounded("notes", "\n\n".join(self._notes))

    def _has_room(self, field: str, count: int) -> bool:
        if count < limits.MAX_VALUES:
            return True
        # A card may have a hundred thousand values too many, so the loss is recorded only once per field.
        if field not in self._full:
            self._full.add(field)
            self.lose(
                field,
                format_lazy(
                    _("More than {limit} values of this kind; the rest was left out."), limit=limits.MAX_VALUES
                ),
            )
        return False


def distinct(related: list[Related]) -> list[Related]:
    """Returns each related person once, preferring the entry with the identifier of a card."""
    identified = {(each.label, each.name) for each in related if each.uid}
    return [each for each in dict.fromkeys(related) if each.uid or (each.label, each.name) not in identified]


def escaped(text: str) -> str:
    """Returns the text with all special characters of vCard components escaped."""
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace(",", "\\,").replace(";", "\\;")


def composed_name(card: Card) -> str:
    """Returns the best name for a card without a display name.

    It is made of the name's parts, or else is the nickname, organisation, first way or first line of the notes.
    """
    name = compose_name(
        prefix=card.prefix,
        given_name=card.given_name,
        additional_names=card.additional_names,
        family_name=card.family_name,
        suffix=card.suffix,
    )
    first_way = next((way.value for way in card.ways), "")
    first_line = card.notes.partition("\n")[0][:60].strip()
    return name or card.nickname or card.additional_names or card.organisation or first_way or first_line


def too_large_photo() -> Text:
    """Returns the reason why a picture was left out."""
    return format_lazy(
        _("The picture is larger than {limit} MB and was left out."), limit=limits.MAX_PHOTO_BYTES // limits.MEBIBYTE
    )
