"""docker-compose.yml: each container's permissions and secrets, and its own commands run by hand."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import psutil
import pytest
import redis
import yaml

from netcrm.environment import Environment
from tests.processes.instance import TREE
from tests.servers import Broker, MissingServerError, dying_with, free_port, wait_until

COMPOSE: dict[str, Any] = yaml.safe_load((TREE / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {"migrate", "web", "worker", "meaning", "beat"}

KNOWS = {
    "database": {"database_password"},
    "broker": {"broker_password"},
    "migrate": {"database_password", "secret_key"},
    "web": {"database_password", "broker_password", "secret_key", "mail_password"},
    "worker": {"database_password", "broker_password", "secret_key", "mail_password"},
    "meaning": set(),
    "beat": {"database_password", "broker_password", "secret_key", "mail_password"},
}


@pytest.mark.parametrize("name", SERVICES)
def test_container_is_confined(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "cap_add", "network_mode", "pid"} & service.keys()
    assert name in OURS or service["user"] not in {"", "root", "0"}


@pytest.mark.parametrize("name", SERVICES)
def test_container_knows_the_secrets_that_it_needs(name: str) -> None:
    service = SERVICES[name]
    assert set(service["secrets"]) == KNOWS[name]
    environment = service.get("environment", {})
    files = {value.removeprefix("/run/secrets/") for key, value in environment.items() if key.endswith("_FILE")}
    assert files == (set() if name == "broker" else KNOWS[name])
    assert not re.search(r"PASSWORD\b|SECRET_KEY\b|//[^/@]*:[^/@]*@", "\n".join(environment))
    assert [value for value in environment.values() if re.search(r"//[^/]*:[^/]*@", value)] == []


def test_secrets_are_files_that_nobody_checks_in() -> None:
    assert COMPOSE["secrets"].keys() == set().union(*KNOWS.values())
    assert all(secret["file"] == f"secrets/{name}" for name, secret in COMPOSE["secrets"].items())
    assert "secrets/" in (TREE / ".gitignore").read_text().splitlines()
    assert "secrets" in (TREE / ".dockerignore").read_text().splitlines()
    assert not re.search(r"PASSWORD|SECRET_KEY", (TREE / ".env.example").read_text())


def test_settings_of_the_containers_are_read(tmp_path: Path) -> None:
    for name in KNOWS["web"]:
        (tmp_path / name).write_text(f"{name} p:/@\n")
    environment = SERVICES["web"]["environment"]
    env = Environment({key: value.replace("/run/secrets", str(tmp_path)) for key, value in environment.items()})
    database = env.database("DATABASE_URL", password=env.text("DATABASE_PASSWORD", default=""))
    assert database
    assert (database["HOST"], database["PASSWORD"]) == ("database", "database_password p:/@")
    broker = env.broker("REDIS_URL", password=env.text("REDIS_PASSWORD", default=""))
    assert broker == "redis://:broker_password%20p%3A%2F%40@broker:6379/0"
    assert env.text("NETCRM_SECRET_KEY", default="") == "secret_key p:/@"


def test_broker_wants_its_password_and_shows_it_to_nobody(tmp_path: Path) -> None:
    try:
        program = Broker().command()[0]
    except MissingServerError as missing:
        pytest.skip(str(missing))
    (tmp_path / "broker_password").write_text("a-secret\n")
    (tmp_path / "redis-server").symlink_to(program)
    port = free_port()
    shell, options, script = SERVICES["broker"]["command"]
    script = script.replace("$$", "$").replace("/run/secrets", str(tmp_path))
    script = script.replace("requirepass", f"port {port}\ndir {tmp_path}\nrequirepass")
    server = subprocess.Popen(
        [shell, options, script],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        stdout=subprocess.DEVNULL,
        preexec_fn=dying_with(os.getpid()),
    )
    try:

        def answers(password: str | None) -> bool:
            try:
                with redis.Redis(port=port, password=password, socket_timeout=5) as client:
                    return bool(client.ping())
            except redis.ConnectionError as problem:
                if isinstance(problem, redis.AuthenticationError):
                    raise
                return False

        wait_until(lambda: answers("a-secret"), "the broker answers")
        with pytest.raises(redis.AuthenticationError):
            answers(None)
        told = psutil.Process(server.pid)
        assert "a-secret" not in " ".join([*told.cmdline(), *told.environ().values()])
        with redis.Redis(port=port, password="a-secret") as client:
            assert client.config_get("save") == {"save": ""}
    finally:
        server.terminate()  # It is the server itself, not a shell that would keep the signal.
        assert server.wait(30) in {0, -15}


def test_health_check_of_the_broker_asks_with_the_password() -> None:
    kind, command = SERVICES["broker"]["healthcheck"]["test"]
    assert kind == "CMD-SHELL"
    assert "$$(cat /run/secrets/broker_password)" in command
