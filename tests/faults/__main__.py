"""`python -m tests.faults`: all rounds of every scenario, and a table of figures. See tests/faults/__init__.py."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.figures import table
from tests.faults.scenarios import SCENARIOS, Scenario
from tests.processes.deployment import DATABASES, Deployment, deployed

MET, MISSED = "yes", "NO"


def main() -> int:
    """Run the requested scenarios; return 1 if a figure exceeded its maximum."""
    names = [scenario.name for scenario in SCENARIOS]
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description="Inject faults into real processes.")
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help=f"any of: {', '.join(names)} (default: all)")
    parser.add_argument("--rounds", type=int, help="so many of each, instead of its own number")
    parser.add_argument("--database", choices=DATABASES, help="on this one alone, instead of both")
    options = parser.parse_args()
    if unknown := set(options.scenarios) - set(names):
        parser.error(f"no such scenario: {', '.join(sorted(unknown))}")
    chosen = [scenario for scenario in SCENARIOS if scenario.name in (options.scenarios or names)]
    rows = []
    for database in [options.database] if options.database else DATABASES:
        with tempfile.TemporaryDirectory() as folder, deployed(Path(folder), database) as running:
            for scenario in chosen:
                if database in scenario.databases:
                    rows += run(running, scenario, options.rounds or scenario.all_rounds)
    print(table([("fault", "figure", "target", "measured", "met"), *rows]))
    missed = sum(row[-1] != MET for row in rows)
    print(f"{missed} figures missed" if missed else "All figures hold")
    return 1 if missed else 0


def run(deployment: Deployment, scenario: Scenario, rounds: int) -> list[tuple[str, ...]]:
    """Run one scenario and print its figures as they come; return a row of the table for each.

    A scenario that ends early, because something did not happen in time, is a row as well.
    """
    fault, begin = f"{scenario.name} on {deployment.kind}", time.monotonic()
    print(f"{fault}, {rounds} rounds", flush=True)
    rows = []
    try:
        for figure in scenario.run(deployment, rounds):
            print(f"  {figure}", flush=True)
            rows.append((fault, figure.what, figure.target, figure.measured, MET if figure.holds else MISSED))
        deployment.wait_until_well()
    except AssertionError as problem:
        print(f"  {problem}", flush=True)
        rows.append((fault, "goes on to its end", "so", str(problem), MISSED))
    print(f"  took {time.monotonic() - begin:.0f} s", flush=True)
    return rows


if __name__ == "__main__":
    sys.exit(main())
