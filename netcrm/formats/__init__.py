"""Date and time formats for languages whose usual form could be misread."""
