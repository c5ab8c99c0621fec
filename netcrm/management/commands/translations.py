"""Updates the German catalogue from the texts in code and templates, without the gettext tools.

Django's makemessages needs programs that not every machine has; Babel and polib read and write the same files. Both are
development packages, since an instance only reads the compiled catalogue.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation.template import templatize

SOURCE_FOLDERS = ("netcrm", "accounts", "contacts", "favours", "templates")
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


class Message(NamedTuple):
    """A text to translate, as a catalogue identifies it."""

    context: str | None
    text: str
    plural: str | None


def messages_in_sources(root: Path) -> dict[Message, list[tuple[str, str]]]:
    """Return every message in the project folder `root` with its places (file, line), in a stable order."""
    found: dict[Message, list[tuple[str, str]]] = {}
    for folder in SOURCE_FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts:
                for line, message in _messages_in(path):
                    found.setdefault(message, []).append((str(path.relative_to(root)), str(line)))
    return found


def _messages_in(path: Path) -> Iterator[tuple[int, Message]]:
    from babel.messages.extract import extract

    source = path.read_text("utf-8")
    if path.suffix != ".py":
        # The output of templatize is Python except for the indentation of the HTML.
        source = "\n".join(line.lstrip() for line in templatize(source).split("\n"))
    entries = extract("python", BytesIO(source.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"})
    for line, texts, _comments, context in entries:
        singular, plural = texts if isinstance(texts, tuple) else (texts, None)
        if singular:
            yield line, Message(context, singular, plural)


class Command(BaseCommand):
    help = "Bring locale/de up to date with the texts in code and templates; with --check, only say what is missing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail if anything is missing or stale")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        import polib

        path = Path(settings.LOCALE_PATHS[0]) / "de" / "LC_MESSAGES" / "django.po"
        catalogue = polib.pofile(str(path), wrapwidth=110)
        sources = messages_in_sources(settings.BASE_DIR)
        if check:
            self._check(catalogue, sources, path.with_suffix(".mo"))
        else:
            self._update(catalogue, sources, path)

    def _check(self, catalogue: Any, sources: dict[Message, list[tuple[str, str]]], compiled: Path) -> None:
        import polib

        entries = {Message(e.msgctxt, e.msgid, e.msgid_plural or None): e for e in catalogue if not e.obsolete}
        problems = [f"missing: {message.text!r}" for message in sources if message not in entries]
        problems += [f"no longer used: {message.text!r}" for message in entries if message not in sources]
        problems += [f"fuzzy: {message.text!r}" for message, entry in entries.items() if entry.fuzzy]
        problems += [
            f"untranslated: {message.text!r}"
            for message, entry in entries.items()
            if not entry.fuzzy and not entry.translated()
        ]
        in_use = {(e.msgctxt, e.msgid): e.msgstr or e.msgstr_plural for e in polib.mofile(str(compiled))}
        if in_use != {(e.msgctxt, e.msgid): e.msgstr or e.msgstr_plural for e in catalogue.translated_entries()}:
            problems.append("the compiled catalogue differs from the readable one")
        if problems:
            raise CommandError("\n".join([*problems, "Run: make translations, then translate what is missing."]))

    def _update(self, catalogue: Any, sources: dict[Message, list[tuple[str, str]]], path: Path) -> None:
        import polib

        known = {Message(e.msgctxt, e.msgid, e.msgid_plural or None): e for e in catalogue}
        catalogue.clear()
        for message, places in sources.items():
            entry = known.get(message) or polib.POEntry(
                msgctxt=message.context, msgid=message.text, msgid_plural=message.plural or ""
            )
            if message.plural and not entry.msgstr_plural:
                entry.msgstr_plural = {0: "", 1: ""}
            entry.occurrences = [(file, "") for file in dict.fromkeys(file for file, _line in places)]
            entry.obsolete = False
            entry.flags = [flag for flag in entry.flags if flag == "fuzzy"]
            if "%(" in message.text:
                entry.flags.append("python-format")
            catalogue.append(entry)
        catalogue.save(str(path))
        catalogue.save_as_mofile(str(path.with_suffix(".mo")))
        missing = len(catalogue.untranslated_entries())
        self.stdout.write(f"{len(catalogue)} texts, {missing} without a translation: {path}")
