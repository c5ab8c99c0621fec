"""Views of the people pages, one module per noun."""
