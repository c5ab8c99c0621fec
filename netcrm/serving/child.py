"""A process of the supervisor, which starts it, watches it, restarts it when it dies, and stops it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
"""Seconds before a dead process is restarted: the first pause, which doubles with each death, and the longest."""

STEADY_AFTER = 60.0
"""Seconds of uptime after which the pause before a restart is short again."""

PR_SET_PDEATHSIG = 1  # From <sys/prctl.h>.


class Child:
    """A named process in its own session, so that Ctrl-C only reaches the supervisor."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """`environment` is the complete environment of the process; nothing is inherited."""
        self.name = name
        self._command = list(command)
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._pause = FIRST_PAUSE
        self._start_again_at: float | None = None

    @property
    def pid(self) -> int | None:
        """The process id while the process runs, else None."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self) -> None:
        """Start the process, and pass on its output line by line. Raises OSError."""
        self._start_again_at = None
        self._started_at = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603 - the command is our own
            self._command,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=dying_with(os.getpid()),
        )
        threading.Thread(target=self._pass_on_output, args=(self._process,), daemon=True).start()

    def tend(self) -> bool:
        """Restart the process if it has died, after an increasing pause. Returns whether it was restarted."""
        if self.pid is not None:
            return False
        now = time.monotonic()
        if self._start_again_at is None:
            if now - self._started_at > STEADY_AFTER:
                self._pause = FIRST_PAUSE
            say(self.name, f"ended ({self._ending()}); starts again in {self._pause:g} s")
            self._start_again_at = now + self._pause
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
        if now < self._start_again_at:
            return False
        self.start()
        return True

    def ask_to_stop(self) -> None:
        """Send SIGTERM to the process if it runs."""
        if self.pid is not None:
            os.kill(self.pid, signal.SIGTERM)

    def wait_or_kill(self, deadline: float) -> None:
        """Wait for the process to end, at most until `deadline` (monotonic seconds), then kill its process group."""
        if self._process is None:
            return
        try:
            self._process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            say(self.name, "does not stop by itself and is killed")
        kill_group(self._process.pid)
        self._process.wait()

    def _ending(self) -> str:
        code = self._process.returncode if self._process else 0
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"

    def _pass_on_output(self, process: subprocess.Popen[bytes]) -> None:
        with process.stdout or contextlib.nullcontext(()) as output:
            for line in output:
                say(self.name, line.decode(errors="replace").rstrip())


def say(name: str, line: str) -> None:
    """Print a line of output of the process `name`."""
    sys.stdout.write(f"{name:>6} | {line}\n")
    sys.stdout.flush()


def kill_group(pid: int) -> None:
    """Kill the remaining processes of the group led by `pid`."""
    # macOS reports a lack of permission when only zombies are left.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def dying_with(parent: int) -> Callable[[], None] | None:
    """Return a `preexec_fn` that makes the kernel kill the child when `parent` ends; None except on Linux."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)

    def prepare() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return prepare
