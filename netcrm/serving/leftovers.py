"""Ends processes that a killed supervisor left behind.

On Linux the kernel ends them with their supervisor. Elsewhere the next start does, using the list that the supervisor
keeps in the runtime folder. A process is killed only if its id, start time and command line match the list.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path

from netcrm.serving.child import kill_group


def list_processes(file: Path, pids: Iterable[int]) -> None:
    """Write the ids, start times and command lines of the processes `pids` to `file`."""
    draft = file.with_suffix(".draft")
    draft.write_text(json.dumps({str(pid): _identity(pid) for pid in pids}))
    draft.replace(file)


def end_listed_processes(file: Path) -> bool:
    """Kill the groups of all listed processes that still run, and delete the list. Returns whether there was one."""
    try:
        listed: dict[str, str] = json.loads(file.read_text())
    except FileNotFoundError:
        return False
    except ValueError:
        listed = {}
    for pid, identity in listed.items():
        if identity and _identity(int(pid)) == identity:
            kill_group(int(pid))
    file.unlink()
    return True


def _identity(pid: int) -> str:
    """Return start time and command line of the process; "" if it isn't running or there is no `ps`."""
    try:
        found = subprocess.run(  # noqa: S603 - only a number varies
            ["ps", "-o", "lstart=", "-o", "command=", "-p", str(pid)],  # noqa: S607 - its path differs on macOS
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return ""
    return found.stdout.strip()
