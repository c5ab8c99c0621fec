"""Reading contact files: pure parsing, without database and without network."""
