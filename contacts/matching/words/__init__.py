"""Matching by words: the meaning of a text by stems, parts of compounds and the lexicon."""
