"""A large JSON object is read in pieces, wherever the pieces end."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.files.own import json_members
from contacts.files.own.json_members import DamagedJsonError, members

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
RECORDS = st.dictionaries(st.text(max_size=5), SCALARS | st.lists(SCALARS, max_size=3), max_size=4)
OBJECTS = st.dictionaries(st.text(max_size=5), st.integers() | st.text() | RECORDS | st.lists(RECORDS | SCALARS))


@pytest.fixture(params=[1, 7, 1 << 20], autouse=True)
def piece(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_members, "PIECE", request.param)


def flat(whole: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(name, each) for name, value in whole.items() for each in (value if isinstance(value, list) else [value])]


@given(
    whole=OBJECTS,
    indent=st.sampled_from([None, 0, 2]),
    escapes=st.booleans(),
    mark=st.sampled_from([b"", b"\xef\xbb\xbf"]),
)
def test_members_are_those_of_the_whole(whole: dict[str, Any], indent: int | None, escapes: bool, mark: bytes) -> None:
    data = mark + json.dumps(whole, indent=indent, ensure_ascii=escapes).encode("utf-8", "replace")
    assert list(members(data)) == flat(json.loads(data))


def test_object_cut_anywhere_is_damaged_from_there_on() -> None:
    data = b'{"version": 12, "contacts": [{"id": "a"}, {"id": "b"}], "rest": true}'
    for end in range(len(data)):
        with pytest.raises(DamagedJsonError) as damage:
            list(members(data[:end]))
        assert damage.value.position <= end


def test_damage_comes_after_what_stood_before_it() -> None:
    entries = members('{"version": 1, "contacts": [{"id": "ä"}, {"id" "b"}]}'.encode())
    assert [next(entries), next(entries)] == [("version", 1), ("contacts", {"id": "ä"})]
    with pytest.raises(DamagedJsonError) as damage:
        next(entries)
    assert damage.value.position == 41


@pytest.mark.parametrize("data", [b"", b"[]", b"{]", b'{"a": 1 "b": 2}', b'{"a": [1 2]}', b'{"a": ' + b"[" * 100_000])
def test_what_is_no_object_is_damaged(data: bytes) -> None:
    with pytest.raises(DamagedJsonError):
        list(members(data))


def test_record_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_members, "LONGEST", 1000)
    with pytest.raises(DamagedJsonError):
        list(members(b'{"a": [' + b'"' + b"x" * 1_000_000))
