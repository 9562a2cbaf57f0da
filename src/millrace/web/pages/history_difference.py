"""Two texts side by side, line by line; what both have is left out where it is long."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

_AROUND = 3
"""Equal lines shown around a difference."""


@dataclass(frozen=True)
class Row:
    """A line on either side with its number; None where a side has none. `n_left_out` stands for equal lines."""

    before: tuple[int, str] | None
    after: tuple[int, str] | None
    is_equal: bool
    n_left_out: int = 0


def rows_of(before: str, after: str) -> tuple[Row, ...]:
    """The lines of two texts beside each other."""
    old, new = before.splitlines(), after.splitlines()
    rows: list[Row] = []
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for nth, (kind, old_from, old_to, new_from, new_to) in enumerate(steps):
        lines = list(zip_longest(_numbered(old, old_from, old_to), _numbered(new, new_from, new_to)))
        here = [Row(left, right, kind == "equal") for left, right in lines]
        rows += _shortened(here, is_first=nth == 0, is_last=nth == len(steps) - 1) if kind == "equal" else here
    return tuple(rows)


def _numbered(lines: Sequence[str], begin: int, end: int) -> Iterator[tuple[int, str]]:
    return ((number + 1, lines[number]) for number in range(begin, end))


def _shortened(rows: list[Row], *, is_first: bool, is_last: bool) -> list[Row]:
    head, tail = 0 if is_first else _AROUND, 0 if is_last else _AROUND
    n_left_out = len(rows) - head - tail
    if n_left_out <= 1:
        return rows
    return [*rows[:head], Row(None, None, True, n_left_out), *rows[len(rows) - tail :]]
