"""Deciding the outcome of each card of a file: a new contact, merged into an existing one, unchanged, or skipped.

The same decisions serve the preview, which writes nothing, and the run. Only hard evidence merges without asking: the
same identity in the program that wrote the file, or the same e-mail address and a compatible name; and not even that if
the two contradict each other (contacts/duplicates/contradictions.py). Everybody else becomes a contact of their own,
and is proposed as a duplicate of anybody with the same evidence.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from contacts.cards import Card, Loss, Text
from contacts.duplicates.contradictions import contradiction
from contacts.files.own.fields import FORMAT
from contacts.importing.intake import Darkroom, person_from
from contacts.importing.known_people import load_people
from contacts.importing.sources import SourceKeys, identity_key, namesake_key, own_uuid
from contacts.models import ImportRow, ImportSource, Network, WayToReach
from contacts.people.identity import are_compatible, resemble, share_a_word
from contacts.people.person import BIRTHDAY, NAME_FIELDS, Changes, Person, short_hash
from contacts.people.ways import region_of

Outcome = ImportRow.Outcome
NEWS = ("role", "organisation")
"""Fields for which a different value from a known source is news."""

OTHER_SPELLING = "other_spelling"
REASONS = {
    "other_birthday": _("Looks like {name}, but has another birthday. Compare the two under Duplicates."),
    "other_generation": _("Looks like {name}, but one of them is a junior or senior. Compare them under Duplicates."),
    "other_given_name": _("Has the origin of {name}, but another given name. Compare the two under Duplicates."),
    OTHER_SPELLING: _("Looks like {name}, but is spelt differently. Compare the two under Duplicates."),
}
"""Reasons why somebody becomes a contact of their own despite hard evidence, by kind of contradiction."""


@dataclass(slots=True)
class Source:
    """The person that a key identifies (None if deleted), and short hashes of all values that the source has supplied.

    `stored` is its row in the database; `is_changed` says whether the row has to be written.
    """

    key: str
    person: Person | None
    known_values: set[str] = field(default_factory=set)
    stored: ImportSource | None = None
    is_changed: bool = False


Doubt: TypeAlias = tuple[Person, str]


@dataclass(slots=True)
class Decision:
    """The outcome of one card. `person` is the contact, new or existing, that it becomes part of.

    `doubts` are the people at whom hard evidence pointed, each with the kind of contradiction. `news` are the values of
    fields that a source says have changed, for the member to take over.
    """

    card: Card
    outcome: ImportRow.Outcome
    person: Person | None = None
    changes: Changes = field(default_factory=Changes)
    reason: Text = ""
    losses: list[Loss] = field(default_factory=list)
    source: Source | None = None
    doubts: list[Doubt] = field(default_factory=list)
    news: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Intake:
    """A card that awaits its decision, with the values that identify its person.

    `namesake_key` is the key of a person to whom a careless program gave another person's identity. `is_own` means that
    netcrm wrote the card, so that its identifier belongs to one contact.
    """

    card: Card
    person: Person
    losses: list[Loss]
    identity: str
    namesake_key: str
    row_key: str
    own_uuid: uuid.UUID | None
    is_own: bool
    fingerprints: list[str]
    doubts: list[Doubt] = field(default_factory=list)

    @property
    def keys(self) -> Iterator[str]:
        """The keys of sources that may be the person's, the most reliable first."""
        return filter(None, (self.identity, self.namesake_key, self.row_key))


class Planner:
    """Decides about the cards of one file, in the file's order.

    It remembers the people of the file so far as if they were in the network already; call `forget` once they are.
    """

    def __init__(self, network: Network, source_format: str) -> None:
        self._network = network
        self._format = source_format
        self._region = region_of(network.owner)
        self._keys = SourceKeys()
        self._darkroom = Darkroom()
        self.forget()

    def forget(self) -> None:
        """Forgets all people: from now on they are in the database."""
        self._people: dict[int, Person] = {}
        self._sources: dict[str, Source] = {}
        self._with_email: dict[str, list[Person]] = {}
        self._with_uuid: dict[uuid.UUID, Person | None] = {}
        self._own_keys: dict[int, set[str]] = {}

    @property
    def remembered(self) -> int:
        """The number of remembered people, each counted once per value that identifies them."""
        return len(self._sources)

    def take_in(self, card: Card) -> Intake:
        """Prepares the next card of the file. Call it once per card, so that equal rows are counted correctly."""
        person, losses = person_from(card, self._darkroom, region=self._region)
        fingerprints = person.fingerprints()
        identity = identity_key(card, person)
        return Intake(
            card,
            person,
            losses,
            identity,
            namesake_key(identity, person),
            self._keys.row_key(fingerprints),
            own_uuid(card),
            bool(card.uid) and (card.is_own or self._format == FORMAT),
            fingerprints,
        )

    def decide(self, intakes: Collection[Intake]) -> list[Decision]:
        """Returns the decisions about the next cards, in a handful of queries."""
        self._look_up(intakes)
        return [self._decide(intake) for intake in intakes]

    def decide_again(self, intake: Intake) -> Decision:
        """Returns a new decision about one card, after its batch could not be written."""
        person, losses = person_from(intake.card, self._darkroom, region=self._region)
        return self.decide([replace(intake, person=person, losses=losses, doubts=[])])[0]

    def _look_up(self, intakes: Collection[Intake]) -> None:
        """Looks up the people and sources for these cards in the database, except those known from earlier cards."""
        keys = {key for intake in intakes for key in intake.keys} - self._sources.keys()
        emails = {email for intake in intakes for email in intake.person.emails()} - self._with_email.keys()
        uuids = {intake.own_uuid for intake in intakes if intake.own_uuid} - self._with_uuid.keys()
        sources = self._stored_sources(keys)
        contacts_with_email = self._contacts_with_email(emails)
        everybody = self._network.contacts(manager="with_trash")
        written = everybody.filter(uuid__among=uuids).only("network", "uuid", "deleted_at")
        own = {contact.uuid: contact for contact in written}
        merges = self._network.merges.filter(merged_uuid__among=uuids).select_related("survivor")
        own |= {merge.merged_uuid: merge.survivor for merge in merges.defer("snapshot")}

        contact_ids = {source.contact_id for source in sources if source.contact_id}
        contact_ids |= {contact_id for _email, contact_id in contacts_with_email} | {
            contact.pk for contact in own.values()
        }
        self._people |= load_people(self._network, contact_ids - self._people.keys())

        for source in sources:
            gone = source.contact is None or source.contact.deleted_at is not None
            person = None if gone else self._people[source.contact_id or 0]
            self._sources[source.key] = Source(source.key, person, set(source.known_values), source)
        for email, contact_id in contacts_with_email:
            self._with_email.setdefault(email, []).append(self._people[contact_id])
        for identifier, contact in own.items():
            self._with_uuid[identifier] = None if contact.deleted_at else self._people[contact.pk]
        if any(intake.is_own for intake in intakes):
            ids = {contact_id for _email, contact_id in contacts_with_email}
            known = self._network.import_sources.filter(format=self._format, contact__among=ids)
            for contact_id, key in known.values_list("contact", "key"):
                self._own_keys.setdefault(id(self._people[contact_id]), set()).add(key)

    def _stored_sources(self, keys: Iterable[str]) -> QuerySet[ImportSource]:
        sources = self._network.import_sources.filter(format=self._format, key__among=keys).select_related("contact")
        return sources.defer("contact__notes", "contact__extra_properties")

    def _contacts_with_email(self, emails: Iterable[str]) -> list[tuple[str, int]]:
        ways = self._network.ways_to_reach.filter(kind=WayToReach.Kind.EMAIL, normalised__among=emails)
        pairs = ways.filter(contact__deleted_at=None).order_by("contact").values_list("normalised", "contact")
        return list(pairs.distinct())

    def _decide(self, intake: Intake) -> Decision:
        decision = self._by_source(intake) or self._by_own_uuid(intake) or self._by_email(intake)
        if decision is None:
            decision = Decision(intake.card, Outcome.CREATED, intake.person, source=self._new_source(intake))
            decision.doubts = intake.doubts
            decision.reason = _reason(intake.doubts)
            self._remember(intake, intake.person)
        decision.losses[:0] = intake.losses
        return decision

    def _by_source(self, intake: Intake) -> Decision | None:
        """Decides by the same identity, or the very same row, in this file or an earlier one."""
        source = self._source_of(intake)
        if source is None:
            return None
        if source.person is None:
            return Decision(intake.card, Outcome.SKIPPED, reason=_("You deleted this contact, and deleted it stays."))
        decision = self._merged(
            intake, source.person, intake.person.without(source.known_values), tells_news=source.stored is not None
        )
        if intake.identity and intake.identity not in self._sources:
            # The row had no identity in earlier files: from now on, the identity leads to the row's person.
            source = self._sources[intake.identity] = Source(intake.identity, source.person, set(source.known_values))
            source.is_changed = True
        fresh = set(intake.fingerprints) - source.known_values
        source.known_values |= fresh
        if fresh or source.is_changed:
            source.is_changed = True
            decision.source = source
        return decision

    def _source_of(self, intake: Intake) -> Source | None:
        """Returns the source that knows the person; one that contradicts them is a doubt."""
        for key in (intake.row_key, intake.namesake_key, intake.identity):
            source = self._sources.get(key)
            if source is not None and (key == intake.row_key or self._stands_for(source, intake)):
                return source
        return None

    def _stands_for(self, source: Source, intake: Intake) -> bool:
        """Returns whether a source is that of the person; records a doubt if only a contradiction denies it."""
        if not _is_still(source, intake.person):
            return False
        kind = _contradiction(source, intake.person)
        if kind and source.person is not None:
            intake.doubts.append((source.person, kind))
        return not kind

    def _by_own_uuid(self, intake: Intake) -> Decision | None:
        """Decides by the identifier of a contact of this network, which netcrm itself wrote into the file."""
        if intake.own_uuid not in self._with_uuid:
            return None
        person = self._with_uuid[intake.own_uuid]
        if person is None:
            return Decision(intake.card, Outcome.SKIPPED, reason=_("You deleted this contact, and deleted it stays."))
        decision = self._merged(intake, person, intake.person)
        decision.source = self._new_source(intake, person)
        return decision

    def _by_email(self, intake: Intake) -> Decision | None:
        """Decides by the same e-mail address and a compatible name; among several people, by exactly that name.

        People who contradict the card, or whom netcrm exported as another contact, do not count.
        """
        known = {id(person): person for email in intake.person.emails() for person in self._with_email.get(email, [])}
        if not known:
            return None
        name = intake.person.name
        people = []
        for place, person in known.items():
            if not resemble(person.name, name) or (
                intake.is_own and self._own_keys.get(place, set()) - {intake.identity}
            ):
                continue
            kind = contradiction(person.fields, intake.person.fields)
            if not kind and not are_compatible(person.name, name):
                kind = OTHER_SPELLING
            if kind:
                intake.doubts.append((person, kind))
            else:
                people.append(person)
        if len(people) > 1:
            people = [person for person in people if set(person.name.words) == set(name.words)]
        if len(people) != 1:
            return None
        decision = self._merged(intake, people[0], intake.person)
        decision.source = self._new_source(intake, people[0])
        return decision

    def _merged(self, intake: Intake, person: Person, fresh: Person, *, tells_news: bool = False) -> Decision:
        """Merges `fresh` into a person. With `tells_news`, a different role or organisation is news, not a loss."""
        changes = person.absorb(fresh)
        self._remember(intake, person)
        news = {name: str(fresh.fields[name]) for name in NEWS if tells_news and name in changes.kept}
        losses = [Loss(name, _kept(person, name)) for name in changes.kept if name not in news]
        outcome = Outcome.MERGED if changes else Outcome.UNCHANGED
        return Decision(intake.card, outcome, person, changes, losses=losses, news=news)

    def _new_source(self, intake: Intake, person: Person | None = None) -> Source:
        """Returns a new source for a person without one, under the first of their keys that is not taken."""
        key = next((key for key in intake.keys if key not in self._sources), intake.row_key)
        source = Source(key, person or intake.person, set(intake.fingerprints), is_changed=True)
        self._sources[key] = source
        return source

    def _remember(self, intake: Intake, person: Person) -> None:
        for email in intake.person.emails():
            known = self._with_email.setdefault(email, [])
            if person not in known:
                known.append(person)
        if intake.is_own:
            self._own_keys.setdefault(id(person), set()).add(intake.identity)


def _is_still(source: Source, person: Person) -> bool:
    """Returns whether an identity still belongs to the same person: careless programs give one to several people.

    It does if any part of the name is as the source supplied it, or has a word in common with the current name.
    """
    names = {short_hash(name, str(person.fields[name])) for name in NAME_FIELDS if name in person.fields}
    if not names.isdisjoint(source.known_values):
        return True
    # The values of an erased contact are no longer known.
    return share_a_word(source.person.name, person.name) if source.person else not (names and source.known_values)


def _contradiction(source: Source, person: Person) -> str:
    """Returns the kind of contradiction between the person and that of a source; empty if there is none.

    Values that the source supplied before do not count: the member may have changed them here since.
    """
    if source.person is None or not (kind := contradiction(source.person.fields, person.fields)):
        return ""
    news = person.without(source.known_values).fields
    called = "given_name" if "given_name" in person.fields else "display_name"
    known = set() if {called, "suffix"} & news.keys() else {*NAME_FIELDS, "suffix"}
    known |= set() if news.keys() & set(BIRTHDAY) else set(BIRTHDAY)
    fields = {name: value for name, value in person.fields.items() if name not in known}
    return kind if len(fields) == len(person.fields) else contradiction(source.person.fields, fields)


def _reason(doubts: Iterable[Doubt]) -> Text:
    """Returns the reason why somebody became a contact of their own despite evidence; empty if there was none."""
    for person, kind in doubts:
        return format_lazy(REASONS[kind], name=person.fields.get("display_name", ""))
    return ""


def _kept(person: Person, name: str) -> Text:
    if name == "birthday":
        return _("The contact has another birthday, which stays.")
    value = person.fields[name]
    if not isinstance(value, str) or len(value) > 60:
        return _("The contact holds something else here, which stays.")
    return format_lazy(_("The contact holds “{value}” here, which stays."), value=value)
