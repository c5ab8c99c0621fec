"""Forms for the pages about help."""
