"""The pairs that wait for the member's decision: finding, storing and answering them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from contacts.database.batches import Pace
from contacts.duplicates.finding import find_duplicates
from contacts.duplicates.people import read_records
from contacts.duplicates.records import SAME_ORIGIN, Proposal
from contacts.models import DuplicatePair, Network

State = DuplicatePair.State
AT_ONCE = 500
ASKED_AGAIN_AFTER = timedelta(days=30)
"""Time after which the member is asked again about a pair that they put off."""


def find(network: Network) -> list[Proposal]:
    """Return the contacts that may be one person, the likeliest pair first, identified by primary keys.

    Pairs that the member called two people are left out. Takes three queries and writes nothing.
    """
    distinct = set(network.duplicate_pairs.filter(state=State.DISTINCT).values_list("first", "second"))
    found = find_duplicates(read_records(network))
    return [proposal for proposal in found if (proposal.first, proposal.second) not in distinct]


def refresh_if_behind(network_id: int) -> None:
    """Search this network for duplicates, if it exists and any of its texts changed since the last search."""
    network = behind().filter(pk=network_id).first()
    if network is not None:
        refresh(network)


def refresh(network: Network) -> None:
    """Search for duplicates, store the pairs found, and delete those no longer found. The member's decisions stay.

    Pairs with a contact in the trash are left alone, so that they reappear when it is restored. Changes made during the
    search are covered by the next one, because the network remembers the revision from before the search.
    """
    revision = Network.objects.values_list("text_revision", flat=True).get(pk=network.pk)
    _store(network, {(proposal.first, proposal.second): proposal for proposal in find(network)})
    Network.objects.filter(pk=network.pk, duplicates_revision__lt=revision).update(duplicates_revision=revision)


def behind() -> QuerySet[Network]:
    """Return the networks whose texts changed since duplicates were last searched for."""
    return Network.objects.filter(duplicates_revision__lt=F("text_revision"))


def open_pairs(network: Network) -> QuerySet[DuplicatePair]:
    """Return the pairs to ask the member about today, the likeliest first, with both contacts loaded."""
    asked = Q(state=State.OPEN) | Q(state=State.LATER, later_until__lte=network.today())
    return _present(network).filter(asked).select_related("first", "second").order_by("-score", "pk")


def call_distinct(network: Network, pair: DuplicatePair) -> None:
    """Remember for good that these are two people."""
    _answer(network, pair, State.DISTINCT, None)


def put_off(network: Network, pair: DuplicatePair, until: date) -> None:
    """Ask about the pair again from `until`, a date in the member's calendar."""
    _answer(network, pair, State.LATER, until)


def reopen(network: Network, pair: DuplicatePair) -> None:
    """Withdraw the member's decision."""
    _answer(network, pair, State.OPEN, None)


def propose(network: Network, proposals: Iterable[Proposal]) -> None:
    """Store proposals of an import, which searches keep until they are answered; known pairs stay as they are."""
    pairs = [_new_pair(network, proposal) for proposal in proposals]
    network.duplicate_pairs.bulk_create(pairs, ignore_conflicts=True, batch_size=AT_ONCE)


def _answer(network: Network, pair: DuplicatePair, state: DuplicatePair.State, until: date | None) -> None:
    pair.state, pair.later_until = state, until
    network.duplicate_pairs.filter(pk=pair.pk).update(state=state, later_until=until)


def _present(network: Network) -> QuerySet[DuplicatePair]:
    """Return the pairs of which neither contact is in the trash."""
    return network.duplicate_pairs.filter(first__deleted_at=None, second__deleted_at=None)


def _store(network: Network, found: dict[tuple[int, int], Proposal]) -> None:
    """Make the stored pairs match those that were found.

    Works in batches of at most a few hundred, so that other writers do not wait. Their writes take precedence: a pair
    that was called two people meanwhile stays, and a contact that was erased gets no pairs.
    """
    stored = {(pair.first_id, pair.second_id): pair for pair in _present(network)}
    pace = Pace(AT_ONCE)
    gone = [pair.pk for key, pair in stored.items() if key not in found and not _brought(pair)]
    for keys in pace.turns(gone):
        network.duplicate_pairs.filter(pk__among=keys).exclude(state=State.DISTINCT).delete()
    for pairs in pace.turns([pair for key, pair in stored.items() if key in found and _take_over(pair, found[key])]):
        network.duplicate_pairs.bulk_update(pairs, ["score", "is_certain", "evidence"])
    for proposals in pace.turns([found[key] for key in sorted(found.keys() - stored.keys())]):
        _add(network, proposals)


@transaction.atomic
def _add(network: Network, proposals: list[Proposal]) -> None:
    network.lock()
    contacts = network.contacts.filter(pk__among={key for each in proposals for key in (each.first, each.second)})
    present = set(contacts.values_list("pk", flat=True))
    pairs = [_new_pair(network, each) for each in proposals if {each.first, each.second} <= present]
    # Another worker may have found the same pairs.
    network.duplicate_pairs.bulk_create(pairs, ignore_conflicts=True)


def _take_over(pair: DuplicatePair, proposal: Proposal) -> bool:
    """Update a stored pair from a proposal. Return whether that changes it."""
    before = (pair.score, pair.is_certain, pair.evidence)
    pair.score, pair.is_certain = proposal.score, proposal.is_certain
    pair.evidence = [*proposal.evidence_as_json(), *_brought(pair)]
    return before != (pair.score, pair.is_certain, pair.evidence)


def _brought(pair: DuplicatePair) -> list[dict[str, Any]]:
    """Return the evidence of a pair that came from an import, and that no search can find."""
    return [reason for reason in pair.evidence if reason["kind"] == SAME_ORIGIN]


def _new_pair(network: Network, proposal: Proposal) -> DuplicatePair:
    return DuplicatePair(
        network=network,
        first_id=proposal.first,
        second_id=proposal.second,
        score=proposal.score,
        is_certain=proposal.is_certain,
        evidence=proposal.evidence_as_json(),
    )
