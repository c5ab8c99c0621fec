"""A few rounds of every scenario, on one database each. The counts must hold; only the full run enforces times."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest

from tests.faults.scenarios import SCENARIOS, Scenario
from tests.processes.deployment import Deployment, deployed


@pytest.fixture(scope="module")
def deployment_on(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Deployment]]:
    """A deployment per kind of database, shared by scenarios. Each uses its own member and leaves all parts healthy."""
    with ExitStack() as running:
        yield cache(lambda kind: running.enter_context(deployed(tmp_path_factory.mktemp(kind), kind)))


TRIED = [scenario for scenario in SCENARIOS if scenario.rounds]


@pytest.mark.parametrize("scenario", TRIED, ids=lambda scenario: scenario.name)
def test_fault_loses_nothing(deployment_on: Callable[[str], Deployment], scenario: Scenario) -> None:
    deployment = deployment_on(scenario.databases[0])
    figures = list(scenario.run(deployment, scenario.rounds))
    for figure in figures:
        print(figure)
    assert [str(figure) for figure in figures if not figure.holds and not figure.unit] == []
    deployment.wait_until_well()
