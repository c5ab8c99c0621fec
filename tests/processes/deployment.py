"""The processes of a deployment, started one by one as described in docs/deploying.md."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from tests.processes.instance import TREE, clean_environment, manage
from tests.servers import PATIENCE, Broker, Postgres, dying_with, free_port, wait_until

SQLITE, POSTGRESQL = DATABASES = ("sqlite", "postgresql")

COMMANDS = {
    "web": ["gunicorn", "--config", "python:netcrm.web", "netcrm.wsgi"],
    "worker": ["celery", "--app", "netcrm", "worker", "--pool", "prefork", "--concurrency", "4"],
    "beat": ["celery", "--app", "netcrm", "beat", "--pidfile="],
}


class Deployment:
    """Web, worker and beat with a database and a broker, which tests may stop, freeze and restart.

    Without a `database`, it is SQLite in the data folder.
    """

    def __init__(self, folder: Path, database: Postgres | None, broker: Broker, log: Path | None = None) -> None:
        """`folder` is the data folder, which also holds the processes' log unless `log` gives another path."""
        self.database = database
        self.log = log or folder / "log"
        self.broker = broker
        self.port = free_port()
        self.folder = folder
        self.environment = clean_environment(
            NETCRM_DATA=str(folder),
            NETCRM_PORT=str(self.port),
            NETCRM_SECRET_KEY="a secret of tests",
            NETCRM_SWEEP_SECONDS="1",
            REDIS_URL=broker.url,
            **({"DATABASE_URL": database.url} if database else {}),
        )
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def kind(self) -> str:
        """The kind of database that this deployment uses, one of DATABASES."""
        return POSTGRESQL if self.database else SQLITE

    def start(self, name: str, *options: str, **environment: str) -> None:
        """Start web, worker or beat; a second process of the same kind has a name like "worker 2".

        It gets these options and this environment in addition to the usual ones, until it is restarted.
        """
        program, *arguments = COMMANDS[name.split()[0]]
        with self.log.open("ab") as log:
            self._processes[name] = subprocess.Popen(
                [str(Path(sys.executable).parent / program), *arguments, *options],
                cwd=TREE,
                env=self.environment | environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=dying_with(os.getpid()),
            )

    def stop(self, name: str, number: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal to the process and return its exit code."""
        process = self._processes.pop(name)
        process.send_signal(number)
        code = process.wait(PATIENCE)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        return code

    def megabytes(self, name: str) -> list[float]:
        """Return the memory, in MB, of the process `name` and of each descendant, with its part of shared pages."""
        process = psutil.Process(self._processes[name].pid)
        taken = []
        for each in (process, *process.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):  # It may have ended in the meantime.
                taken.append(each.memory_full_info().pss / 1_000_000)
        return taken

    def kill_children(self, name: str) -> None:
        """Kill the processes that the process `name` has forked."""
        for child in psutil.Process(self._processes[name].pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()

    def get(self, path: str, *, session: str = "") -> tuple[int, str]:
        """Return the status and text of the page at `path`, with status 0 if there is no response.

        With a `session`, the page has to look up its owner in the database.
        """
        cookies = {"Cookie": f"sessionid={session}"} if session else {}
        request = urllib.request.Request(self.address(path), headers=cookies)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, answer.read().decode()
        except OSError:
            return 0, ""

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query without parameters."""
        if self.database:
            with self.database.connect("netcrm") as connection:
                return connection.execute(query).fetchall()
        with contextlib.closing(sqlite3.connect(self.folder / "netcrm.sqlite3", timeout=PATIENCE)) as connection:
            return connection.execute(query).fetchall()

    def wait_until_well(self) -> None:
        """Wait until the deployment is healthy, restarting ended processes as docker-compose.yml would.

        A worker that loses its broker in the middle of a job usually reconnects, but may exit (kombu 5.7).
        """

        def well() -> bool:
            self.start_ended()
            return self.get("/health/")[0] == 200

        wait_until(well, "all parts of the deployment are well")

    def start_ended(self) -> None:
        """Restart every process that has ended by itself."""
        for name in [name for name, process in self._processes.items() if process.poll() is not None]:
            self.start(name)


@contextlib.contextmanager
def deployed(folder: Path, kind: str = POSTGRESQL, place: Path | None = None) -> Iterator[Deployment]:
    """Run a prepared deployment on this kind of database, and remove it completely afterwards.

    `place` is the folder of the database, by default `folder` or, for PostgreSQL, a temporary folder.
    """
    with contextlib.ExitStack() as servers:
        database = servers.enter_context(Postgres(place)) if kind == POSTGRESQL else None
        data = folder if database or place is None else place / "data"
        deployment = Deployment(data, database, servers.enter_context(Broker()), log=folder / "log")
        prepared = manage(deployment.environment, "prepare")
        assert prepared.returncode == 0, prepared.stderr
        try:
            for name in COMMANDS:
                deployment.start(name)
            deployment.wait_until_well()
            yield deployment
        finally:
            for name in list(deployment._processes):
                deployment.stop(name, signal.SIGKILL)
