"""The command line as used from a shell."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.processes.instance import clean_environment, manage
from tests.servers import Postgres, free_port


def test_command_ends_quietly_when_nobody_reads_on(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)  # As `head` does after enough lines.
    try:
        finished = subprocess.run(
            [sys.executable, "manage.py", "diffsettings"],
            cwd=settings.BASE_DIR,
            env={**os.environ, "NETCRM_DATA": str(tmp_path)},
            stdin=subprocess.DEVNULL,
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(writer)
    assert (finished.returncode, finished.stderr) == (141, "")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("NETCRM_BIND", "8000"),
        ("NETCRM_MAIL_URL", "smtp://:25"),
        ("NETCRM_MAIL_FROM", "nobody"),
        ("NETCRM_BASE_URL", "https://example.org/netcrm"),
        ("NETCRM_ALLOWED_HOSTS", "https://example.org"),
        ("NETCRM_HSTS", "all"),
        ("REDIS_URL", "redis://broker/first"),
        ("DATABASE_URL", "postgres://netcrm@database"),
        ("DATABASE_URL", "sqlite:///netcrm.sqlite3"),
    ],
)
def test_check_refuses_what_can_not_be_used(tmp_path: Path, variable: str, value: str) -> None:
    environment = clean_environment(NETCRM_DATA=str(tmp_path), NETCRM_SECRET_KEY="given", **{variable: value})
    refused = manage(environment, "check")
    (line,) = refused.stderr.splitlines()
    assert refused.returncode == 1
    assert line.startswith(f"netcrm can't start: {variable} ")


@pytest.mark.parametrize("command", ["prepare", "doctor", "create_member", "serve", "migrate"])
def test_database_that_can_not_be_reached_is_one_sentence(tmp_path: Path, command: str) -> None:
    address = f"postgres://netcrm:secret@127.0.0.1:{free_port()}/netcrm"
    environment = clean_environment(NETCRM_DATA=str(tmp_path), NETCRM_SECRET_KEY="given", DATABASE_URL=address)
    refused = manage(environment, command, *(["a@example.org"] if command == "create_member" else []))
    (line,) = refused.stderr.splitlines()
    assert refused.returncode == 1
    assert line.startswith("netcrm can't start: the database that DATABASE_URL names can't be used: OperationalError: ")
    assert "Connection refused" in line
    assert "secret" not in line


def test_wrong_name_of_the_database_is_one_sentence(tmp_path: Path) -> None:
    with Postgres() as server:
        address = f"{server.url}-elsewhere"
        environment = clean_environment(NETCRM_DATA=str(tmp_path), NETCRM_SECRET_KEY="given", DATABASE_URL=address)
        refused = manage(environment, "prepare")
    (line,) = refused.stderr.splitlines()
    assert 'database "netcrm-elsewhere" does not exist' in line


def test_web_server_says_in_a_sentence_what_can_not_be_used(tmp_path: Path) -> None:
    refused = subprocess.run(
        [str(Path(sys.executable).parent / "gunicorn"), "--config", "python:netcrm.web"],
        cwd=settings.BASE_DIR,
        env=clean_environment(NETCRM_DATA=str(tmp_path), NETCRM_BIND="8000"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    (line,) = refused.stderr.split("\n")[1:-1]
    assert line.startswith("Error: NETCRM_BIND is '8000'. Set it to ")


@pytest.mark.parametrize("process", [["worker", "--pool", "threads"], ["beat", "--pidfile="]])
@pytest.mark.parametrize("start", [[str(Path(sys.executable).parent / "celery")], [sys.executable, "-m", "celery"]])
def test_jobs_say_in_a_sentence_what_can_not_be_used(tmp_path: Path, process: list[str], start: list[str]) -> None:
    refused = subprocess.run(
        [*start, "--app", "netcrm", *process],
        cwd=settings.BASE_DIR,
        env=clean_environment(NETCRM_DATA=str(tmp_path), NETCRM_TIME_ZONE="Mars/Base"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    (line,) = refused.stderr.splitlines()
    assert (refused.returncode, refused.stdout) == (1, "")
    assert line.startswith("netcrm can't start: NETCRM_TIME_ZONE is 'Mars/Base'. Set it to ")
