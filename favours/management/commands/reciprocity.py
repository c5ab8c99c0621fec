"""Print the reciprocity summary of one network, or check the stored summaries of all networks."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contacts.database.snapshots import snapshot
from contacts.models import Network
from favours.reciprocity import Figures, is_withheld, network_figures, summaries


def calendar_day(text: str) -> date:
    """Parse a YYYY-MM-DD argument. Raises ValueError."""
    return date.fromisoformat(text)


class Command(BaseCommand):
    help = (
        "Compute the reciprocity summary of one member's network from nothing and print it (--owner), or compare the "
        "stored summaries of all networks with such a computation (--check; exit status 1 if any is wrong or behind)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        task = parser.add_mutually_exclusive_group(required=True)
        task.add_argument("--owner", metavar="EMAIL", help="the member whose network it is")
        task.add_argument("--check", action="store_true", help="compare the stored summaries of all networks")
        parser.add_argument(
            "--as-of", type=calendar_day, metavar="YYYY-MM-DD", help="the day (default: the member's today)"
        )
        parser.add_argument("--json", action="store_true", help="print JSON instead of lines")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self._check(as_json=options["json"])
        else:
            self._print(options["owner"], options["as_of"], as_json=options["json"])

    def _print(self, owner: str, as_of: date | None, *, as_json: bool) -> None:
        network = Network.objects.select_related("owner").filter(owner__email=owner.strip().lower()).first()
        if network is None:
            raise CommandError(f"No member with a network has the address {owner}.")
        with snapshot():
            figures = network_figures(network, as_of or network.today(), running=as_of is None)
        if as_json:
            self.stdout.write(json.dumps(figures, indent=2))
        else:
            self.stdout.write("\n".join(lines(figures)))

    def _check(self, *, as_json: bool) -> None:
        uuids = dict(Network.objects.order_by("pk").values_list("pk", "uuid"))
        checks = {str(uuid): summaries.check(Network(pk=pk)) for pk, uuid in uuids.items()}
        faults = {uuid: found for uuid, found in checks.items() if found}
        if as_json:
            self.stdout.write(json.dumps({"networks": len(uuids), "faults": faults}, indent=2))
        else:
            for uuid, found in faults.items():
                self.stdout.write(f"{uuid}: {'; '.join(found)}")
            self.stdout.write(f"{len(uuids)} networks, {len(faults)} with faults")
        if faults:
            raise SystemExit(1)


def lines(figures: Figures) -> list[str]:
    """Format the figures as lines for the terminal."""

    def word(value: Any) -> str:
        if is_withheld(value):
            return "withheld"
        if isinstance(value, dict):
            return word(value.get("band"))
        if isinstance(value, list):
            return ", ".join(f"{part['kind']} {part['share']:.0%}" for part in value) or "-"
        return "-" if value is None else f"{value:.2f}" if isinstance(value, float) else str(value)

    def both(name: str) -> str:
        pair: Any = figures[name]  # type: ignore[literal-required]
        return f"given {word(pair['give'])}; received {word(pair['receive'])}"

    return [
        f"as of           {figures['as_of']}, window {figures['window'][0]} to {figures['window'][1]}",
        f"flow            {both('flow')}",
        f"breadth         {both('breadth')}",
        f"spread          {both('spread')}",
        f"from elsewhere  {word(figures['from_elsewhere'])}",
        f"given freely    {word(figures['given_freely'])}",
        f"mix             {both('mix')}",
        f"passed on       {figures['passed_on']}",
        f"rediscovered    {figures['rediscovered']}",
        f"rhythm          {figures['rhythm']} of 12 months",
    ]
