"""Matching by words: what a text says, in stems, parts of compounds and the lexicon."""
