"""How often something may be tried: sign-in, codes, mails that strangers ask for.

A limit counts by subject (an account's address, a client's address, a device, a session), never by what a request can
choose freely, such as its Host header. Subjects share a fixed number of buckets by a keyed hash, so that a flood of
made-up addresses neither fills the disk nor pushes a counter out, known and unknown addresses count alike, and no
address is stored. Who else falls into the same bucket can't be foreseen without the instance's secret key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import TryCount

BUCKETS = 2**16
"""Counters per limit, and so at most as many rows."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `tries` per subject until `window` has passed since the first one."""

    name: str
    tries: int
    window: timedelta

    def take(self, subject: str, now: datetime | None = None) -> bool:
        """Count one try; return whether it is allowed. A refused try writes nothing, however often it comes."""
        now = now or timezone.now()
        counter = TryCount.objects.filter(limit=self.name, bucket=self.bucket(subject))
        if counter.filter(until__gt=now, tries__gte=self.tries).exists():
            return False
        if self._count(counter, now):
            return True
        # There is no counter yet, or its window is over. Of several who start a new window at once, one succeeds.
        until = now + self.window
        counter.filter(until__lte=now).update(tries=0, until=until)
        fresh = TryCount(limit=self.name, bucket=self.bucket(subject), tries=0, until=until)
        TryCount.objects.bulk_create([fresh], ignore_conflicts=True)
        return self._count(counter, now)

    def give_back(self, subject: str) -> None:
        """Take back one try: it succeeded, and only failures count."""
        TryCount.objects.filter(limit=self.name, bucket=self.bucket(subject), tries__gt=0).update(tries=F("tries") - 1)

    def clear(self, subject: str) -> None:
        """Forget all tries of `subject`."""
        TryCount.objects.filter(limit=self.name, bucket=self.bucket(subject)).delete()

    def _count(self, counter: QuerySet[TryCount], now: datetime) -> bool:
        """Raise the counter if its window runs and it is not used up; one statement, so that no race adds a try."""
        return bool(counter.filter(until__gt=now, tries__lt=self.tries).update(tries=F("tries") + 1))

    def bucket(self, subject: str) -> int:
        """The number of the counter of `subject`, which it shares with others."""
        digest = salted_hmac(f"accounts.signing_in.attempts.{self.name}", subject, algorithm="sha256").digest()
        return int.from_bytes(digest[:8]) % BUCKETS


Try = tuple[Limit, str]
"""A limit and the subject that it counts."""


def take(*tries: Try) -> bool:
    """Count one try with each limit; return whether all allow it. If one refuses, no other counts it."""
    for number, (limit, subject) in enumerate(tries):
        if not limit.take(subject):
            give_back(*tries[:number])
            return False
    return True


def give_back(*tries: Try) -> None:
    """Take back one try of each limit."""
    for limit, subject in tries:
        limit.give_back(subject)


def forget_old_tries(now: datetime | None = None) -> None:
    """Delete the counters whose window is over."""
    TryCount.objects.filter(until__lte=now or timezone.now()).delete()
