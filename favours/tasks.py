"""The jobs of favours: entry points of a few lines. What they do lies in the modules that they name."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from celery import shared_task
from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.jobs import one_by_one
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
"""As many networks one job gets."""
SWEPT_AT_ONCE = 5000
"""As many networks a sweep hands out at most: a few seconds of publishing, and about a minute of work."""


@shared_task(name="favours.recompute_summary")
def recompute_summary(network_id: int, waited_since: int | None = None) -> None:
    """Bring the summary of a network up to date, unless another job is about to; in a burst of entries, wait a moment.

    A job that has waited has the claim; `waited_since` is the revision of the network at which it began to.
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
    """Store the summary of a month that was opened. `month_end` is its last day as YYYY-MM-DD."""
    network = Network.objects.filter(pk=network_id).first()
    if network is None:
        logger.info("Network %s has gone; there is no month to keep.", network_id)
        return
    summaries.keep_month(network, date.fromisoformat(month_end))


@shared_task(name="favours.recompute_stale_summaries")
def recompute_stale_summaries() -> None:
    """Hand out the networks that are behind, one job each, so that one that fails holds up none of the others.

    What no worker took before the next sweep is dropped: that sweep finds it again.
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
    """Make this week's list of suggestions for each network; what fails is found again by the next sweep."""
    networks = Network.objects.select_related("owner").filter(pk__in=network_ids)
    one_by_one(lambda network: rounds.make_round(network, network.today()), networks)


@shared_task(name="favours.hand_out_letters")
def hand_out_letters() -> None:
    """Hand out, in batches, the networks whose weekly letter is due."""
    _hand_out(write_letters, sending.due_networks(timezone.now(), SWEPT_AT_ONCE))


@shared_task(name="favours.write_letters")
def write_letters(network_ids: list[int]) -> None:
    """Write the weekly letters of these networks, as far as they are due, into the outbox."""
    sending.write_letters(network_ids)


@shared_task(name="favours.forget_used_links")
def forget_used_links() -> None:
    """Forget which links of letters were used once they are too old to be used."""
    links.forget_used_links()


@shared_task(name="favours.empty_trash")
def empty_trash() -> None:
    """Erase, in every network, the favours that have lain in the trash for 30 days."""
    long_ago = timezone.now() - KEPT_IN_TRASH
    old = Favour.with_trash.filter(network=OuterRef("pk"), deleted_at__lt=long_ago)
    one_by_one(partial(journal.erase_trash, before=long_ago), Network.objects.filter(Exists(old)))


@shared_task(name="favours.write_export")
def write_export(export_id: int) -> None:
    """Write an export that a member asked for."""
    exports.write_export(export_id)


@shared_task(name="favours.continue_exports")
def continue_exports() -> None:
    """Find the exports whose hint was lost or whose worker died, and write them; wipe those of a week ago."""
    now = timezone.now()
    one_by_one(exports.write_export, exports.due_exports(now))
    exports.wipe_old(now)


def _hand_out(task: Any, network_ids: Sequence[int]) -> None:
    """Give networks to jobs, some to each. What no worker took before the next sweep is dropped: that one finds it."""
    for start in range(0, len(network_ids), NETWORKS_AT_ONCE):
        batch = network_ids[start : start + NETWORKS_AT_ONCE]
        task.apply_async(kwargs={"network_ids": batch}, expires=settings.NETCRM_SWEEP_SECONDS, retry=False)
