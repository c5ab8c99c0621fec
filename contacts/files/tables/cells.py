"""Reading delimited text: finding the delimiter, and splitting it into records despite stray quotation marks."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from contacts.files import encoding

DELIMITERS = (",", ";", "\t", "|")
PREAMBLE_RECORDS = 20
MOST_LINES_OF_A_RECORD = 2_000
MOST_LINES_READ_AGAIN = 100_000
LONGEST_RECORD = 1 << 20
"""Maximum characters of a record; a longer one has a stray quotation mark, or the file is not a table."""
MOST_READ_AGAIN = 16 * LONGEST_RECORD
"""Total characters of abandoned records after which a record may no longer go beyond the next line."""
MOST_COLUMNS = 1_000


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one record, and its first ``line``.

    It ``is_broken`` if a quotation mark in it is never closed, and ``is_cut`` if it had more cells.
    """

    cells: list[str]
    is_broken: bool = False
    line: str = ""
    is_cut: bool = False


class TooLongError(Exception):
    """A record does not end within the limit: its quotation mark was not meant to open a quoted cell."""


def records(lines: Iterable[str], delimiter: str, columns: int = 0) -> Iterator[Row]:
    """Yields the records in lines of delimited text, skipping empty lines.

    A quoted cell may hold line ends. Where its quotation mark is not closed within reason, or closing it below would
    swallow whole records (more cells than the ``columns`` of the header), only the first line is taken as a record.
    """
    source = Source(lines)
    while (line := source.next()) is not None:
        if not line:
            continue
        taken = [line]
        try:
            if len(line) > LONGEST_RECORD:
                raise TooLongError
            cells = next(csv.reader(chain([line + "\n"], source.more(taken)), delimiter=delimiter))
            is_broken = len(taken) > 1 and (source.is_exhausted or 0 < columns < len(cells))
            is_broken = is_broken and not _ends_cleanly(taken, delimiter, columns)
        except (csv.Error, TooLongError):
            is_broken = True
        if is_broken:
            source.give_back(taken[1:])
            cells = _single_line(line, delimiter)
        is_cut = len(cells) > MOST_COLUMNS
        yield Row([encoding.repaired(cell) for cell in cells[:MOST_COLUMNS]], is_broken, line, is_cut)


class Source:
    """A stream of lines to which lines can be returned."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = iter(lines)
        self.returned: list[str] = []
        self.returned_count = self.returned_length = 0
        self.is_exhausted = False

    def next(self) -> str | None:
        """Returns the next line, or None at the end."""
        return self.returned.pop() if self.returned else next(self.lines, None)

    def give_back(self, lines: list[str]) -> None:
        """Puts lines back in front of the others."""
        self.returned.extend(reversed(lines))
        self.returned_count += len(lines)
        self.returned_length += sum(map(len, lines))

    def more(self, taken: list[str]) -> Iterator[str]:
        """Yields further lines for an incomplete record and appends each to ``taken``. Raises TooLongError."""
        may_be_long = self.returned_count < MOST_LINES_READ_AGAIN and self.returned_length < MOST_READ_AGAIN
        limit = MOST_LINES_OF_A_RECORD if may_be_long else 2  # stay linear
        length = len(taken[0])
        self.is_exhausted = False
        while (line := self.next()) is not None:
            taken.append(line)
            length += len(line)
            if len(taken) > limit or length > LONGEST_RECORD:
                raise TooLongError
            yield line + "\n"
        self.is_exhausted = True


def delimiter_of(sample: list[str], recognise: Callable[[list[str]], int]) -> str:
    """Returns the delimiter with which a record of the sample has the most headers, as ``recognise`` counts them.

    If no header is known, it is the one with which the largest share of records have the same number of cells.
    """

    def score(delimiter: str) -> tuple[int, float, int]:
        found = [record.cells for record in records(sample, delimiter)]
        count, width = common_width(found)
        return max((recognise(cells) for cells in found if len(cells) > 1), default=0), count / (len(found) or 1), width

    return max(DELIMITERS, key=score)


def common_width(rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    """Returns the number of rows with the commonest number of cells (at least two), and that number; zeros if none."""
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return max(((count, width) for width, count in widths.items()), default=(0, 0))


def without_separator_line(lines: Iterator[str]) -> Iterator[str]:
    """Yields the lines without Excel's ``sep=;`` at the top."""
    first = next(lines, None)
    if first is not None and not named_delimiter(first):
        yield first
    yield from lines


def named_delimiter(line: str) -> str:
    """Returns the delimiter that Excel's ``sep=`` line names, or an empty string."""
    text = line.strip(' "\t').lower()
    return text[4:5] if text.startswith("sep=") and text[4:5] in DELIMITERS else "\t" if text == "sep=" else ""


def sample_lines(lines: Iterator[str], count: int = 200) -> tuple[list[str], str]:
    """Returns the first lines of a table without ``sep=;``, and the delimiter that this line names, if any.

    There are fewer of them than ``count`` if they are long.
    """
    sample: list[str] = []
    length = 0
    for line in islice(lines, count):
        sample.append(line)
        length += len(line)
        if length > LONGEST_RECORD:
            break
    named = named_delimiter(sample[0]) if sample else ""
    return sample[1:] if named else sample, named


def _ends_cleanly(taken: list[str], delimiter: str, columns: int) -> bool:
    """Returns whether several lines form one record by the strict rules, with no more cells than the header."""
    try:
        cells = next(csv.reader([line + "\n" for line in taken], delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration):
        return False
    return not columns or len(cells) <= columns


def _single_line(line: str, delimiter: str) -> list[str]:
    return [cell.strip().strip('"') for cell in line.split(delimiter, MOST_COLUMNS)]
