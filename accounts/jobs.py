"""Hints to the broker that there is work in the database, and sweeps for work whose hint was lost.

Since beat's sweeps find the work anyway, a hint never makes a request fail or wait.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Collection, Iterable
from typing import TypeVar

from celery import current_app
from django.db import connection, transaction

logger = logging.getLogger(__name__)

Subject = TypeVar("Subject")

PAUSE_AFTER_FAILURE = 30.0
"""Seconds without hints after a failure, so that a broker that is down costs one log line, not one per request."""


def hint(task: str, **arguments: str | int) -> None:
    """Ask for `task` (a Celery task's name) to run with `arguments` once the current transaction has committed.

    Returns at once: a separate thread talks to the broker, because a frozen broker blocks its publisher for seconds.
    """
    transaction.on_commit(lambda: _publisher.put(task, arguments))


def one_by_one(act: Callable[[Subject], object], subjects: Iterable[Subject]) -> None:
    """Call `act` with each subject of a sweep. A failure is logged and left to the next sweep; the others go on."""
    for subject in subjects:
        try:
            act(subject)
        except Exception:
            logger.exception("A sweep could not do its work for %s.", subject)
            drop_lost_connection()


def together(act: Callable[[Collection[Subject]], object], subjects: Collection[Subject]) -> None:
    """Call `act` with all subjects of a sweep at once. If that fails, call it with each in turn, like `one_by_one`."""
    try:
        act(subjects)
    except Exception as problem:  # noqa: BLE001 - whichever subject it was, the others must not wait for it
        logger.warning("A sweep could not do its work for all at once (%r); it goes on one by one.", problem)
        drop_lost_connection()
        one_by_one(lambda each: act([each]), subjects)


def drop_lost_connection() -> None:
    """Make the next query reconnect if the connection is lost, which Django only notices between two tasks."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


class _Publisher:
    """Publishes from a daemon thread, started by a process's first hint because threads don't survive a fork."""

    def __init__(self) -> None:
        self._hints: queue.Queue[tuple[str, dict[str, str | int]]] = queue.Queue(maxsize=1000)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._silent_until = 0.0

    def put(self, task: str, arguments: dict[str, str | int]) -> None:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="hints", daemon=True)
                self._thread.start()
        try:
            self._hints.put_nowait((task, arguments))
        except queue.Full:
            logger.warning("Too many hints are waiting; the sweep will find the work of %s.", task)

    def _run(self) -> None:
        while True:
            task, arguments = self._hints.get()
            if time.monotonic() < self._silent_until:
                continue
            try:
                current_app.send_task(task, kwargs=arguments, retry=False)
            except Exception as problem:  # noqa: BLE001 - whatever the broker does, the thread must survive
                self._silent_until = time.monotonic() + PAUSE_AFTER_FAILURE
                logger.warning("The broker took no hint for %s (%s); the sweep will find the work.", task, problem)


_publisher = _Publisher()
