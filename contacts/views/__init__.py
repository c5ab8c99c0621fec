"""The people's pages, by noun."""
