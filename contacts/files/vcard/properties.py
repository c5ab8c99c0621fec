"""Handlers for vCard properties.

A handler adds the property to the draft and returns whether it did; a declined property is kept verbatim. ``HANDLERS``
holds those of all properties that netcrm models.
"""

from __future__ import annotations

import re

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from contacts.cards import DayField, ListField, PartialDate, TextField, WayKind
from contacts.files import encoding, labels
from contacts.files.dates import full_date, is_unset, partial_date
from contacts.files.vcard import messengers as vcard_messengers
from contacts.files.vcard.builder import ORGANISATION_KINDS, Handler, VCardDraft
from contacts.files.vcard.content_lines import STRAY, Property, split_escaped, unescaped
from contacts.files.vcard.dialects import (
    ANDROID_BIRTHDAY,
    ANDROID_RELATIONS,
    DEPARTMENT_PROPERTIES,
    LINK_PROPERTIES,
    NICKNAME_PROPERTIES,
    RELATED_PROPERTIES,
)
from contacts.files.vcard.fields import (
    DAYS,
    GROUP_LABEL,
    HAS_DIED,
    HOW_MET,
    KEPT,
    LISTS,
    NAME_FIELDS,
    OMITTED_YEAR,
    PRODUCT,
    RELATED_CARD,
    RELATED_NAME,
    SHOWN_AS,
    WAYS,
    WOULD_CALL,
)
from contacts.files.vcard.folding import is_marker
from contacts.files.vcard.postal import ADDRESS_LABEL, take_address, take_address_text
from contacts.text import clean, one_line

EMPTY = " ;,\t"
UNDERSTOOD_KINDS = ORGANISATION_KINDS | {"GROUP", "INDIVIDUAL", "PERSON"}
SHORTEST_PICTURE = 100
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+-]{1,20}:[^ ]")


def take(draft: VCardDraft, prop: Property) -> None:
    """Adds a property to the draft, or keeps it verbatim; ignores empty ones."""
    name = prop.head.name
    draft.awaits_agent = name == "AGENT" and not prop.value.strip()
    if prop.head is STRAY:
        text = clean(encoding.repaired(prop.value[:200]))[:60]
        draft.lose("", format_lazy(_("A line that is no property was left out: “{text}”"), text=text))
        return
    handler = HANDLERS.get(name)
    if handler is None:
        if prop.value.strip():
            draft.keep(prop.line())
    elif (prop.value.strip(EMPTY) or ADDRESS_LABEL in prop.head.parameters) and not handler(draft, prop):
        draft.keep(prop.line())


def take_version(draft: VCardDraft, prop: Property) -> bool:
    draft.version = prop.value.strip() or "?"
    return True


def take_product(draft: VCardDraft, prop: Property) -> bool:
    draft.card.is_own = prop.text().strip() == PRODUCT
    return True


def take_kind(draft: VCardDraft, prop: Property) -> bool:
    draft.kind = one_line(prop.text()).upper()
    return draft.kind in UNDERSTOOD_KINDS


def take_member(draft: VCardDraft, prop: Property) -> bool:
    draft.members[plain_uid(prop.text())] = prop
    return True


def take_shown_as(draft: VCardDraft, prop: Property) -> bool:
    draft.is_organisation = prop.value.strip().upper() == "COMPANY"
    return True


def take_uid(draft: VCardDraft, prop: Property) -> bool:
    uid = plain_uid(prop.text())
    draft.card.uid = draft.card.uid or uid
    return draft.card.uid == uid


def take_name(draft: VCardDraft, prop: Property) -> bool:
    card = draft.card
    if any(getattr(card, field) for field in NAME_FIELDS):
        return False
    for field, component in zip(NAME_FIELDS, prop.components(), strict=False):
        if "," in component and not draft.version.startswith("2"):
            pieces = [unescaped(piece).strip() for piece in split_escaped(component, ",")]
            text = (", " if field == "suffix" else " ").join(piece for piece in pieces if piece)
        else:
            text = unescaped(component)
        draft.set_text(field, text)
    return True


def take_display_name(draft: VCardDraft, prop: Property) -> bool:
    pieces = prop.components()
    while len(pieces) > 1 and not pieces[-1].strip():
        pieces.pop()  # Written as if it were one of the structured name's parts.
    return draft.set_text("display_name", unescaped(";".join(pieces)))


def take_organisation(draft: VCardDraft, prop: Property) -> bool:
    name, *units = (one_line(unescaped(piece)) for piece in prop.components())
    if not draft.set_text("organisation", name):
        return False
    return draft.set_text("department", ", ".join(unit for unit in units if unit))


def take_nickname(draft: VCardDraft, prop: Property) -> bool:
    names = [unescaped(piece).strip() for piece in prop.components(",")]
    return draft.set_text("nickname", ", ".join(name for name in names if name))


def take_role(draft: VCardDraft, prop: Property) -> bool:
    draft.roles.append(prop)  # a TITLE further down takes precedence
    return True


def take_categories(draft: VCardDraft, prop: Property) -> bool:
    for piece in prop.components(","):
        draft.add_circle(unescaped(piece))
    return True


def take_notes(draft: VCardDraft, prop: Property) -> bool:
    draft.add_notes(prop.text())
    return True


def take_phone(draft: VCardDraft, prop: Property) -> bool:
    key = draft.add_phone(prop.text(), labels.from_types(prop.head.types), preferred=prop.head.is_preferred)
    return draft.add_grouped(prop, key)


def take_email(draft: VCardDraft, prop: Property) -> bool:
    text = prop.text()
    if is_exchange_address(text):
        draft.lose("EMAIL", _("This address works only inside its company's mail server."))
        return False
    key = draft.add_email(text, labels.from_types(prop.head.types), preferred=prop.head.is_preferred)
    return draft.add_grouped(prop, key)


def take_link(draft: VCardDraft, prop: Property) -> bool:
    key = draft.add_link(prop.text(), labels.from_types(prop.head.types), preferred=prop.head.is_preferred)
    if key is None:
        draft.lose(prop.head.name, _("This is not the address of a web page."))
    return draft.add_grouped(prop, key)


def link_as(label: str) -> Handler:
    """Returns a handler for a property that is named after the kind of web page whose address it holds."""
    return lambda draft, prop: draft.add_grouped(prop, draft.add_link(prop.text(), label))


def take_birthday(draft: VCardDraft, prop: Property) -> bool:
    text = prop.text().strip()
    if is_unset(text):
        return True
    date = partial_date(text, month_first=draft.month_first)
    if date is None or prop.head.parameters.get("CALSCALE", "gregorian").lower() != "gregorian":
        draft.lose(prop.head.name, _("This is not a day of the calendar that netcrm can keep as a birthday."))
        return False
    if str(date.year) == prop.head.parameters.get(OMITTED_YEAR):
        date = PartialDate(date.month, date.day)
    return draft.set_birthday(date)


def take_death(draft: VCardDraft, prop: Property) -> bool:
    draft.card.has_died = True
    return False


def take_own_death(draft: VCardDraft, prop: Property) -> bool:
    draft.card.has_died = True
    return True


def take_would_call(draft: VCardDraft, prop: Property) -> bool:
    draft.card.would_call = True
    return True


def take_photo(draft: VCardDraft, prop: Property) -> bool:
    """Adds a picture that the file holds; a picture given only by its URL is never fetched."""
    value = prop.value.strip()
    if value[:5].lower() == "data:":
        description, comma, _rest = unescaped(value[:200]).partition(",")
        if not comma or "base64" not in description.lower():
            return False
        value = value[value.index(",") + 1 :]
    elif prop.head.encoding != "base64" and ("://" in value[:30] or len(value) < SHORTEST_PICTURE):
        return False
    return draft.add_photo(prop.head.name, value)


def take_related(draft: VCardDraft, prop: Property) -> bool:
    text = prop.text().strip()
    label = labels.from_types(prop.head.types)
    if prop.head.parameters.get("VALUE", "").lower() == "text" or not SCHEME.match(text):
        return draft.add_grouped_related(prop, label, text)
    if text[:9].lower() != "urn:uuid:":
        return False
    draft.add_related(label, uid=plain_uid(text))
    return True


def related_as(label: str) -> Handler:
    """Returns a handler for a property that is named after the relation."""

    def take_named(draft: VCardDraft, prop: Property) -> bool:
        return draft.add_grouped_related(prop, label or labels.from_types(prop.head.types), prop.text())

    return take_named


def take_children(draft: VCardDraft, prop: Property) -> bool:
    for piece in prop.components(","):
        draft.add_related("child", unescaped(piece))
    return True


def take_agent(draft: VCardDraft, prop: Property) -> bool:
    text = prop.text()
    if is_marker(text.lstrip()[:100].partition("\n")[0]):
        return True  # the splitter reads it as a card of its own
    if SCHEME.match(text):
        return False
    draft.add_related("agent", text)
    return True


def take_own_related(draft: VCardDraft, prop: Property) -> bool:
    label, name, uid = ([unescaped(piece) for piece in prop.components()] + ["", "", ""])[:3]
    draft.add_related(label, name, uid)
    return True


def take_group_label(draft: VCardDraft, prop: Property) -> bool:
    if not prop.head.group:
        return False
    draft.labels_by_group[prop.head.group] = prop
    return True


def take_android(draft: VCardDraft, prop: Property) -> bool:
    """Adds a field that vCard 2.1 lacks, as Android writes it.

    The value is ``vnd.android.cursor.item/<kind>;<value>;<type>;<label>``.
    """
    kind, value, number, label = ([unescaped(piece).strip() for piece in prop.components()] + [""] * 4)[:4]
    kind = kind.rpartition("/")[2].lower()
    if kind == "nickname":
        return draft.set_text("nickname", value)
    if kind == "relation":
        draft.add_related(ANDROID_RELATIONS.get(number, label), value)
        return True
    if kind == "contact_event" and number == ANDROID_BIRTHDAY and (date := partial_date(value)) is not None:
        return draft.set_birthday(date)
    return False


def take_kept(draft: VCardDraft, prop: Property) -> bool:
    draft.keep(one_line(prop.text().replace("\n", "\\n")))
    return True


def take_how_met(draft: VCardDraft, prop: Property) -> bool:
    draft.set_how_met(prop.text())
    return True


def text_into(field: TextField) -> Handler:
    """Returns a handler for a property that is one line of text."""
    return lambda draft, prop: draft.set_text(field, prop.text())


def day_into(field: DayField) -> Handler:
    """Returns a handler for a property that is a day."""

    def take_day(draft: VCardDraft, prop: Property) -> bool:
        day = full_date(prop.text())
        draft.set_day(field, day)
        return day is not None

    return take_day


def list_into(field: ListField) -> Handler:
    """Returns a handler for a property that is one of a list of texts."""

    def take_item(draft: VCardDraft, prop: Property) -> bool:
        draft.add_to(field, prop.text())
        return True

    return take_item


def nothing(draft: VCardDraft, prop: Property) -> bool:
    """Drops a property about the file or the program that wrote it."""
    return True


def plain_uid(text: str) -> str:
    """Returns an identifier without ``urn:uuid:``, which only some programs write."""
    text = one_line(text)
    return text[9:] if text[:9].lower() == "urn:uuid:" else text


def is_exchange_address(text: str) -> bool:
    """Returns whether an e-mail address is an X.500 one, as Outlook writes for colleagues."""
    return text.lstrip()[:3].lower() == "/o="


WAY_HANDLERS: dict[WayKind, Handler] = {"email": take_email, "phone": take_phone, "address": take_address}
HANDLERS: dict[str, Handler] = {
    "VERSION": take_version,
    "PRODID": take_product,
    "REV": nothing,
    "PROFILE": nothing,
    "KIND": take_kind,
    "X-ADDRESSBOOKSERVER-KIND": take_kind,
    "MEMBER": take_member,
    "X-ADDRESSBOOKSERVER-MEMBER": take_member,
    SHOWN_AS.upper(): take_shown_as,
    "UID": take_uid,
    "N": take_name,
    "FN": take_display_name,
    "NICKNAME": take_nickname,
    "ORG": take_organisation,
    "TITLE": text_into("role"),
    "ROLE": take_role,
    "CATEGORIES": take_categories,
    "NOTE": take_notes,
    "X-MS-TEL": take_phone,
    "LABEL": take_address_text,
    "URL": take_link,
    "BDAY": take_birthday,
    "DEATHDATE": take_death,
    "PHOTO": take_photo,
    "AGENT": take_agent,
    "RELATED": take_related,
    RELATED_NAME: related_as(""),
    "X-CHILDREN": take_children,
    GROUP_LABEL.upper(): take_group_label,
    "X-ANDROID-CUSTOM": take_android,
    "HOBBY": list_into("interests"),
    HOW_MET: take_how_met,
    HAS_DIED: take_own_death,
    WOULD_CALL: take_would_call,
    RELATED_CARD: take_own_related,
    KEPT: take_kept,
}
HANDLERS |= {name: WAY_HANDLERS[kind] for name, kind in WAYS.items()}
HANDLERS |= {name: day_into(field) for name, field in DAYS.items()}
HANDLERS |= {name: list_into(field) for name, field in LISTS.items()}
HANDLERS |= vcard_messengers.HANDLERS
HANDLERS |= {name: related_as(label) for name, label in RELATED_PROPERTIES.items()}
HANDLERS |= {name: link_as(label) for name, label in LINK_PROPERTIES.items()}
HANDLERS |= dict.fromkeys(DEPARTMENT_PROPERTIES, text_into("department"))
HANDLERS |= dict.fromkeys(NICKNAME_PROPERTIES, take_nickname)

STARTERS = frozenset(name for name in HANDLERS if not name.startswith("X-")) - {"AGENT", "MEMBER", "PRODID"}
"""Properties that, outside any card, show that a BEGIN is missing."""
