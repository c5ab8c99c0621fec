"""The cost of an import is also bounded after its file has been read."""

from __future__ import annotations

from base64 import b64encode

import pytest

from contacts.importing import intake, running
from contacts.importing.runs import receive
from contacts.models import ImportRun, Network
from contacts.people.photos import FEWEST_PIXELS
from tests.attacks.bombs import picture
from tests.contacts.importing.conftest import Bring, card


def test_pictures_of_a_file_share_a_number_of_pixels(
    network: Network, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MOST_PIXELS", 2 * (FEWEST_PIXELS + 100**2))
    photo = f"\r\nPHOTO;ENCODING=b;TYPE=PNG:{b64encode(picture(100)).decode()}"
    run = bring(*(card(f"Person {number}{photo}") for number in range(3)))
    assert (network.contacts.count(), network.photos.count()) == (3, 2)
    assert [(row.name, row.reason) for row in run.rows.all()] == [
        ("Person 2", "The pictures of this file are too large in all. Import it in parts.")
    ]


def test_circles_that_name_the_same_card_again_and_again_are_bounded(network: Network, bring: Bring) -> None:
    circles = [card(f"Circle {number}", KIND="group", MEMBER="urn:uuid:anna") for number in range(300)]
    bring(*circles, *(card(f"P{number} Q{number}", UID="anna") for number in range(50)))
    assert (network.contacts.count(), network.circle_memberships.count()) == (50, 200)


def test_preview_keeps_a_bounded_number_of_people_in_mind(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "MOST_REMEMBERED", 10)
    monkeypatch.setattr(running, "BATCH", 5)
    remembered = []
    decide = running.Planner.decide

    def counted(planner: running.Planner, intakes: list[running.Intake]) -> list[running.Decision]:
        remembered.append(planner.remembered)
        return decide(planner, intakes)

    monkeypatch.setattr(running.Planner, "decide", counted)
    cards = "".join(card(f"Person {number}") for number in range(100))
    run = receive(network, name="x.vcf", data=cards.encode())
    running.work_on(run.pk)
    run.refresh_from_db()
    assert (run.state, run.report["created"], max(remembered)) == (ImportRun.State.PREVIEW, 100, 10)
