"""Tidying up a network: corrections, empty entries, and circles."""
