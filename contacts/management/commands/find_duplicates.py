"""Print which contacts may be one person, and why."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from contacts.duplicates import Proposal, find, in_words
from contacts.management.owner import add_owner_argument, owned_network
from contacts.models import Contact


class Command(BaseCommand):
    help = "List the pairs of one member's contacts that may be one person, the likeliest first. Changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_owner_argument(parser)
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *, owner: str, **options: Any) -> None:
        network = owned_network(owner)
        proposals = find(network)
        contacts = {contact.pk: contact for contact in network.contacts.only("network", "uuid", "display_name")}
        pairs = [(contacts[found.first], contacts[found.second], found) for found in proposals]
        if options["json"]:
            self.stdout.write(json.dumps([_as_json(*pair) for pair in pairs], ensure_ascii=False, indent=2))
            return
        for first, second, found in pairs:
            reasons = ", ".join(in_words(found.evidence_as_json()))
            self.stdout.write(f"{found.score:.2f}  {first} – {second}: {reasons}")


def _as_json(first: Contact, second: Contact, found: Proposal) -> dict[str, Any]:
    """Return a pair in the form that is printed.

    A weight is the base-2 logarithm of the factor by which a reason changes the odds.
    """
    evidence = found.evidence_as_json()
    return {
        "a": str(first.uuid),
        "b": str(second.uuid),
        "a_name": str(first),
        "b_name": str(second),
        "score": found.score,
        "certain": found.is_certain,
        "evidence": [reason | {"words": words} for reason, words in zip(evidence, in_words(evidence), strict=True)],
    }
