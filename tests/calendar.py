"""Fixed dates for the tests."""

from datetime import UTC, date, datetime, timedelta

DAY = date(2026, 5, 3)
"""A Sunday."""
MONDAY = date(2026, 5, 4)
SEVEN = datetime(2026, 5, 4, 5, tzinfo=UTC)
"""7:00 in Berlin, the time zone of the tests' members, on the Monday after `DAY`."""
WEEK = timedelta(weeks=1)
