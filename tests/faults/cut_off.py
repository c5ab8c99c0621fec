"""Runs a manage.py command and kills it partway through.

    python -m tests.faults.cut_off LINE SECONDS COMMAND...

kills it with -9 once it has executed LINE lines of the code that puts a backup in place and SECONDS more have passed.
With LINE 0 it runs to the end and then prints how many such lines there were.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import FrameType
from typing import Any

from django.core.management import execute_from_command_line

TRACED = ("netcrm/restoring.py", "netcrm/database_file.py")


class Killer:
    """A tracer that counts lines, and kills the process at, or some time after, the given one."""

    def __init__(self, line: int, seconds: float) -> None:
        self.reached = 0
        self._line = line
        self._seconds = seconds

    def __call__(self, frame: FrameType, _event: str, _value: Any) -> Any:
        # Skips the bodies of modules, which run on import, and comprehensions, which count a line for each item.
        if frame.f_code.co_filename.endswith(TRACED) and not frame.f_code.co_name.startswith("<"):
            return self._count
        return None

    def _count(self, frame: FrameType, event: str, _value: Any) -> Any:
        if event == "line":
            self.reached += 1
            if self.reached == self._line:
                print(f"{frame.f_code.co_name}:{frame.f_lineno}", flush=True)
                if self._seconds:
                    threading.Timer(self._seconds, _kill).start()
                else:
                    _kill()
        return self._count


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netcrm.settings")
    killer = Killer(int(sys.argv[1]), float(sys.argv[2]))
    sys.settrace(killer)
    execute_from_command_line(["manage.py", *sys.argv[3:]])
    sys.settrace(None)
    if killer.reached >= int(sys.argv[1]) > 0:
        _kill()  # It finished sooner than usual.
    print(killer.reached)
