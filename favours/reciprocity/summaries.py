"""The stored summaries of a network: the running one, as of the member's today, and one for each kept month.

The running summary is *behind* when the revision, the as-of day or the definition that it was made by isn't the
present one. Three marks in the database find the networks that are behind, whatever became of the jobs:

- A write to the journal raises the network's `revision` and lowers its `stale_from` to the earliest day it touched,
  in its own transaction. Only `recompute` clears `stale_from`, and only while the revision that its figures rest on
  is the network's: so `stale_from` is set exactly while there are changes that the stored figures don't know.
- The running summary says between which two instants its as-of day is the member's today.
- Every summary says by which definition it was made.

A kept month rests on the entries up to its last day. It holds while `stale_from` is empty or lies after that day;
`recompute` drops the kept months that don't hold when it clears `stale_from`, and opening one makes it anew.

Recomputing twice is never wrong, only dear. So that a burst of entries costs a handful, the first job that comes
*claims* the recomputation for itself and the others leave: it waits until the burst is over, computes, gives the claim
back, and looks whether the journal has moved on since.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.jobs import hint
from accounts.models import User
from contacts.database.snapshots import snapshot
from contacts.models import Network
from favours.models import Summary
from favours.reciprocity import Figures, definition, last_complete_month, network_figures

QUIET = timedelta(seconds=1)
"""A burst of entries is over when the journal has not changed for so long."""
PATIENCE = timedelta(seconds=10)
"""How old a summary gets at most in a burst that goes on."""
CLAIM = timedelta(seconds=15)
"""How long a claim holds that nobody gives back: a little more than a job waits and computes."""


def running_summary(network: Network) -> Summary | None:
    """The stored summary of today, or of the day it was last computed for; None before the first entry."""
    return network.summaries.filter(month=None).first()


def is_behind(network: Network, summary: Summary | None) -> bool:
    """Whether the running summary isn't yet the one that the journal, the calendar and the gate ask for."""
    if summary is None:
        return network.revision > 0
    if network.stale_from is not None:
        return True
    made_of = (summary.revision, summary.as_of, summary.definition)
    if made_of != (network.revision, network.today(), definition()):
        return True
    # A new zone ends the day at once, even where today's date is the same in both.
    return (
        summary.day_begins is None
        or summary.day_ends is None
        or not summary.day_begins <= timezone.now() < summary.day_ends
    )


def claim(network: Network) -> bool:
    """Take the recomputation of a network that is behind upon oneself; False if it isn't, or if somebody else has it.

    Who is refused may leave. An entry is committed before the job that it hints at asks here, and whoever has the claim
    looks for later entries when giving it back. A claim runs out if its worker dies. One that lies too far ahead for
    the clocks of two workers was made before the clock was put back.
    """
    if not is_behind(network, running_summary(network)):
        return False
    now = timezone.now()
    free = Network.objects.exclude(summary_claimed_until__gt=now, summary_claimed_until__lt=now + 2 * CLAIM)
    return bool(free.filter(pk=network.pk).update(summary_claimed_until=now + CLAIM))


def is_in_burst(network: Network, revision: int | None) -> bool:
    """Whether recomputing should wait for more entries, as the stored summary is new enough.

    `revision` is the network's a moment ago if one has waited before, and None at first.
    """
    summary = running_summary(network)
    if summary is None:
        return False
    age = timezone.now() - summary.computed_at
    if revision is None:
        return timedelta(0) <= age < QUIET
    return revision != network.revision and timedelta(0) <= age < PATIENCE


def recompute(network: Network) -> bool:
    """Make the running summary and the last complete month anew; say whether they are up to date with that.

    1. In one snapshot, read the network (its revision, its member's day) and compute. So the figures are those of
       exactly that revision, even while entries are being written. A kept month that holds is not computed again.
    2. With the network's row locked, store the running summary unless one of a later revision is stored: an older
       result never overwrites a newer one, however many workers compute at once. Of results of one revision the last
       one stays; if that is one of an earlier day or gate, it is behind, and made again.
    3. If the network has not moved on since the snapshot, keep the month too, drop the kept months that no longer
       hold, and clear `stale_from`. If it has, the network still is behind, and this function has to run again.
       Either way the claim is given back.

    A worker that dies before the end of 2 and 3, which are one transaction, leaves all marks as they were. Raises
    Network.DoesNotExist if the network has gone meanwhile.
    """
    with snapshot():
        seen = Network.objects.select_related("owner").get(pk=network.pk)
        today = seen.today()
        month_end = last_complete_month(today, running=True)
        kept = kept_month(seen, month_end)
        month = kept.figures if kept else network_figures(seen, month_end)
        figures = network_figures(seen, today, running=True, closing=month)
    with transaction.atomic():
        this = Network.objects.filter(pk=seen.pk)
        unchanged = _locked(seen)
        if unchanged or not seen.summaries.filter(month=None, revision__gt=seen.revision).exists():
            _store(seen, figures, month=None, as_of=today)
        if unchanged:
            if kept is None:
                _store(seen, month, month=month_end.replace(day=1), as_of=month_end)
            _drop_outdated_months(seen, keep=month_end)
            this.update(stale_from=None, summary_claimed_until=None)
        else:
            this.update(summary_claimed_until=None)
    return unchanged


def kept_month(network: Network, month_end: date) -> Summary | None:
    """The kept summary of the month that ends on that day, if it holds."""
    if network.stale_from is not None and network.stale_from <= month_end:
        return None
    return network.summaries.filter(month=month_end.replace(day=1), definition=definition()).first()


def open_month(network: Network, month_end: date) -> Summary:
    """The summary of the complete month that ends on that day, made anew if no kept one holds.

    Reads only: a new one is not stored here. That is left to `keep_month`, at which this function hints.
    """
    with snapshot():
        network.refresh_from_db(fields=["revision", "stale_from"])
        kept = kept_month(network, month_end)
        if kept is not None:
            return kept
        summary = Summary(network=network, **_made_of(network, network_figures(network, month_end), month_end))
    hint("favours.keep_month", network_id=network.pk, month_end=month_end.isoformat())
    return summary


def keep_month(network: Network, month_end: date) -> None:
    """Store the summary of a complete month, unless one that holds is kept or the journal changes meanwhile."""
    with snapshot():
        seen = Network.objects.select_related("owner").get(pk=network.pk)
        if kept_month(seen, month_end) is not None:
            return
        figures = network_figures(seen, month_end)
    with transaction.atomic():
        # Kept in spite of a change, it could hide that change once `recompute` has cleared `stale_from`.
        if _locked(seen) and (seen.stale_from is None or seen.stale_from > month_end):
            _store(seen, figures, month=month_end.replace(day=1), as_of=month_end)


def networks_behind(limit: int) -> list[int]:
    """The ids of at most `limit` networks whose running summary is behind, each found by an index."""
    now, current = timezone.now(), definition()
    running = Q(month=None)
    reasons = [
        Network.objects.filter(stale_from__isnull=False).values_list("pk"),
        Summary.objects.filter(running, day_ends__lte=now).values_list("network"),
        Summary.objects.filter(running, day_begins__gt=now).values_list("network"),  # The clock was put back.
        Summary.objects.filter(running, definition__lt=current).values_list("network"),
        Summary.objects.filter(running, definition__gt=current).values_list("network"),
    ]
    found: dict[int, None] = {}
    for reason in reasons:
        found |= dict.fromkeys(pk for (pk,) in reason[: limit - len(found)])
    return list(found)


def differences(stored: Any, computed: Any, path: str = "") -> Iterator[str]:
    """The places where stored figures differ from computed ones by more than the rounding of floats."""
    if isinstance(stored, dict) and isinstance(computed, dict) and stored.keys() == computed.keys():
        for key in stored:
            yield from differences(stored[key], computed[key], f"{path}.{key}" if path else key)
    elif isinstance(stored, list) and isinstance(computed, list) and len(stored) == len(computed):
        for number, (one, other) in enumerate(zip(stored, computed, strict=True)):
            yield from differences(one, other, f"{path}[{number}]")
    elif isinstance(stored, float) and isinstance(computed, float):
        if abs(stored - computed) > 1e-9:
            yield path
    elif stored != computed:
        yield path


def check(network: Network) -> list[str]:
    """What is wrong with the stored summaries of a network, by computing each from nothing: a line for each fault."""
    with snapshot():
        seen = Network.objects.select_related("owner").filter(pk=network.pk).first()
        return list(_faults(seen)) if seen else []


def _faults(network: Network) -> Iterator[str]:
    running = running_summary(network)
    if is_behind(network, running):
        yield "the running summary is behind"
    elif running is not None:
        computed = network_figures(network, running.as_of, running=True)
        yield from (f"running: {place}" for place in differences(running.figures, computed))
    for kept in network.summaries.filter(month__isnull=False).order_by("month"):
        if kept_month(network, kept.as_of) is not None:
            computed = network_figures(network, kept.as_of)
            yield from (f"{kept.as_of:%Y-%m}: {place}" for place in differences(kept.figures, computed))


def end_day(member: User) -> None:
    """Have the running summary looked at, as the member's zone may have changed, and with it the day."""
    running = Summary.objects.filter(network__owner=member, month=None)
    if running.update(day_ends=timezone.now()):
        hint("favours.recompute_summary", network_id=running.values_list("network", flat=True).get())


def _locked(seen: Network) -> bool:
    """Lock the network's row in the running transaction; say whether its revision still is the one that was seen.

    Raises Network.DoesNotExist if it has gone.
    """
    return Network.objects.select_for_update().get(pk=seen.pk).revision == seen.revision


def _store(seen: Network, figures: Figures | dict[str, Any], *, month: date | None, as_of: date) -> None:
    values = _made_of(seen, figures, as_of)
    if month is None:
        values |= {"day_begins": _midnight(seen, as_of), "day_ends": _midnight(seen, as_of + timedelta(days=1))}
    seen.summaries.update_or_create(month=month, defaults=values)


def _made_of(seen: Network, figures: Figures | dict[str, Any], as_of: date) -> dict[str, Any]:
    return {
        "as_of": as_of,
        "revision": seen.revision,
        "definition": definition(),
        "figures": figures,
        "computed_at": timezone.now(),
    }


def _drop_outdated_months(seen: Network, *, keep: date) -> None:
    if seen.stale_from is not None:
        seen.summaries.filter(month__isnull=False, as_of__gte=seen.stale_from).exclude(as_of=keep).delete()


def _midnight(network: Network, day: date) -> datetime:
    """The instant at which that day begins for the member."""
    return datetime.combine(day, time.min, tzinfo=network.owner.zone)
