"""Files are exported and imported while members write: every job is finished eventually, with a consistent result."""

from __future__ import annotations

import contextlib
import json
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count, cycle
from statistics import median

from tests.faults.audit import audit
from tests.faults.figures import Figure
from tests.faults.member import Member, Writers
from tests.processes.deployment import Deployment
from tests.processes.instance import manage

SECONDS_A_ROUND = 10
BETWEEN_ENTRIES = 0.25
"""Seconds between two entries of a writer; there are four writers."""
PEOPLE, FAVOURS = 800, 2000
"""Initial rows per network: too many for an export to be written within the request."""
CARDS = 1500
"""People in an imported file: more than one batch."""
LONGEST_WORK = 180.0
"""Seconds after which requested work counts as unfinished."""
FORMATS = ("json", "vcard4", "csv", "vcard3")


@dataclass
class Work:
    """Requested jobs, counted by final state; `problems` are those of failed jobs, and `slowest` is in seconds."""

    states: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    slowest: float = 0.0

    @property
    def failed(self) -> int:
        return self.states["failed"]

    @property
    def unfinished(self) -> int:
        return self.states.total() - self.failed - self.states["done"]

    def __str__(self) -> str:
        told = f"{self.states.total()} asked, {self.states['done']} done, {self.failed} failed, "
        told += f"{self.unfinished} left unfinished, the slowest after {self.slowest:.1f} s"
        return told + "".join(f"\n    {text} ({times} times)" for text, times in Counter(self.problems).items())


def mix(deployment: Deployment, rounds: int) -> Iterator[Figure]:
    """Let four members write while two export and two import over and over, for `rounds` times ten seconds."""
    members = [Member(deployment) for _ in range(4)]
    for member in members:
        numbers = ("--contacts", str(PEOPLE), "--favours", str(FAVOURS))
        filled = manage(deployment.environment, "sample_network", "--owner", member.email, *numbers)
        assert filled.returncode == 0, filled.stderr
    exports, previews, imports, undone = Work(), Work(), Work(), Work()
    loose_ends = 0
    everybody = [Writers(member, threads=1, pause=BETWEEN_ENTRIES) for member in members]
    end = time.monotonic() + rounds * SECONDS_A_ROUND

    def export_again_and_again(member: Member) -> None:
        nonlocal loose_ends
        for file_format in cycle(FORMATS):
            if time.monotonic() > end:
                return
            path = member.post("/export/", format=file_format).location
            if _work(deployment, "favours_export", path, exports, ("done",)) and file_format == "json":
                loose_ends += _has_loose_ends(member.get(f"{path}file/").content)

    def import_again_and_again(member: Member) -> None:
        for number in count():
            if time.monotonic() > end:
                return
            path = member.upload("/contacts/import/", "people.vcf", cards(f"{member.network_id}-{number}")).location
            if not _work(deployment, "contacts_importrun", path, previews, ("preview",)):
                continue
            member.post(f"{path}confirm/")
            if _work(deployment, "contacts_importrun", path, imports, ("done",)):
                member.post(f"{path}undo/")
                _work(deployment, "contacts_importrun", path, undone, ("undone",))

    with contextlib.ExitStack() as writing, ThreadPoolExecutor(4) as browsers:
        for writers in everybody:
            writing.enter_context(writers)
        asking = [browsers.submit(export_again_and_again, member) for member in members[:2]]
        asking += [browsers.submit(import_again_and_again, member) for member in members[2:]]
        for each in asking:
            each.result()
    waits = [answer.seconds for writers in everybody for answer in writers.answers]
    every = {"exports": exports, "previews": previews, "imports": imports, "undone imports": undone}
    for what, work in every.items():
        print(f"  {what}: {work}")
    print(f"  begun more than once: {_begun_again(deployment)}")
    print(f"  {len(waits)} entries, answered after {median(waits):.3f} s in the middle")
    print(f"  longest wait of a quick log {max(waits):.2f} s; {sum(wait > 1 for wait in waits)} waits over 1 s")
    for what, work in every.items():
        yield Figure(f"{what} that failed", work.failed)
        yield Figure(f"{what} left unfinished", work.unfinished)
    yield Figure("exports that name what they don't hold", loose_ends)
    yield Figure("entries not saved", sum(len(writers.answers) - len(writers.saved) for writers in everybody))
    yield Figure("saved entries that are missing", sum(w.member.misplaced(w.saved) for w in everybody))
    for member in members:
        member.wait_until_up_to_date()
    yield Figure("things wrong", len(audit(deployment)))


def _work(deployment: Deployment, table: str, path: str, work: Work, wanted: tuple[str, ...]) -> bool:
    """Wait until a member's job has ended, and count it; return whether it succeeded."""
    begin, last = time.monotonic(), (*wanted, "failed", "cancelled", "not there")
    state = _state(deployment, table, path)
    while state[0] not in last and time.monotonic() < begin + LONGEST_WORK:
        time.sleep(0.2)
        state = _state(deployment, table, path)
    work.slowest = max(work.slowest, time.monotonic() - begin)
    work.states["done" if state[0] in wanted else state[0]] += 1
    if state[0] == "failed":
        work.problems.append(state[1])
    return state[0] in wanted


def wait_for(deployment: Deployment, table: str, path: str, wanted: str) -> bool:
    """Wait until a member's job has ended; return whether it reached the state `wanted`."""
    return _work(deployment, table, path, Work(), (wanted,))


def _state(deployment: Deployment, table: str, path: str) -> tuple[str, str]:
    """Return the state and the problem of the job whose page has this URL."""
    uuid = path.strip("/").rpartition("/")[2]
    own = uuid if deployment.database else uuid.replace("-", "")
    found = deployment.rows(f"SELECT state, problem FROM {table} WHERE uuid = '{own}'") if uuid else []
    return found[0] if found else ("not there", "")


def _begun_again(deployment: Deployment) -> int:
    """Return how many exports and imports were started more than once without making any progress."""
    tables = ("favours_export", "contacts_importrun")
    return sum(deployment.rows(f"SELECT count(*) FROM {table} WHERE attempts > 1")[0][0] for table in tables)


def _has_loose_ends(content: bytes) -> bool:
    """Return whether an export refers to a contact that it does not contain."""
    export = json.loads(content)
    held = {person["id"] for person in export["contacts"]}
    named = {contact for entry in export["favours"] + export["conversations"] for contact in entry["contacts"]}
    return bool(named - held)


def cards(name: str) -> bytes:
    """Return a vCard file of people with this name."""
    return "".join(
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Guest {number} Of {name}\r\nN:{name};Guest {number};;;\r\n"
        f"EMAIL:guest-{number}@{name}.example.org\r\nTEL:+49 30 {number:07}\r\nORG:Office {number % 40}\r\n"
        "END:VCARD\r\n"
        for number in range(CARDS)
    ).encode()
