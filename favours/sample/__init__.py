"""A small sample network to look around in."""
