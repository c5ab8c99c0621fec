"""Faults injected into real processes: what is killed, frozen or cut off loses nothing.

Every scenario tells its figures, each with the most that it may be. `make test` runs a few rounds of each and holds
the counts; a full run holds the times as well and prints all of them:

    python -m tests.faults [SCENARIO...] [--rounds N] [--database sqlite|postgresql]
"""
