"""Print the people for whom a text is relevant: those who could use it, and those who know about it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contacts.management.owner import add_owner_argument, owned_network
from contacts.matching import Kind, Match, match, match_all
from contacts.matching.vectors import ready
from contacts.models import Network, Topic

KNOW_ABOUT_IT = (Kind.OFFERS, Kind.ROLE, Kind.ORGANISATION, Kind.NOTES)


class Command(BaseCommand):
    help = (
        "List the topics, roles, organisations and notes of one member's network that match a text, the likest first."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_owner_argument(parser)
        parser.add_argument("text", metavar="TEXT", nargs="?", help="a tip, a question, something somebody looks for")
        parser.add_argument("--asked", action="store_true", help="instead of TEXT, take what the member is looking for")
        parser.add_argument("--limit", type=int, default=20, metavar="N", help="at most so many (default: 20)")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *, owner: str, text: str | None, asked: bool, limit: int, **options: Any) -> None:
        if asked is (text is not None):
            raise CommandError("Name either a TEXT or --asked.")
        network = owned_network(owner)
        with ready(network) as problem:
            if text is None:
                found = _answers_to_asks(network, limit)
            else:
                found = [({}, each) for each in match(network, text, limit=limit, perhaps=True)]
        if problem:
            self.stderr.write(f"Matched by words alone: {problem}")
        if options["json"]:
            told = [ask | _as_json(each) for ask, each in found]
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
            return
        for ask, each in found:
            before = f"{ask['ask']}: " if ask else ""
            self.stdout.write(f"{before}{each.score:.2f}  {each.contact or '-'}  {each.kind}: {each.text}")


def _answers_to_asks(network: Network, limit: int) -> list[tuple[dict[str, str], Match]]:
    """Return the matches of each of the member's open asks with topics, roles and notes of other people."""
    asks = network.topics.filter(contact=None, kind=Topic.Kind.SEEKS, closed_on=None)
    texts = [ask.text for ask in asks]
    found = match_all(network, texts, kinds=KNOW_ABOUT_IT, limit=limit, perhaps=True)
    return [
        ({"ask": text}, each) for text, matches in zip(texts, found, strict=True) for each in matches if each.contact
    ]


def _as_json(found: Match) -> dict[str, Any]:
    """Return a match in the form that is printed. One of the member's own offers has no contact.

    The probability is missing if no engine runs.
    """
    return {
        "contact": str(found.contact) if found.contact else None,
        "uuid": str(found.contact.uuid) if found.contact else None,
        "line": found.text,
        "kind": found.kind.value,
        "implied": found.implied,
        "strength": found.strength.value,
        "probability": None if found.probability is None else round(found.probability, 4),
        "by": found.by.value,
        "score": round(found.score, 4),
        "words": list(found.words),
    }
