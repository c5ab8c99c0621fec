"""The disk is full: netcrm reports it, writes nothing halfway, and continues once there is room again."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from tests.faults.audit import audit
from tests.faults.broker import LONGEST_RECOVERY
from tests.faults.figures import Figure
from tests.faults.member import Member, Page
from tests.passwords import PASSWORD
from tests.processes.deployment import SQLITE, Deployment, deployed
from tests.processes.instance import manage
from tests.servers import free_port, wait_until

MEGABYTES = {"sqlite": 40, "postgresql": 160}
"""The size of the disk. A new PostgreSQL database takes about 60 MB, and its own processes as much again."""

TOLD = b"The disk that netcrm writes to is full"
MOST_ENTRIES = 500
"""Entries after which the pages that the database already has must be full."""

CARDS = "".join(
    f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Guest {number}\r\nN:;Guest;;;\r\nEND:VCARD\r\n" for number in range(1500)
).encode()


def fill(deployment: Deployment, rounds: int) -> Iterator[Figure]:
    """Fill the disk of the data folder or, in a deployment on PostgreSQL, of its server, `rounds` times."""
    if os.geteuid() != 0:
        print("  left out: only root can mount a small disk")
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        _small_disk(MEGABYTES[deployment.kind]) as disk,
        deployed(Path(folder), deployment.kind, place=disk) as running,
    ):
        yield from _filled_again_and_again(running, disk, rounds)


def _filled_again_and_again(running: Deployment, disk: Path, rounds: int) -> Iterator[Figure]:
    member, other = Member(running), Member(running)
    other.sign_out()
    asked = untold = unhealthy = starts = 0
    recovery = 0.0
    for number in range(rounds):
        uploaded = member.upload("/contacts/import/", "people.vcf", CARDS).location
        _wait_for(running, uploaded, "preview")
        running.stop("worker")
        assert member.post(f"{uploaded}confirm/").status == 302
        filler = _fill(disk)
        _use_up_rest(member)
        running.start("worker")
        answers = [act() for act in _acts(member, other)]
        asked += len(answers)
        untold += sum(not _is_told(page) for page in answers)
        untold += _is_silent(member, uploaded)
        unhealthy += _health(running) != (503, "full")
        starts += _untold_starts(running)
        filler.unlink()
        begin = time.monotonic()
        _wait_for(running, uploaded, "done")
        running.wait_until_well()
        recovery = max(recovery, time.monotonic() - begin)
        assert member.log([f"After {number}"]).saved
    yield Figure(f"answers of {asked} that neither succeed nor tell of the full disk", untold)
    yield Figure("times that /health/ did not tell", unhealthy)
    yield Figure("starts and commands without a sentence", starts)
    yield Figure("all goes on after", recovery, LONGEST_RECOVERY, " s")
    yield Figure("things wrong", len(audit(running)))


def _acts(member: Member, other: Member) -> Iterator[Callable[[], Page]]:
    """Yield the acts of members that the full disk may refuse."""
    yield lambda: member.post("/log/", mode="give", kind="tip", people="Anna", client_key=str(uuid.uuid4()))
    yield lambda: member.upload("/contacts/import/", "people.vcf", CARDS)
    yield lambda: member.post("/export/", format="json")
    # More often than anyone may enter a wrong password.
    for _ in range(11):
        yield lambda: other.post("/accounts/login/", login=other.email, password=PASSWORD)


def _is_told(page: Page) -> bool:
    """Whether an answer reports the full disk, or the act succeeded after all."""
    return page.status == 302 or (page.status == 503 and page.content.startswith(TOLD))


def _is_silent(member: Member, uploaded: str) -> bool:
    """Whether the page of the waiting import fails to say why it waits."""
    page = member.get(uploaded)
    return page.status != 200 or TOLD not in page.content


def _health(running: Deployment) -> tuple[int, str]:
    status, text = running.get("/health/")
    return status, json.loads(text)["checks"]["disk"]


def _untold_starts(running: Deployment) -> int:
    """Run the commands of a host; return how many failed without saying in one sentence that the disk is full."""
    commands: list[tuple[str, ...]] = [("create_member", f"{uuid.uuid4()}@example.org", "--password-stdin")]
    environment = running.environment
    if running.kind == SQLITE:
        # A separate instance, because the folder of this one is in use.
        environment = environment | {
            "NETCRM_DATA": str(running.folder.with_name("new")),
            "NETCRM_PORT": str(free_port()),
        }
        commands += [("prepare",), ("serve",)]
    untold = 0
    for command in commands:
        ended = manage(environment, *command, text=f"{PASSWORD}\n")
        lines = [line for line in ended.stderr.splitlines() if "netcrm.events" not in line]
        is_told = ended.returncode == 1 and len(lines) == 1 and "Make room" in lines[0]
        untold += ended.returncode != 0 and not is_told
    return untold


def _wait_for(running: Deployment, uploaded: str, state: str) -> None:
    own = uploaded.strip("/").rpartition("/")[2]
    own = own if running.database else own.replace("-", "")
    query = f"SELECT state FROM contacts_importrun WHERE uuid = '{own}'"
    wait_until(lambda: running.rows(query) == [(state,)], f"the import is {state}")


def _use_up_rest(member: Member) -> None:
    """Log entries until the pages that the database already has are full."""
    for number in count():
        people = "; ".join(f"Filler {number} {uuid.uuid4()}" for _ in range(5))
        page = member.post("/log/", mode="give", kind="tip", people=people, client_key=str(uuid.uuid4()))
        if page.status != 302:
            return
        assert number < MOST_ENTRIES, "the disk is full, and entries are still saved"


def _fill(disk: Path) -> Path:
    """Fill a disk to its last byte with a single file, and return the file's path."""
    path = disk / "filler"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT)
    try:
        with contextlib.suppress(OSError):
            while True:
                os.write(descriptor, bytes(4096))
    finally:
        os.close(descriptor)
    return path


@contextlib.contextmanager
def _small_disk(megabytes: int) -> Iterator[Path]:
    folder = tempfile.mkdtemp(prefix="netcrm-disk-")
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "netcrm-tests", folder], check=True)
    try:
        yield Path(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
        Path(folder).rmdir()
