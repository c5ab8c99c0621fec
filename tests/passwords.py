"""Passwords of the tests' members."""

PASSWORD = "a long enough pass phrase"
