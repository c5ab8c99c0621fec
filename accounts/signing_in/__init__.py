"""Limits on the ways to sign in, and what still lets the owners in."""
