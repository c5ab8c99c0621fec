"""The people in a network for whom a text is relevant."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from contacts.matching import Kind, Match, Strength, fits, match, match_all, texts
from contacts.models import Contact, Network
from contacts.people.conversations import hear, trash_conversations
from contacts.people.directory import (
    add_contact,
    add_contacts,
    archive_contacts,
    edit_contact,
    restore_contacts,
    trash_contacts,
    unarchive_contacts,
)
from contacts.people.person import Person
from contacts.people.topics import add_topic, change_topic, close_topic, delete_topic, reopen_topic


def told(matches: list[Match]) -> list[tuple[str, str]]:
    return [(match.kind.value, match.text) for match in matches]


def test_lines_and_what_is_implied_are_found(network: Network, anna: Contact) -> None:
    for kind, text in (("seeks", "Steuerberater"), ("offers", "Steuerberatung"), ("interest", "Steuerrecht")):
        add_topic(network, contact=anna, kind=kind, text=text)
    add_topic(network, contact=None, kind="offers", text="Steuerberatung für Vereine")
    add_contact(network, given_name="Ben", role="Steuerberater", organisation="Steuerkanzlei", notes="Steuerberater. X")
    found = match(network, "Steuerberaterin")
    assert {each.kind for each in found} == set(Kind)
    assert {(each.contact.display_name if each.contact else None, each.topic is None) for each in found} == {
        ("Anna", False),
        (None, False),
        ("Ben", True),
    }
    assert {each.kind for each in found if each.implied} == {Kind.ROLE, Kind.ORGANISATION, Kind.NOTES}


def test_kinds_and_limit_narrow(network: Network, anna: Contact) -> None:
    for number in range(3):
        add_topic(network, contact=anna, kind="seeks", text=f"Büro {number}")
    add_topic(network, contact=anna, kind="offers", text="Büro")
    assert told(match(network, "Büro", kinds=[Kind.OFFERS])) == [("offers", "Büro")]
    assert len(match(network, "Büro", kinds=[Kind.SEEKS], limit=2)) == 2


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("Steuerberater", Strength.STRONG),
        ("Steuerberaterinnen", Strength.STRONG),
        ("Steurberater", Strength.STRONG),
        ("ein Tipp: Steuerberaterin in Köln, die Vereine berät", Strength.STRONG),
        ("tax adviser", Strength.FAIR),
        ("Beratung in Steuerfragen", Strength.FAIR),
    ],
)
def test_strength_of_a_line(network: Network, anna: Contact, text: str, strength: Strength) -> None:
    add_topic(network, contact=anna, kind="seeks", text="Steuerberater")
    assert [each.strength for each in match(network, text)] == [strength]


@pytest.mark.parametrize("text", ["Gärtnerei", "Reise nach Portugal", "winter holiday", "Gitarrenunterricht"])
def test_other_things_are_no_match(network: Network, anna: Contact, text: str) -> None:
    add_topic(network, contact=anna, kind="seeks", text="Steuerberater für ihr Studio")
    assert match(network, text) == []


def test_place_or_time_alone_makes_no_match(network: Network, anna: Contact) -> None:
    add_topic(network, contact=anna, kind="offers", text="Gitarrenunterricht in Köln")
    add_topic(network, contact=anna, kind="offers", text="Segelkurse im Sommer")
    assert match(network, "Büro in Köln ab Sommer") == []
    assert told(match(network, "Gitarrenunterricht in Köln")) == [("offers", "Gitarrenunterricht in Köln")]
    assert told(match(network, "Köln")) == [("offers", "Gitarrenunterricht in Köln")]


def test_what_is_implied_is_never_more_than_fair(network: Network) -> None:
    add_contact(network, given_name="Ben", role="Steuerberater")
    assert [each.strength for each in match(network, "Steuerberater")] == [Strength.FAIR]


def test_what_is_implied_has_to_speak_of_what_is_asked(network: Network, anna: Contact) -> None:
    add_contact(network, given_name="Ben", organisation="Studio Winter")
    add_topic(network, contact=anna, kind="offers", text="Studio")
    assert told(match(network, "Werkstatt aus Holz in Graz")) == [("offers", "Studio")]
    assert told(match(network, "Werkstatt")) == [("offers", "Studio"), ("organisation", "Studio Winter")]
    assert ("organisation", "Studio Winter") in told(match(network, "ein Auftrag für das Studio Winter in Köln"))


def test_words_are_those_the_match_rests_on(network: Network, anna: Contact) -> None:
    add_topic(network, contact=anna, kind="seeks", text="Förderung für eine Werkstatt aus Holz in Graz")
    assert [each.words for each in match(network, "Förderprogramm für den Holzbau")] == [("Förderung", "Holz")]


def test_every_match_rests_on_words(network: Network, anna: Contact) -> None:
    for text in ("Büroräume für fünf Leute", "a small office", "Werkstatt mit Büro", "Coworking", "Buero"):
        add_topic(network, contact=anna, kind="seeks", text=text)
    found = match(network, "Büro")
    assert len(found) == 5
    assert [each.text for each in found if not each.words] == []


def test_order_is_by_score(network: Network, anna: Contact) -> None:
    for text in ("Steuerberatung in Köln für Vereine", "Steuerberater", "Steuerfragen"):
        add_topic(network, contact=anna, kind="offers", text=text)
    scores = [each.score for each in match(network, "Steuerberater")]
    assert scores == sorted(scores, reverse=True)
    assert told(match(network, "Steuerberater"))[0] == ("offers", "Steuerberater")


def test_texts_fit_by_what_they_are_about() -> None:
    assert fits("Steuerberatung Klein genannt", "eine Steuerberaterin in Köln")
    assert not fits("Kuchen nach Köln gebracht", "eine Steuerberaterin in Köln")
    assert not fits("", "eine Steuerberaterin")


def test_network_is_matched_alone(network: Network, stranger_network: Network) -> None:
    add_topic(network, contact=add_contact(network, given_name="Anna"), kind="seeks", text="Büro")
    assert match(stranger_network, "Büro") == []
    add_topic(stranger_network, contact=None, kind="offers", text="ein Büro")
    assert told(match(stranger_network, "Büro")) == [("offers", "ein Büro")]
    assert told(match(network, "Büro")) == [("seeks", "Büro")]


def test_changes_are_seen_at_once(network: Network, anna: Contact) -> None:
    def now(text: str) -> list[str]:
        return [each.text for each in match(network, text)]

    assert now("Büro") == []
    topic = add_topic(network, contact=anna, kind="seeks", text="Büro")
    assert now("Büro") == ["Büro"]
    change_topic(network, topic, text="Werkstatt")
    assert (now("Büro"), now("Werkstatt")) == ([], ["Werkstatt"])
    close_topic(network, topic)
    assert now("Werkstatt") == []
    reopen_topic(network, topic)
    assert now("Werkstatt") == ["Werkstatt"]
    delete_topic(network, topic)
    assert now("Werkstatt") == []
    edit_contact(network, anna, role="Gärtnerin")
    assert now("Gärtner") == ["Gärtnerin"]
    add_topic(network, contact=None, kind="offers", text="Gitarrenunterricht")
    assert now("Gitarre") == ["Gitarrenunterricht"]


def test_people_put_away_are_left_out_and_come_back(network: Network, anna: Contact) -> None:
    add_topic(network, contact=anna, kind="seeks", text="Büro")
    archive_contacts(network, [anna])
    assert match(network, "Büro") == []
    unarchive_contacts(network, [anna])
    assert len(match(network, "Büro")) == 1
    trash_contacts(network, [anna])
    assert match(network, "Büro") == []
    restore_contacts(network, [anna])
    assert len(match(network, "Büro")) == 1
    edit_contact(network, anna, has_died=True)
    assert match(network, "Büro") == []


def test_many_people_put_away_hide_nobody(network: Network, anna: Contact) -> None:
    others = add_contacts(network, [Person({"given_name": f"B{n}", "role": "Büro"}) for n in range(60)])
    archive_contacts(network, others)
    add_topic(network, contact=anna, kind="offers", text="Schreibtisch im Büro")
    assert told(match(network, "Büro", limit=5)) == [("offers", "Schreibtisch im Büro")]


def test_line_heard_in_a_trashed_conversation_is_left_out(network: Network, anna: Contact) -> None:
    conversation = hear(network, contact=anna, kind="seeks", text="Büro", day=network.today())
    assert len(match(network, "Büro")) == 1
    trash_conversations(network, [conversation])
    assert match(network, "Büro") == []


@pytest.mark.parametrize("count", [1, 5])
def test_matching_costs_four_queries(
    network: Network, anna: Contact, count: int, django_assert_num_queries: object
) -> None:
    for number in range(count):
        add_topic(network, contact=anna, kind="seeks", text=f"Büro {number}")
    match(network, "Büro")
    with django_assert_num_queries(4):  # type: ignore[operator]
        match_all(network, ["Büro", "Steuer"] * count)


def test_change_costs_two_queries_more(network: Network, anna: Contact, django_assert_num_queries: object) -> None:
    match(network, "Büro")
    add_topic(network, contact=anna, kind="seeks", text="Büro")
    with django_assert_num_queries(6):  # type: ignore[operator]
        assert len(match(network, "Büro")) == 1


def test_much_change_makes_the_index_anew(network: Network, anna: Contact, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "LATER_TEXTS", 2)
    match(network, "Büro")
    for number in range(6):
        add_topic(network, contact=anna, kind="seeks", text=f"Büro {number}")
        assert len(match(network, "Büro")) == number + 1


def test_reading_that_broke_off_begins_from_nothing(
    network: Network, anna: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "LATER_TEXTS", 0)
    add_topic(network, contact=anna, kind="seeks", text="Steuer")
    match(network, "Büro")
    add_topic(network, contact=anna, kind="seeks", text="Büro")
    with monkeypatch.context() as breaking:
        breaking.setattr(texts, "_topic_rows", None)
        with pytest.raises(TypeError):
            match(network, "Büro")
    monkeypatch.setattr(texts, "LATER_TEXTS", 500)
    assert [found.text for found in match(network, "Büro")] == ["Büro"]


def test_least_used_network_is_dropped_beyond_the_bound(
    network: Network, stranger_network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = texts._kept
    kept.clear()
    add_topic(network, contact=None, kind="offers", text="Büro")
    match(network, "Büro")
    monkeypatch.setattr(texts, "MAX_BYTES", 0)
    match(stranger_network, "Büro")
    assert list(kept) == [stranger_network.uuid]
    assert len(match(network, "Büro")) == 1


def test_command_prints_matches_as_json(network: Network, anna: Contact) -> None:
    add_topic(network, contact=anna, kind="seeks", text="Büro in Köln")
    add_topic(network, contact=None, kind="offers", text="Büro")
    out = StringIO()
    call_command("match", "Bueros", owner="alice@example.org", json=True, stdout=out)
    found = json.loads(out.getvalue())
    assert [(each["contact"], each["line"], each["words"]) for each in found] == [
        (None, "Büro", ["Büro"]),
        ("Anna", "Büro in Köln", ["Büro"]),
    ]
    assert found[0]["score"] > found[1]["score"] > 0


def test_command_prints_matches_as_lines(network: Network, anna: Contact) -> None:
    add_topic(network, contact=anna, kind="seeks", text="Büro")
    out = StringIO()
    call_command("match", "Büro", owner="alice@example.org", stdout=out)
    assert out.getvalue() == "1.00  Anna  seeks: Büro\n"


def test_command_refuses_an_unknown_owner(db: None) -> None:
    with pytest.raises(CommandError):
        call_command("match", "Büro", owner="nobody@example.org")
