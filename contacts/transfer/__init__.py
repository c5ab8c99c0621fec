"""A network's people and their history: exporting and restoring them."""
