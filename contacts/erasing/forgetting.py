"""What still names people after their rows have gone, where no member can edit it: mails, uploads, undo data, history.

Where a member wrote about them beside somebody else, it is theirs to edit: see contacts/erasing/mentions.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import unescape
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db.models import Model, QuerySet

from accounts.invitations import withdraw
from accounts.mail.outbox import empty_mails
from accounts.members import forget_in_sessions
from accounts.models import OutgoingMail
from contacts.erasing.traces import Traces
from contacts.models import Network


def forget(network: Network, traces: Traces) -> None:
    """Take out, of everything that is kept of a network, what names people who were erased. Safe to repeat."""
    _forget_in_mails(network, traces)
    withdraw(network.owner, traces.are_in)
    forget_in_sessions(network.owner, traces.are_anywhere_in)
    _forget_in_history(network, traces)
    # A contact's own rows have gone with it; these belong to nobody, or to others.
    clean(network.import_sources.filter(contact=None).exclude(known_values=[]), ("known_values",), lambda _: [])
    take_out(network.import_rows.filter(contact=None), ("name", "fields", "reason"), traces)
    take_out(network.import_runs.all(), ("file_name", "report", "problem"), traces)
    take_out(network.import_changes.filter(created=False), ("before", "after"), traces)
    take_out(network.merges.all(), ("merged_name", "snapshot"), traces)
    take_out(network.contacts(manager="with_trash").exclude(extra_properties=[]), ("extra_properties",), traces)
    for relation in network.relations.exclude(card_uid=""):
        if traces.are_in(relation.card_uid):
            relation.delete()


def take_out(rows: QuerySet[Any], columns: Sequence[str], traces: Traces) -> None:
    """Store the rows whose columns of these names, texts or JSON, name erased people without that."""
    clean(rows, columns, traces.taken_out_of)


def clean(rows: QuerySet[Any], columns: Sequence[str], cleaned: Callable[[Any], Any]) -> None:
    """Store what `cleaned` makes of columns of rows, wherever it differs."""
    model: type[Model] = rows.model
    for key, *values in rows.order_by("pk").values_list("pk", *columns).iterator(chunk_size=500):
        changed = {
            name: after for name, value in zip(columns, values, strict=True) if (after := cleaned(value)) != value
        }
        if changed:
            model._base_manager.filter(pk=key).update(**changed)


def _forget_in_mails(network: Network, traces: Traces) -> None:
    """Empty every mail to or of the member that names them, in whatever state."""
    mails = network.owner.outgoing_mails.exclude(text="", subject="", recipient="", named=[])
    named = [mail for mail in mails if names(traces, mail)]
    if named:
        empty_mails(named)


def names(traces: Traces, mail: OutgoingMail) -> bool:
    """Whether a mail names any of these people, in any part of it."""
    texts = [mail.recipient, mail.subject, mail.text, unescape(mail.html), mail.problem, mail.headers, mail.named]
    return traces.are_anywhere_in(texts)


def _forget_in_history(network: Network, traces: Traces) -> None:
    """Django's admin site would keep a history; ours writes none, but an action of a later version may."""
    for entry in LogEntry.objects.filter(user=network.owner):
        if any(traces.are_in(text or "") for text in (entry.object_id, entry.object_repr, entry.change_message)):
            entry.delete()
