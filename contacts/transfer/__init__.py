"""A network's people, out and in again."""
