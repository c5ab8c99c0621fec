"""Exporting and restoring whole networks."""
