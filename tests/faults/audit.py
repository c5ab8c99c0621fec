"""Checks, from inside an instance, for anything that a fault must not leave behind.

    python -m tests.faults.audit

prints a JSON list with a line for each problem in the instance that the environment points to.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator

from tests.processes.deployment import Deployment
from tests.processes.instance import TREE


def audit(deployment: Deployment) -> list[str]:
    """Return the problems in the deployment's database."""
    found = subprocess.run(
        [sys.executable, "-m", "tests.faults.audit"],
        cwd=TREE,
        env=deployment.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    return list(json.loads(found.stdout))


def problems() -> Iterator[str]:
    """Yield every problem: half-written entries and people, wrong copies, summaries that differ from their journal."""
    from django.db import connection

    from contacts.models import Contact, Network
    from favours import consistency
    from favours.models import Favour
    from favours.reciprocity import summaries

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            (verdict,) = cursor.execute("PRAGMA integrity_check").fetchone()
        if verdict != "ok":
            yield f"the database file: {verdict}"
    for favour in Favour.with_trash.filter(participations=None):
        yield f"entry {favour.pk} has no people"
    for contact in Contact.with_trash.filter(search_words=None):
        yield f"contact {contact.pk} can't be found by any word"
    for finding in consistency.findings():
        yield f"{finding.rule}: not so in {finding.rows} rows"
    for network in Network.objects.select_related("owner"):
        yield from (f"network {network.pk}: {problem}" for problem in summaries.check(network))


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netcrm.settings")
    django.setup()
    print(json.dumps(list(problems())))
