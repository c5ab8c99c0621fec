"""Cleaning up a network: corrections, empty entries, circles."""
