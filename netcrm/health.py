"""The health of the instance: database, disk, broker, worker, beat and mail, each checked separately."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

from celery import current_app
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.disk import is_full
from accounts.models import OutgoingMail
from contacts.meaning import client
from netcrm.models import Heartbeat

logger = logging.getLogger(__name__)

State = Literal["ok", "down", "full", "late", "unknown"]
CHECKS = ("db", "disk", "broker", "worker", "beat", "mail")
STORED = ("worker", "beat", "mail")
"""Checks whose state is stored in the database."""

LONGEST_CHECK = 3.0
"""Seconds after which a check without a result counts as down."""

MISSED_SWEEPS = 3
"""Sweeps that a process may miss before it counts as late; it always has at least two minutes."""

MAIL_PATIENCE = timedelta(hours=1)
"""The time that a mail may be overdue before sending counts as late."""


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest, check: str = "") -> JsonResponse:
    """Respond with the states as JSON: 200 if all checks (or the one named `check`) are "ok", else 503.

    The response for all checks also has `matching`, which says whether texts are matched by meaning or only by words.
    It does not affect the status, because netcrm also works without an engine.
    """
    if check and check not in CHECKS:
        raise Http404
    states = check_health((check,) if check else CHECKS)
    well = all(state == "ok" for state in states.values())
    matching = {} if check else {"matching": "words and meaning" if client.version() else "words alone"}
    return JsonResponse({"well": well, "checks": states, **matching}, status=200 if well else 503)


def check_health(names: tuple[str, ...] = CHECKS) -> dict[str, State]:
    """Return the state of each check in `names` (out of CHECKS), after at most about LONGEST_CHECK seconds."""
    states: dict[str, State] = {}

    def ask_broker() -> None:
        states["broker"] = _broker_state()

    def ask_database() -> None:
        states.update(_database_states())

    def ask_disk() -> None:
        states["disk"] = _disk_state()

    probes = [ask_broker] if "broker" in names else []
    if "disk" in names:
        probes.append(ask_disk)
    if "db" in names or any(name in STORED for name in names):
        probes.append(ask_database)
    _run_bounded(probes)
    missing: dict[str, State] = {"db": "down", "broker": "down"}
    return {name: states.get(name, missing.get(name, "unknown")) for name in names}


def _run_bounded(probes: list[Callable[[], None]]) -> None:
    """Run the probes in parallel, and abandon those that take longer than LONGEST_CHECK seconds."""
    threads = [threading.Thread(target=probe, name="health", daemon=True) for probe in probes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONGEST_CHECK)


def _broker_state() -> State:
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=LONGEST_CHECK)
            broker.default_channel.client.ping()
    except Exception as problem:  # noqa: BLE001 - each client library has its own errors, which all mean the same here
        logger.warning("The broker does not answer: %s", type(problem).__name__)
        return "down"
    return "ok"


def _disk_state() -> State:
    try:
        return "full" if is_full() else "ok"
    except Exception as problem:  # noqa: BLE001 - PostgreSQL is down, and its disk can't be checked
        logger.warning("The disk can't be checked: %s", type(problem).__name__)
        return "unknown"
    finally:
        connection.close()


def _database_states() -> dict[str, State]:
    """Return the states that are stored in the database, or only "down" for the database if it can't be reached."""
    try:
        now = timezone.now()
        seen = dict(Heartbeat.objects.values_list("process", "seen_at"))
        return {
            "db": "ok",
            "worker": _heartbeat_state(seen.get(Heartbeat.Process.WORKER), now),
            "beat": _heartbeat_state(seen.get(Heartbeat.Process.BEAT), now),
            "mail": _mail_state(now),
        }
    except Exception as problem:  # noqa: BLE001 - whatever the error, the database doesn't work
        logger.warning("The database does not answer: %s", type(problem).__name__)
        return {"db": "down"}
    finally:
        connection.close()


def _heartbeat_state(seen_at: datetime | None, now: datetime) -> State:
    if seen_at is None:
        return "unknown"
    patience = timedelta(seconds=max(MISSED_SWEEPS * settings.NETCRM_SWEEP_SECONDS, 120.0))
    # A heartbeat in the future was recorded before the clock was set back, and says nothing about the time since.
    return "ok" if abs(now - seen_at) <= patience else "late"


def _mail_state(now: datetime) -> State:
    unsent = [OutgoingMail.State.QUEUED, OutgoingMail.State.SENDING, OutgoingMail.State.RETRY]
    overdue = OutgoingMail.objects.filter(state__in=unsent, due_at__lt=now - MAIL_PATIENCE)
    return "late" if overdue.exists() else "ok"
