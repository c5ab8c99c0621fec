"""Importing the people in a file into a network: planning, writing and undoing. contacts/files reads the file."""
