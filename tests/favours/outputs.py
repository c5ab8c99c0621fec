"""Everything that leaves netcrm: every page, partial, export, feed, admin page and mail, fetched as its owner.

URLs come from the resolver through tests/isolation/addresses.py, so anything new is fetched without being listed here.
"""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from django.apps import apps
from django.db import models
from django.http import HttpResponseBase
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, reverse

from accounts.models import OutgoingMail
from contacts.admin.base import NetworkAdmin
from contacts.models import Network, Owned
from favours.digest.sending import send_one_now
from favours.transfer.exports import request_export
from favours.transfer.formats import FORMATS
from netcrm.admin import site
from netcrm.celery import app as celery
from tests.htmx import HTMX
from tests.isolation.addresses import OF_A_ROW, OF_A_VALUE, OWN
from tests.isolation.rows import Belongings

SEARCH = "Secret"
"""Search term for search boxes; part of the name of every belonging."""
ROWS_OF_A_MODEL = 3


class Output(NamedTuple):
    """A text and its source."""

    source: str
    text: str


def addresses(belongings: Belongings) -> Iterator[str]:
    """Yield every URL of a member's own pages, with a search for each page and each format for each export."""
    for name in sorted(OWN):
        yield reverse(name)
        yield reverse(name) + f"?q={SEARCH}"
    for name, arguments in OF_A_ROW.items():
        yield reverse(name, kwargs=arguments(belongings))
    for name, values in OF_A_VALUE.items():
        yield reverse(name, kwargs=values)
    for file_format in FORMATS:
        written = request_export(belongings.network, file_format=file_format)
        yield reverse("favours:export_file", kwargs={"uuid": written.uuid})
    about_one = request_export(belongings.network, file_format="json", contact=belongings.contact)
    yield reverse("favours:export_file", kwargs={"uuid": about_one.uuid})


def pages(client: Client, belongings: Belongings) -> Iterator[Output]:
    """Yield the responses of these URLs to a browser and to htmx."""
    for address in addresses(belongings):
        for headers in ({}, HTMX):
            yield from texts_of(f"{address} {headers or ''}".strip(), client.get(address, headers=headers))


def admin_addresses(network: Network) -> Iterator[str]:
    """Yield every URL of the admin site: each list, also with a search, and the pages of each model's first rows."""
    for model in site._registry:
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{base}_changelist")
        yield reverse(f"{base}_changelist") + f"?q={SEARCH}"
        yield reverse(f"{base}_add")
        for row in rows_of(model, network):
            for page in ("change", "delete", "history"):
                yield reverse(f"{base}_{page}", args=[key_of(row)])
    for pattern in site.urls[0]:
        if isinstance(pattern, URLPattern) and pattern.name not in {"logout", "view_on_site"}:
            try:
                yield reverse(f"admin:{pattern.name}")
                yield reverse(f"admin:{pattern.name}") + f"?q={SEARCH}"
            except NoReverseMatch:
                continue  # It takes a parameter, like the pages of rows above.


def admin_pages(client: Client, network: Network) -> Iterator[Output]:
    """Yield the admin site's responses, and the page that each action leads to when applied to all rows of a list."""
    for address in dict.fromkeys(admin_addresses(network)):
        yield from texts_of(address, client.get(address))
    for model, model_admin in site._registry.items():
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        keys = [str(row.pk) for row in rows_of(model, network)]
        for action in [*(model_admin.actions or []), "delete_selected"]:
            name = action if isinstance(action, str) else action.__name__
            chosen = {"action": name, "_selected_action": keys}
            yield from texts_of(f"{address} {name}", client.post(address, chosen, follow=True))


def mails(network: Network) -> Iterator[Output]:
    """Yield the member's mails in the outbox after each scheduled job has run once, including a letter."""
    assert send_one_now(network, uuid.uuid4())
    celery.loader.import_default_modules()
    for entry in celery.conf.beat_schedule.values():
        if not entry["task"].startswith("netcrm."):
            celery.tasks[entry["task"]](**entry.get("kwargs", {}))
    for mail in OutgoingMail.objects.filter(member=network.owner):
        for field in ("subject", "text", "html"):
            yield Output(f"mail {mail.purpose}, {field}", getattr(mail, field))


def stored_figures(network: Network) -> Iterator[Output]:
    """Yield every number and every JSON document in the network's rows, apart from keys."""
    for model in apps.get_models():
        if not issubclass(model, Owned):
            continue
        for field in model._meta.concrete_fields:
            numeric = isinstance(field, (models.IntegerField, models.FloatField, models.DecimalField, models.JSONField))
            if numeric and not field.is_relation and not field.primary_key:
                values = model._base_manager.filter(network=network).values_list(field.name, flat=True)
                yield Output(f"{model._meta.label}.{field.name}", " ".join(str(value) for value in values))


def texts_of(source: str, response: HttpResponseBase) -> Iterator[Output]:
    """Yield the text of a response; for an archive, that of each file in it. Images contain no text."""
    assert response.status_code < 500, source
    content = b"".join(response)  # type: ignore[arg-type]
    media_type = response.get("Content-Type", "").partition(";")[0]
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                if name.endswith(".jpg"):
                    continue
                yield Output(f"{source} {name}", archive.read(name).decode())
    elif not media_type.startswith("image/"):
        yield Output(source, content.decode())


def visible(html: str) -> str:
    """Return the words on a page, including those for screen readers and in tooltips."""
    html = re.sub(r"(?s)<(script|style)\b.*?</\1>", " ", html)
    spoken = re.findall(r'(?:aria-label|title|alt|placeholder)="([^"]*)"', html)
    return unescape(" ".join([re.sub(r"<[^>]+>", " ", html), *spoken]))


def without_drawings(html: str) -> str:
    """Return a page without drawing coordinates, in which any number may occur."""
    return re.sub(r'\s(?:d|x|y|width|height|viewBox|points|transform)="[^"]*"', " ", html)


def rows_of(model: type[models.Model], network: Network) -> list[models.Model]:
    rows = model._base_manager.order_by("pk")
    if issubclass(model, Owned):
        rows = rows.filter(network=network)
    return list(rows[:ROWS_OF_A_MODEL])


def key_of(row: models.Model) -> str:
    """Return the key of a row in an admin URL."""
    public = isinstance(site._registry[type(row)], NetworkAdmin)
    return str(row.uuid if public else row.pk)  # type: ignore[attr-defined]
