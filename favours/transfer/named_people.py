"""Finding the people named in a table, by name or e-mail address; unknown people are added."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from contacts.cards import Way
from contacts.models import Contact, Network, WayToReach
from contacts.people.directory import add_contacts
from contacts.people.names import split_name
from contacts.people.person import Person
from contacts.people.ways import normalise, region_of
from contacts.text import fold


class UnclearNameError(Exception):
    """Several people have this name; the text says what to do."""


class NamedPeople:
    """Finds the contacts of one network that a table names, and remembers them for the next rows."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._region = region_of(network.owner)
        self._found: dict[str, Contact] = {}
        self._ids_by_name: dict[str, list[int]] = {}
        for contact_id, name in network.contacts.values_list("pk", "display_name").iterator(chunk_size=2000):
            self._ids_by_name.setdefault(_folded(name), []).append(contact_id)

    @contextmanager
    def found(self, names: Collection[str]) -> Iterator[dict[str, Contact]]:
        """Yields the contact of each name, for use in one transaction; added ones are remembered if it succeeds.

        Raises UnclearNameError if several contacts have a name, or an address.
        """
        known = {name: self._found[name] for name in names if name in self._found}
        missing = [name for name in names if name not in known]
        known |= self._by_email([name for name in missing if "@" in name])
        known |= self._by_name([name for name in missing if "@" not in name])
        unknown = {self._key(name): name for name in missing if name not in known}
        added = dict(zip(unknown, add_contacts(self._network, map(self._new, unknown.values())), strict=True))
        known |= {name: added[self._key(name)] for name in missing if name not in known}
        yield known
        self._found |= known
        for key, contact in added.items():
            self._ids_by_name.setdefault(key, []).append(contact.pk)

    def _by_email(self, addresses: Iterable[str]) -> dict[str, Contact]:
        wanted = {self._key(address): address for address in addresses}
        ways = self._network.ways_to_reach.filter(kind=WayToReach.Kind.EMAIL, normalised__among=wanted)
        contacts: dict[str, Contact] = {}
        for way in ways.filter(contact__deleted_at=None).select_related("contact"):
            address = wanted[way.normalised]
            if contacts.setdefault(address, way.contact) != way.contact:
                raise UnclearNameError(
                    _("Several people have the address %(address)s. Write a name.") % {"address": address}
                )
        return contacts

    def _by_name(self, names: Iterable[str]) -> dict[str, Contact]:
        ids: dict[str, int] = {}
        for name in names:
            candidates = self._ids_by_name.get(_folded(name), [])
            if len(candidates) > 1:
                raise UnclearNameError(
                    _("Several people are called %(name)s. Write an e-mail address instead.") % {"name": name[:100]}
                )
            if candidates:
                ids[name] = candidates[0]
        contacts = self._network.contacts.in_bulk(set(ids.values()))
        return {name: contacts[contact_id] for name, contact_id in ids.items()}

    def _key(self, name: str) -> str:
        """Returns a key that is the same for all spellings of one name or address."""
        return normalise(WayToReach.Kind.EMAIL, name, region=self._region) if "@" in name else _folded(name)

    def _new(self, name: str) -> Person:
        if "@" in name:
            return Person.of({"display_name": name}, ways=[Way("email", name)])
        return Person(split_name(name).fields())


def _folded(name: str) -> str:
    return " ".join(fold(name).split())
