"""Whole networks, out and in again."""
