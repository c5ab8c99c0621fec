"""Changes that a later file reports about people: a new role or organisation.

Nothing is overwritten unseen: the import lists the changes, and the member accepts them, one by one or all at once. An
accepted change also appears on the person's page as news, with the previous value.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from contacts.importing.plan import NEWS
from contacts.models import Contact, ImportRow, ImportRun, Network
from contacts.people.conversations import add_news
from contacts.people.search import index_contacts

AT_ONCE = 200
"""People brought up to date per request."""


@transaction.atomic
def take_over(network: Network, run: ImportRun, rows: Iterable[ImportRow]) -> list[Contact]:
    """Writes the news in these rows of a run, at most `AT_ONCE`, and returns the contacts concerned."""
    network.lock()
    pending = network.import_rows.filter(run=run, outcome=ImportRow.Outcome.NEWS, contact__deleted_at=None)
    taken = list(pending.filter(pk__in=[row.pk for row in rows]).select_related("contact")[:AT_ONCE])
    news: dict[Contact, str] = {}
    for row in taken:
        if row.contact is not None:
            news[row.contact] = _written(row.contact, dict(zip(row.fields, row.details, strict=False)))
    Contact.objects.bulk_update(news, NEWS, batch_size=100)
    index_contacts(network, list(news))
    add_news(network, news, day=network.today())
    network.import_rows.filter(pk__in=[row.pk for row in taken]).delete()
    report = network.import_runs.values_list("report", flat=True).get(pk=run.pk)
    left = max(report.get("news", 0) - len(taken), 0)
    network.import_runs.filter(pk=run.pk).update(report=report | {"news": left})
    return list(news)


def _written(contact: Contact, values: dict[str, str]) -> str:
    """Sets the changed fields of a contact and returns the news in words."""
    before = ", ".join(getattr(contact, name) for name in NEWS if getattr(contact, name))
    for name in NEWS:
        if values.get(name):
            setattr(contact, name, values[name])
    now = ", ".join(getattr(contact, name) for name in NEWS if getattr(contact, name))
    return _("Now: %(now)s. Before: %(before)s.") % {"now": now, "before": before}
