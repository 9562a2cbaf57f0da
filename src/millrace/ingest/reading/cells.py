"""The compiled pass over the bytes of a delimited text: where the cells of each record begin and end.

It is lenient where files in the wild are not clean, and loses nothing in silence: a quote inside a quoted cell that
no separator follows belongs to the cell; a quote that never closes, or that swallows lines until the number of cells
is wrong, is an ordinary character; every record says how many cells it had and in which line it began.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numba import njit

from millrace.ingest.reading.strings import texts, unescaped_texts

if TYPE_CHECKING:
    import pyarrow as pa

LINE_FEED, RETURN, SPACE = 10, 13, 32

CONSUMED, N_RECORDS, N_LINES = range(3)
"""What a pass over one block yields: the slots of `yielded`."""

# What is known of the cell that is being read, and of the record: the slots of `cell` and `tally`.
_BEGIN, _END, _IS_ESCAPED, _NEXT, _LINE_ENDS = range(5)
_N_CELLS, _N_FILLED, _N_SURPLUS, _N_ENDS = range(4)

_OPEN, _RUNAWAY = -1, -2


@dataclass(frozen=True)
class Grammar:
    """How the cells of a text are set apart. An empty `separator` or `quote` means that there is none."""

    separator: bytes
    quote: bytes = b'"'
    escape: bytes = b'"'


class Records(NamedTuple):
    """The records of a block. Cells are `[column, record]`, and begin at -1 where they are empty or missing."""

    begins: Any
    ends: Any
    is_escaped: Any
    lines: Any
    n_cells: Any
    n_filled: Any
    """Cells with something in them, also beyond the table's width."""
    n_surplus: Any
    """Cells with something in them beyond the table's width."""


_inner = njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""For functions that only compiled ones call."""


@_inner
def _separates(buffer, at, size, separator):  # type: ignore[no-untyped-def]
    if len(separator) == 0 or at + len(separator) > size:
        return False
    for i in range(len(separator)):  # noqa: SIM110 (the compiler knows no all())
        if buffer[at + i] != separator[i]:
            return False
    return True


@_inner
def _ends_cell(buffer, at, size, separator):  # type: ignore[no-untyped-def]
    """True where after `at` (and spaces) the cell is over: a separator, a line's end or the text's end."""
    if _separates(buffer, at, size, separator):
        return True
    while at < size and buffer[at] == SPACE:
        at += 1
    if at < size and buffer[at] == RETURN:
        at += 1
    return at >= size or buffer[at] == LINE_FEED or _separates(buffer, at, size, separator)


@_inner
def _begins_cell(buffer, at, separator):  # type: ignore[no-untyped-def]
    """True where a separator or a line's end stands before `at`."""
    return buffer[at - 1] == LINE_FEED or (
        at >= len(separator) and _separates(buffer, at - len(separator), at, separator)
    )


@_inner
def _closing_quote(buffer, at, size, separator, quote, escape, cell):  # type: ignore[no-untyped-def]
    """Where the quoted cell whose content begins at `at` closes; `cell` is told of line ends and escapes.

    _OPEN where the text ends before; _RUNAWAY where in a later line a quote opens, which a closed cell cannot hold.
    """
    while at < size:
        byte = buffer[at]
        if byte == LINE_FEED:
            cell[_LINE_ENDS] += 1
        elif byte == escape and at + 1 < size and (buffer[at + 1] == quote or buffer[at + 1] == escape):
            cell[_IS_ESCAPED] = 1
            at += 1
        elif byte == quote:
            if _ends_cell(buffer, at + 1, size, separator):
                return at
            if cell[_LINE_ENDS] > 0 and _begins_cell(buffer, at, separator):
                return _RUNAWAY
        at += 1
    return _OPEN


@_inner
def _cell_over(buffer, at, size, separator):  # type: ignore[no-untyped-def]
    """Where the next separator or line's end is."""
    first = separator[0] if len(separator) > 0 else np.uint8(LINE_FEED)
    while at < size:
        byte = buffer[at]
        if byte == LINE_FEED or (byte == first and _separates(buffer, at, size, separator)):
            return at
        at += 1
    return at


@_inner
def _read_cell(buffer, at, size, separator, quote, escape, cell):  # type: ignore[no-untyped-def]
    """Read the cell that begins at `at` into `cell`; 0, or why its quote does not close."""
    cell[_BEGIN], cell[_IS_ESCAPED], cell[_LINE_ENDS] = at, 0, 0
    is_quoted = False
    if quote > 0:
        while at < size and buffer[at] == SPACE and not _separates(buffer, at, size, separator):
            at += 1
        is_quoted = at < size and buffer[at] == quote
    if is_quoted:
        closing = _closing_quote(buffer, at + 1, size, separator, quote, escape, cell)
        if closing < 0:
            return closing
        cell[_BEGIN], cell[_END] = at + 1, closing
        at = closing + 1
    at = _cell_over(buffer, at, size, separator)
    cell[_NEXT] = at
    if not is_quoted:
        ends_line = at >= size or buffer[at] == LINE_FEED
        cell[_END] = at - 1 if ends_line and at > cell[_BEGIN] and buffer[at - 1] == RETURN else at
    return 0


@_inner
def _read_record(buffer, at, size, separator, quote, escape, spans, record, tally, cell):  # type: ignore[no-untyped-def]
    """Read the record that begins at `at`; the position after it, or why a quote does not close."""
    n_cells, n_filled, n_surplus, n_ends, width = 0, 0, 0, 0, spans.shape[1]
    while True:
        why_not = _read_cell(buffer, at, size, separator, quote, escape, cell)
        if why_not < 0:
            return why_not
        at = cell[_NEXT]
        is_filled = cell[_END] > cell[_BEGIN]
        if n_cells < width:
            spans[_BEGIN, n_cells, record] = cell[_BEGIN] if is_filled else -1
            spans[_END, n_cells, record] = cell[_END]
            spans[_IS_ESCAPED, n_cells, record] = cell[_IS_ESCAPED]
        elif is_filled:
            n_surplus += 1
        n_cells += 1
        n_filled += is_filled
        n_ends += cell[_LINE_ENDS]
        if at >= size or buffer[at] == LINE_FEED:
            break
        at += len(separator)
    for missing in range(n_cells, width):
        spans[_BEGIN, missing, record] = -1
    tally[_N_CELLS], tally[_N_FILLED], tally[_N_SURPLUS], tally[_N_ENDS] = n_cells, n_filled, n_surplus, n_ends
    return at + 1


@njit(cache=True, nogil=True)
def scan_cells(buffer, is_last, longest, first_line, separator, quote, escape, spans, facts, yielded):  # type: ignore[no-untyped-def]
    """Find the records of `buffer` and their first cells, as many as `spans` has room for (none: only count them).

    The block is consumed up to its last whole record: one whose quote is still open at the end belongs in front of
    the next block, unless it is the last block or the record has grown `longest`.
    """
    size, width = len(buffer), spans.shape[1]
    cell = np.zeros(5, np.int64)
    tally = np.zeros(4, np.int64)
    # A plain 0 would have the compiler make one more version of each function, for 0 alone.
    record, at, line, none = np.int64(0), np.int64(0), first_line, np.int64(0)
    while at < size and record < facts.shape[1]:
        after = _read_record(buffer, at, size, separator, quote, escape, spans, record, tally, cell)
        if after == _OPEN and not is_last and size - at < longest:
            break
        if after < 0 or (tally[_N_ENDS] > 0 and 0 < width != tally[_N_CELLS]):
            after = _read_record(buffer, at, size, separator, none, none, spans, record, tally, cell)
        if tally[_N_CELLS] > 1 or tally[_N_FILLED] > 0:
            facts[0, record] = line
            facts[1, record], facts[2, record], facts[3, record] = tally[0], tally[1], tally[2]
            record += 1
        at = after
        line += 1 + tally[_N_ENDS]
    yielded[CONSUMED], yielded[N_RECORDS], yielded[N_LINES] = min(at, size), record, line - first_line


@dataclass(frozen=True)
class Pass:
    """What a pass over a block found: its records, and how many bytes and lines of it are done with."""

    records: Records
    n_consumed: int
    n_lines: int


def find_records(
    block: bytes, grammar: Grammar, width: int, *, first_line: int = 1, is_last: bool = True, longest: int = 2**62
) -> Pass:
    """Find the records at the beginning of `block` and where their first `width` cells are."""
    most = len(block) // max(width, 2) + 64
    spans = np.empty((3, width, most), np.int32)
    facts = np.empty((4, most), np.int64)
    yielded = np.zeros(3, np.int64)
    scan_cells(
        np.frombuffer(block, np.uint8),
        is_last,
        longest,
        first_line,
        np.frombuffer(grammar.separator, np.uint8),
        _byte(grammar.quote),
        _byte(grammar.escape),
        spans,
        facts,
        yielded,
    )
    consumed, n_records, n_lines = (int(n) for n in yielded)
    return Pass(Records(*spans[..., :n_records], *facts[..., :n_records]), consumed, n_lines)


def cell_texts(block: bytes, records: Records, grammar: Grammar, column: int, rows: Any = slice(None)) -> "pa.Array":
    """The cells of one column as texts, of those records that `rows` (a slice or a mask) picks; empty ones are null."""
    buffer = np.frombuffer(block, np.uint8)
    begins, ends = records.begins[column][rows], records.ends[column][rows]
    if not records.is_escaped[column][rows].any():
        return texts(buffer, begins, ends)
    return unescaped_texts(buffer, begins, ends, _byte(grammar.escape), _byte(grammar.quote))


def _byte(character: bytes) -> int:
    return character[0] if character else 0
