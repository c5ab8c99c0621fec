"""Erasing people for good: deleting their data, finding texts that still name them, and recording the erasure."""
