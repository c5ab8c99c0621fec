"""A real instance, started by `manage.py serve` with its own folder and port."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path
from typing import Self

import psutil

from tests.servers import PATIENCE, free_port, wait_until

TREE = Path(__file__).resolve().parent.parent.parent
MANAGE = [sys.executable, "manage.py"]


class Instance:
    """The processes of one `serve`. They all end when the `with` block does."""

    def __init__(self, data: Path, **environment: str) -> None:
        self.port = free_port()
        self.environment = clean_environment(
            NETCRM_DATA=str(data), NETCRM_PORT=str(self.port), NETCRM_SWEEP_SECONDS="1", **environment
        )
        self.output = ""
        self._supervisor: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start the instance, and wait until it announces its URL."""
        self._supervisor = subprocess.Popen(
            [*MANAGE, "serve"],
            cwd=TREE,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.output = ""
        self._reader = threading.Thread(target=self._read, args=(self._supervisor,), daemon=True)
        self._reader.start()
        wait_until(lambda: "netcrm is ready" in self.output or not self.runs(), "the instance is ready")
        assert self.runs(), self.output

    def runs(self) -> bool:
        return self._supervisor is not None and self._supervisor.poll() is None

    def processes(self) -> list[psutil.Process]:
        """Return all running processes of the instance, the supervisor first."""
        assert self._supervisor
        supervisor = psutil.Process(self._supervisor.pid)
        return [supervisor, *supervisor.children(recursive=True)]

    def child(self, name: str) -> int:
        """Return the process ID of `name`, or 0 while there is no such process."""
        marks = {"broker": "broker.sock", "web": "netcrm.web", "worker": "--pool", "beat": "beat"}
        marks["meaning"] = "meaning.service"
        assert self._supervisor
        for process in psutil.Process(self._supervisor.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):  # It has ended in the meantime.
                if any(marks[name] in word for word in process.cmdline()):
                    return process.pid
        return 0

    def health(self) -> dict[str, str]:
        """Return the states reported by /health/, or an empty dictionary if there is no response."""
        try:
            with urllib.request.urlopen(self.address("/health/"), timeout=10) as answer:
                return dict(json.load(answer)["checks"])
        except urllib.error.HTTPError as answer:
            with answer:
                return dict(json.load(answer)["checks"]) if answer.code == 503 else {}
        except (OSError, ValueError):
            return {}

    def wait_until_well(self) -> None:
        well = dict.fromkeys(("db", "disk", "broker", "worker", "beat", "mail"), "ok")
        wait_until(lambda: self.health() == well, "all parts of the instance are well")

    def announced(self) -> str:
        """Return the URL announced at the end of the start."""
        return re.findall(r"netcrm is ready\. Open .*?(http\S+)", self.output)[-1]

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal to the supervisor only; return its exit code once its output has been read."""
        assert self._supervisor
        self._supervisor.send_signal(number)
        code = self._supervisor.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return code

    def _read(self, supervisor: subprocess.Popen[str]) -> None:
        assert supervisor.stdout
        with supervisor.stdout:
            for line in supervisor.stdout:
                self.output += line

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_problem: object) -> None:
        if self.runs():
            processes = self.processes()
            self.stop()
            for process in processes:
                if process.is_running():
                    process.kill()


def clean_environment(**values: str) -> dict[str, str]:
    """Return this environment without any netcrm setting, updated with `values`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NETCRM_")}
    for name in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"):
        kept.pop(name, None)
    return {**kept, **values}


def manage(environment: dict[str, str], *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    """Run manage.py with `arguments`, and `text` as standard input. Returns the ended process with its output."""
    return subprocess.run(
        [*MANAGE, *arguments], cwd=TREE, env=environment, input=text, capture_output=True, text=True, check=False
    )


def ended(processes: list[psutil.Process]) -> bool:
    """Return whether all of the processes have ended."""
    return not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in processes)
