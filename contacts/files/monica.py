"""Reading the JSON export of Monica (version 1 of its format).

The export is one tree: blocks of ``{"count", "type", "values"}`` under ``account.data``, including the contacts, each
with ``properties`` and blocks of its own; shared objects (photos, activities, relationships, types) are referred to by
UUID.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from contacts.cards import Card, PartialDate, Skipped, Text, UnreadableFileError
from contacts.files import limits
from contacts.files.card_builder import Draft
from contacts.files.dates import full_date, partial_date
from contacts.files.messenger_schemes import MESSENGER_SCHEMES
from contacts.files.vcard import reading as vcard

MOST_VALUES = 500_000
"""Maximum values in a file, estimated by its commas and opening brackets. Python takes up to 250 bytes for each."""
CHARACTERS_PER_VALUE = 500
"""Number of characters that count as one value, because many contacts may refer to the same text or picture."""

NOT_KNOWN = _("This JSON file is no export that netcrm knows. Export your contacts as vCard (.vcf) or CSV instead.")
LEFT_OUT = {
    "document": _("documents"),
    "gift": _("gifts"),
    "pet": _("pets"),
    "reminder": _("reminders"),
    "task": _("tasks"),
}


def check(data: bytes) -> None:
    """Raises ``UnreadableFileError`` for a file that is obviously not an export, without parsing it."""
    check_size(data)
    if b'"account"' not in data or b'"data"' not in data:
        raise UnreadableFileError(NOT_KNOWN)


class Export:
    """A parsed export. The constructor raises ``UnreadableFileError`` for any other file."""

    def __init__(self, data: bytes) -> None:
        account = as_dict(as_dict(parsed(data)).get("account"))
        blocks = values_by_type(account.get("data"))
        self.contacts = blocks.get("contact", [])
        if not account or "data" not in account:
            raise UnreadableFileError(NOT_KNOWN)
        self.field_types = by_uuid(as_dict(account.get("instance")).get("contact_field_types"))
        self.activities = by_uuid(blocks.get("activity"))
        self.photos = by_uuid(blocks.get("photo"))
        self.names = {text_of(contact.get("uuid")): name_of(contact) for contact in self.contacts}
        self.relations: dict[str, list[tuple[str, str]]] = {}
        for relation in blocks.get("relationship", []):
            properties = as_dict(relation.get("properties"))
            of_contact, contact_is = text_of(properties.get("of_contact")), text_of(properties.get("contact_is"))
            known = self.relations.setdefault(of_contact, [])
            if len(known) < limits.MAX_VALUES:
                known.append((text_of(properties.get("type")), contact_is))

    @property
    def notices(self) -> tuple[Text, ...]:
        """Notices for the member about data that netcrm leaves out on purpose."""
        if any(values_by_type(contact.get("data")).get("debt") for contact in self.contacts):
            return (_("Debts were left out: netcrm keeps no account of who owes what to whom."),)
        return ()

    def entries(self) -> Iterator[Card | Skipped]:
        """Yields the contacts. Raises ``UnreadableFileError`` once they hold too much, including referenced values."""
        self.budget = limits.Budget()
        for row, contact in enumerate(self.contacts, start=1):
            yield self._entry(row, contact)

    def _entry(self, row: int, contact: dict[str, Any]) -> Card | Skipped:
        draft = Draft(row)
        properties = as_dict(contact.get("properties"))
        blocks = values_by_type(contact.get("data"))
        # A referenced value may be large, and every contact may refer to the same one.
        self.budget.spend(1 + len(blocks) + sum(map(len, blocks.values())))
        draft.card.uid = text_of(contact.get("uuid"))[:255]
        self._take_properties(draft, properties)
        for field in blocks.get("contact_field", []):
            self._take_contact_field(draft, as_dict(field.get("properties")))
        for address in blocks.get("address", []):
            take_address(draft, as_dict(address.get("properties")))
        self._take_history(draft, blocks)
        relations = self.relations.get(draft.card.uid, ())
        self.budget.spend(len(relations))
        for label, uuid in relations:
            draft.add_related(label, self.names.get(uuid, ""), uuid)
        for kind, name in LEFT_OUT.items():
            if count := len(blocks.get(kind, ())):
                draft.lose(kind, format_lazy(_("Not taken over: {count} {name}."), count=count, name=name))
        return draft.finish()

    def _take_properties(self, draft: Draft, properties: dict[str, Any]) -> None:
        draft.set_text("given_name", text_of(properties.get("first_name")))
        draft.set_text("additional_names", text_of(properties.get("middle_name")))
        draft.set_text("family_name", text_of(properties.get("last_name")))
        draft.set_text("nickname", text_of(properties.get("nickname")))
        draft.set_text("organisation", text_of(properties.get("company")))
        draft.set_text("role", text_of(properties.get("job")))
        draft.add_notes(text_of(properties.get("description")))
        draft.add_notes(text_of(properties.get("food_preferences")))
        draft.card.has_died = properties.get("is_dead") is True or bool(properties.get("deceased_date"))
        for tag in as_list(properties.get("tags")):
            draft.add_circle(text_of(tag))
        take_birthday(draft, as_dict(properties.get("birthdate")))
        first_met = as_dict(properties.get("first_met_date"))
        if not first_met.get("is_year_unknown"):
            draft.set_day("met_on", full_date(text_of(first_met.get("date"))))
        if introducer := text_of(properties.get("first_met_through")):
            draft.add_related("referrer", self.names.get(introducer, ""), introducer)
        self._take_avatar(draft, text_of(as_dict(properties.get("avatar")).get("avatar_photo")))
        take_unknown_properties(draft, text_of(properties.get("vcard")))

    def _take_avatar(self, draft: Draft, uuid: str) -> None:
        address = text_of(as_dict(self.photos.get(uuid, {}).get("properties")).get("dataUrl"))
        if address.startswith("data:"):
            self.budget.spend(len(address) // CHARACTERS_PER_VALUE)
            draft.add_photo("avatar", address.partition(",")[2])

    def _take_contact_field(self, draft: Draft, properties: dict[str, Any]) -> None:
        """Adds a way to reach. Its field type has a name, a protocol and, for e-mail and phone, a type."""
        value = text_of(properties.get("data"))
        kind = as_dict(self.field_types.get(text_of(properties.get("type")), {}).get("properties"))
        name, protocol = text_of(kind.get("name")), text_of(kind.get("protocol")).rstrip(":/").lower()
        if kind.get("type") == "email" or protocol == "mailto":
            draft.add_email(value)
        elif kind.get("type") == "phone" or protocol == "tel":
            draft.add_phone(value)
        elif "://" in value or ":" in value:
            if draft.add_link(value, name) is None:
                draft.keep_column(name, value)
        elif "@" in value and not name:
            draft.add_email(value)
        elif (scheme := protocol or name.lower()) in MESSENGER_SCHEMES:
            draft.add_link(f"{scheme}:{value}", name)
        else:
            draft.keep_column(name or "contact", value)

    def _take_history(self, draft: Draft, blocks: dict[str, list[dict[str, Any]]]) -> None:
        """Adds notes, calls, activities and life events to the notes, with their days."""
        for note in blocks.get("note", []):
            draft.add_notes(text_of(as_dict(note.get("properties")).get("body")))
        for call in blocks.get("call", []):
            properties = as_dict(call.get("properties"))
            add_dated(draft, properties.get("called_at"), properties.get("content"))
        for event in blocks.get("life_event", []):
            properties = as_dict(event.get("properties"))
            add_dated(draft, properties.get("happened_at"), properties.get("name"), properties.get("note"))
        for conversation in blocks.get("conversation", []):
            properties = as_dict(conversation.get("properties"))
            messages = [as_dict(message) for message in as_list(properties.get("messages"))]
            texts = [as_dict(message.get("properties", message)).get("content") for message in messages]
            add_dated(draft, properties.get("happened_at"), *texts)
        for reference in blocks.get("activity", []):
            activity = self.activities.get(text_of(reference.get("uuid")), reference)
            properties = as_dict(activity.get("properties"))
            texts = [properties.get(name) for name in ("summary", "description")]
            self.budget.spend(sum(len(text_of(text)) for text in texts) // CHARACTERS_PER_VALUE)
            add_dated(draft, properties.get("happened_at"), *texts)


def check_size(data: bytes) -> None:
    """Raises ``UnreadableFileError`` for a file that would take too much memory or time."""
    if len(data) > limits.MAX_JSON_BYTES:
        raise UnreadableFileError(
            format_lazy(
                _("The JSON file is larger than {limit} MB. Export your contacts as vCard (.vcf) instead."),
                limit=limits.MAX_JSON_BYTES // limits.MEBIBYTE,
            )
        )
    if sum(map(data.count, (b",", b"[", b"{"))) > MOST_VALUES:
        text = _("The JSON file holds more than {limit} values. Export your contacts as vCard (.vcf) instead.")
        raise UnreadableFileError(format_lazy(text, limit=MOST_VALUES))


def parsed(data: bytes) -> Any:
    """Returns the tree in JSON bytes. Raises ``UnreadableFileError``."""
    check_size(data)
    try:
        return json.loads(data.decode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise UnreadableFileError(_("The JSON file is damaged or incomplete. Download it again.")) from error


def take_birthday(draft: Draft, special: dict[str, Any]) -> None:
    """Sets the birthday from one of Monica's special dates."""
    date = partial_date(text_of(special.get("date")))
    if date is None:
        return
    if special.get("is_age_based"):
        draft.lose("birthdate", _("Only an age was known, no birthday."))
    else:
        draft.set_birthday(PartialDate(date.month, date.day) if special.get("is_year_unknown") else date)


def take_address(draft: Draft, properties: dict[str, Any]) -> None:
    """Adds an address."""
    names = ("street", "city", "province", "postal_code", "country")
    street, city, province, postal_code, country = (text_of(properties.get(name)) for name in names)
    draft.add_address(("", "", street, city, province, postal_code, country), text_of(properties.get("name")))


def take_unknown_properties(draft: Draft, text: str) -> None:
    """Keeps the properties of a vCard imported by Monica for which Monica has no field of its own."""
    for entry in vcard.entries(text.encode("utf-8", "replace")):
        if isinstance(entry, Card):
            for line in entry.extra:
                draft.keep(line)


def add_dated(draft: Draft, day: object, *texts: object) -> None:
    """Adds a paragraph to the notes, beginning with its day."""
    words = ". ".join(text_of(text) for text in texts if text_of(text))
    if words:
        draft.add_notes(f"{text_of(day)[:10]}: {words}" if text_of(day) else words)


def name_of(contact: dict[str, Any]) -> str:
    """Returns the name by which a contact appears in the relationships of other contacts."""
    properties = as_dict(contact.get("properties"))
    parts = (text_of(properties.get(name)) for name in ("first_name", "last_name"))
    return " ".join(part for part in parts if part) or text_of(properties.get("nickname"))


def values_by_type(blocks: object) -> dict[str, list[dict[str, Any]]]:
    """Returns the values of ``[{"type", "values"}, ...]`` by type; a bare UUID becomes an object with that UUID."""
    found: dict[str, list[dict[str, Any]]] = {}
    for block in as_list(blocks):
        values = [
            value if isinstance(value, dict) else {"uuid": value} for value in as_list(as_dict(block).get("values"))
        ]
        found.setdefault(text_of(as_dict(block).get("type")), []).extend(values)
    return found


def by_uuid(values: object) -> dict[str, dict[str, Any]]:
    """Returns the objects in a list by their UUIDs."""
    return {text_of(value.get("uuid")): value for value in as_list(values) if isinstance(value, dict)}


def as_dict(value: object) -> dict[str, Any]:
    """Returns the value if it is a JSON object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """Returns the value if it is a JSON list, or the values of an object; an empty list for anything else."""
    return value if isinstance(value, list) else list(value.values()) if isinstance(value, dict) else []


def text_of(value: object) -> str:
    """Returns a text or number as stripped text; an empty string for anything else."""
    return value.strip() if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""
