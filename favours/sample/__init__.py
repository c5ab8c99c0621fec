"""A small sample network to explore."""
