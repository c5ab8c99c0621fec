"""`python -m tests.faults`: all rounds of every scenario, with their figures. See tests/faults/__init__.py."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.scenarios import SCENARIOS, Scenario
from tests.processes.deployment import DATABASES, Deployment, deployed


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
    missed = 0
    for database in [options.database] if options.database else DATABASES:
        with tempfile.TemporaryDirectory() as folder, deployed(Path(folder), database) as running:
            for scenario in chosen:
                if database in scenario.databases:
                    missed += run(running, scenario, options.rounds or scenario.all_rounds)
    print(f"{missed} figures missed" if missed else "All figures hold")
    return 1 if missed else 0


def run(deployment: Deployment, scenario: Scenario, rounds: int) -> int:
    """Run one scenario and print its figures; return how many exceeded their maximum."""
    begin = time.monotonic()
    print(f"{scenario.name}, {rounds} rounds on {deployment.kind}", flush=True)
    missed = 0
    for figure in scenario.run(deployment, rounds):
        print(f"  {figure}", flush=True)
        missed += not figure.holds
    deployment.wait_until_well()
    print(f"  took {time.monotonic() - begin:.0f} s", flush=True)
    return missed


if __name__ == "__main__":
    sys.exit(main())
