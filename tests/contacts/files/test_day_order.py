"""Whether the day or the month comes first: the whole file decides, then the region."""

from __future__ import annotations

import pytest

from contacts.cards import Card, PartialDate
from contacts.files import recognition
from contacts.files.day_order import DayOrder, order_of
from contacts.files.reading import read
from contacts.files.recognition import Wishes, recognise

JUNE, FEBRUARY = PartialDate(6, 2, 1980), PartialDate(2, 6, 1980)


def birthdays(data: str, region: str, **wishes: str) -> list[PartialDate | None]:
    found = recognise(data.encode(), region=region, wishes=Wishes(**wishes))
    return [entry.birthday for entry in read(data.encode(), found) if isinstance(entry, Card)]


@pytest.mark.parametrize(
    ("region", "birthday"),
    [
        *((region, JUNE) for region in ("GB", "AU", "IN", "NZ", "IE", "ZA", "DE", "AT", "CH", "FR", "CA", "")),
        *((region, FEBRUARY) for region in ("US", "PR", "PH", "GU")),
    ],
)
@pytest.mark.parametrize("separator", ["/", "-"])
def test_region_decides_where_the_file_does_not(region: str, birthday: PartialDate, separator: str) -> None:
    date = separator.join(("2", "6", "1980"))
    assert birthdays(f"First Name,Last Name,Birthday\nAnna,Alt,{date}\n", region) == [birthday]
    assert birthdays(f"BEGIN:VCARD\nFN:Anna Alt\nBDAY:{date}\nEND:VCARD\n", region) == [birthday]


@pytest.mark.parametrize("region", ["GB", "US"])
@pytest.mark.parametrize(("proof", "birthday"), [("25/12/1990", JUNE), ("12/25/1990", FEBRUARY)])
def test_last_row_of_a_long_file_decides_about_the_first(region: str, proof: str, birthday: PartialDate) -> None:
    rows = [f"Anna,Alt{number},2/6/1980\n" for number in range(300)]
    found = birthdays(f"First Name,Last Name,Birthday\n{''.join(rows)}Ben,Bach,{proof}\n", region)
    assert set(found[:-1]) == {birthday}


@pytest.mark.parametrize("separator", [",", ";"])
def test_last_row_of_a_large_file_decides_too(monkeypatch: pytest.MonkeyPatch, separator: str) -> None:
    monkeypatch.setattr(recognition, "EVIDENCE_BYTES", 200)
    rows = ["Name,Birthday,Note", *("Anna Alt,2/6/1980,x" for _ in range(50)), "Ben Bach,12/25/1990,y"]
    found = birthdays("\n".join(rows).replace(",", separator), "GB")
    assert set(found[:-1]) == {FEBRUARY}


def test_other_columns_and_cards_decide_as_well() -> None:
    assert birthdays("Name,Birthday,Since\nAnna,2/6/1980,\nBen,,12/25/2020\n", "GB") == [FEBRUARY, None]
    cards = ("BDAY:2/6/1980", "BDAY;VALUE=date:12/25/1990")
    data = "".join(f"BEGIN:VCARD\nFN:Anna\n{line}\nEND:VCARD\n" for line in cards)
    assert birthdays(data, "GB")[0] == FEBRUARY


@pytest.mark.parametrize("date", ["2.6.1980", "1980-06-02", "1980/6/2", "02 Jun 1980", "2. Juni 1980", "June 2, 1980"])
@pytest.mark.parametrize("region", ["US", "GB"])
def test_dates_that_are_clear_do_not_depend_on_the_region(date: str, region: str) -> None:
    assert birthdays(f'First Name,Last Name,Birthday\nAnna,Alt,"{date}"\n', region) == [JUNE]


def test_member_turns_the_order() -> None:
    table = "Name,Birthday\nAnna,2/6/1980\n"
    assert birthdays(table, "GB", day_order="month") == [FEBRUARY]
    assert birthdays(table, "US", day_order="day") == [JUNE]


@pytest.mark.parametrize(
    ("texts", "region", "order"),
    [
        ([], "US", DayOrder()),
        (["5/5/1980"], "US", DayOrder()),
        (["25/12/80"], "US", DayOrder()),
        (["12/25/80"], "GB", DayOrder(month_first=True)),
        (["2/6/1980", "25/12/1980"], "US", DayOrder(False, "proven", "2/6/1980")),
        (["2/6/1980", "12/25/1980"], "GB", DayOrder(True, "proven", "2/6/1980")),
        (["2/6/1980"], "GB", DayOrder(False, "assumed", "2/6/1980")),
        (["2/6/1980"], "US", DayOrder(True, "assumed", "2/6/1980")),
        (["2/6/1980", "25/12/80", "12/25/80"], "US", DayOrder(True, "mixed", "2/6/1980")),
        (["2/6/1980", "25/12/80", "26/12/80", "12/25/80"], "US", DayOrder(False, "mixed", "2/6/1980")),
        (["30/1234567", "2-6", "12/2/6/1980", "a 25/12/1990"], "US", DayOrder()),
        (["2/6"], "US", DayOrder(True, "assumed", "2/6")),
        (["2/6", "24/12"], "US", DayOrder(False, "proven", "2/6")),
        (["13/13/1980", "0/0/00", "2/6/1980"], "GB", DayOrder(False, "assumed", "2/6/1980")),
        (["2/6/1980 00:00", "12/25/1980 00:00:00"], "GB", DayOrder(True, "proven", "2/6/1980 00:00")),
    ],
)
def test_order_and_how_sure_it_is(texts: list[str], region: str, order: DayOrder) -> None:
    assert order_of(texts, region=region) == order
