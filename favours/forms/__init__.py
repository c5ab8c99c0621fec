"""Forms of the pages about help."""
