"""The journal: logging, correcting, trashing and restoring acts of help.

Only this module writes favours and participations, so that the copies on a participation (day, direction, kind, share,
is_active) always match its favour. Every write marks the network as changed in its own transaction and hints that the
summary needs recomputing.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, FloatField, Min, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.jobs import hint
from contacts.models import Contact, Network
from contacts.people.contact_days import raise_last_contact, refresh_last_contact
from contacts.text import cleaned, fold, one_line
from favours.models import Favour, Participation

GIVE, RECEIVE = Favour.Direction.GIVE, Favour.Direction.RECEIVE

EARLIEST_DAY = date(1900, 1, 1)
FARTHEST_AHEAD = timedelta(days=366)


@dataclass(frozen=True, eq=False, kw_only=True)
class Entry:
    """An act of help to be logged. `day` is a date in the member's own calendar, by default today.

    An entry without `contacts` can't be logged yet: the quick log adds them once it has turned the new people into
    contacts. `passes_on` is a received favour logged earlier, or an entry of the same batch. `client_key` stays the
    same when the same entry is logged again.
    """

    direction: str
    kind: str
    contacts: Sequence[Contact] = ()
    day: date | None = None
    place: str = ""
    note: str = ""
    passes_on: Favour | Entry | None = None
    client_key: uuid.UUID | None = None


class FavourChanges(TypedDict, total=False):
    """The fields that `edit_favour` can change; omitted ones stay as they are."""

    direction: str
    kind: str
    day: date
    place: str
    note: str
    passes_on: Favour | None
    contacts: Sequence[Contact]


def log_favour(network: Network, entry: Entry) -> Favour:
    """Log one act of help and return its favour; see `log_favours`."""
    return log_favours(network, [entry])[0]


def log_favours(network: Network, entries: Iterable[Entry]) -> list[Favour]:
    """Log many acts of help in one batch and return their favours in the same order.

    An entry whose client key was logged before is not logged again: its favour is returned unchanged, even from the
    trash. All or nothing. Raises ValidationError if an entry has no people or people of another network, is dated
    before 1900 or more than a year ahead, or passes on anything but help received.
    """
    batch = list(entries)
    try:
        with transaction.atomic():
            return _log(network, batch)
    except IntegrityError:
        # The same form was sent twice and the other request won: its favour can be found now.
        with transaction.atomic():
            return _log(network, batch)


@transaction.atomic
def edit_favour(network: Network, favour: Favour, **changes: Unpack[FavourChanges]) -> Favour:
    """Correct a favour and return it as stored. Raises ValidationError, or DoesNotExist if it is in the trash.

    Contacts in the trash keep their part in it: no page shows them, so they cannot have been left out on purpose.
    """
    stored = network.favours.select_for_update().get(pk=favour.pk)
    earliest = min(stored.day, changes.get("day", stored.day))
    participations = network.participations.filter(favour=stored).select_related("contact")
    before = [participation.contact for participation in participations]
    contacts = before
    if "contacts" in changes:
        contacts = [*changes.pop("contacts"), *(contact for contact in before if contact.deleted_at)]
    for name, value in changes.items():
        setattr(stored, name, value)
    stored.place, stored.note = one_line(stored.place), cleaned(stored.note)
    if stored.direction == GIVE and network.favours.filter(passes_on=stored).exists():
        raise ValidationError({"direction": _("You passed this help on, so it stays help that you received.")})
    contacts = _checked(network, stored, contacts)
    stored.search_text = _search_text(stored)
    stored.save()
    participations.exclude(contact__in=contacts).delete()
    participations.update(day=stored.day, direction=stored.direction, kind=stored.kind, share=1 / len(contacts))
    known = {contact.pk for contact in before}
    added = [contact for contact in contacts if contact.pk not in known]
    network.participations.bulk_create(_participations(network, stored, added, share=1 / len(contacts)))
    refresh_last_contact(network, known | {contact.pk for contact in contacts})
    announce_change(network, earliest)
    return stored


def trash_favour(network: Network, favour: Favour) -> datetime:
    """Put a favour into the trash, out of all pages and figures. Does nothing if it is already there.

    Returns the timestamp that identifies this action for undo.
    """
    now = timezone.now()
    _move(network, favour, deleted_at=now)
    return now


def restore_favour(network: Network, favour: Favour) -> None:
    """Take a favour out of the trash. Does nothing if it is not there."""
    _move(network, favour, deleted_at=None)


@transaction.atomic
def erase_trash(network: Network, *, before: datetime) -> None:
    """Permanently erase the favours that were put into the trash before that timestamp."""
    network.favours(manager="with_trash").filter(deleted_at__lt=before).delete()


@transaction.atomic
def erase_favours_among(network: Network, contact_ids: Collection[int]) -> None:
    """Permanently erase the favours in which only these contacts took part, as when an import is undone."""
    leaving = favours_among(network, contact_ids)
    earliest = leaving.aggregate(earliest=Min("day"))["earliest"]
    if earliest is not None:
        leaving.delete()
        announce_change(network, earliest)


def empty_favours_among(network: Network, contact_ids: Collection[int]) -> None:
    """Clear the note and place of the favours in which only these contacts took part; the fact of the help stays."""
    favours_among(network, contact_ids).update(note="", place="", search_text="")


@transaction.atomic
def repair_shares(network: Network, contact_ids: Collection[int] | None = None) -> None:
    """Recalculate the shares after contacts were merged or erased, which changes how many people took part.

    With `contact_ids`, only those of favours in which these contacts took part.
    """
    parts = network.participations.all()
    if contact_ids is not None:
        parts = parts.filter(favour__in=network.participations.filter(contact__in=contact_ids).values("favour"))
    people = (
        network.participations.filter(favour=OuterRef("favour"))
        .order_by()
        .values("favour")
        .annotate(people=Count("pk"))
        .values("people")
    )
    share = Value(1.0) / Cast(Subquery(people), FloatField())
    parts.exclude(share=share).update(share=share)


def repair_copies(network: Network, contact_ids: Collection[int]) -> None:
    """Copy the favours' values to these contacts' participations again, after undoing a merge restored old copies."""
    favours = network.favours(manager="with_trash").filter(pk=OuterRef("favour"))
    network.participations.filter(contact__in=contact_ids).update(
        day=Subquery(favours.values("day")),
        direction=Subquery(favours.values("direction")),
        kind=Subquery(favours.values("kind")),
        is_active=Exists(favours.filter(deleted_at=None)),
    )


def announce_change(network: Network, earliest: date) -> None:
    """Record in the running transaction that the journal changed from `earliest` onwards, and hint at the recompute."""
    network.mark_changed(earliest)
    hint("favours.recompute_summary", network_id=network.pk)


def favours_among(network: Network, contact_ids: Collection[int]) -> QuerySet[Favour]:
    """Return the favours, in the trash or not, in which at least one of these contacts and nobody else took part."""
    with_others = network.participations.exclude(contact__in=contact_ids).values("favour")
    taken_part = network.participations.filter(contact__in=contact_ids).values("favour")
    keys = taken_part.exclude(favour__in=with_others).values_list("favour", flat=True).distinct()
    return network.favours(manager="with_trash").filter(pk__among=list(keys))


def _log(network: Network, entries: list[Entry]) -> list[Favour]:
    """Store the entries in a running transaction. Raises IntegrityError if a client key is taken concurrently."""
    known = dict(_logged_before(network, {entry.client_key for entry in entries if entry.client_key}))
    favours: dict[Entry, Favour] = {}
    fresh: dict[Favour, list[Contact]] = {}
    for direction in (RECEIVE, GIVE):  # Help received goes first, since help given may pass it on.
        drafts: list[tuple[Favour, list[Contact]]] = []
        for entry in entries:
            if (entry.direction == GIVE) != (direction == GIVE):
                continue
            favour = known.get(entry.client_key) if entry.client_key else None
            if favour is None:
                favour = _draft(network, entry, favours)
                drafts.append((favour, _checked(network, favour, entry.contacts)))
                if entry.client_key:
                    known[entry.client_key] = favour
            favours[entry] = favour
        network.favours.bulk_create([favour for favour, _contacts in drafts])
        fresh |= dict(drafts)
    if fresh:
        _take_part(network, fresh)
        announce_change(network, min(favour.day for favour in fresh))
    return [favours[entry] for entry in entries]


def _logged_before(network: Network, keys: Collection[uuid.UUID]) -> Iterator[tuple[uuid.UUID, Favour]]:
    for favour in network.favours(manager="with_trash").filter(client_key__among=keys):
        if favour.client_key:
            yield favour.client_key, favour


def _draft(network: Network, entry: Entry, favours: dict[Entry, Favour]) -> Favour:
    passes_on = entry.passes_on
    favour = Favour(
        network=network,
        direction=entry.direction,
        kind=entry.kind,
        day=entry.day or network.today(),
        place=one_line(entry.place),
        note=cleaned(entry.note),
        passes_on=favours.get(passes_on) if isinstance(passes_on, Entry) else passes_on,
        client_key=entry.client_key,
    )
    favour.search_text = _search_text(favour)
    return favour


def _search_text(favour: Favour) -> str:
    return fold(f"{favour.place} {favour.note}")


def _checked(network: Network, favour: Favour, contacts: Iterable[Contact]) -> list[Contact]:
    """Return the favour's contacts without repetition, if it may be stored with them. Raises ValidationError."""
    # Not full_clean(): its other checks cost a query per favour, and the database makes them anyway.
    favour.clean_fields(exclude=["network", "passes_on"])
    favour.clean()
    if favour.day < EARLIEST_DAY:
        raise ValidationError({"day": _("That is too long ago: the journal begins in 1900.")})
    if favour.day > network.today() + FARTHEST_AHEAD:
        raise ValidationError({"day": _("That is more than a year ahead. Check the year.")})
    received = favour.passes_on
    if received and (favour.direction != GIVE or received.direction != RECEIVE or received.deleted_at):
        raise ValidationError({"passes_on": _("Only help that you received can be passed on, by help that you give.")})
    people = list({contact.pk: contact for contact in contacts}.values())
    if not people:
        raise ValidationError({"contacts": _("Pick at least one person.")})
    if any(contact.network_id != network.pk for contact in people):
        raise ValidationError({"contacts": _("Pick people from your own network.")})
    return people


def _take_part(network: Network, favours: dict[Favour, list[Contact]]) -> None:
    network.participations.bulk_create(
        participation
        for favour, contacts in favours.items()
        for participation in _participations(network, favour, contacts, share=1 / len(contacts))
    )
    contact_ids = {contact.pk for contacts in favours.values() for contact in contacts}
    days = {favour.day for favour in favours}
    if len(days) == 1:
        raise_last_contact(network, contact_ids, days.pop())
    else:
        refresh_last_contact(network, contact_ids)


def _participations(
    network: Network, favour: Favour, contacts: Iterable[Contact], *, share: float
) -> Iterator[Participation]:
    for contact in contacts:
        yield Participation(
            network=network,
            favour=favour,
            contact=contact,
            day=favour.day,
            direction=favour.direction,
            kind=favour.kind,
            share=share,
        )


@transaction.atomic
def _move(network: Network, favour: Favour, *, deleted_at: datetime | None) -> None:
    """Move a favour into the trash (with a timestamp) or out of it (with None)."""
    moved = (
        network.favours(manager="with_trash")
        .filter(pk=favour.pk, deleted_at__isnull=deleted_at is not None)
        .update(deleted_at=deleted_at)
    )
    if not moved:
        return
    participations = network.participations.filter(favour=favour)
    participations.update(is_active=deleted_at is None)
    refresh_last_contact(network, set(participations.values_list("contact", flat=True)))
    announce_change(network, favour.day)
