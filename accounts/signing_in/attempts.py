"""Limits on how often something may be tried: sign-in, codes, mails that strangers ask for.

A limit counts by subject (an account's address, a client's address, a device, a session), never by anything a request
can choose freely, such as its Host header. A keyed hash maps subjects to a fixed number of buckets. So a flood of
made-up addresses neither fills the disk nor evicts a counter, known and unknown addresses count alike, and no address
is stored. Without the instance's secret key, nobody can predict which subjects share a bucket.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import TryCount

BUCKETS = 2**16
"""Counters per limit, and thus its maximum number of rows."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Allows at most `tries` per subject until `window` has passed since the first one."""

    name: str
    tries: int
    window: timedelta

    def take(self, subject: str, now: datetime | None = None) -> bool:
        """Count one try. Returns whether it is allowed; a refused try writes nothing."""
        now = now or timezone.now()
        counter = TryCount.objects.filter(limit=self.name, bucket=self.bucket(subject))
        if counter.filter(until__gt=now, tries__gte=self.tries).exists():
            return False
        if self._count(counter, now):
            return True
        # There is no counter yet, or its window is over. If several start a new window at once, one succeeds.
        until = now + self.window
        counter.filter(until__lte=now).update(tries=0, until=until)
        fresh = TryCount(limit=self.name, bucket=self.bucket(subject), tries=0, until=until)
        TryCount.objects.bulk_create([fresh], ignore_conflicts=True)
        return self._count(counter, now)

    def give_back(self, subject: str) -> None:
        """Take back one counted try because it succeeded: only failures count."""
        TryCount.objects.filter(limit=self.name, bucket=self.bucket(subject), tries__gt=0).update(tries=F("tries") - 1)

    def clear(self, subject: str) -> None:
        """Forget all tries of `subject`."""
        TryCount.objects.filter(limit=self.name, bucket=self.bucket(subject)).delete()

    def _count(self, counter: QuerySet[TryCount], now: datetime) -> bool:
        """Count a try if the window is open and tries are left, in one statement. Returns whether it was counted."""
        return bool(counter.filter(until__gt=now, tries__lt=self.tries).update(tries=F("tries") + 1))

    def bucket(self, subject: str) -> int:
        """Return the number of the counter of `subject`, which other subjects may share."""
        digest = salted_hmac(f"accounts.signing_in.attempts.{self.name}", subject, algorithm="sha256").digest()
        return int.from_bytes(digest[:8]) % BUCKETS


Try = tuple[Limit, str]
"""A limit and the subject that it counts."""


def take(*tries: Try) -> bool:
    """Count one try against each limit. Returns whether all allow it; if one refuses, none of them counts it."""
    for number, (limit, subject) in enumerate(tries):
        if not limit.take(subject):
            give_back(*tries[:number])
            return False
    return True


def give_back(*tries: Try) -> None:
    """Take back one counted try from each limit."""
    for limit, subject in tries:
        limit.give_back(subject)


@contextmanager
def given_back(*tries: Try) -> Iterator[Callable[[], None]]:
    """Uncount the tries after the block, unless the attempt was wrong.

    It was wrong if the block raises ValidationError or calls the function that it is given. An attempt that ends in any
    other error, such as a full disk, does not count.
    """
    is_wrong = False

    def wrong() -> None:
        nonlocal is_wrong
        is_wrong = True

    try:
        yield wrong
    except ValidationError:
        wrong()
        raise
    finally:
        if not is_wrong:
            give_back(*tries)


def forget_old_tries(now: datetime | None = None) -> None:
    """Delete the counters whose window is over."""
    TryCount.objects.filter(until__lte=now or timezone.now()).delete()
