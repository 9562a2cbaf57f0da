"""Read the XML form of an object-centric log (OCEL 2.0) as a stream; a document type is refused."""

from collections.abc import Iterable
from typing import Any
from xml.parsers import expat

from millrace.eventlog.object_centric import EVENT, OBJECT
from millrace.ingest.reading.byte_source import ByteSource
from millrace.ingest.reading.errors import DamagedFile, DocumentTypeRefused, RowTooLong
from millrace.ingest.reading.ocel_tables import TABLES, OcelTables

FORMAT = "an object-centric log (OCEL 2.0, XML)"
_MOST_WAITING = 100_000
_LONGEST_VALUE = 64 * 2**20
_DECLARATIONS = {"event-type": EVENT, "object-type": OBJECT}


def read_ocel_xml(source: ByteSource, tables: OcelTables) -> None:
    """Read the log in `source` into `tables`. Raises DamagedFile, DocumentTypeRefused, RowTooLong."""
    log = _Log(source.name, tables)
    log.read(source.blocks())


class _Log:
    """The open elements, and rows that wait to be appended."""

    def __init__(self, name: str, tables: OcelTables) -> None:
        self._name = name
        self._tables = tables
        self._waiting: dict[str, list[tuple[str | None, ...]]] = {table: [] for table in TABLES}
        self._declared: tuple[str, str | None] | None = None
        self._open: tuple[str, str | None] | None = None
        self._attribute: tuple[str | None, str | None] | None = None
        self._value: list[str] = []
        self._n_signs = 0
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._refuse_document_type
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def read(self, blocks: Iterable[bytes]) -> None:
        try:
            n_bytes = 0
            for block in blocks:
                self._parser.Parse(block, False)
                n_bytes += len(block)
                # What lies behind the last thing that was told is one unfinished tag.
                if n_bytes - self._parser.CurrentByteIndex > _LONGEST_VALUE:
                    raise RowTooLong(self._name, f"line {self._parser.CurrentLineNumber:,}", _LONGEST_VALUE)
                if sum(map(len, self._waiting.values())) > _MOST_WAITING:
                    self._flush()
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            reason = expat.errors.messages.get(error.code, "it is not well formed")
            raise DamagedFile(self._name, FORMAT, f"line {error.lineno:,}", reason) from error
        except ValueError as error:
            raise DamagedFile(self._name, FORMAT, "line 1", str(error)) from error
        self._flush()

    def _flush(self) -> None:
        for table, rows in self._waiting.items():
            self._tables.append(table, rows)
            rows.clear()

    def _refuse_document_type(self, *_: Any) -> None:
        raise DocumentTypeRefused(self._name, self._parser.CurrentLineNumber)

    def _begin(self, element: str, given: dict[str, str]) -> None:
        name = element.rpartition(":")[2]
        if name in _DECLARATIONS:
            self._declared = (_DECLARATIONS[name], given.get("name"))
            self._waiting["types"].append((*self._declared, None, None))
        elif name in (EVENT, OBJECT) and self._open is None and "id" in given:
            self._open = (name, given["id"])
            if name == EVENT:
                self._waiting["events"].append((given["id"], given.get("type"), given.get("time")))
            else:
                self._waiting["objects"].append((given["id"], given.get("type")))
        elif name == "attribute" and self._open is not None:
            self._attribute, self._value, self._n_signs = (given.get("name"), given.get("time")), [], 0
        elif name == "attribute" and self._declared is not None:
            self._waiting["types"].append((*self._declared, given.get("name"), given.get("type")))
        elif "object-id" in given and self._open is not None:
            table = "touches" if self._open[0] == EVENT else "relations"
            self._waiting[table].append((self._open[1], given["object-id"], given.get("qualifier")))

    def _end(self, element: str) -> None:
        name = element.rpartition(":")[2]
        if name in _DECLARATIONS:
            self._declared = None
        elif name == "attribute" and self._attribute is not None and self._open is not None:
            scope, owner = self._open
            attribute, time = self._attribute
            value = "".join(self._value)
            if scope == EVENT:
                self._waiting["event_values"].append((owner, attribute, value))
            else:
                self._waiting["object_values"].append((owner, attribute, time, value))
            self._attribute = None
        elif self._open is not None and name == self._open[0]:
            self._open = None

    def _text(self, signs: str) -> None:
        if self._attribute is None:
            return
        self._value.append(signs)
        self._n_signs += len(signs)
        if self._n_signs > _LONGEST_VALUE:
            raise RowTooLong(self._name, f"line {self._parser.CurrentLineNumber:,}", _LONGEST_VALUE)
