"""`manage.py serve` as a user at a terminal sees it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from netcrm.serving import preconditions
from netcrm.serving.leftovers import end_listed_processes, list_processes
from netcrm.serving.preconditions import StartError
from tests.passwords import PASSWORD
from tests.processes.deployment import COMMANDS
from tests.processes.instance import TREE, Instance, clean_environment, ended, manage
from tests.processes.test_data_folder import open_to_others
from tests.servers import Broker, free_port, wait_until

ALL_WELL = {"db": "ok", "disk": "ok", "broker": "ok", "worker": "ok", "beat": "ok", "mail": "ok"}


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """An instance shared by several tests; each leaves it running and healthy."""
    with Instance(tmp_path_factory.mktemp("data")) as running:
        yield running


def test_serve_offers_the_setup_link_of_an_empty_instance(instance: Instance) -> None:
    assert instance.announced().startswith(f"http://localhost:{instance.port}/accounts/")
    with urllib.request.urlopen(instance.announced()) as page:  # By a host name, so that passkeys work there.
        assert page.status == 200


def test_serve_makes_all_parts_well(instance: Instance) -> None:
    instance.wait_until_well()
    with urllib.request.urlopen(instance.address("/health/")) as answer:
        assert json.load(answer) == {"well": True, "checks": ALL_WELL, "matching": "words and meaning"}


@pytest.mark.parametrize("name", ["web", "worker", "beat", "broker", "meaning"])
def test_serve_starts_a_killed_process_again(instance: Instance, name: str) -> None:
    instance.wait_until_well()
    killed = instance.child(name)
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: instance.child(name) not in {0, killed}, f"{name} runs again")
    instance.wait_until_well()


def test_serve_writes_files_that_nobody_else_can_read(instance: Instance) -> None:
    assert open_to_others(Path(instance.environment["NETCRM_DATA"])) == []


def test_broker_is_told_no_secrets(instance: Instance) -> None:
    told = psutil.Process(instance.child("broker")).environ()
    assert [name for name in told if name.startswith(("NETCRM_", "DATABASE_", "REDIS_", "DJANGO_"))] == []
    assert "NETCRM_DATA" in psutil.Process(instance.child("worker")).environ()


def test_serve_logs_no_addresses(instance: Instance) -> None:
    with urllib.request.urlopen(instance.address("/accounts/login/?next=/contacts/%3Fq=Annabel")):
        pass
    assert "Annabel" not in instance.output


def test_serve_refuses_a_folder_in_use(instance: Instance) -> None:
    second = manage({**instance.environment, "NETCRM_PORT": "1"}, "serve")
    assert second.returncode == 1
    assert second.stderr.startswith("netcrm already runs with the data folder")
    assert "NETCRM_DATA=" in second.stderr


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_process_beside_serve_is_refused(instance: Instance, name: str) -> None:
    program, *arguments = COMMANDS[name]
    environment = {**instance.environment, "NETCRM_BIND": f"127.0.0.1:{free_port()}"}
    refused = subprocess.run(
        [str(Path(sys.executable).parent / program), *arguments],
        cwd=TREE,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert refused.returncode == 1
    (line,) = refused.stderr.splitlines()
    assert "netcrm already runs with the data folder " in line  # beat redirects standard error to its log.


def test_serve_refuses_a_taken_port(instance: Instance, tmp_path: Path) -> None:
    second = manage({**instance.environment, "NETCRM_DATA": str(tmp_path)}, "serve")
    assert second.returncode == 1
    assert second.stderr == (
        f"Port {instance.port} can't be used (Address already in use). Stop the program that uses it, or name "
        f"another port: NETCRM_PORT={instance.port + 1} make run\n"
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_serve_stops_everything_on_a_signal(data: Path, number: signal.Signals) -> None:
    with Instance(data) as instance:
        processes = instance.processes()
        assert instance.stop(number) == 0
        assert ended(processes)
        assert instance.output.endswith("netcrm | stopped\n")


def test_serve_survives_its_own_kill(data: Path) -> None:
    with Instance(data) as instance:
        made = manage(
            instance.environment, "create_member", "alice@example.org", "--password-stdin", text=f"{PASSWORD}\n"
        )
        assert made.returncode == 0, made.stderr
        processes = instance.processes()
        assert instance.stop(signal.SIGKILL) == -signal.SIGKILL
        instance.start()
        wait_until(lambda: ended(processes), "the killed instance is gone")
        assert instance.announced() == f"http://localhost:{instance.port}/", "the member is still there"
        instance.wait_until_well()


def test_prepare_collects_static_files_once(data: Path) -> None:
    environment = clean_environment(NETCRM_DATA=str(data))
    manifest = data / "static" / "staticfiles.json"
    first = manifest.stat().st_mtime_ns
    assert manage(environment, "prepare").returncode == 0
    assert manifest.stat().st_mtime_ns == first


def test_serve_with_a_named_broker_starts_none(data: Path) -> None:
    with Broker() as broker, Instance(data, REDIS_URL=broker.url) as instance:
        instance.wait_until_well()
        assert instance.child("broker") == 0


def test_serve_names_the_remedy_for_an_unwritable_folder() -> None:
    refused = manage(clean_environment(NETCRM_DATA="/dev/null/netcrm"), "serve")
    assert refused.returncode == 1
    assert refused.stderr == (
        "netcrm can't start: the data folder /dev/null/netcrm can't be written (Not a directory). Make it writable "
        "for you, or name another one: NETCRM_DATA=/another/folder make run\n"
    )


def test_broker_program_names_the_remedy_for_a_platform_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.system", lambda: "Plan9")
    with pytest.raises(StartError, match=r"REDIS_URL=redis://127\.0\.0\.1:6379/0 make run"):
        preconditions.broker_program()


def test_runtime_folder_must_be_short() -> None:
    with pytest.raises(StartError, match="too long a path"):
        preconditions.make_runtime_folder(Path("/tmp") / ("x" * 100))


def test_runtime_folder_must_be_private(tmp_path: Path) -> None:
    folder = Path(os.path.relpath(tmp_path)) / "open"
    folder.mkdir(mode=0o755)
    with pytest.raises(StartError, match="open to other users"):
        preconditions.make_runtime_folder(folder)


def test_port_that_becomes_free_is_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(StartError, match=f"Port {port} can't be used"):
            preconditions.check_port(port, patience=0)
    preconditions.check_port(port, patience=30)


def test_leftovers_end_by_the_list(tmp_path: Path) -> None:
    left = psutil.Popen(["sleep", "600"], start_new_session=True)
    list_processes(tmp_path / "processes.json", [left.pid])
    assert end_listed_processes(tmp_path / "processes.json") is True
    assert left.wait() == -signal.SIGKILL
    assert end_listed_processes(tmp_path / "processes.json") is False


def test_leftovers_spare_a_process_that_took_the_number(tmp_path: Path) -> None:
    stranger = psutil.Popen(["sleep", "600"], start_new_session=True)
    file = tmp_path / "processes.json"
    file.write_text(json.dumps({str(stranger.pid): "Mon Jan  5 10:00:00 2026 gunicorn"}))
    try:
        end_listed_processes(file)
        time.sleep(0.2)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()
