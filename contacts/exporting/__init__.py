"""Writing contact files: pure formatting, without database."""
