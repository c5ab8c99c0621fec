"""Reading the people picker: chosen contacts, new names, and typed names that may be either."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import QueryDict
from django.utils.translation import gettext as _

from contacts.models import Contact, Network
from contacts.people.directory import add_contacts
from contacts.people.names import split_name
from contacts.people.person import Person
from contacts.people.photos import with_pictures
from contacts.people.search import find_contacts
from contacts.text import fold, one_line

MAX_PEOPLE = 200
"""Maximum people per entry. A longer list of names is not looked up, because each name costs queries of its own."""
MAX_NAME = 200
MAX_SUGGESTIONS = 8
TELLING = 3
"""Number of words of a typed name, the longest ones, that are used to find candidates; the full name then decides."""
SEPARATORS = re.compile(r"[;\r\n]+")


@dataclass(frozen=True, slots=True)
class Picked:
    """The people picked. `choices` are the contacts that the `ambiguous` names may mean; `errors` say what to do.

    `typed` is text that was not looked up and goes back into its field. Nothing is stored yet: `people` adds the new
    contacts.
    """

    contacts: Sequence[Contact] = ()
    new_names: Sequence[str] = ()
    choices: Sequence[Contact] = ()
    errors: Sequence[str] = ()
    ambiguous: Sequence[str] = ()
    typed: str = ""

    def people(self, network: Network, **fields: Any) -> list[Contact]:
        """Return everybody picked, adding new names to the directory with these `fields`. Raises ValidationError."""
        new = (Person(split_name(name).fields() | fields) for name in self.new_names)
        return [*self.contacts, *add_contacts(network, new)]


def picked_people(network: Network, data: QueryDict) -> Picked:
    """Read the picker's fields: `contacts` (identifiers), `new_people` and `people` (typed names, separated by ";").

    A typed name that exactly one contact has means that contact; a name that no contact has means a new person. If
    several contacts have it, or if it is only somebody's given name, they become the choices. An identifier that is not
    in this network is left out with an error. If there are more people than fit into one entry, the typed names are
    returned unread.
    """
    errors: list[str] = []
    contacts = _by_identifiers(network, data.getlist("contacts"), errors)
    new_names = [name for name in map(one_line, data.getlist("new_people")) if name]
    choices: list[Contact] = []
    ambiguous: list[str] = []
    typed = data.getlist("people")
    names = _typed_names(typed)
    if names is None or len(contacts) + len(new_names) + len(names) > MAX_PEOPLE:
        return Picked(contacts, new_names, errors=[*errors, _too_many()], typed="; ".join(typed))
    for name in names:
        if len(name) > MAX_NAME:
            new_names.append(name)
            continue
        bearers, namesakes = bearers_and_namesakes(network, name)
        if len(bearers) == 1:
            contacts.extend(bearers)
        elif not namesakes:
            new_names.append(name)
        elif not {contact.pk for contact in namesakes} & {contact.pk for contact in contacts}:
            choices.extend(namesakes)
            ambiguous.append(name)
            errors.append(_("Which “%(name)s” do you mean? Tick the one, or a new person.") % {"name": name})
    too_long = [name for name in new_names if len(name) > MAX_NAME]
    errors.extend(_("This name is too long: %(name)s…") % {"name": name[:40]} for name in too_long)
    contacts = list(dict.fromkeys(contacts))
    new_names = list(dict.fromkeys(new_names))
    return Picked(contacts, new_names, choices, errors, tuple(ambiguous))


def suggested_people(network: Network, query: str) -> list[Contact]:
    """Return at most eight contacts for a typed text, the last contacted first; matches by name take precedence."""
    if not query.strip():
        return []
    by_name = _latest_contact_first(find_contacts(network, query, names_only=True))
    return by_name or _latest_contact_first(find_contacts(network, query))


def bearers_and_namesakes(network: Network, name: str) -> tuple[list[Contact], list[Contact]]:
    """Return the contacts that a typed name may mean, as two lists: bearers and namesakes.

    Bearers have exactly this display name or nickname, ignoring case, accents and umlauts. The namesakes are those
    bearers or, if there are none, the contacts with this given name, the last contacted first.
    """
    folded = fold(name)
    found = find_contacts(network, name, names_only=True, most=TELLING)
    candidates = found[:MAX_PEOPLE]
    bearers = [contact for contact in candidates if folded in (fold(contact.display_name), fold(contact.nickname))]
    if bearers or not candidates:
        return bearers, bearers
    return [], [contact for contact in _latest_contact_first(found) if fold(contact.given_name) == folded]


def _latest_contact_first(contacts: Any) -> list[Contact]:
    archived_last = F("archived_at").asc(nulls_first=True)
    ordered = with_pictures(contacts).order_by(archived_last, F("last_contact_on").desc(nulls_last=True), "sort_name")
    return list(ordered[:MAX_SUGGESTIONS])


def _by_identifiers(network: Network, identifiers: Iterable[str], errors: list[str]) -> list[Contact]:
    wanted = list(dict.fromkeys(identifiers))
    try:
        contacts = {str(contact.uuid): contact for contact in network.contacts.filter(uuid__in=wanted)}
    except ValidationError:
        contacts = {}
    if len(contacts) < len(wanted):
        errors.append(_("Somebody you picked is no longer among your contacts. Pick them again."))
    return [contacts[identifier] for identifier in wanted if identifier in contacts]


def _typed_names(texts: Sequence[str]) -> list[str] | None:
    """Return the distinct names in the texts, or None if the texts are longer than any valid entry could be."""
    if sum(map(len, texts)) > MAX_PEOPLE * MAX_NAME:
        return None
    names = (one_line(name) for text in texts for name in SEPARATORS.split(text))
    return list(dict.fromkeys(name for name in names if name))


def _too_many() -> str:
    return _("At most %(count)s people fit into one entry. Log the others in a second one.") % {"count": MAX_PEOPLE}
