"""Starts the broker, web server, worker, beat and engine, keeps them running, and stops them together."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from accounts.disk import full_folders, in_a_sentence
from netcrm.runtime import broker_socket
from netcrm.serving.child import Child, say
from netcrm.serving.leftovers import end_listed_processes, list_processes
from netcrm.serving.preconditions import (
    StartError,
    broker_program,
    check_port,
    locked_folder,
    make_runtime_folder,
)

LOOK_EVERY = 0.2
"""Seconds between checks of the processes."""

START_PATIENCE = 60.0
"""Seconds that the broker and the web server each have for their first response."""

STOP_PATIENCE = 10.0
"""Seconds that a process has to stop by itself, so that a running task can finish."""

AFTER_KILL_PATIENCE = 10.0
"""Seconds that the web workers of a killed supervisor have to release their port."""


class Supervisor:
    """Runs the processes of an instance. `prepare` updates its database and files, and is called under the lock.

    `announce` is called once all processes have started.
    """

    def __init__(self, prepare: Callable[[], None], announce: Callable[[], None]) -> None:
        self._prepare = prepare
        self._announce = announce
        self._stopping = threading.Event()
        self._process_list: Path = settings.RUNTIME_DIR / "processes.json"
        self._broker = _broker_child() if not settings.REDIS_URL else None
        self._others = [*_python_children(), *([_engine_child()] if settings.MEANING else [])]

    @property
    def _children(self) -> list[Child]:
        return [*([self._broker] if self._broker else []), *self._others]

    def run(self) -> None:
        """Run until SIGINT, SIGTERM or SIGHUP. Raises StartError."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda _number, _frame: self._stopping.set())
        with locked_folder(settings.DATA_DIR):
            make_runtime_folder(settings.RUNTIME_DIR)
            was_killed = end_listed_processes(self._process_list)
            check_port(settings.PORT, AFTER_KILL_PATIENCE if was_killed else 0)
            if full_folders():
                raise StartError(in_a_sentence())
            self._prepare()
            try:
                self._start()
                self._watch()
            finally:
                self._stop()

    def _start(self) -> None:
        for child in self._children:
            if self._stopping.is_set():
                return
            child.start()
            self._list_processes()
            if child.name in AWAITED:
                self._wait_until(*AWAITED[child.name])
        if not self._stopping.is_set():
            self._announce()

    def _watch(self) -> None:
        while not self._stopping.wait(LOOK_EVERY):
            started = [child for child in self._children if child.tend()]
            if started:
                self._list_processes()

    def _stop(self) -> None:
        """Stop all processes, the broker last because the others need it."""
        say("netcrm", "stopping ...")
        for child in self._others:
            child.ask_to_stop()
        for child in self._others:
            child.wait_or_kill(time.monotonic() + STOP_PATIENCE)
        if self._broker:
            self._broker.ask_to_stop()
            self._broker.wait_or_kill(time.monotonic() + STOP_PATIENCE)
        self._process_list.unlink(missing_ok=True)
        say("netcrm", "stopped")

    def _list_processes(self) -> None:
        try:
            list_processes(self._process_list, [child.pid for child in self._children if child.pid is not None])
        except OSError as problem:
            # Only a start after a kill needs it, and not on Linux; a disk that is full now must not stop everything.
            say("netcrm", f"the list of processes can't be written ({problem.strerror})")

    def _wait_until(self, answers: Callable[[], bool], who: str) -> None:
        deadline = time.monotonic() + START_PATIENCE
        while not answers():
            if time.monotonic() > deadline:
                raise StartError(f"{who} did not start within {START_PATIENCE:g} s; its log says why.")
            if self._stopping.wait(0.05):
                return


def _broker_child() -> Child:
    address = broker_socket(settings.RUNTIME_DIR)
    options = {
        "port": "0",
        "unixsocket": str(address),
        "unixsocketperm": "700",
        "save": "",  # It stores nothing: the work to be done is in the database.
        "dir": str(settings.RUNTIME_DIR),
        "logfile": str(settings.RUNTIME_DIR / "broker.log"),
        "loglevel": "warning",
    }
    arguments = [word for name, value in options.items() for word in (f"--{name}", value)]
    # The broker gets neither the secret key nor the passwords of the database and the mail server.
    return Child("broker", [str(broker_program()), *arguments], environment={"PATH": os.defpath})


def _engine_child() -> Child:
    """Return the engine process, which matches texts by meaning. It needs neither the database nor any secret."""
    command = [sys.executable, "-m", "contacts.meaning.service", str(settings.MEANING_SOCKET)]
    return Child("meaning", command, environment={"PATH": os.defpath, "PYTHONUNBUFFERED": "1"})


def _python_children() -> list[Child]:
    celery = [sys.executable, "-m", "celery", "--quiet", "--app", "netcrm"]
    # The folder for temporary files may change if a disk is full when a process is restarted.
    environment = {**os.environ, "NETCRM_RUNTIME": str(settings.RUNTIME_DIR), "PYTHONUNBUFFERED": "1"}
    bound = {**environment, "NETCRM_BIND": f"127.0.0.1:{settings.PORT}"}
    return [
        Child("web", [sys.executable, "-m", "gunicorn", "--config", "python:netcrm.web"], bound),
        Child("worker", [*celery, "worker", "--pool", "prefork", "--concurrency", "4", *WORKER_OPTIONS], environment),
        Child("beat", [*celery, "beat", "--pidfile", ""], environment),
    ]


# A single worker has no others to talk to.
WORKER_OPTIONS = ["--without-gossip", "--without-mingle", "--without-heartbeat"]


def _broker_answers() -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(broker_socket(settings.RUNTIME_DIR)))
        except OSError:
            return False
    return True


def _web_answers() -> bool:
    try:
        with socket.create_connection(("127.0.0.1", settings.PORT), timeout=1) as probe:
            probe.sendall(b"GET /health/db/ HTTP/1.0\r\nHost: localhost\r\n\r\n")
            return bool(probe.recv(1))
    except OSError:
        return False


AWAITED = {
    "broker": (_broker_answers, f"The broker (log: {settings.RUNTIME_DIR}/broker.log)"),
    "web": (_web_answers, "The web server"),
}
"""Processes that must respond before the next one starts: worker and beat would only delay the first page."""
