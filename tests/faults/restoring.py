"""Kill restores: afterwards the database is either the old or the restored one, complete, and the instance starts."""

from __future__ import annotations

import contextlib
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.faults.audit import audit
from tests.faults.broker import LONGEST_RECOVERY
from tests.faults.figures import Figure
from tests.faults.member import Member
from tests.processes.deployment import COMMANDS, Deployment
from tests.processes.instance import TREE, manage

DELAYED_EVERY = 2
"""One kill in this many comes at the start of a line. The others come a random delay after it, to hit the few lines
that copy and migrate while they run."""

LONGEST_DELAY = 0.3
"""Maximum delay, in seconds."""


def kill(deployment: Deployment, rounds: int) -> Iterator[Figure]:
    """Kill `manage.py restore --replace` at `rounds` points between its first line and its last."""
    member = Member(deployment)
    points = random.Random(rounds)
    backup = deployment.folder / "backup"
    database = deployment.folder / "netcrm.sqlite3"
    assert member.log(["Anna", "Ben"]).saved
    ((erased,),) = deployment.rows("SELECT uuid FROM contacts_contact WHERE given_name = 'Ben'")
    saved = manage(deployment.environment, "backup", str(backup))
    assert saved.returncode == 0, saved.stderr
    _remember(deployment, erased)
    lines, restored = _whole_restore(deployment, backup)
    neither = unlike = not_started = left = not_kept = 0
    for number in range(rounds):
        assert member.log([f"Later {number}"]).saved
        line = 1 + int((number + points.random()) * lines / rounds)
        seconds = points.uniform(0, LONGEST_DELAY) if number % DELAYED_EVERY else 0.0
        with _stopped(deployment):
            before, known = _rows(database), set(_kept(deployment))
            where = _restore(deployment, backup, line, seconds).split("\n")[0]
            files = sorted(path.name for path in deployment.folder.glob("netcrm*"))
            found = _rows(database)
            started = manage(deployment.environment, "prepare")
            not_started += started.returncode != 0
            kept = set(_kept(deployment)) - known
        neither += not found
        unlike += found not in (before, restored)
        left += len(list(deployment.folder.glob("*.restoring*"))) + sum(path.samefile(database) for path in kept)
        not_kept += [_rows(path) for path in kept] != ([before] if found == restored else [])
        which = "old" if found == before else "restored" if found == restored else "NEITHER"
        print(f"  {number + 1:>2}. line {line} of {lines} ({where}) + {seconds:.3f} s: {which}; {', '.join(files)}")
    yield Figure("kills after which there was no database", neither)
    yield Figure("kills after which it was neither the old nor the restored one", unlike)
    yield Figure("kills after which the instance did not start", not_started)
    yield Figure("files left behind after the next start", left)
    yield Figure("old databases not kept, or kept unasked", not_kept)
    yield Figure("summary up to date after", member.wait_until_up_to_date(), LONGEST_RECOVERY, " s")
    yield Figure("things wrong", len(audit(deployment)))


def _whole_restore(deployment: Deployment, backup: Path) -> tuple[int, list[str]]:
    """Return the number of lines that an uninterrupted restore executes, and the rows of the restored database."""
    with _stopped(deployment):
        said = _restore(deployment, backup, 0, 0)
        assert "Erased again: 1." in said, said
        return int(said.split()[-1]), _rows(deployment.folder / "netcrm.sqlite3")


def _restore(deployment: Deployment, backup: Path, line: int, seconds: float) -> str:
    """Restore the backup, killed at a line as in tests/faults/cut_off.py, and return its output."""
    command = [sys.executable, "-m", "tests.faults.cut_off", str(line), str(seconds)]
    ended = subprocess.run(
        [*command, "restore", str(backup), "--replace"],
        cwd=TREE,
        env=deployment.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == (-signal.SIGKILL if line else 0), ended.stderr
    return ended.stdout


@contextlib.contextmanager
def _stopped(deployment: Deployment) -> Iterator[None]:
    for name in COMMANDS:
        deployment.stop(name)
    yield
    for name in COMMANDS:
        deployment.start(name)
    deployment.wait_until_well()


def _rows(database: Path) -> list[str]:
    """Return every row of a database as SQL, or nothing if it does not exist. Fails if it is corrupt."""
    if not database.exists():
        return []
    with contextlib.closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return list(connection.iterdump())


def _kept(deployment: Deployment) -> list[Path]:
    return list(deployment.folder.glob("netcrm.replaced-*"))


def _remember(deployment: Deployment, identifier: str) -> None:
    """Record that a contact in the backup has been erased since."""
    file = deployment.folder / "erased" / "identifiers"
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"2026-11-23 contact {identifier}\n")
