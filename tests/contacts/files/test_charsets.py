"""Detecting the legacy encoding of a file from a handful of names, and decoding the file."""

from __future__ import annotations

import pytest

from contacts.cards import Card
from contacts.files.charsets import charset_of, plausibility
from contacts.files.reading import read

WESTERN = ("Jürgen Müller", "Zoë Sörensen", "François Lefèvre", "Käthe Weiß")
CENTRAL = ("Łukasz Żak", "Małgorzata Wójcik", "Jiří Dvořák", "Šárka Nováková")
RUSSIAN = ("Иван Петров", "Ольга Кузнецова", "Дмитрий Щукин")
GREEK = ("Γιώργος Παπαδόπουλος", "Ελένη Γεωργίου")
TURKISH = ("Ayşe Yılmaz", "Gülşah Çağlar", "İbrahim Doğan")
HEBREW = ("דוד כהן", "רחל לוי", "משה פרץ", "שרה מזרחי")
JAPANESE = ("山田 太郎", "佐藤 花子", "鈴木 一郎")
KANA = ("山田 太郎 ヤマダ タロウ", "佐藤 花子 サトウ ハナコ")
CHINESE = ("王小明", "张伟", "刘洋", "陈静")
TAIWANESE = ("王小明", "張偉", "劉洋", "陳靜")
KOREAN = ("김민준", "이서연", "박지훈")
NAMES = {
    "cp1252": WESTERN,
    "mac-roman": WESTERN,
    "cp850": WESTERN,
    "cp1250": CENTRAL,
    "iso8859-2": CENTRAL,
    "cp1251": RUSSIAN,
    "koi8-r": RUSSIAN,
    "cp866": RUSSIAN,
    "cp1253": GREEK,
    "cp1254": TURKISH,
    "cp1255": HEBREW,
    "shift_jis": JAPANESE,
    "euc_jp": KANA,
    "gb18030": CHINESE,
    "big5": TAIWANESE,
    "cp949": KOREAN,
}


def names_in(data: bytes) -> list[str]:
    return [entry.display_name for entry in read(data) if isinstance(entry, Card)]


@pytest.mark.parametrize("charset", NAMES)
def test_names_in_a_table_are_read_in_its_encoding(charset: str) -> None:
    names = list(NAMES[charset])
    rows = "".join(f"{name};person{number}@example.org\r\n" for number, name in enumerate(names))
    assert names_in(f"Name;E-mail\r\n{rows}".encode(charset)) == names


@pytest.mark.parametrize("charset", NAMES)
@pytest.mark.parametrize("is_printable", [False, True], ids=["raw", "quoted-printable"])
def test_names_in_a_vcard_that_declares_nothing_are_read_in_its_encoding(charset: str, *, is_printable: bool) -> None:
    names = list(NAMES[charset])
    values = [name.encode(charset) for name in names]
    head = b"FN;ENCODING=QUOTED-PRINTABLE:" if is_printable else b"FN:"
    if is_printable:
        values = [b"".join(b"=%02X" % byte for byte in value) for value in values]
    cards = (b"BEGIN:VCARD\r\nVERSION:2.1\r\n" + head + value + b"\r\nEND:VCARD\r\n" for value in values)
    assert names_in(b"".join(cards)) == names


def test_what_declares_its_encoding_does_not_tell_that_of_the_rest() -> None:
    declared = b"BEGIN:VCARD\nFN;CHARSET=windows-1251:" + "Иван Петров".encode("cp1251") + b"\nEND:VCARD\n"
    bare = b"BEGIN:VCARD\nFN:" + "Jürgen Müller".encode("cp1252") + b"\nEND:VCARD\n"
    assert charset_of(declared * 9 + bare) == "cp1252"


def test_a_few_foreign_bytes_in_a_file_of_utf8_change_nothing() -> None:
    rows = "Name\nJürgen Müller\nKäthe Weiß\n".encode() + "Jörg Groß\n".encode("cp1252")
    assert charset_of(rows) == "utf-8"
    assert names_in(b"Name,City\n" + rows.replace(b"\n", b",Ulm\n")[9:]) == ["Jürgen Müller", "Käthe Weiß", "Jörg Groß"]


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_unicode_needs_no_guess(name: str) -> None:
    assert charset_of("Name,Ort\nJürgen Müller,Köln\n".encode(name)) == name


def test_what_cannot_be_read_is_reported_with_its_place() -> None:
    (_other, card) = read(
        "Name;E-mail\nKäthe Weiß;k@example.org\nJ?rgen Müller;j@example.org\n".encode("cp1252").replace(b"?", b"\x81")
    )
    assert isinstance(card, Card)
    assert [(loss.field, str(loss.reason)) for loss in card.losses] == [
        ("given_name", "A character could not be read: “J\ufffdrgen”"),
        ("display_name", "A character could not be read: “J\ufffdrgen Müller”"),
    ]


@pytest.mark.parametrize(
    ("text", "share"), [("Müller", 1.0), ("Mller", 1.0), ("M№ller", 0.0), ("MюЛler", 0.0), ("ÄRger äRger", 0.5)]
)
def test_plausible_words_are_of_one_script_without_signs_or_capitals_inside(text: str, share: float) -> None:
    assert plausibility(text) == share
