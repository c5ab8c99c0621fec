"""Matching texts by their words: stems, parts of compounds, and concepts from a lexicon."""
