"""Nobody keeps score here: no field, no statement and no wording says how much a contact gave or received.

Each guard was seen to fail: with a field `given_count` on Contact, with the inner aggregate of `reaches` read row by
row, with both directions in one inner aggregate, with a text "You owe %(name)s a tip.", and with a template's
title="Your balance".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from contacts.models import Contact, Network
from favours.reciprocity import network_figures, summaries
from netcrm.management.commands.translations import messages_in_sources
from tests.favours.outputs import visible
from tests.favours.reciprocity.test_figures import log_worked_example

# Fields

HOLDS_FIGURES = (
    models.IntegerField,  # PositiveSmallIntegerField and the like are IntegerFields too.
    models.FloatField,
    models.DecimalField,
    models.DurationField,
    models.JSONField,
)

FIELDS_ABOUT_CONTACTS = {
    "contacts.contact.birth_day",
    "contacts.contact.birth_month",
    "contacts.contact.birth_year",
    "contacts.contact.extra_properties",  # Unknown properties of an imported card, verbatim.
    "contacts.contact.text_revision",  # Counts changes to texts.
    "contacts.duplicatepair.evidence",  # The evidence that two contacts are one person.
    "contacts.duplicatepair.score",  # Its strength.
    "contacts.importchange.after",  # The values that an import changed, for its undo.
    "contacts.importchange.before",
    "contacts.importrow.details",  # Details of a file entry, for the preview.
    "contacts.importrow.fields",
    "contacts.importrow.row",  # The position in a file.
    "contacts.importsource.known_values",  # Hashes of the values in a file.
    "contacts.merge.snapshot",  # The rows that a merge moved or set aside, for its undo.
    "contacts.reminder.rhythm_days",  # The member's preferred number of days between contacts.
    "contacts.waytoreach.parts",  # The parts of an address.
    "contacts.waytoreach.position",
    "favours.export.attempts",
    "favours.export.rows_done",  # Rows of all kinds together, for the progress of an export.
    "favours.export.rows_total",
    "favours.participation.share",  # One divided by the people of one favour.
    "favours.signal.points",  # The weight of a reason, whoever helped.
    "favours.signal.position",
    "favours.suggestion.position",
    "favours.suggestion.score",  # The person's current need for a tip, whoever helped.
}
"""Every field that could hold a figure on a row about one contact, with its actual content."""


def about_contacts(model: type[models.Model]) -> bool:
    """Return whether each row of the model is about one contact."""
    keys = (field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey))
    return model is Contact or any(field.related_model is Contact for field in keys)


def test_no_field_about_a_contact_holds_a_figure() -> None:
    found = {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        if about_contacts(model)
        for field in model._meta.concrete_fields
        if isinstance(field, HOLDS_FIGURES) and not field.is_relation and not field.primary_key
    }
    assert found == FIELDS_ABOUT_CONTACTS


def test_direction_stands_beside_a_contact_on_participations_only() -> None:
    found = {
        model._meta.label_lower
        for model in apps.get_models(include_auto_created=True)
        if about_contacts(model) and any(field.name == "direction" for field in model._meta.concrete_fields)
    }
    assert found == {"favours.participation"}


# Statements


def levels(statement: str) -> Iterator[str]:
    """Yield the statement and each SELECT in parentheses inside it, without whatever is nested more deeply in each."""
    stack = [""]
    for character in statement:
        if character == "(":
            stack.append("")
        elif character == ")" and len(stack) > 1:
            inner = stack.pop()
            if inner.lstrip().upper().startswith("SELECT"):
                yield inner
                stack[-1] += "(...)"
            else:
                stack[-1] += f"({inner})"
        else:
            stack[-1] += character
    yield stack[0]


def ledgers_in(statement: str) -> list[str]:
    """Return the parts of a statement that make it a ledger.

    A ledger consists of rows by contact that leave the database, or aggregates both directions by contact.
    """
    *nested, outermost = levels(statement)
    ledgers = [part for part in parts_of_union(outermost) if is_by_contact(part)]
    for inner in nested:
        for part in parts_of_union(inner):
            if is_by_contact(part) and len(set(re.findall("'(give|receive)'", part))) != 1:
                ledgers.append(part)
    return ledgers


def parts_of_union(select: str) -> list[str]:
    return re.split(r"\bUNION(?: ALL)?\b", select)


def is_by_contact(select: str) -> bool:
    """Return whether a SELECT aggregates by contact, either by name or by its position in the list."""
    groups = re.search(r"\b(?:GROUP|PARTITION) BY\b(.*)", select, re.DOTALL)
    columns = re.search(r"SELECT(.*?)\bFROM\b", select, re.DOTALL)
    return bool(groups and columns and "contact_id" in columns[1] + groups[1])


def statements_of_a_recomputation(network: Network) -> list[str]:
    log_worked_example(network)
    with CaptureQueriesContext(connection) as captured:
        assert summaries.recompute(network)
        network_figures(network, date(2025, 12, 31))
        network_figures(network, date(2025, 12, 15), running=True)
    return [query["sql"] for query in captured.captured_queries]


def test_recomputation_lets_no_row_by_contact_out(network: Network) -> None:
    statements = statements_of_a_recomputation(network)
    assert any(is_by_contact(level) for statement in statements for level in levels(statement))
    assert [ledger for statement in statements for ledger in ledgers_in(statement)] == []


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT contact_id, COUNT(*) FROM p WHERE direction = 'give' GROUP BY contact_id",
        "SELECT SUM(n) FROM (SELECT COUNT(*) AS n FROM p WHERE direction IN ('give', 'receive') GROUP BY contact_id) x",
        "SELECT SUM(n) FROM (SELECT COUNT(*) AS n FROM p GROUP BY contact_id) x",
        "SELECT SUM(n) FROM (SELECT 1 AS n UNION ALL SELECT COUNT(*) AS n FROM p GROUP BY contact_id) x",
        "SELECT contact_id, COUNT(*) OVER (PARTITION BY contact_id) FROM p",
    ],
)
def test_guard_sees_a_ledger(statement: str) -> None:
    assert ledgers_in(statement) != []


# Words

LEDGER_WORDS = re.compile(
    r"\b(ow(e|es|ed|ing)|debts?|debtors?|creditors?|balanced?|ledgers?|favou?rs?|your turn|overdue|streaks?|scores?"
    r"|konto|konten|schuld\w*|gefälligkeit\w*|saldo|bilanz\w*|guthaben|überfällig\w*|du bist dran|punktestand\w*)\b",
    re.IGNORECASE,
)

DENIALS = {
    "Debts were left out: netcrm keeps no account of who owes what to whom.",
    "The last twelve months. Nobody keeps score here.",
    "Die letzten zwölf Monate. Hier wird nicht abgerechnet.",
}
"""Texts that mention debts only to say that netcrm keeps no record of them."""


def ledger_words(texts: Iterator[str]) -> list[str]:
    return [text for text in texts if LEDGER_WORDS.search(text) and text not in DENIALS]


def test_no_english_text_speaks_of_debts() -> None:
    sources = messages_in_sources(Path(settings.BASE_DIR))
    assert ledger_words(text for message in sources for text in (message.text, message.plural or "")) == []


def test_no_german_text_speaks_of_debts() -> None:
    polib = pytest.importorskip("polib")
    catalogue = polib.pofile(str(Path(settings.BASE_DIR) / "locale" / "de" / "LC_MESSAGES" / "django.po"))
    translations = (
        text
        for entry in catalogue
        if entry.msgid not in DENIALS and not entry.obsolete
        for text in (entry.msgstr, *entry.msgstr_plural.values())
    )
    assert ledger_words(translations) == []


TEMPLATE_TAGS = re.compile(r"(?s)\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|\{%.*?%\}|\{\{.*?\}\}")


def test_no_template_speaks_of_debts_beside_its_translated_texts() -> None:
    templates = [path for path in (Path(settings.BASE_DIR) / "templates").rglob("*") if path.is_file()]
    texts = (visible(TEMPLATE_TAGS.sub(" ", path.read_text())) for path in templates)
    assert ledger_words(texts) == []


@pytest.mark.parametrize("text", ["You owe Anna a tip.", "Dein Konto", "verschuldet, geschuldet: Schulden", "a favour"])
def test_guard_sees_a_ledger_word(text: str) -> None:
    assert ledger_words(iter([text])) == [text]
