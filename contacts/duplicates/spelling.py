"""Words that may be misspellings of each other."""

from __future__ import annotations

from rapidfuzz.distance import OSA, JaroWinkler

from contacts.duplicates.phonetics import cologne_code

SHORTEST = 3
SHORTEST_SOUND = 3
SOUND_LIKENESS = 0.85


def is_misspelling(one: str, other: str) -> bool:
    """Return whether two folded words differ by so little, or sound so alike, that one may be the other misspelt.

    Letters left out, added, changed or swapped count one each (optimal string alignment); long words may differ more.
    """
    longest = max(len(one), len(other))
    if longest < SHORTEST or not one or not other:
        return False
    allowed = 1 if longest < 6 else 2 if longest < 11 else 3
    if OSA.distance(one, other, score_cutoff=allowed) <= allowed:
        return True
    if min(len(one), len(other)) <= SHORTEST_SOUND or one[0] != other[0]:
        return False
    return cologne_code(one) == cologne_code(other) and JaroWinkler.similarity(one, other) >= SOUND_LIKENESS
