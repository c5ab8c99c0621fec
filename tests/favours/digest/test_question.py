"""The one question of a letter: which need it asks about."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from contacts.lines import add_line
from contacts.models import Network
from favours.digest.contents import contents_of
from favours.digest.letter import compose
from favours.digest.links import signed_addresses
from favours.suggestions.rounds import preview
from tests.favours.conftest import make_people
from tests.favours.digest.conftest import MONDAY, plant_letter


@pytest.mark.parametrize(
    ("noted", "renewed", "is_asked"),
    [(181, None, False), (180, None, True), (400, 170, True), (400, 29, False), (400, 181, False)],
)
def test_question_is_about_a_need_by_its_last_confirmation(
    network: Network, noted: int, renewed: int | None, is_asked: bool
) -> None:
    plant_letter(network)
    [eva] = make_people(network, "Eva Lang")
    line = add_line(network, contact=eva, kind="seeks", text="a cello", day=days_before(noted))
    network.lines.filter(pk=line.pk).update(renewed_on=days_before(renewed) if renewed else None)
    contents = contents_of({network: preview(network, MONDAY).listed}, MONDAY)[network]
    letter = compose(contents, signed_addresses(network))
    assert ("Is Eva Lang still looking for a cello?" in letter.text) == is_asked


def days_before(days: int) -> date:
    return MONDAY - timedelta(days=days)
