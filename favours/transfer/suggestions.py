"""Kept tips and weekly rounds in netcrm's own export: writing and restoring them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from django.db.models import Prefetch, QuerySet

from contacts.files.own.fields import RecordValues, filled, written
from contacts.files.own.records import Record
from contacts.importing.identifiers import Identifiers, contacts_by_file_id
from contacts.importing.restorers import Restored, register_restorer
from contacts.models import Contact, Network, Owned
from contacts.transfer.exporting import AT_ONCE
from contacts.transfer.restoring import attributes, references, unknown
from favours.models import Round, Signal, Suggestion, TipBoxItem
from favours.models.suggestion import MARK_LENGTH
from favours.suggestions.signals import RESTS_ON
from favours.transfer.sections import ROUND, TIP

Row = TypeVar("Row", bound=Owned)


def tip_records(network: Network, contact: Contact | None = None) -> Iterator[RecordValues]:
    """Yields all tips of the box, including used ones; none for one contact, because tips belong to nobody."""
    tips = network.tip_box_items.none() if contact else network.tip_box_items.all()
    for tip in tips.select_related("favour").order_by("pk").iterator(chunk_size=AT_ONCE):
        yield filled(written(TIP, tip))


def round_records(network: Network, contact: Contact | None = None) -> Iterator[RecordValues]:
    """Yields the weekly rounds with their suggestions, reasons and answers; for one contact, only those about them."""
    suggestions = network.suggestions.select_related("contact").order_by("position", "pk")
    rounds = network.rounds.select_related("question").order_by("year", "week")
    if contact:
        suggestions = suggestions.filter(contact=contact)
        rounds = rounds.filter(suggestions__contact=contact)
    reasons = Prefetch("reasons", network.signals.select_related(*RESTS_ON))
    rounds = rounds.prefetch_related(Prefetch("suggestions", suggestions.prefetch_related(reasons)))
    for each in rounds.iterator(chunk_size=AT_ONCE):
        asked = each.question
        is_shown = asked is not None and (contact is None or asked.contact_id == contact.pk)
        yield filled(written(ROUND, each, question=asked if is_shown else None))


@register_restorer("tips", TIP)
def restore_tips(network: Network, records: Sequence[Record]) -> Restored:
    """Puts the tips that are missing into the box."""
    names = Identifiers(network, TipBoxItem, [record.file_id for record in records])
    favours = _rows(network.favours(manager="with_trash").all(), network, references(records, "favour"))
    tips = [
        TipBoxItem(
            network=network,
            **attributes(
                record,
                names,
                text=record.values["text"][: TipBoxItem.MAX_LENGTH],
                kept_on=record.values["kept_on"] or network.today(),
                favour=favours.get(record.values["favour"]),
            ),
        )
        for record in unknown(records, names)
        if record.values["text"]
    ]
    network.tip_box_items.bulk_create(tips)
    return Restored(0)


@register_restorer("rounds", ROUND)
def restore_rounds(network: Network, records: Sequence[Record]) -> Restored:
    """Adds the rounds of weeks that have none, with the suggestions of people who are in the network."""
    names = Identifiers(network, Round, [record.file_id for record in records])
    taken = set(network.rounds.values_list("year", "week"))
    questions = _rows(network.topics(manager="with_trash").all(), network, references(records, "question"))
    rounds, suggestions = [], []
    for record in unknown(records, names):
        made_on, made_at = record.values["day"], record.values["made_at"]
        if made_on is None or tuple(made_on.isocalendar())[:2] in taken:
            continue
        year, week, _weekday = made_on.isocalendar()
        taken.add((year, week))
        question = questions.get(record.values["question"])
        made = Round(network=network, **attributes(record, names, year=year, week=week, question=question))
        made.made_at = made_at or Round._meta.get_field("made_at").get_default()
        rounds.append(made)
        suggestions += [(made, values) for values in record.values["suggestions"]]
    network.rounds.bulk_create(rounds)
    _restore_suggestions(network, suggestions)
    return Restored(0)


def _restore_suggestions(network: Network, found: Sequence[tuple[Round, RecordValues]]) -> None:
    names = Identifiers(network, Suggestion, [values["uuid"] for _made, values in found])
    contacts = contacts_by_file_id(network, (values["contact"] for _made, values in found))
    restored: dict[tuple[int, int], tuple[Suggestion, RecordValues]] = {}
    for made, values in found:
        contact, state = contacts.get(values["contact"]), values["state"]
        until = values["later_until"] if state == Suggestion.State.LATER else None
        if contact is None or state not in Suggestion.State.values or (until is None) is (state == "later"):
            continue
        suggestion = Suggestion(
            network=network,
            uuid=names[values["uuid"]],
            round=made,
            contact=contact,
            position=int(values["position"]),
            score=values["score"],
            state=state,
            later_until=until,
            asked_at=values["asked_at"],
        )
        restored.setdefault((made.pk, contact.pk), (suggestion, values))
    network.suggestions.bulk_create(suggestion for suggestion, _values in restored.values())
    _restore_signals(network, list(restored.values()))


def _restore_signals(network: Network, found: Sequence[tuple[Suggestion, RecordValues]]) -> None:
    """Restores the signals for which all rows that they are based on are in the network."""
    signals = [
        (suggestion, position, values)
        for suggestion, suggested in found
        for position, values in enumerate(suggested["reasons"])
        if values["kind"] in Signal.Kind.values
    ]
    named = {name: {values[name] for *_rest, values in signals if values[name]} for name in RESTS_ON}
    topics = network.topics(manager="with_trash").all()
    here: dict[str, Mapping[str, Owned]] = {
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
            **{name: values[name] for name in ("kind", "points", "is_strong", "day")},
            sentence=values["sentence"][:MARK_LENGTH],
            implied=values["implied"] if values["implied"] in Signal.Implied.values else "",
            **{name: here[name][values[name]] for name in RESTS_ON if values[name]},
        )
        for suggestion, position, values in signals
        if all(values[name] in here[name] for name in RESTS_ON if values[name])
    )


def _rows(rows: QuerySet[Row], network: Network, file_ids: Iterable[str]) -> dict[str, Row]:
    """Returns the rows that records of an export have become in this network, by their identifiers in the file."""
    wanted = set(file_ids)
    names = Identifiers(network, rows.model, wanted)
    found = {row.uuid: row for row in rows.filter(uuid__in=names.all())}
    return {file_id: found[names[file_id]] for file_id in wanted if names[file_id] in found}
