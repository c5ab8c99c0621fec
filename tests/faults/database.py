"""The database is restarted, exhausted, or written to by many processes at once."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator

import psycopg

from tests.faults.audit import audit
from tests.faults.broker import LONGEST_RECOVERY
from tests.faults.figures import Figure
from tests.faults.member import Member, Writers
from tests.processes.deployment import Deployment
from tests.processes.instance import TREE
from tests.servers import wait_until

LONGEST_OUTAGE = 10.0
LONGEST_ANSWER = 5.0
"""Seconds for the 503 response."""

PLAIN_PAGE = (
    503,
    "netcrm can't reach its database just now. What was saved is safe. Please try again in a minute.",
)
WRITERS = 4
CROWD = 12
"""Members' browsers that wait for an answer at once; the web server has eight threads."""
MOST_IDLE = 4
"""Connections that the processes may hold while only the sweeps run."""
LONGEST_HOLD = 10.0
"""Seconds until the connections of a crowd are given back."""


def restart(deployment: Deployment, rounds: int) -> Iterator[Figure]:
    """Stop PostgreSQL abruptly, as in a crash, and start it again, `rounds` times, under load."""
    assert deployment.database
    member = Member(deployment)
    slowest = 0.0
    with Writers(member) as writers:
        for _ in range(rounds):
            writers.wait_for(entries=5)
            deployment.database.restart_at_once()
            begin, saved = time.monotonic(), len(writers.saved)
            wait_until(lambda saved=saved: len(writers.saved) > saved + 2, "entries are saved again")
            slowest = max(slowest, time.monotonic() - begin)
    yield from _outage(deployment, member, writers, slowest)


def exhaust(deployment: Deployment, rounds: int) -> Iterator[Figure]:
    """Occupy every PostgreSQL connection, `rounds` times."""
    member = Member(deployment)
    wrong, slowest_answer, slowest_return = 0, 0.0, 0.0
    for _ in range(rounds):
        with _every_connection(deployment):
            begin = time.monotonic()
            wrong += deployment.get("/accounts/login/", session="0" * 32) != PLAIN_PAGE
            slowest_answer = max(slowest_answer, time.monotonic() - begin)
        begin = time.monotonic()
        wait_until(lambda: member.log(["Anna"]).saved, "entries are saved again")
        slowest_return = max(slowest_return, time.monotonic() - begin)
    yield Figure("answers other than 503 with the plain page", wrong)
    yield Figure("slowest of them", slowest_answer, LONGEST_ANSWER, " s")
    yield Figure("entries are saved again after", slowest_return, LONGEST_OUTAGE, " s")
    yield Figure("summary up to date after", member.wait_until_up_to_date(), LONGEST_RECOVERY, " s")
    yield Figure("things wrong", len(audit(deployment)))


def freeze(deployment: Deployment, rounds: int) -> Iterator[Figure]:
    """Freeze all of PostgreSQL's processes for `rounds` seconds, under more load than the web server has threads."""
    assert deployment.database
    member = Member(deployment)
    with Writers(member, threads=CROWD) as writers:
        writers.wait_for(entries=2 * CROWD)
        deployment.database.freeze()
        try:
            time.sleep(rounds)
        finally:
            deployment.database.thaw()
        begin, saved = time.monotonic(), len(writers.saved)
        wait_until(lambda: len(writers.saved) > saved + 2, "entries are saved again")
        seconds = time.monotonic() - begin
    yield from _outage(deployment, member, writers, seconds)


def give_back(deployment: Deployment, rounds: int) -> Iterator[Figure]:
    """Let a crowd use as many connections as it can, `rounds` times, and measure when they are given back."""
    member = Member(deployment)
    slowest, unsaved = 0.0, 0
    for _ in range(rounds):
        with Writers(member, threads=CROWD) as writers:
            writers.wait_for(entries=4 * CROWD)
            assert _connections(deployment) > MOST_IDLE
        begin = time.monotonic()
        wait_until(lambda: _connections(deployment) <= MOST_IDLE, "connections are given back")
        slowest = max(slowest, time.monotonic() - begin)
        unsaved += len(writers.answers) - len(writers.saved)
    yield Figure("entries not saved", unsaved)
    yield Figure(f"all connections but {MOST_IDLE} are given back after", slowest, LONGEST_HOLD, " s")
    yield Figure("things wrong", len(audit(deployment)))


def _connections(deployment: Deployment) -> int:
    """Return how many connections netcrm's processes hold."""
    ((connections,),) = deployment.rows(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = 'netcrm' AND pid <> pg_backend_pid()"
    )
    return int(connections)


def _outage(deployment: Deployment, member: Member, writers: Writers, seconds: float) -> Iterator[Figure]:
    """Yield what became of the entries written during an outage, after which they were saved again in `seconds`."""
    unsaved = [answer for answer in writers.answers if not answer.saved]
    print(f"  {len(writers.saved)} entries were saved and {len(unsaved)} were refused")
    yield Figure("refusals other than 503", sum(answer.status != 503 for answer in unsaved))
    yield Figure("saved entries that are missing", member.misplaced(writers.saved))
    yield Figure("longest answer", max(a.seconds for a in writers.answers), LONGEST_ANSWER, " s")
    yield Figure("entries are saved again after", seconds, LONGEST_OUTAGE, " s")
    yield Figure("summary up to date after", member.wait_until_up_to_date(), LONGEST_RECOVERY, " s")
    yield Figure("things wrong", len(audit(deployment)))


@contextlib.contextmanager
def _every_connection(deployment: Deployment) -> Iterator[None]:
    """Hold all PostgreSQL connections: the free ones, and those of other clients, which are terminated."""
    assert deployment.database
    server = deployment.database
    with contextlib.ExitStack() as taken:
        first = taken.enter_context(server.connect("netcrm"))
        own = [first.info.backend_pid]

        def holds_all() -> bool:
            with contextlib.suppress(psycopg.OperationalError):
                while True:
                    own.append(taken.enter_context(server.connect("netcrm")).info.backend_pid)
            ended = first.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE backend_type = 'client backend' AND pid <> ALL(%s)",
                [own],
            )
            return not ended.fetchall()

        wait_until(holds_all, "nobody else has a connection")
        yield


def write_at_once(deployment: Deployment, rounds: int) -> Iterator[Figure]:
    """Let four processes read and then write the same SQLite row, `rounds` times each."""
    member = Member(deployment)
    assert member.log(["Counter"]).saved
    command = [sys.executable, "-m", "tests.faults.counter", member.email, str(rounds)]
    writers = [
        subprocess.Popen(command, cwd=TREE, env=deployment.environment, stdout=subprocess.PIPE, text=True)
        for _ in range(WRITERS)
    ]
    locked = sum(int(writer.communicate()[0]) for writer in writers)
    ((counted,),) = deployment.rows(f"SELECT notes FROM contacts_contact WHERE network_id = {member.network_id}")
    yield Figure("writers that ended early", sum(writer.returncode != 0 for writer in writers))
    yield Figure("times locked out", locked)
    yield Figure(f"lost updates of {WRITERS * rounds}", abs(WRITERS * rounds - int(counted)))
    yield Figure("things wrong", len(audit(deployment)))
