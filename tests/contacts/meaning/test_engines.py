"""The real engines, with the constants that netcrm ships."""

from __future__ import annotations

from math import isclose

import numpy as np
import pytest
from django.conf import LazySettings

from contacts.matching import By, match
from contacts.matching.calibration import WEIGHTS
from contacts.matching.vectors import compute
from contacts.meaning import client
from contacts.meaning.encoding import DIRECTIONS, Encoder, shipped_geometry
from contacts.meaning.engines import ENGINES, installed_engines
from contacts.meaning.service import Service
from contacts.models import Network
from contacts.people.directory import add_contact
from tests.servers import REQUIRE_ALL

NAMES = tuple(make().name for make in ENGINES)


@pytest.fixture
def all_engines(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Service:
    """A service with all engines, in this process."""
    engines = installed_engines()
    if len(engines) < len(ENGINES):
        (pytest.fail if REQUIRE_ALL else pytest.skip)("This machine has not all engines; no other is tried here.")
    settings.MEANING = True
    monkeypatch.setattr(client, "_line", client._Line())
    client._line.service = Service(Encoder(engines))
    return client._line.service


def test_needs_as_people_say_them_find_who_answers(network: Network, all_engines: Service) -> None:
    for name, role in {"Ben": "Landschaftsgärtnerin", "Cem": "Steuerberater", "Dörte": "Klavierlehrerin"}.items():
        add_contact(network, given_name=name, role=role)
    compute(network)
    for need, name in {
        "jemand, der uns die Hecke schneidet": "Ben",
        "somebody to do my tax return": "Cem",
        "piano lessons for my daughter": "Dörte",
    }.items():
        first = match(network, need, perhaps=True)[0]
        assert (first.contact and first.contact.display_name, first.by is By.WORDS) == (name, False)
    row = np.frombuffer(network.text_vectors.all()[0].row, np.int8)
    assert len(row) == sum(make().dimensions for make in ENGINES)


def test_a_title_that_is_named_is_likely(network: Network, all_engines: Service) -> None:
    add_contact(network, given_name="Cem", role="Steuerberater")
    compute(network)
    (found,) = match(network, "Steuerberater")
    assert found.probability is not None
    assert found.probability > 0.8


@pytest.mark.parametrize("engines", [NAMES, *[(name,) for name in NAMES]])
def test_constants_are_shipped_for_every_set_of_engines(engines: tuple[str, ...]) -> None:
    assert len(WEIGHTS[engines].of_cosines) == len(engines)
    geometry = shipped_geometry()
    for engine in (make() for make in ENGINES):
        for side in ("asked", "told"):
            mean, *directions = geometry[f"{engine.name}.{side}"]
            assert (len(mean), len(directions)) == (engine.dimensions, DIRECTIONS[engine.name])
            assert all(isclose(np.linalg.norm(direction), 1, abs_tol=0.01) for direction in directions)
