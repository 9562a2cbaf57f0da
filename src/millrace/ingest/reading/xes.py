"""Read an XES log, streamed: block by block from the file into the engine.

A row is an event. Attributes of its trace carry the prefix `case:`. Dates keep their instant (UTC); the memory needed
does not grow with the file.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import duckdb
import numpy as np

from millrace.eventlog.readiness import RowRemark, Verdict
from millrace.ingest.raw import ROW, RawColumn, RawTable
from millrace.ingest.reading import xes_tags as tags
from millrace.ingest.reading.byte_source import ByteSource
from millrace.ingest.reading.errors import DamagedFile, DocumentTypeRefused, NoRows, RowTooLong, TooManyColumns
from millrace.ingest.reading.headers import ColumnNames, quoted
from millrace.ingest.reading.staging import Staging, in_batches, staging
from millrace.ingest.reading.xes_block import Block, unescaped

if TYPE_CHECKING:
    import pyarrow as pa

_FORMAT = "an XES log"
_LONGEST_EVENT = 64 * 2**20

_MEANINGS = {
    "item_id": "case:concept:name",
    "activity": "concept:name",
    "at": "time:timestamp",
    "team": "org:group",
    "person": "org:resource",
}
_LIFECYCLE = "lifecycle:transition"
_STANDARD_LIFECYCLE = frozenset(
    {"schedule", "assign", "reassign", "withdraw", "start", "suspend", "resume", "complete", "autoskip", "manualskip"}
    | {"pi_abort", "ate_abort", "abort_activity", "abort_case", "unknown"}
)


def read_xes(source: ByteSource, connection: duckdb.DuckDBPyConnection) -> RawTable:
    """Read the log in `source` into a table of `connection`."""
    with staging(connection) as table:
        log = _Log(source, table)
        for batch in in_batches(log.events(_utf8(source))):
            log.append(batch)
        return RawTable(
            relation=table.relation,
            source_name=source.name,
            unit="event",
            columns=tuple(RawColumn(name, kind) for name, kind in table.types.items()),
            n_rows=log.n_events,
            remarks=tuple(log.remarks()),
            declared=tuple(_declared(table)),
        )


def _utf8(source: ByteSource) -> Iterator[bytes]:
    """The content as UTF-8, whatever encoding the XML declaration (or a byte-order mark) names."""
    name = _declared_encoding(source.head())
    try:
        decoder = codecs.getincrementaldecoder(name)()
    except LookupError as error:
        raise DamagedFile(source.name, _FORMAT, "line 1", f"it declares an unknown encoding “{name}”") from error
    if codecs.lookup(name).name in ("utf-8", "ascii"):
        yield from source.blocks()
        return
    try:
        for block in source.blocks():
            yield decoder.decode(block).encode()
        decoder.decode(b"", final=True)
    except UnicodeError as error:
        raise DamagedFile(source.name, _FORMAT, "", f"it declares “{name}” and holds other bytes") from error


def _declared_encoding(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head[:2] in (b"<\0", b"\0<"):
        return "utf-16-le" if head[0] else "utf-16-be"
    found = re.match(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)[\"']", head)
    return found[1].decode() if found else "utf-8"


class _Log:
    """What is known of the log while its blocks go by: columns, the open trace, how many events are in."""

    def __init__(self, source: ByteSource, table: Staging) -> None:
        self.n_events = 0
        self._name = source.name
        self._table = table
        self._names = ColumnNames()
        self._columns: list[str] = []
        self._keys = tags.no_keys()
        self._place = np.zeros(tags.N_PLACES, np.int64)
        self._line = 1
        self._open_trace: dict[int, str] = {}
        self._mixed: list[str] = []

    def events(self, blocks: Iterable[bytes]) -> Iterator["pa.Table"]:
        """The events of the blocks, as texts; what is cut off at a block's end waits for the next one."""
        rest = b""
        for block in blocks:
            content = rest + block
            buffer = np.frombuffer(content, np.uint8)
            found = np.empty((len(content) // 10 + 1, tags.N_FOUND_COLUMNS), np.int64)
            trace_of_event = np.empty(len(content) // 8 + 1, np.int32)
            now = np.zeros(tags.N_NOW, np.int64)
            tags.scan_tags(buffer, len(content), self._place, self._keys, found, trace_of_event, now)
            consumed, n_found, n_events, n_traces, outcome = (int(n) for n in now[: tags.OUTCOME + 1])
            self._refuse(outcome, content, consumed)
            self._check_text(content[:consumed])
            self._name_new_columns()
            yield self._rows(Block(buffer, found[:n_found], trace_of_event[:n_events], n_traces))
            rest = content[consumed:]
            self._line += content.count(b"\n", 0, consumed)
            if len(rest) > _LONGEST_EVENT:
                raise RowTooLong(self._name, f"line {self._line:,}", _LONGEST_EVENT)
        self._check_end(rest)

    def append(self, rows: "pa.Table") -> None:
        """Bring rows into the table; a column whose values are not of the type that the log declares becomes text."""
        try:
            self._table.append(rows, self._conversions(rows))
        except duckdb.ConversionException:
            for name in list(_unlike_their_type(self._table, rows)):
                self._widen(name, "VARCHAR")
            self._table.append(rows, self._conversions(rows))

    def _conversions(self, rows: "pa.Table") -> dict[str, str]:
        return {name: _converted(name, self._table.types.get(name, "")) for name in rows.column_names}

    def _check_end(self, rest: bytes) -> None:
        if not self._place[tags.SAW_LOG]:
            raise DamagedFile(self._name, _FORMAT, "", "it has no <log> element")
        if rest.strip() or not self._place[tags.SAW_END]:
            raise DamagedFile(self._name, _FORMAT, f"line {self._line:,}", "it breaks off before </log>")
        if not self.n_events:
            raise NoRows(self._name, tuple(self._columns))

    def remarks(self) -> Iterator[RowRemark]:
        """What could not be kept as it stands."""
        if n_nested := int(self._place[tags.N_NESTED]):
            yield RowRemark(
                kind="nested_attributes",
                verdict=Verdict.KEPT,
                n_rows=n_nested,
                sentence=f"Nested or list attributes left aside, their parents kept: {n_nested:,}.",
            )
        if n_late := int(self._place[tags.N_LATE]):
            yield RowRemark(
                kind="late_trace_attributes",
                verdict=Verdict.KEPT,
                n_rows=n_late,
                sentence=f"Attributes of a trace that stand behind its events, and are missing from those: {n_late:,}.",
            )
        for name in self._mixed:
            yield RowRemark(
                kind="mixed_types",
                verdict=Verdict.KEPT,
                n_rows=0,
                sentence=f"Column “{name}” holds values of several types or of another than declared; kept as text.",
            )

    def _refuse(self, outcome: int, content: bytes, consumed: int) -> None:
        line = self._line + content.count(b"\n", 0, consumed)
        if outcome == tags.DOCTYPE:
            raise DocumentTypeRefused(self._name, line)
        if outcome == tags.MALFORMED:
            raise DamagedFile(self._name, _FORMAT, f"line {line:,} or just below", "a tag is not well formed")
        if outcome == tags.TOO_MANY_KEYS:
            raise TooManyColumns(self._name, tags.MAX_KEYS)

    def _check_text(self, content: bytes) -> None:
        if content.isascii():
            return
        try:
            content.decode()
        except UnicodeDecodeError as error:
            line = self._line + content.count(b"\n", 0, error.start)
            raise DamagedFile(
                self._name, _FORMAT, f"line {line:,}", "bytes that are not UTF-8, the encoding that it declares"
            ) from error

    def _name_new_columns(self) -> None:
        """Make a column for each key met for the first time, and widen those whose values turn out mixed."""
        new: dict[str, str] = {}
        for number in range(int(self._place[tags.N_KEYS])):
            kind = _engine_type(int(self._keys.kinds[number]))
            if number == len(self._columns):
                prefix = "" if self._keys.of_event[number] else "case:"
                name = self._names.add(prefix + unescaped(self._keys.name(number)))
                self._columns.append(name)
                new[name] = kind
            elif kind != self._table.types[name := self._columns[number]] and name not in self._mixed:
                self._widen(name, kind)
        self._table.add_columns(new)

    def _widen(self, name: str, kind: str) -> None:
        self._table.widen(name, kind)
        if kind == "VARCHAR":
            self._mixed.append(name)

    def _rows(self, block: "Block") -> "pa.Table":
        import pyarrow as pa

        n_events = len(block.trace_of_event)
        rows: dict[str, pa.Array] = {ROW: pa.array(np.arange(self.n_events + 1, self.n_events + 1 + n_events))}
        traces = pa.array(block.trace_of_event, mask=block.trace_of_event < 0)
        open_trace: dict[int, str] = {}
        goes_on = bool(self._place[tags.IN_TRACE])
        for number in block.numbers(self._open_trace):
            of_event = bool(self._keys.of_event[number])
            values = block.values(number, n_events if of_event else block.n_traces + 1)
            if not of_event:
                if values[0].as_py() is None and number in self._open_trace:
                    values = pa.concat_arrays([pa.array([self._open_trace[number]], pa.string()), values[1:]])
                if goes_on and (last := values[-1].as_py()) is not None:
                    open_trace[number] = last
                values = values.take(traces)
            rows[self._columns[number]] = values
        self._open_trace = open_trace
        self.n_events += n_events
        return pa.table(rows)


def _engine_type(kinds: int) -> str:
    """The type that holds every kind of value that a key has had."""
    if kinds in (tags.INT, tags.FLOAT, tags.INT | tags.FLOAT):
        return "BIGINT" if kinds == tags.INT else "DOUBLE"
    return {tags.DATE: "TIMESTAMP", tags.BOOLEAN: "BOOLEAN"}.get(kinds, "VARCHAR")


def _converted(name: str, kind: str) -> str:
    column = quoted(name)
    if kind == "TIMESTAMP":
        # A text with an offset is an instant; the engine's plain cast to TIMESTAMP would drop the offset.
        return (
            f"CASE WHEN regexp_matches({column}, '[T ].*(Z|[+-][0-9]{{2}}(:?[0-9]{{2}})?)$') "
            f"THEN make_timestamp(epoch_us(CAST({column} AS TIMESTAMPTZ))) ELSE CAST({column} AS TIMESTAMP) END"
        )
    return f"CAST({column} AS {kind})" if kind in ("BIGINT", "DOUBLE", "BOOLEAN") else column


def _unlike_their_type(table: Staging, rows: "pa.Table") -> Iterator[str]:
    """The columns of which some value is not of the type that the log declares for it."""
    connection = table.connection
    for name in rows.column_names:
        kind = table.types.get(name, "VARCHAR")
        if kind == "VARCHAR":
            continue
        view = f"{table.relation}_column"
        connection.register(view, rows.select([name]))
        try:
            connection.execute(f"SELECT {_converted(name, kind)} FROM {view}").fetch_arrow_table()
        except duckdb.ConversionException:
            yield name
        finally:
            connection.unregister(view)


def _declared(table: Staging) -> Iterator[tuple[str, str]]:
    for meaning, name in _MEANINGS.items():
        if name in table.types and not (meaning == "at" and table.types[name] != "TIMESTAMP"):
            yield meaning, name
    if _LIFECYCLE in table.types and not _is_standard_lifecycle(table):
        yield "status", _LIFECYCLE


def _is_standard_lifecycle(table: Staging) -> bool:
    """True where `lifecycle:transition` says start and complete, and not the sub-status of a ticket tool."""
    found = table.connection.execute(
        f"SELECT DISTINCT lower({quoted(_LIFECYCLE)}) FROM {table.relation} "
        f"WHERE {quoted(_LIFECYCLE)} IS NOT NULL LIMIT 50"
    ).fetchall()
    return {text for (text,) in found} <= _STANDARD_LIFECYCLE
