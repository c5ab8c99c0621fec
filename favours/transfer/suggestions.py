"""Kept tips and weekly rounds in netcrm's own export: going out, and coming back in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from django.db.models import Prefetch, QuerySet

from contacts.files.own.reading import day_of, instant_of
from contacts.files.own.records import Record
from contacts.importing.identifiers import Identifiers, contacts_by_file_id
from contacts.importing.restorers import Restored, register_restorer
from contacts.models import Contact, Network, Owned
from contacts.transfer.records import AT_ONCE, RecordValues, day, filled, instant
from contacts.transfer.restoring import history_of, text_of, unknown
from favours.models import Round, Signal, Suggestion, TipBoxItem
from favours.suggestions.signals import RESTS_ON

Row = TypeVar("Row", bound=Owned)

KEYS = {"topic": "line", "other_topic": "other_line"}
"""What the format calls the topics that a reason rests on."""


def tip_records(network: Network, contact: Contact | None = None) -> Iterator[RecordValues]:
    """The tips of the box, those that were passed on included. They are nobody's, so of a contact there are none."""
    tips = network.tip_box_items.none() if contact else network.tip_box_items.all()
    for tip in tips.select_related("favour").order_by("pk").iterator(chunk_size=AT_ONCE):
        yield filled(
            {
                "id": str(tip.uuid),
                "text": tip.text,
                "kept_on": day(tip.kept_on),
                "used_on": day(tip.used_on),
                "favour": str(tip.favour.uuid) if tip.favour else "",
                "created_at": instant(tip.created_at),
            }
        )


def round_records(network: Network, contact: Contact | None = None) -> Iterator[RecordValues]:
    """Who was suggested in which week, why, and what the member said to it; of a contact, what concerns them."""
    suggestions = network.suggestions.select_related("contact").order_by("position", "pk")
    rounds = network.rounds.order_by("year", "week")
    if contact:
        suggestions = suggestions.filter(contact=contact)
        rounds = rounds.filter(suggestions__contact=contact)
    reasons = Prefetch("reasons", network.signals.select_related(*RESTS_ON))
    rounds = rounds.prefetch_related(Prefetch("suggestions", suggestions.prefetch_related(reasons)))
    for each in rounds.iterator(chunk_size=AT_ONCE):
        yield {
            "id": str(each.uuid),
            "year": each.year,
            "week": each.week,
            "day": day(each.day),
            "made_at": instant(each.made_at),
            "created_at": instant(each.created_at),
            "suggestions": [_suggestion_record(suggestion) for suggestion in each.suggestions.all()],
        }


def _suggestion_record(suggestion: Suggestion) -> RecordValues:
    return filled(
        {
            "id": str(suggestion.uuid),
            "contact": str(suggestion.contact.uuid),
            "position": suggestion.position,
            "score": suggestion.score,
            "state": suggestion.state,
            "later_until": day(suggestion.later_until),
            "asked_at": instant(suggestion.asked_at),
            "signals": [_signal_record(signal) for signal in suggestion.reasons.all()],
        }
    )


def _signal_record(signal: Signal) -> RecordValues:
    rows = {name: getattr(signal, name) for name in RESTS_ON}
    return filled(
        {
            "kind": signal.kind,
            "points": signal.points,
            "is_strong": signal.is_strong,
            "day": day(signal.day),
            "implied": signal.implied,
            **{KEYS.get(name, name): str(row.uuid) for name, row in rows.items() if row},
        }
    )


@register_restorer("tips")
def restore_tips(network: Network, records: Sequence[Record]) -> Restored:
    """Put the tips that are missing into the box."""
    names = Identifiers(network, TipBoxItem, [text_of(record, "id") for record in records])
    entries = network.favours(manager="with_trash").all()
    favours = _rows(entries, network, (text_of(record, "favour") for record in records))
    tips = [
        TipBoxItem(
            network=network,
            uuid=names[text_of(record, "id")],
            text=text_of(record, "text")[: TipBoxItem.MAX_LENGTH],
            kept_on=day_of(record.values, "kept_on") or network.today(),
            used_on=day_of(record.values, "used_on"),
            favour=favours.get(text_of(record, "favour")),
            **history_of(record),
        )
        for record in unknown(records, names)
        if text_of(record, "text")
    ]
    network.tip_box_items.bulk_create(tips)
    return Restored(0)


@register_restorer("rounds")
def restore_rounds(network: Network, records: Sequence[Record]) -> Restored:
    """Add the weeks that have no round here, with the suggestions of people who are here."""
    names = Identifiers(network, Round, [text_of(record, "id") for record in records])
    taken = set(network.rounds.values_list("year", "week"))
    rounds, suggestions = [], []
    for record in unknown(records, names):
        made_on = day_of(record.values, "day")
        if made_on is None or tuple(made_on.isocalendar())[:2] in taken:
            continue
        year, week, _weekday = made_on.isocalendar()
        taken.add((year, week))
        made_at = instant_of(record.values, "made_at")
        made = Round(
            network=network, uuid=names[text_of(record, "id")], year=year, week=week, day=made_on, **history_of(record)
        )
        made.made_at = made_at or made.made_at
        rounds.append(made)
        suggestions += [(made, values) for values in _dictionaries(record.values.get("suggestions"))]
    network.rounds.bulk_create(rounds)
    _restore_suggestions(network, suggestions)
    return Restored(0)


def _restore_suggestions(network: Network, found: Sequence[tuple[Round, dict[str, Any]]]) -> None:
    names = Identifiers(network, Suggestion, [str(values.get("id")) for _made, values in found])
    contacts = contacts_by_file_id(network, (str(values.get("contact")) for _made, values in found))
    restored: dict[tuple[int, int], tuple[Suggestion, dict[str, Any]]] = {}
    for made, values in found:
        contact = contacts.get(str(values.get("contact")))
        state = values.get("state")
        until = day_of(values, "later_until") if state == Suggestion.State.LATER else None
        if contact is None or state not in Suggestion.State.values or (until is None) is (state == "later"):
            continue
        suggestion = Suggestion(
            network=network,
            uuid=names[str(values.get("id"))],
            round=made,
            contact=contact,
            position=int(_number(values.get("position"))),
            score=_number(values.get("score")),
            state=state,
            later_until=until,
            asked_at=instant_of(values, "asked_at"),
        )
        restored.setdefault((made.pk, contact.pk), (suggestion, values))
    network.suggestions.bulk_create(suggestion for suggestion, _values in restored.values())
    _restore_signals(network, list(restored.values()))


def _restore_signals(network: Network, found: Sequence[tuple[Suggestion, dict[str, Any]]]) -> None:
    """The reasons, as far as all that they rest on is here."""
    reasons = [
        (suggestion, position, values)
        for suggestion, suggested in found
        for position, values in enumerate(_dictionaries(suggested.get("signals")))
        if values.get("kind") in Signal.Kind.values
    ]
    for *_rest, values in reasons:
        values |= {name: values.get(key) for name, key in KEYS.items()}
    named = {name: {str(values[name]) for *_rest, values in reasons if values.get(name)} for name in RESTS_ON}
    topics = network.topics(manager="with_trash").all()
    here: dict[str, dict[str, Any]] = {
        "topic": _rows(topics, network, named["topic"]),
        "other": contacts_by_file_id(network, named["other"]),
        "other_topic": _rows(topics, network, named["other_topic"]),
        "tip": _rows(network.tip_box_items.all(), network, named["tip"]),
        "conversation": _rows(network.conversations(manager="with_trash").all(), network, named["conversation"]),
        "reminder": _rows(network.reminders.all(), network, named["reminder"]),
    }
    network.signals.bulk_create(
        Signal(
            network=network,
            suggestion=suggestion,
            position=position,
            kind=values["kind"],
            points=_number(values.get("points")),
            is_strong=values.get("is_strong") is True,
            day=day_of(values, "day"),
            implied=str(values["implied"]) if values.get("implied") in Signal.Implied.values else "",
            **{name: here[name][str(values[name])] for name in RESTS_ON if values.get(name)},
        )
        for suggestion, position, values in reasons
        if all(str(values[name]) in here[name] for name in RESTS_ON if values.get(name))
    )


def _rows(rows: QuerySet[Row], network: Network, file_ids: Iterable[str]) -> dict[str, Row]:
    """The rows that records of an export have become here, by what the file calls them."""
    wanted = set(filter(None, file_ids))
    names = Identifiers(network, rows.model, wanted)
    found = {row.uuid: row for row in rows.filter(uuid__in=names.all())}
    return {file_id: found[names[file_id]] for file_id in wanted if names[file_id] in found}


def _dictionaries(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _number(value: object) -> Any:
    return value if isinstance(value, int | float) and 0 <= value <= 1000 else 0
