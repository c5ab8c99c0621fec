"""Plain records of people as the search for duplicates sees them, and the proposals that it makes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Birthday = tuple[int | None, int, int]
"""Year (None if unknown), month and day."""

SAME_ORIGIN = "same_origin"
"""Kind of evidence that only imports supply: the person's identity in the file belongs to the other contact."""


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address, as far as known; `street` includes the house number."""

    street: str = ""
    city: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """Everything known about one person, spelt as it was recorded. `key` identifies the record in proposals.

    A name that is not split into parts goes into `given_name`. Phone numbers are best in E.164; others are compared by
    their final digits.
    """

    key: int
    given_name: str = ""
    family_name: str = ""
    suffix: str = ""
    nickname: str = ""
    organisation: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    addresses: tuple[Address, ...] = ()
    birthday: Birthday | None = None
    is_organisation: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for or against two records being the same person.

    `weight` is the base-2 logarithm of how much likelier this is for one person than for two; a negative weight counts
    against a match. contacts/duplicates/wording.py explains the kinds.
    """

    kind: str
    weight: float

    def as_json(self) -> dict[str, Any]:
        """Return the JSON form in which the evidence is stored and printed."""
        return {"kind": self.kind, "weight": round(self.weight, 1)}


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two records that may be one person, the lower key first.

    `score` is the probability, from 0 to 1; `is_certain` means that they may be merged without a closer look.
    """

    first: int
    second: int
    score: float
    is_certain: bool = False
    evidence: tuple[Evidence, ...] = field(default=())

    def evidence_as_json(self) -> list[dict[str, Any]]:
        """Return the evidence in the form that is stored and printed, the weightiest first."""
        return [reason.as_json() for reason in sorted(self.evidence, key=lambda reason: -abs(reason.weight))]
