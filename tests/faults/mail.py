"""A mail server is slow at some step: each attempt ends, and the mail waits.

    python -m tests.faults.mail

makes one attempt inside an instance, and prints the seconds that it took and how it ended.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from tests.accounts.mail.slow_server import WAYS, slow_server
from tests.faults.figures import Figure
from tests.processes.deployment import Deployment
from tests.processes.instance import TREE

LONGEST_ATTEMPT = 15.0


def slow(deployment: Deployment, rounds: int) -> Iterator[Figure]:
    """Make `rounds` attempts with each slow server; those of a round run at the same time."""
    for number in range(rounds):
        with ThreadPoolExecutor(len(WAYS)) as servers:
            attempts = servers.map(lambda way: _attempt(deployment, way), WAYS)
            for way, (seconds, ended) in zip(WAYS, attempts, strict=True):
                print(f"  {number + 1}, {way}: {ended}")
                yield Figure(f"an attempt with a server that is slow at its {way}", seconds, LONGEST_ATTEMPT, " s")


def _attempt(deployment: Deployment, way: str) -> tuple[float, str]:
    """Return the seconds that an attempt took, and how it ended."""
    scheme, acts = WAYS[way]
    with slow_server(acts) as port:
        ended = subprocess.run(
            [sys.executable, "-m", "tests.faults.mail"],
            cwd=TREE,
            env=deployment.environment | {"NETCRM_MAIL_URL": f"{scheme}://127.0.0.1:{port}"},
            capture_output=True,
            text=True,
            check=True,
        )
    seconds, _space, how = ended.stdout.strip().partition(" ")
    return float(seconds), how


def deliver() -> None:
    """Make an attempt in this process, and print the seconds that it took and how it ended."""
    from accounts.mail.transport import Transport
    from accounts.models import OutgoingMail

    mail = OutgoingMail(recipient="anna@example.org", subject="Hello", text="Hello", message_id="<1@example.org>")
    begin, how = time.monotonic(), "taken"
    try:
        with Transport() as transport:
            transport.deliver(mail)
    except OSError as problem:
        how = f"{type(problem).__name__}: {problem}"
    print(f"{time.monotonic() - begin:.2f} {how}")


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netcrm.settings")
    django.setup()
    deliver()
