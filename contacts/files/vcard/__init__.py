"""vCards, read and written."""
