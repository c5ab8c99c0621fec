"""Database features that contacts need and Django lacks."""
