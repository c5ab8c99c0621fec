"""A few rounds of every scenario. Counts have to hold; times are told but held by the full run alone."""

from collections.abc import Iterator

import pytest

from tests.faults.scenarios import SCENARIOS, Scenario
from tests.processes.deployment import DATABASES, Deployment, deployed


@pytest.fixture(scope="module", params=DATABASES)
def deployment(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A deployment that all scenarios share; each has a member of its own and leaves it running and well."""
    with deployed(tmp_path_factory.mktemp("deployment"), request.param) as running:
        yield running


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_fault_loses_nothing(deployment: Deployment, scenario: Scenario) -> None:
    if deployment.kind not in scenario.databases:
        pytest.skip("makes sense on the other database only")
    figures = list(scenario.run(deployment, scenario.rounds))
    for figure in figures:
        print(figure)
    assert [str(figure) for figure in figures if not figure.holds and not figure.unit] == []
    deployment.wait_until_well()
