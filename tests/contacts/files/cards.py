"""Hypothesis strategies for cards in the form that reading produces."""

from __future__ import annotations

import datetime
import string

from hypothesis import strategies as st

from contacts.cards import Card, PartialDate, Related, Way
from contacts.files.addresses import in_reading_order
from contacts.files.labels import plain
from contacts.files.nothing import SYSTEM_CIRCLES
from contacts.text import clean, one_line

CHARACTERS = st.one_of(
    st.sampled_from(string.ascii_letters + "äöüßÄÖÜéñŁşğ中文字😀'\"\\,;:=+-@#()[]{}<>%&*/|~^`!?. "),
    st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp", "Cn")),
)


def texts(longest: int = 30) -> st.SearchStrategy[str]:
    """Return single-line texts, as in all fields but the notes, without Google's separator between values."""
    return st.text(CHARACTERS, max_size=longest).map(one_line).filter(lambda text: ":::" not in text)


def names() -> st.SearchStrategy[str]:
    return texts().filter(bool)


def circle_names() -> st.SearchStrategy[str]:
    return names().filter(lambda name: not name.startswith("* ") and name.lower() not in SYSTEM_CIRCLES)


def labels() -> st.SearchStrategy[str]:
    standard = st.sampled_from(["", "home", "work", "mobile", "fax", "work fax", "home fax", "pager", "main", "school"])
    return standard | texts(15).map(plain).map(one_line).filter(lambda text: plain(text) == text)


def notes() -> st.SearchStrategy[str]:
    return st.text(CHARACTERS | st.just("\n"), max_size=200).map(lambda text: clean(text).strip())


def days() -> st.SearchStrategy[datetime.date]:
    return st.dates(datetime.date(1800, 1, 1), datetime.date(2200, 12, 31))


def birthdays() -> st.SearchStrategy[PartialDate]:
    return st.builds(
        lambda day, with_year: PartialDate(day.month, day.day, day.year if with_year else None), days(), st.booleans()
    )


def ways() -> st.SearchStrategy[Way]:
    word = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=12)
    emails = st.builds(lambda name, host, label: Way("email", f"{name}@{host}.example", label), word, word, labels())
    phones = st.builds(
        lambda number, label: Way("phone", f"+49 30 {number}", label), st.integers(10000, 9999999), labels()
    )
    pages = st.builds(lambda host, label: Way("link", f"https://{host}.example/a;b,c?d=e", label), word, labels())
    messengers = st.builds(lambda name, label: Way("link", f"skype:{name}", label), word, labels())
    return st.one_of(emails, phones, pages, messengers, addresses())


def addresses() -> st.SearchStrategy[Way]:
    def built(parts: list[str], label: str) -> Way:
        return Way("address", ", ".join(filter(None, in_reading_order(tuple(parts)))), label, tuple(parts))

    parts = st.lists(texts(12).filter(lambda part: not part.startswith("'")), min_size=7, max_size=7)
    return st.builds(built, parts.filter(any), labels())


def related() -> st.SearchStrategy[Related]:
    uids = st.uuids().map(str) | st.just("")
    return st.builds(Related, labels(), names(), uids)


def extra_lines() -> st.SearchStrategy[str]:
    return st.builds(
        lambda name, text: f"X-FOREIGN-{name}:{text}",
        st.text(string.ascii_uppercase, min_size=1, max_size=8),
        names().map(lambda text: text.replace("\\", "").strip() or "?"),
    )


def cards(*, with_photo: bool = True) -> st.SearchStrategy[Card]:
    """Return complete cards, with every field that a file can contain."""
    photos = st.just(b"\x89PNG\r\n\x1a\n" + bytes(range(256))) if with_photo else st.none()
    unique = {"unique": True, "max_size": 3}
    return st.builds(
        completed,
        st.builds(
            Card,
            uid=st.uuids().map(str) | st.text(string.ascii_letters + "-:", min_size=3, max_size=20),
            given_name=texts(),
            additional_names=texts(),
            family_name=texts(),
            prefix=texts(10),
            suffix=texts(10),
            display_name=names(),
            nickname=texts(),
            organisation=texts(),
            department=texts(),
            role=texts(),
            birthday=birthdays() | st.none(),
            how_met=notes(),
            met_on=days() | st.none(),
            connected_on=days() | st.none(),
            notes=notes(),
            has_died=st.booleans(),
            is_organisation=st.booleans(),
            ways=st.lists(
                ways(), max_size=4, unique_by=lambda way: (way.kind, "\n".join(way.parts).casefold() or way.value)
            ),
            circles=st.lists(circle_names(), **unique),
            related=st.lists(related(), max_size=3, unique_by=lambda each: (each.label, each.name)),
            seeks=st.lists(names(), **unique),
            offers=st.lists(names(), **unique),
            interests=st.lists(names(), **unique),
            extra=st.lists(extra_lines(), **unique),
        ),
        photos | st.none(),
    )


def completed(card: Card, photo: bytes | None) -> Card:
    card.photo, card.photo_type = photo, "image/png" if photo else ""
    return card
