"""Workers are killed or compete: every summary is correct in the end."""

from __future__ import annotations

import contextlib
import random
import signal
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from celery import Celery

from tests.faults.audit import audit
from tests.faults.broker import LONGEST_RECOVERY
from tests.faults.figures import Figure
from tests.faults.hanging import WAYS
from tests.faults.member import Member, Writers
from tests.processes.deployment import Deployment
from tests.processes.instance import manage
from tests.servers import PATIENCE, wait_until

BEFORE_RECOVERY = 20
"""Kills in a row before the writers stop and the summary must be correct."""

MEMBERS = 4
"""Members whose summaries are recomputed in turn, so that a worker is always busy when it is killed."""
BETWEEN_ENTRIES = 1.1
"""Seconds between two entries of a member: each is recomputed immediately, not deferred as in a burst."""

PROCESSES = 4
"""The worker's processes, all of which hang at once."""
JOB_SECONDS = 2
"""Seconds that a job may take while jobs hang."""
LONGEST_LOSS = 10
"""Seconds beyond JOB_SECONDS until the worker has new processes and has done the waiting jobs."""

HANDFUL = 10
"""Recomputations allowed for a burst of a hundred entries.

There are usually two; on a machine that stalls for a second now and then, one burst looks like several.
"""


def kill(deployment: Deployment, rounds: int) -> Iterator[Figure]:
    """Kill the worker at random points of its work on journals of 2,000 entries, `rounds` times."""
    members = [Member(deployment) for _ in range(MEMBERS)]
    for member in members:
        filled = manage(deployment.environment, "sample_network", "--owner", member.email, "--favours", "2000")
        assert filled.returncode == 0, filled.stderr
    moments = random.Random(rounds)
    slowest, unsaved, wrong = 0.0, 0, []
    for first in range(0, rounds, BEFORE_RECOVERY):
        everybody = [Writers(member, threads=1, pause=BETWEEN_ENTRIES) for member in members]
        with contextlib.ExitStack() as writing:
            for writers in everybody:
                writing.enter_context(writers)
            for _ in range(first, min(first + BEFORE_RECOVERY, rounds)):
                computed = _computed_at(deployment)
                wait_until(lambda before=computed: _computed_at(deployment) != before, "the worker is at work")
                time.sleep(moments.uniform(0, 1.5))
                deployment.stop("worker", signal.SIGKILL)
                deployment.start("worker")
        unsaved += sum(len(writers.answers) - len(writers.saved) for writers in everybody)
        slowest = max(slowest, sum(member.wait_until_up_to_date() for member in members))
        wrong += audit(deployment)
    yield Figure("entries not saved", unsaved)
    yield Figure("slowest recovery", slowest, LONGEST_RECOVERY, " s")
    yield Figure("things wrong", len(wrong))


def compete(deployment: Deployment, rounds: int) -> Iterator[Figure]:
    """Log `rounds` entries at once with two workers: there are a handful of recomputations, and the last state wins."""
    member = Member(deployment)
    people = [f"Person {number}" for number in range(9)]
    assert member.log(people).saved  # If two browsers created a person at the same time, there would be two.
    member.wait_until_up_to_date()
    deployment.start("worker 2")
    _count_recomputations(deployment)
    try:
        wait_until(lambda: _waiting_workers(deployment) >= 2, "both workers wait for work")
        begin = time.monotonic()
        with ThreadPoolExecutor(4) as browsers:
            answers = list(browsers.map(lambda number: member.log([people[number % 9]]), range(rounds)))
        yield Figure("entries not saved", sum(not answer.saved for answer in answers))
        yield Figure("summary up to date after", member.wait_until_up_to_date(), LONGEST_RECOVERY, " s")
        seconds = time.monotonic() - begin
        ((recomputations,),) = deployment.rows("SELECT count(*) FROM recomputation")
        yield Figure(f"recomputations for {rounds} entries in {seconds:.1f} s", recomputations, HANDFUL)
        yield Figure("things wrong", len(audit(deployment)))
    finally:
        deployment.stop("worker 2")


def hang(deployment: Deployment, rounds: int) -> Iterator[Figure]:
    """Let jobs hang or die in all processes of the worker, in each way `rounds` times; the worker must recover."""
    member = Member(deployment)
    deployment.stop("worker")
    limit = {"NETCRM_JOB_SECONDS": str(JOB_SECONDS)}
    deployment.start("worker", "--include", "tests.faults.hanging", **limit)
    slowest, asked = 0.0, 0
    begun = deployment.folder / "begun"
    begun.unlink(missing_ok=True)
    with Celery(broker=deployment.broker.url) as app:
        for number in range(rounds):
            for how in WAYS:
                for _ in range(PROCESSES):
                    app.send_task("tests.hang", kwargs={"how": how, "begun": str(begun)}, ignore_result=True)
                asked += PROCESSES
                wait_until(lambda asked=asked: _lines(begun) >= asked, "the jobs hang")
                assert member.log([f"Person {number} {how}"]).saved
                slowest = max(slowest, member.wait_until_up_to_date())
    deployment.stop("worker", signal.SIGKILL)
    deployment.start("worker")
    yield Figure(
        f"after {JOB_SECONDS} s for a job, the worker goes on after", slowest, JOB_SECONDS + LONGEST_LOSS, " s"
    )
    yield Figure("such jobs begun again", _lines(begun) - asked)
    yield Figure("things wrong", len(audit(deployment)))


def _lines(file: Path) -> int:
    return len(file.read_text().splitlines()) if file.exists() else 0


def _waiting_workers(deployment: Deployment) -> int:
    with deployment.broker.client() as client:
        return int(client.info("clients")["blocked_clients"])


def _computed_at(deployment: Deployment) -> list[tuple[object, ...]]:
    return deployment.rows("SELECT computed_at FROM favours_summary WHERE month IS NULL ORDER BY id")


def _count_recomputations(deployment: Deployment) -> None:
    """Make the database record each running summary that is stored from now on."""
    if deployment.database:
        with deployment.database.connect("netcrm") as connection:
            connection.execute(
                """
                DROP TABLE IF EXISTS recomputation;
                CREATE TABLE recomputation (revision bigint);
                CREATE OR REPLACE FUNCTION note_recomputation() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN INSERT INTO recomputation VALUES (NEW.revision); RETURN NEW; END $$;
                CREATE OR REPLACE TRIGGER note_recomputation AFTER INSERT OR UPDATE ON favours_summary
                    FOR EACH ROW WHEN (NEW.month IS NULL) EXECUTE FUNCTION note_recomputation();
                """
            )
        return
    with contextlib.closing(sqlite3.connect(deployment.folder / "netcrm.sqlite3", timeout=PATIENCE)) as connection:
        connection.executescript(
            """
            DROP TABLE IF EXISTS recomputation;
            CREATE TABLE recomputation (revision bigint);
            CREATE TRIGGER IF NOT EXISTS note_insert AFTER INSERT ON favours_summary WHEN NEW.month IS NULL
                BEGIN INSERT INTO recomputation VALUES (NEW.revision); END;
            CREATE TRIGGER IF NOT EXISTS note_update AFTER UPDATE ON favours_summary WHEN NEW.month IS NULL
                BEGIN INSERT INTO recomputation VALUES (NEW.revision); END;
            """
        )
