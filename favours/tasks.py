"""The jobs of favours: entry points of a few lines. The work itself is in the modules they call."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from celery import shared_task
from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.jobs import one_by_one, together
from contacts.erasing.contacts import KEPT_IN_TRASH
from contacts.models import Network
from favours.digest import links, sending
from favours.journal import writing as journal
from favours.models import Favour
from favours.reciprocity import summaries
from favours.suggestions import rounds
from favours.transfer import exports

logger = logging.getLogger(__name__)

NETWORKS_AT_ONCE = 100
"""Networks per job."""
SWEPT_AT_ONCE = 5000
"""Maximum networks that one sweep hands out: a few seconds of publishing and about a minute of work."""


@shared_task(name="favours.recompute_summary")
def recompute_summary(network_id: int, waited_since: int | None = None) -> None:
    """Bring a network's summary up to date, unless another job is about to; during a burst of entries, wait briefly.

    A job that has waited holds the lease; `waited_since` is the network's revision when the wait began.
    """
    network = Network.objects.select_related("owner").filter(pk=network_id).first()
    if network is None:
        logger.info("Network %s has gone; there is nothing to recompute.", network_id)
        return
    if waited_since is None and not summaries.claim(network):
        return
    if summaries.is_in_burst(network, waited_since):
        recompute_summary.apply_async(
            kwargs={"network_id": network_id, "waited_since": network.revision},
            countdown=summaries.QUIET.total_seconds(),
            retry=False,
        )
    elif not summaries.recompute(network):
        recompute_summary.apply_async(kwargs={"network_id": network_id}, retry=False)


@shared_task(name="favours.keep_month")
def keep_month(network_id: int, month_end: str) -> None:
    """Store the summary of a month that somebody opened. `month_end` is its last day as YYYY-MM-DD."""
    network = Network.objects.filter(pk=network_id).first()
    if network is None:
        logger.info("Network %s has gone; there is no month to keep.", network_id)
        return
    summaries.keep_month(network, date.fromisoformat(month_end))


@shared_task(name="favours.recompute_stale_summaries")
def recompute_stale_summaries() -> None:
    """Queue one job per network that is behind, so that a failing network does not hold up the others.

    A job that no worker picks up before the next sweep expires, and that sweep finds its network again.
    """
    for network_id in summaries.networks_behind(SWEPT_AT_ONCE):
        recompute_summary.apply_async(
            kwargs={"network_id": network_id}, expires=settings.NETCRM_SWEEP_SECONDS, retry=False
        )


@shared_task(name="favours.make_missing_rounds")
def make_missing_rounds() -> None:
    """Hand out, in batches, the networks whose week has begun without a list of suggestions."""
    _hand_out(make_rounds, rounds.networks_without_round(timezone.now(), SWEPT_AT_ONCE))


@shared_task(name="favours.make_rounds")
def make_rounds(network_ids: list[int]) -> None:
    """Make this week's list of suggestions for each network. If one fails, the next sweep finds it again."""
    by_day: defaultdict[date, list[Network]] = defaultdict(list)
    for network in Network.objects.select_related("owner").filter(pk__in=network_ids).order_by("pk"):
        by_day[network.today()].append(network)
    for day, networks in by_day.items():
        together(partial(rounds.make_rounds, day=day), networks)


@shared_task(name="favours.forget_reasons")
def forget_reasons() -> None:
    """Delete the reasons of suggestions that were made half a year ago."""
    rounds.forget_old_reasons(timezone.now())


@shared_task(name="favours.hand_out_letters")
def hand_out_letters() -> None:
    """Hand out, in batches, the networks whose weekly letter is due."""
    _hand_out(write_letters, sending.due_networks(timezone.now(), SWEPT_AT_ONCE))


@shared_task(name="favours.write_letters")
def write_letters(network_ids: list[int]) -> None:
    """Write the weekly letters of those of these networks whose letter is due, and put them into the outbox."""
    sending.write_letters(network_ids)


@shared_task(name="favours.forget_used_links")
def forget_used_links() -> None:
    """Delete the records of used letter links that have since expired anyway."""
    links.forget_used_links()


@shared_task(name="favours.empty_trash")
def empty_trash() -> None:
    """Erase, in every network, the favours that have been in the trash for 30 days."""
    long_ago = timezone.now() - KEPT_IN_TRASH
    old = Favour.with_trash.filter(network=OuterRef("pk"), deleted_at__lt=long_ago)
    one_by_one(partial(journal.erase_trash, before=long_ago), Network.objects.filter(Exists(old)))


@shared_task(name="favours.write_export")
def write_export(export_id: int) -> None:
    """Write an export that a member requested."""
    exports.write_export(export_id)


@shared_task(name="favours.continue_exports")
def continue_exports() -> None:
    """Write exports whose hint was lost or whose worker died, and delete those older than a week."""
    now = timezone.now()
    one_by_one(exports.write_export, exports.due_exports(now))
    exports.wipe_old(now)


def _hand_out(task: Any, network_ids: Sequence[int]) -> None:
    """Hand networks to jobs in batches. Jobs not picked up by the next sweep expire; that sweep finds them again."""
    for start in range(0, len(network_ids), NETWORKS_AT_ONCE):
        batch = network_ids[start : start + NETWORKS_AT_ONCE]
        task.apply_async(kwargs={"network_ids": batch}, expires=settings.NETCRM_SWEEP_SECONDS, retry=False)
