"""Whole networks: exporting and restoring them."""
