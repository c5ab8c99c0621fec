"""What a network learns from a file: planned, written, undone."""
