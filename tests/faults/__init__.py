"""Faults injected into real processes: nothing is lost, whatever is killed, frozen or cut off.

Every scenario reports its figures, each with the maximum allowed. `make test` runs a few rounds of most and enforces
the counts; a full run also enforces the times, and ends with a table of all figures, their targets, and whether they
are met:

    python -m tests.faults [SCENARIO...] [--rounds N] [--database sqlite|postgresql]
"""
