"""Imports and exports over and over: the memory that a worker keeps stays within a bound."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from tests.faults.figures import Figure
from tests.faults.load import cards, wait_for
from tests.faults.member import Member
from tests.processes.deployment import Deployment

MEMBERS = 4
"""Members at work at once: one per process of the worker."""
MEGABYTES = 200
"""The bound that docs/deploying.md states for a worker process between two jobs."""
FORMATS = ("json", "vcard4", "csv", "vcard3")


def repeat(deployment: Deployment, rounds: int) -> Iterator[Figure]:
    """Let four members at once import 1,500 people each and export everybody so far, `rounds` times."""
    members = [Member(deployment) for _ in range(MEMBERS)]
    sizes = [deployment.megabytes("worker")]
    print(f"  the worker takes {sum(sizes[0]):.0f} MB", flush=True)
    failed = 0
    with ThreadPoolExecutor(MEMBERS) as browsers:
        for number in range(rounds):
            failed += sum(browsers.map(lambda member, number=number: _work(deployment, member, number), members))
            sizes.append(deployment.megabytes("worker"))
            print(f"  the worker takes {' + '.join(f'{size:.0f}' for size in sizes[-1])} MB", flush=True)
    yield Figure("imports and exports that failed", failed)
    yield Figure("largest process of the worker", max(map(max, sizes)), MEGABYTES, " MB")


def _work(deployment: Deployment, member: Member, number: int) -> int:
    """Run a member's import and export of one round; return how many jobs failed."""
    path = member.upload("/contacts/import/", "people.vcf", cards(f"{member.network_id}-{number}")).location
    done = [wait_for(deployment, "contacts_importrun", path, "preview")]
    member.post(f"{path}confirm/")
    done.append(wait_for(deployment, "contacts_importrun", path, "done"))
    export = member.post("/export/", format=FORMATS[number % len(FORMATS)]).location
    done.append(wait_for(deployment, "favours_export", export, "done"))
    return done.count(False)
