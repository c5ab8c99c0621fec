"""All scenarios, each with its number of rounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.faults import broker, clock, database, disk, load, mail, memory, restoring, web, worker
from tests.faults.figures import Figure
from tests.processes.deployment import POSTGRESQL, SQLITE, Deployment


@dataclass(frozen=True, slots=True)
class Scenario:
    """A function that injects a fault a given number of times: `all_rounds` in a full run, on each database.

    The tests run `rounds` of it, on the first database only. That is 0 for slow scenarios that other tests cover, too.
    """

    run: Callable[[Deployment, int], Iterator[Figure]]
    rounds: int
    all_rounds: int
    databases: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.run.__module__.rpartition('.')[2]}-{self.run.__name__}".replace("_", "-")


SQLITE_FIRST, POSTGRESQL_FIRST = (SQLITE, POSTGRESQL), (POSTGRESQL, SQLITE)

SCENARIOS = [
    Scenario(broker.refuse, rounds=2, all_rounds=40, databases=SQLITE_FIRST),
    Scenario(broker.freeze, rounds=2, all_rounds=80, databases=SQLITE_FIRST),
    Scenario(broker.flush, rounds=2, all_rounds=50, databases=POSTGRESQL_FIRST),
    Scenario(broker.restart, rounds=1, all_rounds=20, databases=POSTGRESQL_FIRST),
    Scenario(worker.kill, rounds=1, all_rounds=200, databases=SQLITE_FIRST),
    Scenario(worker.compete, rounds=100, all_rounds=100, databases=POSTGRESQL_FIRST),
    Scenario(worker.hang, rounds=1, all_rounds=5, databases=SQLITE_FIRST),
    Scenario(web.kill, rounds=5, all_rounds=100, databases=SQLITE_FIRST),
    Scenario(database.restart, rounds=1, all_rounds=5, databases=(POSTGRESQL,)),
    Scenario(database.exhaust, rounds=1, all_rounds=3, databases=(POSTGRESQL,)),
    Scenario(database.freeze, rounds=6, all_rounds=45, databases=(POSTGRESQL,)),
    Scenario(database.give_back, rounds=1, all_rounds=5, databases=(POSTGRESQL,)),
    Scenario(database.write_at_once, rounds=30, all_rounds=300, databases=(SQLITE,)),
    Scenario(clock.set_back, rounds=0, all_rounds=3, databases=SQLITE_FIRST),
    Scenario(mail.slow, rounds=0, all_rounds=2, databases=(SQLITE,)),
    Scenario(disk.fill, rounds=1, all_rounds=5, databases=SQLITE_FIRST),
    Scenario(load.mix, rounds=1, all_rounds=60, databases=SQLITE_FIRST),
    Scenario(memory.repeat, rounds=1, all_rounds=30, databases=SQLITE_FIRST),
    Scenario(restoring.kill, rounds=1, all_rounds=20, databases=(SQLITE,)),
]
