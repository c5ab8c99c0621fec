"""Print the people who could use a tip."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from contacts.management.owner import add_owner_argument, owned_network
from contacts.matching.vectors import ready
from favours.models import Suggestion
from favours.suggestions.rounds import current_round, preview
from favours.suggestions.steps import Step, steps_of
from favours.suggestions.wording import plain, reason_sentence, signal_sentence


class Command(BaseCommand):
    help = (
        "List whom one member could think of in the week of a day, and why: the stored list of that week, else the one "
        "that would be made on that day. No list is stored."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_owner_argument(parser)
        parser.add_argument("--as-of", type=date.fromisoformat, metavar="DATE", help="a day (default: today)")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *, owner: str, as_of: date | None, **options: Any) -> None:
        network = owned_network(owner)
        day = as_of or network.today()
        made = current_round(network, day)
        if made is None:
            with ready(network):
                made = preview(network, day)
        with translation.override(network.owner.language):
            steps = steps_of(network, made.listed)
            found = [_as_json(each, steps[each.uuid], day) for each in made.listed]
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
            return
        for each in found:
            self.stdout.write(f"{each['score']:7.3f}  {each['reason']}  -> {each['next_step']}")


def _as_json(suggestion: Suggestion, steps: list[Step], day: date) -> dict[str, Any]:
    """Return a suggestion as the interface shows it, worded in the member's language."""
    return {
        "contact": suggestion.contact.display_name,
        "uuid": str(suggestion.contact.uuid),
        "score": round(suggestion.score, 6),
        "reason": plain(reason_sentence(suggestion, day)),
        "signals": [
            {
                "kind": signal.kind,
                "points": round(signal.points, 6),
                "strength": "strong" if signal.is_strong else "fair",
                "reason": plain(signal_sentence(signal, suggestion.contact, day)),
            }
            for signal in suggestion.signals
        ],
        "next_step": steps[0].label,
    }
