"""Properties kept from imported files are written so that strict readers accept them, and can be read back."""

from __future__ import annotations

import re

import pytest

from contacts.cards import Card, Way
from contacts.files.reading import read
from contacts.files.vcard import writing as vcard

TOKEN = r"[A-Za-z0-9-]+"
TEXT = r'(?:"[^"\x00-\x08\x0a-\x1f\x7f]*"|[^";:,\x00-\x08\x0a-\x1f\x7f]*)'
LINE = re.compile(rf"(?:{TOKEN}\.)?({TOKEN})((?:;{TOKEN}={TEXT}(?:,{TEXT})*)*):[^\x00-\x08\x0a-\x1f\x7f]*")
"""A content line as RFC 2426 and RFC 6350 define it."""
ONCE = ("N", "BDAY", "ANNIVERSARY", "GENDER", "KIND", "PRODID", "REV", "UID")


def lines_of(card: Card, version: vcard.Version) -> list[str]:
    """Return the unfolded lines of a written card, without those that every card has."""
    return "".join(vcard.write([card], version)).replace("\r\n ", "").split("\r\n")[2:-2]


def written(line: str, version: vcard.Version) -> str:
    """Return how a kept line is written."""
    return lines_of(Card(display_name="Ada", family_name="Berg", extra=[line]), version)[-1]


@pytest.mark.parametrize(
    ("line", "three", "four"),
    [
        ("X-FOO;HOME:bar", "X-FOO;TYPE=HOME:bar", "X-FOO;TYPE=HOME:bar"),
        ("X-FOO;HOME;PREF:bar", "X-FOO;TYPE=HOME;TYPE=PREF:bar", "X-FOO;TYPE=HOME;PREF=1:bar"),
        ("X-FOO;TYPE=home,pref:bar", "X-FOO;TYPE=home;TYPE=pref:bar", "X-FOO;TYPE=home;PREF=1:bar"),
        ("X-FOO;8BIT;CHARSET=UTF-8:bär", "X-FOO:bär", "X-FOO:bär"),
        ("X-FOO;ENCODING=QUOTED-PRINTABLE:bar", "X-FOO:bar", "X-FOO:bar"),
        ("X-FOO;QUOTED-PRINTABLE;WORK:bar", "X-FOO;TYPE=WORK:bar", "X-FOO;TYPE=WORK:bar"),
        ("item1.X-FOO;X-BAR=a:b", "item1.X-FOO;X-BAR=a:b", "item1.X-FOO;X-BAR=a:b"),
        ('X-FOO;X-BAR="a:b,c":d', 'X-FOO;X-BAR="a:b,c":d', 'X-FOO;X-BAR="a:b,c":d'),
        ("X-FOO;Mein Verein:bar", "X-FOO;TYPE=Mein Verein:bar", "X-FOO;TYPE=Mein Verein:bar"),
        ("URL;VALUE=URL:https://a.example", "URL;VALUE=uri:https://a.example", "URL;VALUE=uri:https://a.example"),
        ("GEO:48.1;11.5", "GEO:48.1;11.5", "GEO:geo:48.1,11.5"),
        ("GEO:geo:48.1,11.5", "GEO:48.1;11.5", "GEO:geo:48.1,11.5"),
        ("ANNIVERSARY:20100405", "ANNIVERSARY:20100405", "ANNIVERSARY:20100405"),
        ("ANNIVERSARY:--0405", "X-NETCRM-KEPT:ANNIVERSARY:--0405", "ANNIVERSARY:--0405"),
        ("ANNIVERSARY:im Mai", "X-NETCRM-KEPT:ANNIVERSARY:im Mai", "ANNIVERSARY;VALUE=text:im Mai"),
        ("BDAY;VALUE=text:um 1800", "X-NETCRM-KEPT:BDAY\\;VALUE=text:um 1800", "BDAY;VALUE=text:um 1800"),
        ("N:Tal;Ben;;;", "X-NETCRM-KEPT:N:Tal\\;Ben\\;\\;\\;", "X-NETCRM-KEPT:N:Tal\\;Ben\\;\\;\\;"),
        ("REV:2021", "X-NETCRM-KEPT:REV:2021", "X-NETCRM-KEPT:REV:2021"),
        ("AGENT:Ben", "AGENT:Ben", "X-NETCRM-KEPT:AGENT:Ben"),
        ("X_FOO:bar", "X-NETCRM-KEPT:X_FOO:bar", "X-NETCRM-KEPT:X_FOO:bar"),
        ("X-MESSAGING/X-ALL:bar", "X-NETCRM-KEPT:X-MESSAGING/X-ALL:bar", "X-NETCRM-KEPT:X-MESSAGING/X-ALL:bar"),
        ("a.b.X-FOO:bar", "X-NETCRM-KEPT:a.b.X-FOO:bar", "X-NETCRM-KEPT:a.b.X-FOO:bar"),
        ("LOGO;JPEG;BASE64:/9j/", "LOGO;ENCODING=b;TYPE=JPEG:/9j/", "LOGO:data:image/jpeg;base64,/9j/"),
        ("SOUND;ENCODING=b;TYPE=WAVE:Ukl", "SOUND;ENCODING=b;TYPE=WAVE:Ukl", "SOUND:data:audio/wave;base64,Ukl"),
        ("LOGO:data:image/png;base64\\,iVB", "LOGO;ENCODING=b;TYPE=PNG:iVB", "LOGO:data:image/png;base64,iVB"),
        ("PHOTO:https://a.example/b", "PHOTO;VALUE=uri:https://a.example/b", "PHOTO:https://a.example/b"),
        ("LABEL;HOME:Gasse 1", "LABEL;TYPE=HOME:Gasse 1", "X-NETCRM-KEPT:LABEL\\;HOME:Gasse 1"),
        ("X-DATA;ENCODING=BASE64:AAAA", "X-DATA;ENCODING=b:AAAA", "X-DATA;ENCODING=b:AAAA"),
    ],
)
def test_kept_property_is_translated(line: str, three: str, four: str) -> None:
    assert (written(line, "3.0"), written(line, "4.0")) == (three, four)
    assert LINE.fullmatch(three)
    assert LINE.fullmatch(four)


EXTRA = [
    "N:Tal;Ben;;;",
    "REV:20200101T000000Z",
    "REV:2021",
    "UID:second",
    "KIND:application",
    "KIND:device",
    "LABEL;WORK;PREF;ENCODING=QUOTED-PRINTABLE:Grünstraße 7\\nDüsseldorf",
    'X-FOO;X-BAR="offen:bar',
    "X-FOO;=x:bar",
    "X-FOO;X-ä=1:bar",
    "X GOOGLE TALK:anna",
    "X-FOO;TYPE=:bar",
    "X-FOO;X-BAR=a;X-BAR=b:c",
    "MEMBER:urn:uuid:1",
    "GEO:irgendwo",
    "KEY;X509;BASE64:MIIB",
    "SOUND:Müller",
    "NOTE;LANGUAGE=de:Zweite, Notiz; mit\\nZeichen",
    "TZ:+01:00",
    "X-ANNIVERSARY:2010-04-05",
    "X-ABDATE;type=pref:2010-04-05",
]


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_every_line_is_one_that_strict_readers_take(version: vcard.Version) -> None:
    ways = [Way("address", "Weg 1, Bonn", "work", ("", "", "Weg 1", "Bonn", "", "", ""))]
    card = Card(uid="1", display_name="Ada", family_name="Berg", ways=ways, extra=EXTRA)
    lines = lines_of(card, version)
    found = [match[1].upper() for line in lines if (match := LINE.fullmatch(line))]
    assert len(found) == len(lines), [line for line in lines if not LINE.fullmatch(line)]
    assert [name for name in ONCE if found.count(name) > 1] == []


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_what_a_version_has_no_place_for_comes_back(version: vcard.Version) -> None:
    extra = ["N:Tal;Ben;;;", "X_FOO;A=b:c\\nd\\, e", "a.b.X-FOO:x;y", "UID:second"]
    card = Card(uid="1", display_name="Ada", family_name="Berg", given_name="Ada", extra=extra)
    [again] = read("".join(vcard.write([card], version)).encode())
    assert isinstance(again, Card)
    assert (again.extra, again.family_name) == (extra, "Berg")


def test_label_of_an_address_is_its_parameter() -> None:
    places = [("home", "Gasse 2"), ("work", "Weg 1")]
    ways = [Way("address", street, label, ("", "", street, "", "", "", "")) for label, street in places]
    lines = lines_of(Card(display_name="Ada", ways=ways, extra=['LABEL;WORK:"Im Weg" 1\\nBonn', "LABEL:Gasse"]), "4.0")
    assert lines[1:3] == [
        'ADR;TYPE=home;LABEL="Gasse":;;Gasse 2;;;;',
        "ADR;TYPE=work;LABEL=\"'Im Weg' 1\\nBonn\":;;Weg 1;;;;",
    ]


def test_identifier_is_a_urn() -> None:
    uid = "urn:uuid:9e3c7a52-0d0b-4d1a-8a43-1f0f6f2d2f10"
    assert f"UID:{uid}" in lines_of(Card(uid=uid, display_name="Ada"), "4.0")
