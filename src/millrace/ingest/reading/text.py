"""Read a delimited text (CSV, TSV and kin) into the engine; all columns stay texts."""

from collections.abc import Generator, Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np

from millrace.eventlog.readiness import RowRemark, Verdict
from millrace.ingest.raw import ROW, RawColumn, RawTable
from millrace.ingest.reading.cells import Records, cell_texts, find_records
from millrace.ingest.reading.dialect import Dialect, find_dialect
from millrace.ingest.reading.errors import EmptySource, NoRows
from millrace.ingest.reading.headers import unique_names
from millrace.ingest.reading.staging import Staging, in_batches, staging
from millrace.ingest.reading.text_source import TextSource

if TYPE_CHECKING:
    import pyarrow as pa

_SAMPLE = 2**18
_LONGEST_QUOTE = 2**24
_N_EXAMPLES = 5


def read_text(source: TextSource, connection: duckdb.DuckDBPyConnection) -> RawTable:
    """Read `source` into a table of `connection`; `ROW` is the line in which a row begins."""
    blocks = source.blocks()
    first = next(blocks, b"")
    if not first.strip():
        raise EmptySource(source.name)
    dialect = find_dialect(_sample(first))
    names = unique_names(dialect.header or ("",) * dialect.width)
    with staging(connection, dict.fromkeys(names, "VARCHAR")) as table:
        rows = _Rows(dialect, names, table)
        for batch in in_batches(rows.of(chain([first[dialect.n_bytes :]], blocks))):
            table.append(batch)
        rows.tidy()
        if not rows.n_rows:
            raise NoRows(source.name, tuple(names if dialect.header else ()))
        return RawTable(
            relation=table.relation,
            source_name=source.name,
            unit="line",
            columns=tuple(RawColumn(name, "VARCHAR") for name in table.types),
            n_rows=rows.n_rows,
            remarks=(*source.remarks(), *rows.remarks()),
        )


def _sample(block: bytes) -> bytes:
    """The beginning of the text, cut at a line's end."""
    return block if len(block) <= _SAMPLE else block[: block.rfind(b"\n", 0, _SAMPLE) + 1] or block


class _Rows:
    """The rows of a text on their way into the table, and what was peculiar about some of them."""

    def __init__(self, dialect: Dialect, names: list[str], table: Staging) -> None:
        self.n_rows = 0
        self._dialect = dialect
        self._names = names
        self._table = table
        self._line = 1 + dialect.n_lines
        self._is_used = np.zeros(dialect.width, bool)
        self._peculiar: dict[str, _Peculiarity] = {}
        self._n_headers = 0

    def of(self, blocks: Iterable[bytes]) -> Iterator["pa.Table"]:
        """The rows of the blocks; a row that is not whole at a block's end waits for the next block."""
        rest = b""
        for block in blocks:
            rest = yield from self._of_block(rest + block, is_last=False)
        yield from self._of_block(rest, is_last=True)

    def _of_block(self, content: bytes, *, is_last: bool) -> Generator["pa.Table", None, bytes]:
        """The whole rows of a block; what is left of it is returned."""
        while content:
            found = find_records(
                content,
                self._dialect.grammar,
                self._dialect.width,
                first_line=self._line,
                is_last=is_last,
                longest=_LONGEST_QUOTE,
            )
            yield from self._kept(content, found.records)
            self._line += found.n_lines
            content = content[found.n_consumed :]
            if not found.n_consumed:
                break
        return content

    def tidy(self) -> None:
        """Take out columns that have neither a name nor a value, and headers that come again among the rows."""
        header = self._dialect.header
        for place, name in enumerate(self._names):
            if not self._is_used[place] and not (header and header[place].strip()):
                self._table.drop_column(name)
        if header:
            self._n_headers = self._table.delete(
                {
                    name: text
                    for name, text in zip(self._names, header, strict=True)
                    if text and name in self._table.types
                }
            )
            self.n_rows -= self._n_headers

    def remarks(self) -> Iterator[RowRemark]:
        """What was left aside, refused or repaired."""
        if n_above := self._dialect.n_lines_above:
            yield RowRemark(
                kind="lines_above_header",
                verdict=Verdict.KEPT,
                n_rows=0,
                sentence=f"Lines above the column names, left aside: {n_above:,}.",
            )
        if self._dialect.header is None:
            yield RowRemark(
                kind="no_header",
                verdict=Verdict.KEPT,
                n_rows=0,
                sentence="The first line holds values, not names; the columns are called by their place.",
            )
        if self._n_headers:
            yield RowRemark(
                kind="repeated_header",
                verdict=Verdict.REFUSED,
                n_rows=self._n_headers,
                sentence=f"Rows that repeat the column names: {self._n_headers:,}.",
            )
        for kind, found in self._peculiar.items():
            yield found.remark(kind)

    def _kept(self, content: bytes, records: Records) -> Iterator["pa.Table"]:
        import pyarrow as pa

        width, usual = self._dialect.width, self._dialect.usual_width
        is_blank = records.n_filled == 0
        is_long = records.n_surplus > 0
        is_short = ~is_blank & (records.n_cells < usual)
        is_kept = ~is_blank & ~is_long & (2 * records.n_cells >= usual)
        self._note("blank_row", Verdict.REFUSED, "Blank rows", records, is_blank)
        self._note("too_many_cells", Verdict.REFUSED, f"Rows with more than {width} cells", records, is_long)
        self._note(
            "too_few_cells", Verdict.REFUSED, f"Rows with far fewer than {usual} cells", records, is_short & ~is_kept
        )
        self._note(
            "missing_cells",
            Verdict.REPAIRED,
            f"Rows with fewer than {usual} cells, the last taken as empty",
            records,
            is_short & is_kept,
        )
        n_kept = int(is_kept.sum())
        if not n_kept:
            return
        kept: Any = slice(None) if n_kept == len(is_kept) else is_kept
        rows = {ROW: pa.array(records.lines[kept])}
        for place, name in enumerate(self._names):
            rows[name] = cell_texts(content, records, self._dialect.grammar, place, kept)
            self._is_used[place] |= rows[name].null_count < n_kept
        self.n_rows += n_kept
        yield pa.table(rows)

    def _note(self, kind: str, verdict: Verdict, what: str, records: Records, are_meant: Any) -> None:
        if n_rows := int(are_meant.sum()):
            found = self._peculiar.setdefault(kind, _Peculiarity(verdict, what))
            found.n_rows += n_rows
            for place in np.flatnonzero(are_meant)[: _N_EXAMPLES - len(found.examples)]:
                found.examples.append(f"line {records.lines[place]:,}: {records.n_cells[place]:,} cells")


class _Peculiarity:
    """Rows with one thing in common, counted while they go by."""

    def __init__(self, verdict: Verdict, what: str) -> None:
        self.verdict = verdict
        self.what = what
        self.n_rows = 0
        self.examples: list[str] = []

    def remark(self, kind: str) -> RowRemark:
        """What is said of them."""
        return RowRemark(
            kind=kind,
            verdict=self.verdict,
            n_rows=self.n_rows,
            sentence=f"{self.what}: {self.n_rows:,}.",
            examples=tuple(self.examples),
        )
