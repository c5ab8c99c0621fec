"""How many examples a property is tried on."""

from hypothesis import settings

USUAL = 100
"""Examples where a test names no number."""


def examples(number: int) -> settings:
    """Settings for so many examples in the suite; `make fuzz` tries as many times more as its profile says."""
    return settings(max_examples=number * settings.default.max_examples // USUAL)
