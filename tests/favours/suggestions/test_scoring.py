"""Scoring suggestions, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from favours.suggestions.scoring import Candidate, Showing, ask_whom, is_eligible, rotation, score, suggest
from favours.suggestions.signals import Evidence, Kind, points
from tests.calendar import MONDAY


def days(number: int) -> date:
    """Return the day this many days before the Monday of the tests."""
    return MONDAY - timedelta(days=number)


def seeking(key: int, age: int = 0, **fields: object) -> Candidate:
    topic = Evidence(Kind.SEEKS, day=days(age), topic=key)
    return Candidate(key, f"Person {key}", evidence=(topic,), newest_seeks=days(age), **fields)


def quiet(key: int, age: int, **fields: object) -> Candidate:
    return Candidate(key, f"Person {key}", last_contact=days(age), **fields)


def names(found: list) -> list[str]:
    return [each.candidate.name for each in found]


def test_worked_example_has_its_literal_scores_and_order() -> None:
    strong = Evidence(Kind.MATCH, day=days(21), is_strong=True, topic=1, other=9, other_topic=2)
    news = Evidence(Kind.NEWS, day=days(21), conversation=1)
    i = Candidate(1, "i", last_contact=days(21), evidence=(strong, news), shown=(Showing(days(28)),))
    j = Candidate(2, "j", evidence=(Evidence(Kind.SEEKS, day=days(60), topic=3),))
    q = Candidate(3, "q", last_contact=days(1095))
    found = suggest([q, j, i], MONDAY)
    assert [(each.candidate.name, each.score) for each in found] == [("i", 31.875), ("j", 22.5), ("q", 15.0)]


@pytest.mark.parametrize(
    ("evidence", "worth"),
    [
        (Evidence(Kind.MATCH, day=days(3), is_strong=True, topic=1), 60.0),
        (Evidence(Kind.MATCH, day=days(3), topic=1), 42.0),
        (Evidence(Kind.SEEKS, day=MONDAY, topic=1), 45.0),
        (Evidence(Kind.SEEKS, day=days(60), topic=1), 22.5),
        (Evidence(Kind.SEEKS, day=days(90), topic=1), 45 * 2**-1.5),
        (Evidence(Kind.SEEKS, day=days(91), topic=1), 0.0),
        (Evidence(Kind.INTEREST, is_strong=True, topic=1, tip=1), 35.0),
        (Evidence(Kind.INTEREST, topic=1, tip=1), 24.5),
        (Evidence(Kind.MILESTONE, day=days(-10), reminder=1), 30.0),
        (Evidence(Kind.MILESTONE, day=days(-11), reminder=1), 0.0),
        (Evidence(Kind.MILESTONE, day=days(1), reminder=1), 0.0),
        (Evidence(Kind.NEWS, day=days(21), conversation=1), 15.0),
        (Evidence(Kind.QUIET, day=days(180)), 0.0),
        (Evidence(Kind.QUIET, day=days(1095)), 15.0),
        (Evidence(Kind.QUIET, day=days(4000)), 15.0),
    ],
)
def test_points_follow_the_table(evidence: Evidence, worth: float) -> None:
    assert points(evidence, MONDAY) == pytest.approx(worth)


def test_score_counts_a_line_once() -> None:
    match = Evidence(Kind.MATCH, day=MONDAY, topic=1, tip=7)
    both = Candidate(1, "Anna", evidence=(Evidence(Kind.SEEKS, day=MONDAY, topic=1), match))
    assert score(both, MONDAY).score == 45.0


def test_score_adds_a_quarter_of_the_second_signal_alone() -> None:
    evidence = tuple(Evidence(Kind.SEEKS, day=MONDAY, topic=topic) for topic in range(4))
    assert score(Candidate(1, "Anna", evidence=evidence), MONDAY).score == 45.0 * 1.25


def test_rotation_grows_with_the_weeks() -> None:
    assert [
        rotation(None, MONDAY),
        rotation(days(0), MONDAY),
        rotation(days(28), MONDAY),
        rotation(days(56), MONDAY),
    ] == [
        1.0,
        0.0,
        0.5,
        0.75,
    ]


@pytest.mark.parametrize(
    ("shown", "rests"),
    [
        ([27], True),
        ([28], False),
        ([83, 55], True),
        ([84, 56], False),
        ([300, 200, 111], True),
        ([300, 200, 112], False),
    ],
)
def test_pause_lasts_four_then_eight_then_sixteen_weeks(shown: list[int], rests: bool) -> None:
    candidate = seeking(1, age=400, shown=tuple(Showing(days(age)) for age in shown))
    assert is_eligible(candidate, MONDAY) is not rests


def test_pause_ends_by_a_new_seek_or_a_touch() -> None:
    in_vain = (Showing(days(20)),)
    assert not is_eligible(seeking(1, age=21, shown=in_vain), MONDAY)
    assert is_eligible(seeking(1, age=19, shown=in_vain), MONDAY)
    assert is_eligible(quiet(1, 16, shown=in_vain), MONDAY)


def test_pause_does_not_follow_what_was_put_off() -> None:
    put_off = seeking(1, shown=(Showing(days(20), put_off=True),), later_until=MONDAY)
    assert is_eligible(put_off, MONDAY)
    assert not is_eligible(put_off, days(1))


@pytest.mark.parametrize(("touch", "seek", "eligible"), [(14, 15, False), (15, 20, True), (14, 14, True), (3, 2, True)])
def test_touch_keeps_out_for_fourteen_days_unless_a_seek_is_as_new(touch: int, seek: int, eligible: bool) -> None:
    assert is_eligible(seeking(1, age=seek, last_contact=days(touch)), MONDAY) is eligible


def test_never_is_never() -> None:
    assert suggest([seeking(1, never=True)], MONDAY) == []


def test_reason_that_did_not_fit_counts_no_more() -> None:
    rejected = frozenset({Evidence(Kind.SEEKS, day=days(5), topic=1).reason})
    assert suggest([seeking(1, rejected=rejected)], MONDAY) == []


def test_weak_signals_do_not_get_in() -> None:
    old_news = Evidence(Kind.NEWS, day=days(34), conversation=1)  # 9.8 points
    assert suggest([Candidate(1, "Anna", evidence=(old_news,))], MONDAY) == []
    shown_lately = seeking(2, age=0, shown=(Showing(days(8)),))  # 45 points, 8.09 of which are left
    assert names(suggest([shown_lately], MONDAY)) == ["Person 2"]
    assert suggest([seeking(2, age=0, shown=(Showing(days(7)),))], MONDAY) == []


def test_reason_takes_two_places_where_others_wait() -> None:
    news = [
        Candidate(key, f"News {key}", evidence=(Evidence(Kind.NEWS, day=days(16), conversation=key),)) for key in (8, 9)
    ]
    found = suggest([*(seeking(key, age=key) for key in range(1, 6)), *news], MONDAY)
    assert sorted(names(found)) == ["News 8", "News 9", "Person 1", "Person 2"]


def test_reason_takes_three_places_where_nothing_else_is_there() -> None:
    assert names(suggest([seeking(key, age=key) for key in range(1, 6)], MONDAY)) == [
        "Person 1",
        "Person 2",
        "Person 3",
    ]


def test_organisation_takes_one_place() -> None:
    found = suggest([seeking(1, age=1, organisation="acme"), seeking(2, age=2, organisation="acme")], MONDAY)
    assert names(found) == ["Person 1"]


def test_quiet_takes_the_last_place_and_no_other() -> None:
    found = suggest([quiet(7, 1095), quiet(8, 900), seeking(1)], MONDAY)
    assert names(found) == ["Person 1", "Person 7"]


def test_quiet_draws_on_people_known_by_more_than_an_import() -> None:
    imported = Candidate(1, "Imported", connected_on=days(2000))
    tapped = Candidate(2, "Tapped", connected_on=days(2000), is_familiar=True)
    assert names(suggest([imported, tapped], MONDAY)) == ["Tapped"]


def test_ties_go_to_who_was_unseen_for_longest() -> None:
    seen = seeking(1, age=0, shown=(Showing(days(280)), Showing(days(2800), put_off=True)))
    assert names(suggest([seen, seeking(2)], MONDAY)) == ["Person 2", "Person 1"]


def test_ties_fall_otherwise_in_another_week() -> None:
    people = [quiet(key, 3000) for key in range(20)]
    weeks = [suggest(people, MONDAY + timedelta(weeks=week))[0].candidate.name for week in range(6)]
    assert len(set(weeks)) > 1


@given(st.integers(2, 12), st.sampled_from(["seeks", "quiet"]), st.integers(3, 5))
def test_nobody_appears_twice_before_everybody_once(people: int, kind: str, most: int) -> None:
    """The signals are equal, week after week, and the member acts on none of them."""
    shown: dict[int, tuple[Showing, ...]] = dict.fromkeys(range(people), ())
    for week in range(people):
        on = MONDAY + timedelta(weeks=week)
        topic = Evidence(Kind.SEEKS, day=on, topic=0)
        everybody = [
            Candidate(key, f"Person {key}", evidence=(topic,), shown=shown[key])
            if kind == "seeks"
            else quiet(key, 3000, shown=shown[key])
            for key in range(people)
        ]
        for each in suggest(everybody, on, most=most):
            if shown[each.candidate.key]:
                assert all(shown.values())
            shown[each.candidate.key] += (Showing(on),)
    assert all(shown.values())


EVIDENCE = st.builds(
    Evidence,
    kind=st.sampled_from([kind for kind in Kind if kind is not Kind.QUIET]),
    day=st.integers(-20, 400).map(days),
    is_strong=st.booleans(),
    topic=st.integers(0, 5),
    conversation=st.none() | st.integers(0, 3),
)
CANDIDATES = st.lists(
    st.builds(
        Candidate,
        key=st.integers(0, 1000),
        name=st.text("abc", min_size=1, max_size=3),
        organisation=st.sampled_from(["", "", "acme", "bloom"]),
        last_contact=st.none() | st.integers(0, 2000).map(days),
        connected_on=st.none() | st.integers(0, 4000).map(days),
        is_familiar=st.booleans(),
        evidence=st.lists(EVIDENCE, max_size=4).map(tuple),
        shown=st.lists(st.integers(7, 300).map(lambda age: Showing(days(age))), max_size=3).map(tuple),
    ),
    max_size=20,
    unique_by=lambda candidate: candidate.key,
)


@given(CANDIDATES, st.integers(3, 5))
def test_list_keeps_its_promises(candidates: list[Candidate], most: int) -> None:
    found = suggest(candidates, MONDAY, most=most)
    assert len(found) <= most
    assert suggest(list(reversed(candidates)), MONDAY, most=most) == found
    assert all(each.signals and each.score > 0 for each in found)
    organisations = [each.candidate.organisation for each in found if each.candidate.organisation]
    assert len(organisations) == len(set(organisations))
    assert [each.reason for each in found[:-1]].count(Kind.QUIET) == 0
    reasons = [each.reason for each in found]
    assert len(found) <= 3 or max(map(reasons.count, reasons)) <= 2


def answered(key: int, helper: int | None, *, age: int = 3, topic: int | None = None, **match: object) -> Candidate:
    """Return a candidate with a need that another contact, `helper`, answers."""
    need = topic or key
    seeks = Evidence(Kind.SEEKS, day=days(age), topic=need)
    met = Evidence(Kind.MATCH, day=days(age), topic=need, other=helper, **match)
    return Candidate(key, f"Person {key}", evidence=(seeks, met), newest_seeks=days(age))


def helpers(found: list) -> list[int | None]:
    return [each.helper for each in found]


def test_extended_worked_example_has_its_literal_scores_and_order() -> None:
    """The example of docs/suggestions.md, which has i, j and q, extended by d, k and m."""
    strong = Evidence(Kind.MATCH, day=days(21), is_strong=True, topic=1, other=9, other_topic=2)
    news = Evidence(Kind.NEWS, day=days(21), conversation=1)
    i = Candidate(1, "i", last_contact=days(21), evidence=(strong, news), shown=(Showing(days(28)),))
    j = Candidate(2, "j", evidence=(Evidence(Kind.SEEKS, day=days(60), topic=3),))
    q = Candidate(3, "q", last_contact=days(1095))
    d = Candidate(4, "d", last_contact=days(790), is_little_known=True)
    k = Candidate(
        5,
        "k",
        evidence=(Evidence(Kind.MATCH, day=days(9), topic=5, other=9), Evidence(Kind.SEEKS, day=days(9), topic=5)),
    )
    m = Candidate(9, "m", evidence=(Evidence(Kind.NEWS, day=days(21), conversation=2),))
    found = suggest([q, d, j, k, m, i], MONDAY)
    assert [(each.candidate.name, each.score) for each in found] == [
        ("k", 42.0),
        ("j", 22.5),
        ("d", 10.0),
        ("q", 15.0),
    ]
    next_week = suggest(
        [replace(k, shown=(Showing(MONDAY),)), replace(m, last_asked=MONDAY), i, j, d, q], MONDAY + timedelta(weeks=1)
    )
    assert all(each.helper != 9 and each.candidate.key != 9 for each in next_week)


def test_need_with_a_fair_answer_is_an_introduction_and_worth_no_less() -> None:
    fresh = answered(1, helper=9, age=0)
    (found,) = suggest([fresh], MONDAY)
    assert (found.reason, found.helper, found.score) == (Kind.MATCH, 9, 45.0)


def test_need_whose_answer_did_not_fit_is_a_mere_need_again() -> None:
    jana = answered(1, helper=9)
    (found,) = suggest([replace(jana, rejected=frozenset({jana.evidence[1].reason}))], MONDAY)
    assert found.reason is Kind.SEEKS


def test_two_needs_that_one_person_answers_wait_for_each_other() -> None:
    people = [answered(1, helper=9), answered(2, helper=9)]
    (now,) = suggest(people, MONDAY)
    waiting = next(each for each in people if each.key != now.candidate.key)
    asked = Candidate(9, "Helper", last_asked=MONDAY)
    for week in (1, 2, 3):
        assert suggest([waiting, asked], MONDAY + timedelta(weeks=week)) == []
    assert helpers(suggest([waiting, asked], MONDAY + timedelta(weeks=4))) == [9]


def test_another_helper_stands_in_for_one_who_is_named_already() -> None:
    second = answered(2, helper=9)
    second = replace(second, evidence=(*second.evidence, Evidence(Kind.MATCH, day=days(3), topic=2, other=8)))
    assert sorted(helpers(suggest([answered(1, helper=9, is_strong=True), second], MONDAY))) == [8, 9]


def test_nobody_is_suggested_and_asked_for_another_in_one_week() -> None:
    helper = seeking(9, age=1)
    found = suggest([answered(1, helper=9, is_strong=True), helper], MONDAY)
    assert names(found) == ["Person 1"]


@pytest.mark.parametrize(("shown", "is_asked"), [(27, False), (28, True)])
def test_whoever_was_suggested_is_not_asked_for_another_within_four_weeks(shown: int, is_asked: bool) -> None:
    helper = Candidate(9, "Helper", shown=(Showing(days(shown)),))
    assert helpers(suggest([answered(1, helper=9), helper], MONDAY)) == ([9] if is_asked else [])


@pytest.mark.parametrize(("asked", "eligible"), [(27, False), (28, True)])
def test_whoever_was_asked_for_another_is_not_suggested_within_four_weeks(asked: int, eligible: bool) -> None:
    assert is_eligible(seeking(1, age=60, last_asked=days(asked)), MONDAY) is eligible
    assert is_eligible(seeking(1, age=1, last_asked=days(asked)), MONDAY)


def test_introduction_across_circles_comes_first_between_equals() -> None:
    within, across = answered(1, helper=8, is_within=True), answered(2, helper=9)
    for week in range(4):
        on = MONDAY + timedelta(weeks=week)
        assert names(suggest([within, across], on)) == ["Person 2", "Person 1"]
    two = replace(within, evidence=(*within.evidence, Evidence(Kind.MATCH, day=days(3), topic=1, other=7)))
    assert helpers(suggest([two], MONDAY)) == [7]


def test_somebody_little_known_takes_a_place_of_their_own_before_the_quiet_one() -> None:
    people = [
        quiet(6, 1000),
        quiet(7, 900),
        quiet(8, 800, is_little_known=True),
        *(seeking(key, age=key) for key in (1, 2)),
    ]
    assert names(suggest(people, MONDAY)) == ["Person 1", "Person 2", "Person 8", "Person 6"]
    assert names(suggest(people, MONDAY, most=3)) == ["Person 1", "Person 2", "Person 8"]


def asked_about(key: int, **fields: object) -> Candidate:
    evidence = Evidence(Kind.ASK, day=days(3), topic=1, implied="role")
    return Candidate(key, f"Person {key}", asks=(evidence,), **fields)


def test_one_person_is_asked_about_an_ask_who_neither_rests_nor_is_named() -> None:
    people = [asked_about(key) for key in (1, 2, 3)]
    found = ask_whom(people, MONDAY, named=())
    assert found is not None
    assert ask_whom(people, MONDAY, named={1, 2, 3}) is None
    assert ask_whom([replace(each, last_asked=days(27)) for each in people], MONDAY, named=()) is None
    strong = replace(people[0], asks=(replace(people[0].asks[0], is_strong=True),))
    assert ask_whom([*people[1:], strong], MONDAY, named=()).candidate.key == 1


def test_ask_alone_suggests_nobody() -> None:
    assert suggest([asked_about(1)], MONDAY) == []
