"""The web server is killed in the middle of a POST: an entry is saved completely or not at all."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections.abc import Iterator
from statistics import fmean

from tests.faults.audit import audit
from tests.faults.broker import LONGEST_RECOVERY
from tests.faults.figures import Figure
from tests.faults.member import Answer, Member
from tests.processes.deployment import Deployment
from tests.servers import wait_until

PEOPLE = 5
"""New people per entry, so that most of a POST's time is spent in its transaction."""

WHOLE_SERVER_EVERY = 10
"""One in this many kills hits the whole server; the others hit its workers, which come back immediately."""


def kill(deployment: Deployment, rounds: int) -> Iterator[Figure]:
    """Kill all workers of the web server at a random point of a POST, `rounds` times."""
    member = Member(deployment)
    moments = random.Random(rounds)
    usual = fmean(member.log([f"Early {number} {name}" for name in range(PEOPLE)]).seconds for number in range(5))
    answers = []
    for number in range(rounds):
        answers.append(_killed_post(deployment, member, number, moments.uniform(0, 2 * usual)))
    unanswered = [answer for answer in answers if not answer.saved]
    saved = len(unanswered) - member.misplaced(unanswered)
    print(f"  {len(unanswered)} of {rounds} entries were left without an answer; {saved} of them were saved")
    yield Figure("saved entries that are missing", member.misplaced(a for a in answers if a.saved))
    yield Figure("half-written entries", _half_written(deployment, member))
    yield Figure("people without their entry", _without_entry(deployment, member))
    again = [member.log(answer.people, key=answer.key) for answer in unanswered]
    yield Figure("entries not saved when sent again", sum(not answer.saved for answer in again))
    yield Figure("entries missing or there twice after that", member.misplaced(answers))
    yield Figure("half-written entries after that", _half_written(deployment, member))
    yield Figure("summary up to date after", member.wait_until_up_to_date(), LONGEST_RECOVERY, " s")
    yield Figure("things wrong", len(audit(deployment)))


def _killed_post(deployment: Deployment, member: Member, number: int, moment: float) -> Answer:
    """Submit an entry, kill the server `moment` seconds later, wait until it answers again, and return the response."""
    answers: list[Answer] = []
    people = [f"Person {number} {name}" for name in range(PEOPLE)]
    post = threading.Thread(target=lambda: answers.append(member.log(people)))
    post.start()
    time.sleep(moment)
    if number % WHOLE_SERVER_EVERY:
        deployment.kill_children("web")
    else:
        deployment.stop("web", signal.SIGKILL)
        deployment.start("web")
    post.join()
    wait_until(lambda: deployment.get("/health/db/")[0] == 200, "the web server answers again")
    return answers[0]


def _half_written(deployment: Deployment, member: Member) -> int:
    """Return how many of the member's entries lack some of their people."""
    ((entries,),) = deployment.rows(
        "SELECT count(*) FROM (SELECT favour.id FROM favours_favour favour LEFT JOIN favours_participation part "
        f"ON part.favour_id = favour.id WHERE favour.network_id = {member.network_id} "
        f"GROUP BY favour.id HAVING count(part.id) <> {PEOPLE}) halves"
    )
    return int(entries)


def _without_entry(deployment: Deployment, member: Member) -> int:
    """Return how many people were added for an entry that does not exist."""
    ((people,),) = deployment.rows(
        f"SELECT count(*) FROM contacts_contact contact WHERE network_id = {member.network_id} AND NOT EXISTS "
        "(SELECT 1 FROM favours_participation part WHERE part.contact_id = contact.id)"
    )
    return int(people)
