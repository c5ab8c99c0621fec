"""The number of examples on which a property is tried."""

from hypothesis import settings

USUAL = 100
"""Examples per test, unless the test names a number."""


def examples(number: int) -> settings:
    """Return settings for this many examples in the suite; `make fuzz` multiplies them as its profile says."""
    return settings(max_examples=number * settings.default.max_examples // USUAL)
