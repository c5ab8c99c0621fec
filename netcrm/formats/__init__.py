"""How days and times are written where a language's usual form could be misread."""
