"""Details of a person from a file, for which netcrm has no field."""

from __future__ import annotations

import pytest

from contacts.cards import Card, PartialDate, Way
from contacts.files.reading import read
from contacts.files.vcard.also_known import also_known

WEDDING = PartialDate(5, 3, 1999)


def card_of(*lines: str) -> Card:
    (card,) = read("\n".join(("BEGIN:VCARD", "VERSION:3.0", "FN:Anna Alt", *lines, "END:VCARD")).encode())
    assert isinstance(card, Card)
    return card


def row_of(header: str, row: str, region: str = "DE") -> Card:
    (card,) = read(f"Name;E-mail;{header}\nAnna Alt;a@example.org;{row}\n".encode(), region=region)
    assert isinstance(card, Card)
    return card


def known(card: Card) -> list[tuple[str, str, PartialDate | None]]:
    return [(str(detail.label), detail.value, detail.day) for detail in also_known(card.extra)]


@pytest.mark.parametrize(
    ("lines", "detail"),
    [
        (("NICKNAME:Änne", "NICKNAME:Anni"), ("Nickname", "Anni", None)),
        (("ORG:Holz", "ORG:Chor e.V.;Alt"), ("Organisation", "Chor e.V., Alt", None)),
        (("TITLE:Tischlerin", "ROLE:Vorsitzende"), ("Role", "Vorsitzende", None)),
        (("TITLE:Tischlerin", "TITLE:Meisterin"), ("Role", "Meisterin", None)),
        (("ANNIVERSARY:19990503",), ("Anniversary", "19990503", WEDDING)),
        (("X-ANNIVERSARY:1999-05-03",), ("Anniversary", "1999-05-03", WEDDING)),
        (("X-EVOLUTION-ANNIVERSARY:1999-05-03",), ("Anniversary", "1999-05-03", WEDDING)),
        (("X-MS-ANNIVERSARY;VALUE=DATE:19990503",), ("Anniversary", "19990503", WEDDING)),
        (("item2.X-ABDATE:1999-05-03", "item2.X-ABLabel:_$!<Anniversary>!$_"), ("Anniversary", "1999-05-03", WEDDING)),
        (("item2.X-ABDATE:1999-05-03", "item2.X-ABLabel:Namenstag"), ("Namenstag", "1999-05-03", WEDDING)),
        (
            ("X-ANDROID-CUSTOM:vnd.android.cursor.item/contact_event;1999-05-03;1;;",),
            ("Anniversary", "1999-05-03", WEDDING),
        ),
        (
            ("X-ANDROID-CUSTOM:vnd.android.cursor.item/contact_event;1999-05-03;0;Taufe;",),
            ("Taufe", "1999-05-03", WEDDING),
        ),
        (("X-SOCIALPROFILE;type=Keybase:anna",), ("keybase", "anna", None)),
        (("BDAY:1980-06-02", "BDAY:1980-06-03"), ("Birthday", "1980-06-03", PartialDate(6, 3, 1980))),
        (("X-PHONETIC-LAST-NAME:Alt",), ("Phonetic last name", "Alt", None)),
        (("X-EVOLUTION-FAVOURITE-COLOUR:blue",), ("Favourite colour", "blue", None)),
        (("GENDER:F",), ("Gender", "F", None)),
        (("LANG:de",), ("Language", "de", None)),
    ],
)
def test_detail_of_a_card_is_readable(lines: tuple[str, ...], detail: tuple[str, str, PartialDate | None]) -> None:
    assert known(card_of(*lines)) == [detail]


@pytest.mark.parametrize(
    "line",
    [
        'X-MS-OL-DESIGN;CHARSET=utf-8:<card xmlns="x"/>',
        "X-ABUID:5AD380FD-B2DE-4261-BA99-DE1D1DB52FBE",
        "X-IMAGETYPE:PHOTO",
        "KEY;ENCODING=b:AAAABBBB",
        "PHOTO;VALUE=URI:https://example.org/a.jpg",
        "LOGO:https://example.org/a.png",
        "CLASS:PUBLIC",
        "SORT-STRING:Alt",
        "X-CLASS:PRIVATE",
        "X-ABADR:de",
        "GEO:52.5;13.4",
        f"X-FOO:{'x' * 5000}",
    ],
)
def test_what_only_programs_need_is_left_out(line: str) -> None:
    assert known(card_of(line)) == []


@pytest.mark.parametrize(
    ("header", "row", "detail"),
    [
        ("Anniversary", "3.5.1999", ("anniversary", "1999-05-03", WEDDING)),
        ("Jahrestag", "3.5.1999", ("anniversary", "1999-05-03", WEDDING)),
        ("Event 1 - Label;Event 1 - Value", "Namenstag;1999-05-03", ("Namenstag", "1999-05-03", WEDDING)),
        ("Event 1 - Type;Event 1 - Value", "Anniversary;1999-05-03", ("Anniversary", "1999-05-03", WEDDING)),
        ("Schuhgröße", "38", ("Schuhgröße", "38", None)),
        ("Hobby seit;Haustier", "1990;Hund", ("Haustier", "Hund", None)),
    ],
)
def test_column_is_readable(header: str, row: str, detail: tuple[str, str, PartialDate | None]) -> None:
    shown = [(label.lower(), value, day) for label, value, day in known(row_of(header, row))]
    assert (detail[0].lower(), *detail[1:]) in shown


@pytest.mark.parametrize(
    "header",
    ["Person - ID", "Record Id", "Contact owner", "Last Activity Date", "MEMBER_RATING", "OPTIN_IP", "TIMEZONE"],
)
def test_column_that_only_its_program_needs_is_kept_but_not_shown(header: str) -> None:
    card = row_of(header, "4711x")
    assert (len(card.extra), known(card)) == (1, [])


def test_order_of_day_and_month_holds_for_anniversaries() -> None:
    assert known(row_of("Anniversary", "5/3/1999", region="US"))[0][2] == WEDDING


def test_hostile_lines_do_no_harm() -> None:
    lines = ["", ":", ";;;", "X-NETCRM-COLUMN:", "X-NETCRM-DATE:;", "X-ABDATE:nonsense", "no property", "\udc80:x"]
    assert [detail.value for detail in also_known(lines * 100)] == ["nonsense"]


@pytest.mark.parametrize(
    ("line", "link"),
    [
        ("X-SOCIALPROFILE;type=linkedin:https://www.linkedin.com/in/anna", "https://www.linkedin.com/in/anna"),
        ("X-SOCIALPROFILE;type=linkedin;x-user=anna:x-apple:anna", "https://www.linkedin.com/in/anna"),
        ("X-SOCIALPROFILE;type=facebook:anna.alt", "https://www.facebook.com/anna.alt"),
        ("X-SOCIALPROFILE;type=instagram:@anna", "https://www.instagram.com/anna"),
        ("X-SOCIALPROFILE;type=GitHub:anna", "https://github.com/anna"),
        ("X-SOCIALPROFILE;type=XING:Anna_Alt", "https://www.xing.com/profile/Anna_Alt"),
        ("X-SOCIALPROFILE;type=youtube:anna", "https://www.youtube.com/@anna"),
        ("X-SOCIALPROFILE;type=flickr:anna", "https://www.flickr.com/people/anna"),
        ("X-SOCIALPROFILE;type=sinaweibo:anna", "https://weibo.com/anna"),
        ("X-SOCIALPROFILE;type=twitter:x-apple:anna", "twitter:anna"),
        ("SOCIALPROFILE;SERVICE-TYPE=Bluesky:anna.example", "https://bsky.app/profile/anna.example"),
    ],
)
def test_profile_at_any_service_is_a_link(line: str, link: str) -> None:
    assert [way.value for way in card_of(line).ways] == [link]


NOTHING = [
    "n/a",
    "N/A",
    "#N/A",
    "#NV",
    "k.A.",
    "Keine Angabe",
    "-",
    "--",
    "NULL",
    "\\N",
    "(none)",
    "unspecified",
    "NaN",
]


@pytest.mark.parametrize("text", NOTHING)
def test_what_means_nothing_is_nothing(text: str) -> None:
    card = row_of("Organisation;Role;Phone;City;Notes;Tags;Nickname;Whatever", ";".join([text] * 8))
    assert (card.organisation, card.role, card.nickname, card.circles, card.extra) == ("", "", "", [], [])
    assert card.ways == [Way("email", "a@example.org")]
    card = card_of(f"ORG:{text}", f"TITLE:{text}", f"TEL:{text}", f"EMAIL:{text}", f"CATEGORIES:{text}")
    assert (card.organisation, card.role, card.circles, card.ways) == ("", "", [], [])


@pytest.mark.parametrize(
    "circle",
    ["starred", "* starred", "My Contacts", "* myContacts", "Meine Kontakte", "Markiert", "Unfiled", "All Contacts"],
)
def test_group_of_a_program_is_no_circle(circle: str) -> None:
    assert card_of(f"CATEGORIES:{circle},Chor").circles == ["Chor"]
    assert row_of("Tags", f"{circle},Chor").circles == ["Chor"]


@pytest.mark.parametrize("surname", ["Null", "None", "Na", "Nan Li", "Unknown"])
def test_name_that_looks_like_nothing_is_a_name(surname: str) -> None:
    (card,) = read(f"Vorname;Nachname;E-Mail\nAnna;{surname};a@example.org\n".encode())
    assert isinstance(card, Card)
    assert card.family_name == surname
