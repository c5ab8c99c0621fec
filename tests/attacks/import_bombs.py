"""`python -m pytest -s tests/attacks/import_bombs.py`: full-size bombs, each in a process of its own.

Each is uploaded as the form does it, and looked through as a worker does it. The suite's short version, which counts
calls instead of measuring, is tests/contacts/files/test_bombs.py.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from tests.attacks.bombs import BOMBS, FULL, Bomb, by_name
from tests.processes.instance import TREE, clean_environment, manage

SECONDS = 5.0
MEGABYTES = 300.0
"""Limits for what a file costs before anybody has confirmed it: processor time, and memory beyond the idle process."""
SECONDS_OF_A_REQUEST = 2.0


@dataclass(frozen=True)
class Cost:
    """The cost of a stage, and the state in which it left the import (empty if the file was refused)."""

    seconds: float
    megabytes: float
    state: str


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an empty database."""
    folder = tmp_path_factory.mktemp("bombs")
    migrated = manage(clean_environment(NETCRM_DATA=str(folder)), "migrate", "-v0")
    assert migrated.returncode == 0, migrated.stderr
    return folder


@pytest.mark.parametrize("bomb", BOMBS, ids=str)
def test_reading_costs_no_more_than_is_promised(folder: Path, bomb: Bomb) -> None:
    environment = clean_environment(NETCRM_DATA=str(folder), DJANGO_SETTINGS_MODULE="netcrm.settings")
    command = [sys.executable, "-m", "tests.attacks.import_bombs", bomb.name]
    done = subprocess.run(command, cwd=TREE, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    uploaded, looked_through = (Cost(**values) for values in json.loads(done.stdout))
    for stage, cost in {"uploaded": uploaded, "looked through": looked_through}.items():
        print(f"{bomb}: {stage} in {cost.seconds:.2f} s, {cost.megabytes:.0f} MB, {cost.state or 'refused'}")
    assert uploaded.seconds < SECONDS_OF_A_REQUEST
    assert looked_through.seconds < SECONDS
    assert max(uploaded.megabytes, looked_through.megabytes) < MEGABYTES


def measure(name: str) -> tuple[Cost, Cost]:
    """Upload a bomb for a new member, and look it through; to be called in a fresh process."""
    import django

    django.setup()
    from django.core.files.uploadedfile import TemporaryUploadedFile

    from accounts.models import User
    from contacts.forms.imports import ContactsFileForm
    from contacts.importing.running import work_on
    from contacts.middleware import network_of
    from contacts.models import ImportRun
    from contacts.views.imports import look_through_if_small

    member = User(email=f"{os.getpid()}@example.org")
    member.set_unusable_password()
    member.save()
    network = network_of(member)
    upload = TemporaryUploadedFile("upload", "", FULL, None)
    _fill(upload.temporary_file_path(), by_name(name))

    def receive() -> str:
        form = ContactsFileForm({}, {"file": upload}, network=network)  # type: ignore[arg-type]
        if not form.is_valid():
            return ""
        try:
            look_through_if_small(form.save())
        except django.core.exceptions.ValidationError:
            return ""
        return network.import_runs.get().state

    def look_through() -> str:
        network.import_runs.filter(state=ImportRun.State.MAPPING).update(state=ImportRun.State.READING)
        for run in network.import_runs.filter(state=ImportRun.State.READING):
            work_on(run.pk)
        return next(iter(network.import_runs.values_list("state", flat=True)), "")

    return _cost_of(receive), _cost_of(look_through)


def _fill(path: str, bomb: Bomb) -> None:
    """Write the bomb in a process whose memory is not measured."""
    child = os.fork()
    if not child:
        Path(path).write_bytes(bomb.make(FULL))
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0


def _cost_of(act: Callable[[], str]) -> Cost:
    Path("/proc/self/clear_refs").write_text("5")
    before, begin = _memory("VmRSS"), time.process_time()
    state = act()
    return Cost(time.process_time() - begin, _memory("VmHWM") - before, state)


def _memory(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as uploads:
        tempfile.tempdir = uploads
        print(json.dumps([asdict(cost) for cost in measure(sys.argv[1])]))
