"""The countries that addresses name."""

import pytest

from contacts.people.countries import region_of_country


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("Deutschland", "DE"),
        ("germany", "DE"),
        ("D", "DE"),
        ("DE", "DE"),
        ("de", "DE"),
        ("Österreich", "AT"),
        ("Oesterreich", "AT"),
        ("A", "AT"),
        ("Schweiz", "CH"),
        ("Suisse", "CH"),
        ("United Kingdom", "GB"),
        ("England", "GB"),
        ("UK", "GB"),
        ("U.K.", "GB"),
        ("USA", "US"),
        ("U.S.A.", "US"),
        ("United States of America", "US"),
        ("Niederlande", "NL"),
        ("The Netherlands", "NL"),
        ("España", "ES"),
        ("日本", "JP"),
        ("", ""),
        ("Bayern", ""),
        ("x" * 1000, ""),
    ],
)
def test_country_is_known_by_its_names(text: str, region: str) -> None:
    assert region_of_country(text) == region
