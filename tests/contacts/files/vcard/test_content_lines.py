"""Content lines of vCards: where a property begins and ends, and its name and parameters."""

from __future__ import annotations

import pytest

from contacts.files.vcard.content_lines import Properties, split_escaped, split_head, unescaped


def read(*lines: str) -> list[tuple[str, str]]:
    """Return name and text of each property in these lines."""
    return [(prop.head.name, prop.text()) for prop in Properties("\n".join(lines).encode("utf-8", "surrogateescape"))]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["NOTE:one", "  two"], "one two"),
        (["NOTE:one", "\ttwo"], "onetwo"),
        (["NOTE:one", "", " two"], "onetwo"),
        (["NOTE;ENCODING=QUOTED-PRINTABLE:one=", "two=0D=0A=", "three"], "onetwo\r\nthree"),
        (["NOTE;ENCODING=QUOTED-PRINTABLE:one=", " two"], "one two"),
        (["NOTE;ENCODING=QUOTED-PRINTABLE:on=", " e tw=", " o"], "one two"),
        (["NOTE;ENCODING=QUOTED-PRINTABLE:one=0A=", " two"], "one\ntwo"),
        (["NOTE;ENCODING=QUOTED-PRINTABLE:one=0D=", " =0Atwo"], "one\r\ntwo"),
        (["NOTE;QUOTED-PRINTABLE;CHARSET=UTF-8:=C3=", "=BC"], "ü"),
        (["NOTE;ENCODING=QUOTED-PRINTABLE:one=", "", "two"], "onetwo"),
        (["NOTE:one", "two without a colon"], "one\ntwo without a colon"),
        (["NOTE:one\\", "two"], "one\ntwo"),
        (["NOTE", " :one", " two"], "onetwo"),
        (["NOTE", " one"], "one"),
        (["NOTE;ENCODING=b:w7x", " i"], "üb"),
        (["NOTE;ENCODING=b:no base64"], "no base64"),
    ],
)
def test_properties_joins_lines(lines: list[str], text: str) -> None:
    assert read(*lines) == [("NOTE", text)]


def test_properties_never_swallows_an_end() -> None:
    lines = ["NOTE;ENCODING=QUOTED-PRINTABLE:one=", "END:VCARD", " BEGIN:VCARD"]
    assert read(*lines) == [("NOTE", "one"), ("END", "VCARD"), ("BEGIN", "VCARD")]


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("item1.EMAIL;type=WORK:a@example.org", "EMAIL", "a@example.org"),
        ('X-A;LABEL="one: two; three":value', "X-A", "value"),
        ('X-A;LABEL="one: two', "X-A", " two"),
        ("FN", "FN", ""),
        ("FN;Ada", "FN", "Ada"),
        ("N;CHARSET=UTF-8;Ahorn;Ada", "N", "Ahorn;Ada"),
        ("FN Ada Ahorn", "FN", "Ada Ahorn"),
        ("X-GOOGLE TALK;TYPE=WORK:ada", "X-GOOGLE TALK", "ada"),
        ("LABEL,TYPE=HOME:Holzweg 1", "LABEL", "Holzweg 1"),
    ],
)
def test_split_head_finds_name_and_value(line: str, name: str, value: str) -> None:
    found = split_head(line)
    assert found is not None
    assert (found[0].name, found[1]) == (name, value)


@pytest.mark.parametrize("line", ["see: this", "", ":", "some words", "a b:c", "ü:1"])
def test_split_head_refuses_what_is_no_property(line: str) -> None:
    found = split_head(line)
    assert found is None or found[0].name == "SEE"


def test_text_without_a_declaration_is_in_the_set_that_others_declare() -> None:
    lines = ["FN:Жук", "LABEL;CHARSET=Windows-1251;QUOTED-PRINTABLE:=C6=F3=EA", "NOTE:=C6"]
    found = Properties("\r\n".join(lines).encode("cp1251"))
    assert [prop.text() for prop in found] == ["Жук", "Жук", "=C6"]


def test_head_collects_types_of_all_spellings() -> None:
    found = split_head('TEL;HOME;TYPE="cell,pref";type=work,type=fax;X-Verein;CAR=;ENCODING=b;CHARSET=UTF-8:1')
    assert found is not None
    assert found[0].types == ("home", "cell", "pref", "work", "fax", "X-Verein", "car")
    assert found[0].encoding == "base64"


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("a;b", ["a", "b"]),
        ("a\\;b;c", ["a\\;b", "c"]),
        ("a\\\\;b", ["a\\\\", "b"]),
        ("a\\", ["a\\"]),
        (";;", ["", "", ""]),
    ],
)
def test_split_escaped_respects_backslashes(text: str, pieces: list[str]) -> None:
    assert split_escaped(text, ";") == pieces


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a\\,b\\;c\\:d", "a,b;c:d"), ("a\\nb\\N", "a\nb\n"), ("\\\\nb", "\\nb"), ("C:\\x", "C:\\x")],
)
def test_unescaped_undoes_backslashes(text: str, expected: str) -> None:
    assert unescaped(text) == expected


@pytest.mark.parametrize(
    ("lines", "head", "value"),
    [
        (
            'TEL;VALUE=uri;TYPE="voice,home";X-LONG=abc\r\n def:tel:1',
            'TEL;VALUE=uri;TYPE="voice,home";X-LONG=abcdef',
            "tel:1",
        ),
        (
            'ADR;LABEL="Office: 1 Long\r\n  Street":;;1 Long Street',
            'ADR;LABEL="Office: 1 Long Street"',
            ";;1 Long Street",
        ),
        ("item1.X-ABADR;TYPE=\r\n home\r\n :de", "item1.X-ABADR;TYPE=home", "de"),
    ],
)
def test_head_that_was_folded_before_its_colon_is_whole_again(lines: str, head: str, value: str) -> None:
    _begin, found, note = Properties(f"BEGIN:VCARD\r\n{lines}\r\nNOTE:x\r\n".encode())
    assert (found.head.text, found.value, note.value) == (head, value, "x")


def test_known_name_without_a_colon_ends_with_its_line() -> None:
    _begin, found, note = Properties(b"BEGIN:VCARD\r\nTEL;1234\r\nNOTE:x\r\n")
    assert (found.head.name, found.value, note.value) == ("TEL", "1234", "x")
