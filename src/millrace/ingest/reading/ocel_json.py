"""Read the JSON form of an object-centric log (OCEL 2.0), block by block."""

import codecs
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from millrace.eventlog.object_centric import EVENT, OBJECT
from millrace.ingest.reading import json_elements as scan
from millrace.ingest.reading.byte_source import ByteSource
from millrace.ingest.reading.encoding import wide_encoding
from millrace.ingest.reading.errors import DamagedFile, RowTooLong
from millrace.ingest.reading.ocel_tables import OcelTables
from millrace.ingest.reading.strings import texts

if TYPE_CHECKING:
    import pyarrow as pa

FORMAT = "an object-centric log (OCEL 2.0, JSON)"
_LONGEST_ELEMENT = 64 * 2**20
_SECTIONS = ("eventTypes", "objectTypes", "events", "objects")
_EACH = (
    ", (SELECT unnest(listed) AS {one}, generate_subscripts(listed, 1) AS nth "
    "FROM (SELECT json_extract(element, '{path}') AS listed)) AS {one}s"
)
_EACH_ATTRIBUTE = _EACH.format(one="attribute", path="$.attributes[*]")
_EACH_RELATION = _EACH.format(one="relation", path="$.relationships[*]")


def read_ocel_json(source: ByteSource, tables: OcelTables) -> None:
    """Read the log in `source` into `tables`. Raises DamagedFile, RowTooLong."""
    document = _Document(source.name, tables)
    for block in _utf8(source):
        document.take(block)
    document.end()


def _utf8(source: ByteSource) -> Iterator[bytes]:
    wide = wide_encoding(source.head())
    decoder = codecs.getincrementaldecoder(wide.name if wide else "utf-8-sig")()
    try:
        for block in source.blocks():
            yield decoder.decode(block).encode()
        decoder.decode(b"", final=True)
    except UnicodeError as error:
        raise DamagedFile(source.name, FORMAT, "", "it holds bytes that are not UTF-8") from error


class _Document:
    """What is known while the blocks go by: the list that is open, and how many of its elements are in."""

    def __init__(self, name: str, tables: OcelTables) -> None:
        self._name = name
        self._tables = tables
        self._place = np.zeros(2, np.int64)
        self._rest = b""
        self._section = ""
        self._n_in_section = 0

    def take(self, block: bytes) -> None:
        """Take in what the block ends of what is open, and what it holds whole."""
        content = self._rest + block
        found = scan.no_elements(len(content))
        buffer = np.frombuffer(content, np.uint8)
        n = scan.scan_elements(buffer, len(content), self._place, found)
        if self._place[scan.DEPTH] < 0:
            raise DamagedFile(self._name, FORMAT, self._where(), "its brackets do not match")
        found = found[:n]
        keys = np.flatnonzero(found[:, scan.KIND] == scan.KEY)
        for begin, end in zip((-1, *keys), (*keys, n), strict=True):
            if begin >= 0:
                self._open(content[found[begin, scan.BEGIN] + 1 : found[begin, scan.END] - 1].decode())
            self._take_elements(buffer, found[begin + 1 : end])
        self._rest = content[self._place[scan.CONSUMED] :]
        if len(self._rest) > _LONGEST_ELEMENT:
            raise RowTooLong(self._name, self._where(), _LONGEST_ELEMENT)

    def end(self) -> None:
        """Raise DamagedFile where something is still open."""
        if self._place[scan.DEPTH] or self._rest.strip():
            raise DamagedFile(self._name, FORMAT, self._where(), "it breaks off before its last bracket")

    def _open(self, section: str) -> None:
        self._section, self._n_in_section = section, 0

    def _where(self) -> str:
        return f"“{self._section}”, entry {self._n_in_section + 1:,}" if self._section else ""

    def _take_elements(self, buffer: Any, found: Any) -> None:
        import pyarrow as pa

        if self._section not in _SECTIONS or not len(found):
            return
        elements = pa.table({"element": texts(buffer, found[:, scan.BEGIN], found[:, scan.END])})
        self._check(elements)
        put = self._tables.append_from
        match self._section:
            case "eventTypes" | "objectTypes":
                scope = f"'{EVENT if self._section == 'eventTypes' else OBJECT}'"
                put("types", elements, f"{scope}, element->>'name', NULL, NULL")
                attribute = "attribute->>'name', attribute->>'type'"
                put("types", elements, f"{scope}, element->>'name', {attribute}", unnested=_EACH_ATTRIBUTE)
            case "events":
                put("events", elements, "element->>'id', element->>'type', element->>'time'")
                value = "attribute->>'name', attribute->>'value'"
                put("event_values", elements, f"element->>'id', {value}", unnested=_EACH_ATTRIBUTE)
                touched = "relation->>'objectId', relation->>'qualifier'"
                put("touches", elements, f"element->>'id', {touched}", unnested=_EACH_RELATION)
            case "objects":
                put("objects", elements, "element->>'id', element->>'type'")
                value = "attribute->>'name', attribute->>'time', attribute->>'value'"
                put("object_values", elements, f"element->>'id', {value}", unnested=_EACH_ATTRIBUTE)
                related = "relation->>'objectId', relation->>'qualifier'"
                put("relations", elements, f"element->>'id', {related}", unnested=_EACH_RELATION)
        self._n_in_section += len(found)

    def _check(self, elements: "pa.Table") -> None:
        connection = self._tables.connection
        connection.register("ocel_elements", elements)
        broken = connection.execute(
            "SELECT min(place) FROM (SELECT element, row_number() OVER () AS place FROM ocel_elements) "
            "WHERE NOT json_valid(element)"
        ).fetchall()[0][0]
        connection.unregister("ocel_elements")
        if broken is not None:
            self._n_in_section += int(broken) - 1
            raise DamagedFile(self._name, FORMAT, self._where(), "it is not valid JSON")
