"""Removing erased people from data that no member can edit: mails, uploads, undo data and history.

What a member wrote about them elsewhere is left to the member; see contacts/erasing/mentions.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import unescape
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from accounts.invitations import withdraw
from accounts.mail.outbox import empty_mails
from accounts.members import forget_in_sessions
from accounts.models import OutgoingMail
from contacts.erasing.traces import Traces
from contacts.models import Network


def forget(network: Network, traces: Traces) -> None:
    """Remove the names of erased people from everything kept about a network. Safe to repeat."""
    _forget_in_mails(network, traces)
    withdraw(network.owner, traces.are_in)
    forget_in_sessions(network.owner, traces.are_anywhere_in)
    _forget_in_history(network, traces)
    # A contact's own rows were deleted with it; the following belong to no contact, or to other contacts.
    network.import_sources.filter(contact=None).exclude(known_values=[]).update(known_values=[])
    take_out(network.import_rows.filter(contact=None), ("name", "fields", "details", "reason"), traces)
    take_out(network.import_runs.all(), ("file_name", "report", "problem"), traces)
    take_out(network.import_changes.filter(created=False), ("before", "after"), traces)
    take_out(network.merges.all(), ("merged_name", "snapshot"), traces)
    take_out(network.contacts(manager="with_trash").exclude(extra_properties=[]), ("extra_properties",), traces)
    for relation in network.relations.exclude(card_uid=""):
        if traces.are_in(relation.card_uid):
            relation.delete()


def take_out(rows: QuerySet[Any], columns: Sequence[str], traces: Traces) -> None:
    """Remove erased people from those of the rows that name them in these columns, which hold text or JSON.

    There may be as many rows as contacts, and often none needs a change, so the stored text is searched first, without
    parsing it.
    """
    as_text = {f"{column}_as_text": Cast(column, TextField()) for column in columns}
    found = rows.order_by("pk").annotate(**as_text).values_list("pk", *as_text).iterator(chunk_size=2000)
    keys = [key for key, *texts in found if any(traces.may_be_in(text) for text in texts if text)]
    for key, *values in rows.filter(pk__among=keys).values_list("pk", *columns):
        cleaned = dict(zip(columns, map(traces.taken_out_of, values), strict=True))
        if list(cleaned.values()) != values:
            rows.filter(pk=key).update(**cleaned)


def _forget_in_mails(network: Network, traces: Traces) -> None:
    """Empty all mails to or from the member that name the people, whatever their state."""
    mails = network.owner.outgoing_mails.exclude(text="", subject="", recipient="", named=[])
    named = [mail for mail in mails if names(traces, mail)]
    if named:
        empty_mails(named)


def names(traces: Traces, mail: OutgoingMail) -> bool:
    """Return whether any part of a mail names any of these people."""
    texts = [mail.recipient, mail.subject, mail.text, unescape(mail.html), mail.problem, mail.headers, mail.named]
    return traces.are_anywhere_in(texts)


def _forget_in_history(network: Network, traces: Traces) -> None:
    """Delete entries of Django's admin history that name the people.

    netcrm's admin site writes no such entries, but an action of a later version may.
    """
    for entry in LogEntry.objects.filter(user=network.owner):
        if any(traces.are_in(text or "") for text in (entry.object_id, entry.object_repr, entry.change_message)):
            entry.delete()
