"""Tips to pass on, and the needs they may answer."""
