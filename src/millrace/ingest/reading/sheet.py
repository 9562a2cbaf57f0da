"""Read the first sheet of a workbook (XLSX) that holds a table; dates, numbers and truth values keep their type."""

import datetime as dt
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from statistics import median
from typing import Any

import duckdb

from millrace.eventlog.readiness import RowRemark, Verdict
from millrace.ingest.raw import ROW, RawColumn, RawTable
from millrace.ingest.reading.byte_source import MOST_EXPANSION, ByteSource
from millrace.ingest.reading.errors import DamagedFile, NoRows, UnpacksTooFar
from millrace.ingest.reading.headers import unique_names
from millrace.ingest.reading.spooled import spooled
from millrace.ingest.reading.staging import Staging, staging

_NumberedRow = tuple[int, tuple[Any, ...]]
_BATCH = 20_000
_LOOK_AT = 100
_FREE_EXPANSION = 2**28
_TYPES: dict[frozenset[type], str] = {
    frozenset({dt.datetime}): "TIMESTAMP",
    frozenset({int}): "BIGINT",
    frozenset({float}): "DOUBLE",
    frozenset({int, float}): "DOUBLE",
    frozenset({bool}): "BOOLEAN",
}


def read_sheet(source: ByteSource, connection: duckdb.DuckDBPyConnection) -> RawTable:
    """Read `source` into a table of `connection`; `ROW` is the row of the sheet."""
    with spooled(source) as path, _workbook(path, source.name) as workbook:
        title, head, rows = _first_table(workbook, source.name)
        place = _place_of_header(head)
        header = tuple("" if cell is None else str(cell).strip() for cell in head[place][1])
        names = unique_names(header)
        with staging(connection, dict.fromkeys(names, "VARCHAR")) as table:
            sheet = _Sheet(names, header, table)
            for batch in _batches(chain(head[place + 1 :], rows)):
                sheet.take_in(batch)
            if not sheet.n_rows:
                raise NoRows(source.name, tuple(text for text in header if text))
            sheet.tidy()
            return RawTable(
                relation=table.relation,
                source_name=source.name,
                unit="row",
                columns=tuple(RawColumn(name, kind) for name, kind in table.types.items()),
                n_rows=sheet.n_rows,
                remarks=tuple(_about_the_sheets(workbook.sheetnames, title)) + tuple(sheet.remarks()),
            )


@contextmanager
def _workbook(path: Path, name: str) -> Iterator[Any]:
    import openpyxl

    _refuse_bomb(path, name)
    with warnings.catch_warnings():
        # What openpyxl warns of (styles, validations) is not part of the table.
        warnings.simplefilter("ignore")
        with path.open("rb") as file, _damage_told(name):
            workbook = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            try:
                yield workbook
            finally:
                workbook.close()


@contextmanager
def _damage_told(name: str) -> Iterator[None]:
    from xml.etree.ElementTree import ParseError

    damage = (zipfile.BadZipFile, ParseError, KeyError, ValueError, TypeError, IndexError, AttributeError, EOFError)
    try:
        yield
    except damage as error:
        raise DamagedFile(name, "an Excel workbook", "", f"{type(error).__name__}: {error}") from error


def _refuse_bomb(path: Path, name: str) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            n_bytes = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise DamagedFile(name, "an Excel workbook", "", str(error)) from error
    if n_bytes > _FREE_EXPANSION + MOST_EXPANSION * path.stat().st_size:
        raise UnpacksTooFar(name, MOST_EXPANSION)


def _first_table(workbook: Any, name: str) -> tuple[str, list[_NumberedRow], Iterator[_NumberedRow]]:
    """The first sheet with a header and a row: its title, its first rows that hold something, and the rest."""
    columns: tuple[str, ...] = ()
    for sheet in workbook.worksheets:
        # The size that a sheet states is often wrong; without it all rows are read.
        sheet.reset_dimensions()
        rows = _filled(sheet)
        head = list(islice(rows, _LOOK_AT))
        if len(head) > 1:
            return sheet.title, head, rows
        columns = columns or tuple(str(cell) for _, row in head for cell in row if cell is not None)
    raise NoRows(name, columns)


def _filled(sheet: Any) -> Iterator[_NumberedRow]:
    """The rows that hold something, with their number in the sheet."""
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        if any(cell is not None and cell != "" for cell in row):
            yield number, row


def _place_of_header(head: list[_NumberedRow]) -> int:
    """The first row that is about as full as those that follow; rows above it are a title or the like."""
    n_filled = [sum(cell is not None for cell in row) for _, row in head]
    least = max(0.5 * median(n_filled), min(2, max(n_filled)))
    return next(place for place, n in enumerate(n_filled) if n >= least)


def _batches(rows: Iterator[_NumberedRow]) -> Iterator[list[_NumberedRow]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch


class _Sheet:
    """The rows of a sheet on their way into the table, and the kinds of value met in each column."""

    def __init__(self, names: list[str], header: tuple[str, ...], table: Staging) -> None:
        self.n_rows = 0
        self._names = names
        self._header = header
        self._table = table
        self._kinds: list[set[type]] = [set() for _ in names]
        self._too_long: list[int] = []

    def take_in(self, batch: list[_NumberedRow]) -> None:
        """Bring a batch of rows into the table, as texts."""
        import pyarrow as pa

        width = len(self._names)
        kept = [(number, row) for number, row in batch if all(cell is None for cell in row[width:])]
        self._too_long += [number for number, row in batch if any(cell is not None for cell in row[width:])]
        columns = {ROW: pa.array([number for number, _ in kept], pa.int64())}
        for place, name in enumerate(self._names):
            values = [row[place] if place < len(row) else None for _, row in kept]
            self._kinds[place].update(map(type, values))
            columns[name] = pa.array([_text(value) for value in values], pa.string())
        self._table.append(pa.table(columns))
        self.n_rows += len(kept)

    def tidy(self) -> None:
        """Give each column its type; take out those that have neither a name nor a value."""
        for name, text, kinds in zip(self._names, self._header, self._kinds, strict=True):
            known = frozenset(kinds - {type(None)})
            if not known and not text:
                self._table.drop_column(name)
            elif known in _TYPES:
                self._table.widen(name, _TYPES[known])

    def remarks(self) -> Iterator[RowRemark]:
        """Rows that could not be kept."""
        if self._too_long:
            yield RowRemark(
                kind="too_many_cells",
                verdict=Verdict.REFUSED,
                n_rows=len(self._too_long),
                sentence=f"Rows with more cells than there are column names: {len(self._too_long):,}.",
                examples=tuple(f"row {number:,}" for number in self._too_long[:5]),
            )


def _about_the_sheets(titles: list[str], title: str) -> Iterator[RowRemark]:
    if len(titles) > 1:
        yield RowRemark(
            kind="one_sheet_of_several",
            verdict=Verdict.KEPT,
            n_rows=0,
            sentence=f"The workbook has {len(titles)} sheets; “{title}” is read, the first with a table.",
        )


def _text(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)
