"""Print the people for whom a text is relevant: those who could use it, and those who know about it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from contacts.management.owner import add_owner_argument, owned_network
from contacts.matching import Match, match
from contacts.matching.vectors import ready


class Command(BaseCommand):
    help = (
        "List the topics, roles, organisations and notes of one member's network that match a text, the likest first."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_owner_argument(parser)
        parser.add_argument("text", metavar="TEXT", help="a tip, a question, something somebody looks for")
        parser.add_argument("--limit", type=int, default=20, metavar="N", help="at most so many (default: 20)")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *, owner: str, text: str, limit: int, **options: Any) -> None:
        network = owned_network(owner)
        with ready(network) as problem:
            found = match(network, text, limit=limit, perhaps=True)
        if problem:
            self.stderr.write(f"Matched by words alone: {problem}")
        if options["json"]:
            self.stdout.write(json.dumps([_as_json(each) for each in found], ensure_ascii=False, indent=2))
            return
        for each in found:
            self.stdout.write(f"{each.score:.2f}  {each.contact or '-'}  {each.kind}: {each.text}")


def _as_json(found: Match) -> dict[str, Any]:
    """Return a match in the form that is printed. One of the member's own offers has no contact.

    There is no probability where no engine is at work.
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
