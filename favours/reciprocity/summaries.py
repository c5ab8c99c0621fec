"""The stored summaries of a network: the running one, as of the member's today, and one for each kept month.

The running summary is *behind* unless it was made with the current revision, day and definition. Three marks in the
database find the networks that are behind, whatever became of the jobs:

- A write to the journal raises the network's `revision` and lowers its `stale_from` to the earliest day it touched,
  in its own transaction. Only `recompute` clears `stale_from`, and only while the network still has the revision that
  the figures are based on. So `stale_from` is set exactly while the stored figures lack some changes.
- The running summary stores the two timestamps between which its day is the member's today.
- Every summary stores the definition it was made with.

A kept month depends on the entries up to its last day. It is valid while `stale_from` is empty or later than that day.
When `recompute` clears `stale_from`, it drops the kept months that are no longer valid; opening one computes it again.

Recomputing twice is never wrong, only expensive. To keep it to a handful per burst of entries, the first job takes the
lease `Network.summary_leased_at` (contacts/database/leases.py) and the others stop: it waits until the burst is over,
computes, gives the lease back and checks whether the journal has moved on. The job that waits is not the one that took
the lease, so nothing here asks who holds it: the revision keeps an older result from replacing a newer one.
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
from contacts.database.leases import take
from contacts.database.snapshots import snapshot
from contacts.models import Network
from favours.models import Summary
from favours.reciprocity import Figures, definition, last_complete_month, network_figures

QUIET = timedelta(seconds=1)
"""Time without changes to the journal after which a burst of entries is over."""
PATIENCE = timedelta(seconds=10)
"""The maximum age of a summary during a burst."""
LEASE = timedelta(seconds=15)
"""Time after which the lease expires if it isn't released: a little longer than a job waits and computes."""


def running_summary(network: Network) -> Summary | None:
    """Return the stored summary of today, or of the day it was last computed for; None before the first entry."""
    return network.summaries.filter(month=None).first()


def is_behind(network: Network, summary: Summary | None) -> bool:
    """Return whether the running summary has yet to catch up with the journal, the calendar or the definition."""
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
    """Take the lease on recomputing a network. Returns False if its summary isn't behind, or another job has the lease.

    If refused, stop: the holder picks up later entries. An entry is committed before its job asks here, and the holder
    checks for later entries when it releases the lease.
    """
    if not is_behind(network, running_summary(network)):
        return False
    return take(Network.objects.filter(pk=network.pk), "summary_leased_at", LEASE) is not None


def is_in_burst(network: Network, revision: int | None) -> bool:
    """Return whether to wait for more entries before recomputing, because the stored summary is recent enough.

    `revision` is the network's revision when the wait began, or None if the caller hasn't waited yet.
    """
    summary = running_summary(network)
    if summary is None:
        return False
    age = timezone.now() - summary.computed_at
    if revision is None:
        return timedelta(0) <= age < QUIET
    return revision != network.revision and timedelta(0) <= age < PATIENCE


def recompute(network: Network) -> bool:
    """Recompute the running summary and the last complete month. Returns whether they are up to date afterwards.

    1. In one snapshot, read the network (its revision, its member's day) and compute. So the figures are those of
       exactly that revision, even while entries are being written. A valid kept month is not computed again.
    2. With the network's row locked, store the running summary unless one of a later revision is stored: an older
       result never overwrites a newer one, however many workers compute at once. Among results of one revision the
       last one wins; if it has an earlier day or gate, it is behind and will be recomputed.
    3. If the network has not moved on since the snapshot, also keep the month, drop the kept months that are no longer
       valid, and clear `stale_from`. If it has, the network is still behind, and this function must run again.
       Either way the lease is given back.

    Steps 2 and 3 are one transaction: a worker that dies before its end leaves all marks as they were. Raises
    Network.DoesNotExist if the network has been deleted.
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
            this.update(stale_from=None, summary_leased_at=None)
        else:
            this.update(summary_leased_at=None)
    return unchanged


def kept_month(network: Network, month_end: date) -> Summary | None:
    """Return the kept summary of the month whose last day is `month_end`, or None if there is no valid one."""
    if network.stale_from is not None and network.stale_from <= month_end:
        return None
    return network.summaries.filter(month=month_end.replace(day=1), definition=definition()).first()


def open_month(network: Network, month_end: date) -> Summary:
    """Return the summary of the complete month whose last day is `month_end`, computed unless a valid one is kept.

    Only reads: a computed one is returned unsaved, and a hint asks for `keep_month` to store it.
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
    """Store the summary of the complete month whose last day is `month_end`.

    Does nothing if a valid one is kept already, or if the journal changes meanwhile.
    """
    with snapshot():
        seen = Network.objects.select_related("owner").get(pk=network.pk)
        if kept_month(seen, month_end) is not None:
            return
        figures = network_figures(seen, month_end)
    with transaction.atomic():
        # Kept despite a change, it would hide that change once `recompute` has cleared `stale_from`.
        if _locked(seen) and (seen.stale_from is None or seen.stale_from > month_end):
            _store(seen, figures, month=month_end.replace(day=1), as_of=month_end)


def networks_behind(limit: int) -> list[int]:
    """Return the ids of at most `limit` networks whose running summary is behind, each found by an index."""
    now, current = timezone.now(), definition()
    running = Q(month=None)
    reasons = [
        Network.objects.filter(stale_from__isnull=False).values_list("pk"),
        Summary.objects.filter(running, day_ends__lte=now).values_list("network"),
        Summary.objects.filter(running, day_begins__gt=now).values_list("network"),  # The clock was set back.
        Summary.objects.filter(running, definition__lt=current).values_list("network"),
        Summary.objects.filter(running, definition__gt=current).values_list("network"),
    ]
    found: dict[int, None] = {}
    for reason in reasons:
        found |= dict.fromkeys(pk for (pk,) in reason[: limit - len(found)])
    return list(found)


def differences(stored: Any, computed: Any, path: str = "") -> Iterator[str]:
    """Yield the paths (`a.b[0]`) where stored figures differ from computed ones, floats by more than 1e-9."""
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
    """Compute each stored summary of a network from scratch. Returns one line per difference."""
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
    """Mark the running summary as due, since the member's time zone, and so today's date, may have changed."""
    running = Summary.objects.filter(network__owner=member, month=None)
    if running.update(day_ends=timezone.now()):
        hint("favours.recompute_summary", network_id=running.values_list("network", flat=True).get())


def _locked(seen: Network) -> bool:
    """Lock the network's row in the current transaction. Returns whether its revision is still the one seen.

    Raises Network.DoesNotExist if it has been deleted.
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
    """Return the timestamp at which `day` begins in the member's time zone."""
    return datetime.combine(day, time.min, tzinfo=network.owner.zone)
