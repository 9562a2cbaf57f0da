"""How a delimited text is written: separator, quotes, where its header stands. Judged on its beginning."""

import re
from dataclasses import dataclass

import numpy as np

from millrace.ingest.reading.cells import Grammar, Records, cell_texts, find_records

_SEPARATORS = (b",", b";", b"\t", b"|", b"||", b"\x1f", b"\x01", "¦".encode(), "§".encode(), b"~", b"^")
_LAST_RESORTS = (b":", b"#", b" ")
_LEAST_REGULARITY = {_SEPARATORS: 0.2, _LAST_RESORTS: 0.4}
_SEP_LINE = re.compile(rb"\A\"?sep=(?P<separator>[^\r\n\"]{1,4})\"?\r?\n", re.IGNORECASE)
_LOOKS_LIKE_A_TIME = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ]\d{1,2}:\d{2}.*)?|\d{4}-\d{2}-\d{2}T.*")
_LOOKS_LIKE_A_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")


@dataclass(frozen=True)
class Dialect:
    """How to read a delimited text.

    `header` holds the cells of the header (None where the text begins with values). `width` is how many cells a row may
    have, `usual_width` how many most of them have. `n_bytes` and `n_lines` stand before the first row: the header and
    the `n_lines_above` it, such as a title.
    """

    grammar: Grammar
    width: int
    usual_width: int
    header: tuple[str, ...] | None
    n_bytes: int
    n_lines: int
    n_lines_above: int


def find_dialect(sample: bytes) -> Dialect:
    """Judge the beginning of a text, which ends at a line's end."""
    declared = _SEP_LINE.match(sample)
    begin = declared.end() if declared else 0
    body = sample[begin:]
    grammar = _with_quotes(body, declared["separator"] if declared else b"")
    if not declared:
        grammar = _with_separator(body, grammar)
    return _with_header(body, grammar, begin)


def _with_quotes(sample: bytes, separator: bytes) -> Grammar:
    n_double = len(re.findall(rb"(?:^|[,;\t|])\"[^\"\n]*\"(?=[,;\t|]|\r?$)", sample, re.MULTILINE))
    n_single = len(re.findall(rb"(?:^|[,;\t|])'[^'\n]*'(?=[,;\t|]|\r?$)", sample, re.MULTILINE))
    quote = b"'" if n_single > n_double and n_single >= sample.count(b"\n") else b'"'
    n_backslashes = len(re.findall(rb"\\" + quote + rb"(?![,;\t|\r\n])", sample))
    n_doubled = len(re.findall(rb"[^,;\t|\r\n]" + quote * 2 + rb"(?![,;\t|\r\n])", sample))
    return Grammar(separator, quote, b"\\" if n_backslashes > n_doubled else quote)


def _with_separator(sample: bytes, grammar: Grammar) -> Grammar:
    for candidates, least in _LEAST_REGULARITY.items():
        present = [separator for separator in candidates if separator in sample]
        scored = [
            (_regularity(sample, Grammar(separator, grammar.quote, grammar.escape)), separator) for separator in present
        ]
        score, separator = max(scored, key=lambda pair: pair[0], default=(0.0, b""))
        if score > least:
            return Grammar(separator, grammar.quote, grammar.escape)
    return Grammar(b"", grammar.quote, grammar.escape)


def _regularity(sample: bytes, grammar: Grammar) -> float:
    """How alike the records are in their number of cells; more cells speak for a separator.

    Records of one cell, such as a title above or a total below the table, count for less.
    """
    n_cells = find_records(sample, grammar, 0).records.n_cells
    divided = n_cells[n_cells > 1]
    width, n_records = _usual_width(divided)
    if width < 2:
        return 0.0
    return float((n_records / len(divided)) ** 2 * (len(divided) / len(n_cells)) ** 0.5 * (1 - 1 / width))


def _usual_width(n_cells: "np.typing.NDArray[np.int64]") -> tuple[int, int]:
    """The commonest number of cells and how many records have it; of equals the larger."""
    if not len(n_cells):
        return 1, 0
    counts = np.bincount(n_cells)
    width = len(counts) - 1 - int(np.argmax(counts[::-1]))
    return width, int(counts[width])


def _with_header(body: bytes, grammar: Grammar, begin: int) -> Dialect:
    counted = find_records(body, grammar, 0).records
    usual, _ = _usual_width(counted.n_cells[counted.n_cells > 1])
    place = _place_of_header(counted, usual)
    width = max([usual, *counted.n_cells[place : place + 1].tolist()])
    records = find_records(body, grammar, width).records
    rows = [_cells(body, records, grammar, row) for row in range(place, min(place + 20, len(records.lines)))]
    header = rows[0] if rows and not _is_row(rows[0], rows[1:]) else None
    first_row = place + 1 if header is not None else place
    n_above = int(records.lines[place]) - 1 if len(records.lines) > place else 0
    n_lines = int(records.lines[first_row]) - 1 if len(records.lines) > first_row else body.count(b"\n")
    return Dialect(
        grammar=grammar,
        width=width,
        usual_width=usual,
        header=header,
        n_bytes=begin + _nth_line(body, n_lines),
        n_lines=n_lines + (1 if begin else 0),
        n_lines_above=n_above,
    )


def _place_of_header(records: Records, usual: int) -> int:
    """The first record that is about as full as those that follow; lines above it are a title or the like."""
    if not len(records.lines):
        return 0
    least = max(0.5 * float(np.median(records.n_filled)), min(2, usual))
    return int(np.argmax(records.n_filled >= least))


def _cells(body: bytes, records: Records, grammar: Grammar, row: int) -> tuple[str, ...]:
    pick = slice(row, row + 1)
    columns = range(records.begins.shape[0])
    return tuple(cell_texts(body, records, grammar, column, pick)[0].as_py() or "" for column in columns)


def _is_row(first: tuple[str, ...], following: list[tuple[str, ...]]) -> bool:
    """True where the first line holds values like those below it, and not names."""
    if any(_LOOKS_LIKE_A_TIME.fullmatch(cell.strip()) for cell in first):
        return True
    filled = [cell.strip() for cell in first if cell.strip()]
    n_numbers = sum(_LOOKS_LIKE_A_NUMBER.fullmatch(cell) is not None for cell in filled)
    return bool(following) and n_numbers > 0.5 * len(filled)


def _nth_line(body: bytes, n_lines: int) -> int:
    """Where line `n_lines` (counted from 0) begins."""
    at = 0
    for _ in range(n_lines):
        at = body.find(b"\n", at) + 1
        if at == 0:
            return len(body)
    return at
