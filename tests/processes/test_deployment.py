"""A full deployment: PostgreSQL, Redis and the processes of docker-compose.yml, all real."""

import json
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes.deployment import Deployment, deployed
from tests.processes.instance import manage
from tests.servers import wait_until


@pytest.fixture(scope="module")
def deployment(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A deployment shared by several tests; each leaves it running and healthy."""
    folder = Path(shutil.copytree(prepared, tmp_path_factory.mktemp("deployment") / "data"))
    with deployed(folder) as running:
        yield running


@pytest.fixture(autouse=True)
def leave_well(deployment: Deployment) -> Iterator[None]:
    yield
    deployment.wait_until_well()


def login_page(deployment: Deployment) -> tuple[int, str]:
    return deployment.get("/accounts/login/", session="0" * 32)


def states(deployment: Deployment) -> dict[str, str]:
    return dict(json.loads(deployment.get("/health/")[1])["checks"])


def test_deployment_is_prepared_twice_without_harm(deployment: Deployment) -> None:
    again = manage(deployment.environment, "prepare")
    assert (again.returncode, again.stderr) == (0, "")


def test_pages_answer_503_while_the_database_is_away(deployment: Deployment) -> None:
    unknown = dict.fromkeys(("disk", "worker", "beat", "mail"), "unknown")
    text = "netcrm can't reach its database just now. What was saved is safe. Please try again in a minute."
    deployment.database.stop(signal.SIGQUIT)
    try:
        assert login_page(deployment) == (503, text)
        assert states(deployment) == {"db": "down", "broker": "ok", **unknown}
    finally:
        deployment.database.start()
    wait_until(lambda: login_page(deployment)[0] == 200, "pages are back")


def test_pages_survive_a_restart_of_the_database(deployment: Deployment) -> None:
    for _ in range(3):
        deployment.database.restart_at_once()
        wait_until(lambda: login_page(deployment)[0] == 200, "pages are back")


@pytest.mark.parametrize("attempt", range(3))
def test_worker_moves_on_after_a_restart_of_the_broker(deployment: Deployment, attempt: int) -> None:
    deployment.broker.stop(signal.SIGKILL)
    assert states(deployment)["broker"] == "down"
    assert login_page(deployment)[0] == 200
    deployment.broker.start()
    forget_heartbeats(deployment)


def test_worker_moves_on_after_a_frozen_broker(deployment: Deployment) -> None:
    deployment.broker.freeze()
    try:
        wait_until(lambda: states(deployment)["broker"] == "down", "the broker's silence is noticed")
        assert login_page(deployment)[0] == 200
    finally:
        deployment.broker.thaw()
    forget_heartbeats(deployment)


def test_worker_moves_on_after_a_flushed_broker(deployment: Deployment) -> None:
    with deployment.broker.client() as client:
        client.flushall()
    forget_heartbeats(deployment)


def test_worker_stops_cleanly(deployment: Deployment) -> None:
    assert deployment.stop("worker") == 0
    deployment.start("worker")


def test_command_health_tells_the_same(deployment: Deployment) -> None:
    told = manage(deployment.environment, "health", "db", "broker")
    assert (told.returncode, json.loads(told.stdout)) == (0, {"db": "ok", "broker": "ok"})


def test_command_health_fails_for_what_is_not_well(deployment: Deployment) -> None:
    told = manage({**deployment.environment, "REDIS_URL": "redis://127.0.0.1:1/0"}, "health", "broker")
    assert (told.returncode, json.loads(told.stdout)) == (1, {"broker": "down"})


def forget_heartbeats(deployment: Deployment) -> None:
    """Delete the heartbeats, so that the deployment is healthy only after worker and beat have been seen again."""
    with deployment.database.connect("netcrm") as connection:
        connection.execute("DELETE FROM netcrm_heartbeat")
