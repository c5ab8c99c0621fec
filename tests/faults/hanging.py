"""Jobs that hang or die, for a worker that is started with `--include tests.faults.hanging`."""

from __future__ import annotations

import ctypes
import os
import signal
from pathlib import Path

from celery import shared_task

HOUR = 3600


@shared_task(name="tests.hang")
def hang(how: str, begun: str) -> None:
    """Hang or die in one of the WAYS, after adding a line to the file `begun`."""
    with Path(begun).open("a") as file:
        file.write("begun\n")
    WAYS[how]()


def _sleep() -> None:
    """Sleep in C code, and continue to sleep after a signal."""
    sleep = ctypes.CDLL(None).sleep
    while True:
        sleep(HOUR)


def _loop() -> None:
    while True:
        try:
            _count()
        except Exception:  # noqa: BLE001 - such code swallows whatever is raised in it
            continue


def _count() -> None:
    for _ in range(10**6):
        pass


def _hold_the_interpreter() -> None:
    """Sleep in C code while holding the GIL, so that no other thread runs."""
    ctypes.PyDLL(None).sleep(HOUR)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


WAYS = {"sleep": _sleep, "loop": _loop, "hold the interpreter": _hold_the_interpreter, "die": _die}
