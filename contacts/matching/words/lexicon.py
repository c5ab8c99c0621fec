"""A lexicon of words: which of them mean nearly the same, and how compounds are built.

The lexicon is lexicon.txt: one concept per line, its words without their endings. A word is split into the fewest and
longest known words, each with an ending or linking letters, and unknown parts between them. Lines that begin with "!"
list words that are simple although they seem to contain others: "Braut" is not made of "brau".
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from math import inf
from pathlib import Path
from typing import NamedTuple

from contacts.text import fold

SOURCE = Path(__file__).with_name("lexicon.txt")

ENDINGS = frozenset(
    fold(
        "e en n er ern ers erer es s em ens ung ungs ungen erei ei ler lers end ende enden ender "
        "isch ische ischer ischen isches lich liche licher lichen ig ige iger igen ie ien ier iker ik ist isten istik "
        "t te ten ter or oren in innen heit keit lein chen ant anten eur eure eurs eurin ur al ale aler ell elle eller "
        "iv log loge logen logie logisch logischer logische graf grafie graph graphie nis schaft ment ing "
        "ion ions ionen ation ations ieren iert ierer ierung ierungs ner nerei bar los"
    ).split()
)
LONGEST_ENDING = max(map(len, ENDINGS))

SIMPLE = "!"

SHORTEST_PART = 3
"""Minimum letters of a part; shorter words, such as "IT", are only known by themselves."""

# Costs of a split; the cheapest split wins.
KNOWN_PART = 1.0
SHORT_PART = 0.5
ENDING_LETTER = 0.2
UNKNOWN_PART = 1.0
UNKNOWN_LETTER = 0.75


class Part(NamedTuple):
    """A part of a word. `concepts` are the numbers of its lines in the lexicon; empty if it is unknown."""

    text: str
    concepts: tuple[int, ...]


class _Split(NamedTuple):
    """A split of the beginning of a word. An unknown part, starting at `unknown`, may follow its known parts."""

    cost: float
    parts: tuple[Part, ...]
    unknown: int | None = None


@cache
def concepts_by_word() -> dict[str, tuple[int, ...]]:
    """Return the lexicon: folded words with the numbers of the concepts that they belong to."""
    concepts: dict[str, list[int]] = {}
    lines = [line.split() for line in _lines() if not line.startswith(SIMPLE)]
    known = {word for line in lines for word in line}
    alone = [[word] for word in sorted(simple_words() - known)]
    for number, words in enumerate([*lines, *alone]):
        for word in dict.fromkeys(words):
            concepts.setdefault(word, []).append(number)
    return {word: tuple(numbers) for word, numbers in concepts.items()}


@cache
def simple_words() -> frozenset[str]:
    """Return the folded words that are not made up of other words."""
    return frozenset(word for line in _lines() if line.startswith(SIMPLE) for word in line[1:].split())


def _lines() -> list[str]:
    lines = SOURCE.read_text(encoding="utf-8").splitlines()
    return [fold(line) for line in lines if line and not line.startswith("#")]


@cache
def _parts_by_beginning() -> dict[str, list[Part]]:
    """Return the words of the lexicon that may be part of another, keyed by their first letters."""
    parts: dict[str, list[Part]] = {}
    for word, concepts in concepts_by_word().items():
        if len(word) >= SHORTEST_PART:
            parts.setdefault(word[:SHORTEST_PART], []).append(Part(word, concepts))
    return parts


def split(word: str) -> tuple[Part, ...]:
    """Return the parts of a folded word, in order and without endings: "holzhandlers" -> "holz", "handler"."""
    if word in concepts_by_word():
        return (Part(word, concepts_by_word()[word]),)
    return _cheapest_split(word)


@cache
def inner_parts(known: str) -> tuple[Part, ...]:
    """Return the shorter known words that make up a word of the lexicon completely: "holzbau" -> "holz", "bau".

    The last one may lack its agent ending, as some words in the lexicon do: "arzthelf" -> "arzt", "helfer".
    """
    if known in simple_words():
        return ()
    parts = _cheapest_split(known, without=known)
    if len(parts) == 1:
        return (*parts, *inner_parts(parts[0].text)) if parts[0].concepts else ()
    if not parts[-1].concepts:
        parts = (*parts[:-1], _doer_of(parts[-1]))
    return parts if all(part.concepts for part in parts) else ()


def _doer_of(stem: Part) -> Part:
    """Return the known word for the person who does what a part means ("helfer"), or the part itself if unknown."""
    doer = f"{stem.text}er"
    return Part(doer, concepts_by_word()[doer]) if doer in concepts_by_word() else stem


def _cheapest_split(word: str, without: str = "") -> tuple[Part, ...]:
    """Return the cheapest split of a word; `without` is not used as a known word.

    Dynamic programming over the positions in the word: `known` and `unknown` hold, for each position, the cheapest
    split up to there that ends with a known or an unknown part.
    """
    length = len(word)
    known = [_Split(0.0, ()), *[_Split(inf, ())] * length]
    unknown = [_Split(inf, ())] * (length + 1)
    for start in range(length):
        unknown[start + 1] = min(_one_letter_on(known[start], start), _one_letter_on(unknown[start], start), key=_cost)
        before = min(known[start], unknown[start], key=_cost)
        for stop, cost, part in _known_parts(word, start):
            if part.text != without and before.cost + cost < known[stop].cost:
                known[stop] = _Split(before.cost + cost, (*_closed(before, word, start), part))
    return _closed(min(known[length], unknown[length], key=_cost), word, length)


def _known_parts(word: str, start: int) -> Iterator[tuple[int, float, Part]]:
    """Yield the known words that begin at `start`, with and without an ending, as (end position, cost, part)."""
    for part in _parts_by_beginning().get(word[start : start + SHORTEST_PART], ()):
        if not word.startswith(part.text, start):
            continue
        end = start + len(part.text)
        cost = KNOWN_PART + (SHORT_PART if len(part.text) == SHORTEST_PART else 0.0)
        yield end, cost, part
        for stop in range(end + 1, min(len(word), end + LONGEST_ENDING) + 1):
            if word[end:stop] in ENDINGS:
                yield stop, cost + ENDING_LETTER * (stop - end), part


def _one_letter_on(split: _Split, position: int) -> _Split:
    """Return the split with the letter at `position` added to its unknown part."""
    if split.unknown is None:
        return _Split(split.cost + UNKNOWN_PART + UNKNOWN_LETTER, split.parts, position)
    return _Split(split.cost + UNKNOWN_LETTER, split.parts, split.unknown)


def _closed(split: _Split, word: str, end: int) -> tuple[Part, ...]:
    """Return the parts of the split, including its unknown one if there is one."""
    return split.parts if split.unknown is None else (*split.parts, Part(word[split.unknown : end], ()))


def _cost(split: _Split) -> float:
    return split.cost
