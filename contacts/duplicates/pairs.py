"""The pairs that wait for the member's answer: found, stored, answered."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from contacts.database.batches import batches
from contacts.duplicates.finding import find_duplicates
from contacts.duplicates.people import read_records
from contacts.duplicates.records import Proposal
from contacts.models import DuplicatePair, Network

State = DuplicatePair.State
AT_ONCE = 500
ASKED_AGAIN_AFTER = timedelta(days=30)
"""So long a pair rests that the member put off."""


def find(network: Network) -> list[Proposal]:
    """Which contacts may be one person, the likeliest pair first, in three queries; keys are primary keys.

    Pairs that the member called two people are left out. Writes nothing.
    """
    distinct = set(network.duplicate_pairs.filter(state=State.DISTINCT).values_list("first", "second"))
    found = find_duplicates(read_records(network))
    return [proposal for proposal in found if (proposal.first, proposal.second) not in distinct]


def refresh_if_behind(network_id: int) -> None:
    """Look for duplicates in the network with this key, if it is there and any text changed since the last time."""
    network = behind().filter(pk=network_id).first()
    if network is not None:
        refresh(network)


def refresh(network: Network) -> None:
    """Look for duplicates, store what is found, and drop what no longer holds. The member's verdicts stay.

    A pair whose contacts lie in the trash is left alone, so that it is there again when they come back. Whatever
    changes meanwhile is looked at next time: the network remembers the revision as of before.
    """
    revision = Network.objects.values_list("text_revision", flat=True).get(pk=network.pk)
    _store(network, {(proposal.first, proposal.second): proposal for proposal in find(network)})
    Network.objects.filter(pk=network.pk, duplicates_revision__lt=revision).update(duplicates_revision=revision)


def behind() -> QuerySet[Network]:
    """The networks whose texts changed since duplicates were last looked for."""
    return Network.objects.filter(duplicates_revision__lt=F("text_revision"))


def open_pairs(network: Network) -> QuerySet[DuplicatePair]:
    """The pairs that the member is to be asked about today, the likeliest first, with both contacts."""
    asked = Q(state=State.OPEN) | Q(state=State.LATER, later_until__lte=network.today())
    return _present(network).filter(asked).select_related("first", "second").order_by("-score", "pk")


def call_distinct(network: Network, pair: DuplicatePair) -> None:
    """Remember for good that these are two people."""
    _answer(network, pair, State.DISTINCT, None)


def put_off(network: Network, pair: DuplicatePair, until: date) -> None:
    """Ask about the pair again from the day `until` of the member's on."""
    _answer(network, pair, State.LATER, until)


def reopen(network: Network, pair: DuplicatePair) -> None:
    """Take the member's answer back."""
    _answer(network, pair, State.OPEN, None)


def _answer(network: Network, pair: DuplicatePair, state: DuplicatePair.State, until: date | None) -> None:
    pair.state, pair.later_until = state, until
    network.duplicate_pairs.filter(pk=pair.pk).update(state=state, later_until=until)


def _present(network: Network) -> QuerySet[DuplicatePair]:
    """The pairs of which neither contact lies in the trash."""
    return network.duplicate_pairs.filter(first__deleted_at=None, second__deleted_at=None)


def _store(network: Network, found: dict[tuple[int, int], Proposal]) -> None:
    """Make the stored pairs those that were found.

    A few hundred at a time, so that nobody waits who writes meanwhile. What they write counts: a pair that was called
    two people stays, and a contact that was erased takes part in none.
    """
    stored = {(pair.first_id, pair.second_id): pair for pair in _present(network)}
    gone = [pair.pk for key, pair in stored.items() if key not in found]
    network.duplicate_pairs.filter(pk__among=gone).exclude(state=State.DISTINCT).delete()

    changed = [pair for key, pair in stored.items() if key in found and _take_over(pair, found[key])]
    for pairs in batches(changed, AT_ONCE):
        network.duplicate_pairs.bulk_update(pairs, ["score", "is_certain", "evidence"])
    for keys in batches(found.keys() - stored.keys(), AT_ONCE):
        _add(network, [found[key] for key in sorted(keys)])


@transaction.atomic
def _add(network: Network, proposals: list[Proposal]) -> None:
    network.lock()
    contacts = network.contacts.filter(pk__among={key for each in proposals for key in (each.first, each.second)})
    present = set(contacts.values_list("pk", flat=True))
    pairs = [_new_pair(network, each) for each in proposals if {each.first, each.second} <= present]
    # Another worker may have found the same.
    network.duplicate_pairs.bulk_create(pairs, ignore_conflicts=True)


def _take_over(pair: DuplicatePair, proposal: Proposal) -> bool:
    """Bring a stored pair up to what was found; True if that changes it."""
    before = (pair.score, pair.is_certain, pair.evidence)
    pair.score, pair.is_certain, pair.evidence = proposal.score, proposal.is_certain, proposal.evidence_as_json()
    return before != (pair.score, pair.is_certain, pair.evidence)


def _new_pair(network: Network, proposal: Proposal) -> DuplicatePair:
    return DuplicatePair(
        network=network,
        first_id=proposal.first,
        second_id=proposal.second,
        score=proposal.score,
        is_certain=proposal.is_certain,
        evidence=proposal.evidence_as_json(),
    )
