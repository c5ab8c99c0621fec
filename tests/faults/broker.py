"""The broker goes away: entries are still saved, and no summary is forgotten."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator

from tests.faults.audit import audit
from tests.faults.figures import Figure
from tests.faults.member import Answer, Member, Writers
from tests.processes.deployment import Deployment

LONGEST_POST = 3.0
LONGEST_RECOVERY = 90.0


def refuse(deployment: Deployment, rounds: int) -> Iterator[Figure]:
    """Log `rounds` entries while the broker refuses connections."""
    member = Member(deployment)
    deployment.broker.stop(signal.SIGKILL)
    try:
        answers = [member.log([f"Person {number}"]) for number in range(rounds)]
    finally:
        deployment.broker.start()
    yield from _nothing_lost(deployment, member, answers)


def freeze(deployment: Deployment, rounds: int) -> Iterator[Figure]:
    """Log `rounds` entries, four a second, while the broker accepts connections but answers nothing."""
    member = Member(deployment)
    deployment.broker.freeze()
    answers = []
    try:
        for number in range(rounds):
            answers.append(member.log([f"Person {number}"]))
            time.sleep(0.25)
    finally:
        deployment.broker.thaw()
    yield from _nothing_lost(deployment, member, answers)


def flush(deployment: Deployment, rounds: int) -> Iterator[Figure]:
    """Make the broker forget everything, `rounds` times, under load."""
    member = Member(deployment)
    with Writers(member) as writers, deployment.broker.client() as client:
        for _ in range(rounds):
            writers.wait_for(entries=3)
            client.flushall()
    yield from _nothing_lost(deployment, member, writers.answers)


def restart(deployment: Deployment, rounds: int) -> Iterator[Figure]:
    """Kill and restart the broker, `rounds` times, under load."""
    member = Member(deployment)
    slowest = 0.0
    answers: list[Answer] = []
    for _ in range(rounds):
        with Writers(member) as writers:
            writers.wait_for(entries=5)
            deployment.broker.stop(signal.SIGKILL)
            writers.wait_for(entries=5)
            deployment.broker.start()
            writers.wait_for(entries=5)
        answers += writers.answers
        slowest = max(slowest, member.wait_until_up_to_date())
    yield Figure("slowest recovery of a round", slowest, LONGEST_RECOVERY, " s")
    yield from _nothing_lost(deployment, member, answers)


def _nothing_lost(deployment: Deployment, member: Member, answers: list[Answer]) -> Iterator[Figure]:
    yield Figure("entries not saved", sum(not answer.saved for answer in answers))
    yield Figure(f"longest of {len(answers)} entries", max(a.seconds for a in answers), LONGEST_POST, " s")
    yield Figure("summary up to date after", member.wait_until_up_to_date(), LONGEST_RECOVERY, " s")
    yield Figure("things wrong", len(audit(deployment)))
