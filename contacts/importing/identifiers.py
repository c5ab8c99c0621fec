"""Identifiers of records in netcrm's own export, which may be imported into another network of the same instance."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import Model

from contacts.cards import uid_key
from contacts.files.own.fields import FORMAT, uuid_of
from contacts.models import Contact, Network


class Identifiers:
    """Maps the identifiers that records of one kind have in a file to those that they get in this network.

    A record keeps its identifier. If another network has a row with it, or it is not a UUID, the record gets a derived
    identifier, which is always the same, so that the record is recognised when the file is read again.
    """

    def __init__(self, network: Network, model: type[Model], file_ids: Iterable[str]) -> None:
        derived = {file_id: uuid.uuid5(network.uuid, file_id) for file_id in file_ids}
        own = {file_id: identifier for file_id in derived if (identifier := uuid_of(file_id))}
        stored = model._base_manager.filter(uuid__among={*own.values(), *derived.values()})
        rows = dict(stored.values_list("uuid", "network"))
        self._names = {
            file_id: own[file_id] if file_id in own and rows.get(own[file_id], network.pk) == network.pk else other
            for file_id, other in derived.items()
        }
        self._known = {identifier for identifier, network_id in rows.items() if network_id == network.pk}

    def __getitem__(self, file_id: str) -> uuid.UUID:
        return self._names[file_id]

    def all(self) -> list[uuid.UUID]:
        """Returns the identifiers of all records."""
        return list(self._names.values())

    def is_known(self, file_id: str) -> bool:
        """Returns whether the network has the record already."""
        return self._names[file_id] in self._known


def contacts_by_file_id(network: Network, file_ids: Iterable[str]) -> dict[str, Contact]:
    """Returns the contacts, including those in the trash, that the people of an export have become in this network."""
    wanted = set(file_ids)
    identifiers = Identifiers(network, Contact, wanted)
    found: dict[str, Contact] = {}
    by_uuid = {identifiers[file_id]: file_id for file_id in wanted}
    for contact in network.contacts(manager="with_trash").filter(uuid__among=by_uuid):
        found[by_uuid[contact.uuid]] = contact
    for merge in network.merges.filter(merged_uuid__among=by_uuid).select_related("survivor").defer("snapshot"):
        found[by_uuid[merge.merged_uuid]] = merge.survivor
    by_key = {uid_key(file_id): file_id for file_id in wanted}
    sources = network.import_sources.filter(format=FORMAT, key__among=by_key, contact__isnull=False)
    for source in sources.select_related("contact"):
        if source.contact is not None:
            found[by_key[source.key]] = source.contact
    return found
