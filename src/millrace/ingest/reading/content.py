"""What a file is, judged by its content; its name is only compared."""

import re
from enum import StrEnum
from pathlib import PurePath

from millrace.ingest.reading.encoding import wide_encoding
from millrace.ingest.reading.errors import EmptySource, NotATable, PasswordProtected

_UTF8_MARK = b"\xef\xbb\xbf"


class Format(StrEnum):
    """A kind of source that can be read."""

    TEXT = "delimited text"
    JSON = "JSON"
    XES = "XES"
    XLSX = "XLSX"
    PARQUET = "Parquet"
    OCEL_JSON = "OCEL 2.0 (JSON)"
    OCEL_XML = "OCEL 2.0 (XML)"
    OCEL_SQLITE = "OCEL 2.0 (SQLite)"


_EXTENSIONS: dict[str, Format] = {
    ".csv": Format.TEXT,
    ".tsv": Format.TEXT,
    ".json": Format.JSON,
    ".jsonl": Format.JSON,
    ".ndjson": Format.JSON,
    ".xes": Format.XES,
    ".xlsx": Format.XLSX,
    ".xlsm": Format.XLSX,
    ".parquet": Format.PARQUET,
    ".jsonocel": Format.OCEL_JSON,
    ".xmlocel": Format.OCEL_XML,
    ".sqlite": Format.OCEL_SQLITE,
}

_AS_TABLE = "Export the log as CSV, XLSX, JSON, Parquet, XES or OCEL 2.0."
_UNPACK = "Unpack it and give the file that holds the log."
_OTHERS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "a PDF document", _AS_TABLE),
    (b"\x89PNG", "a picture (PNG)", _AS_TABLE),
    (b"\xff\xd8\xff", "a picture (JPEG)", _AS_TABLE),
    (b"GIF8", "a picture (GIF)", _AS_TABLE),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
    (b"Rar!", "a RAR archive", _UNPACK),
    (b"BZh", "a bzip2 archive", _UNPACK),
    (b"\xfd7zXZ", "an XZ archive", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive", _UNPACK),
    (b"\x7fELF", "a program", _AS_TABLE),
    (b"MZ\x90", "a program", _AS_TABLE),
    (b"{\\rtf", "a word processor’s document (RTF)", _AS_TABLE),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLD_WORD = "WordDocument".encode("utf-16-le")
_ZIP = b"PK\x03\x04"
_XLSX_PARTS = (b"xl/", b"[Content_Types].xml", b"_rels/", b"docProps/")
_FAR_ENOUGH = 65_536
_OCEL_PARTS = re.compile(rb"<(?:[\w.-]+:)?(?:object-types|event-types|objects|events)[\s/>]")
_OCEL_TYPES = re.compile(rb'"(?:object|event)Types"\s*:\s*\[')
_OCEL_KEYS = (b'"id"', b'"type"', b'"relationships"', b'"objectId"')
_CONTROLS = tuple(bytes([code]) for code in range(32) if code not in b"\t\n\f\r\x01\x1a\x1c\x1d\x1e\x1f")
_MOST_CONTROLS, _FEW_CONTROLS = 0.05, 20


def recognise_format(name: str, head: bytes) -> Format:
    """The format of a file that begins with `head`; an error where it is of none that can be read."""
    if not head:
        raise EmptySource(name)
    if head.startswith(b"PAR1"):
        return Format.PARQUET
    if head.startswith(b"SQLite format 3"):
        return Format.OCEL_SQLITE
    if head.startswith(_ZIP):
        return _in_zip(name, head)
    if head.startswith(_OLE):
        raise _of_old_office(name, head)
    for magic, what, remedy in _OTHERS:
        if head.startswith(magic):
            raise NotATable(name, what, remedy)
    return _of_text(name, head)


def other_extension(name: str, found: Format) -> str | None:
    """The extension of `name` where it promises another format than the one found."""
    path = PurePath(name)
    extension = PurePath(path.stem).suffix if path.suffix.lower() in (".gz", ".zip") else path.suffix
    promised = _EXTENSIONS.get(extension.lower())
    return extension if promised not in (None, found) else None


def _in_zip(name: str, head: bytes) -> Format:
    if any(part in head[:4096] for part in _XLSX_PARTS):
        if b"word/" in head:
            raise NotATable(name, "a word processor’s document", _AS_TABLE)
        return Format.XLSX
    if b"opendocument" in head[:200]:
        raise NotATable(name, "an OpenDocument file", "Save it as XLSX or CSV.")
    raise NotATable(name, "a ZIP archive within an archive", _UNPACK)


def _of_old_office(name: str, head: bytes) -> PasswordProtected | NotATable:
    if _ENCRYPTED in head:
        return PasswordProtected(name)
    if _OLD_WORD in head:
        return NotATable(name, "an old Word document (.doc)", _AS_TABLE)
    return NotATable(name, "an old Excel workbook (.xls)", "Open it and save it as XLSX or CSV.")


def _of_text(name: str, head: bytes) -> Format:
    wide = wide_encoding(head)
    text = head.decode(wide.name, "replace").encode() if wide else head
    text = text.removeprefix(_UTF8_MARK).lstrip()
    if not text:
        raise EmptySource(name)
    if text[:1] == b"<":
        return _of_markup(name, text)
    if text[:1] in (b"{", b"["):
        return _of_json(name, text)
    sample = text[:65_536]
    if sum(map(sample.count, _CONTROLS)) > max(_MOST_CONTROLS * len(sample), _FEW_CONTROLS):
        raise NotATable(name, "not a text but binary data", _AS_TABLE)
    return Format.TEXT


def _of_json(name: str, text: bytes) -> Format:
    start = text[:_FAR_ENOUGH]
    if b'"ocel:global-log"' in start or b'"ocel:events"' in start:
        raise NotATable(name, "an object-centric log of the old format (OCEL 1.0)", "Export it as OCEL 2.0.")
    return Format.OCEL_JSON if all(part in start for part in _OCEL_KEYS) or _OCEL_TYPES.search(start) else Format.JSON


def _of_markup(name: str, text: bytes) -> Format:
    first = re.search(rb"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)", re.sub(rb"(?s)<!--.*?-->", b"", text[:200_000]))
    root = first[1].lower() if first else b""
    is_page = root in (b"html", b"table", b"head", b"body", b"meta") or b"html" in text[:200].lower()
    if root == b"log" and _OCEL_PARTS.search(text[:_FAR_ENOUGH]):
        return Format.OCEL_XML
    if root == b"log" or (b"<!DOCTYPE" in text[:2000] and not is_page):
        # Whatever declares a document type goes to the reader of logs, which refuses it and says so.
        return Format.XES
    if is_page:
        raise NotATable(
            name, "a web page (HTML)", "Often this is a sign-in page saved instead of the export. " + _AS_TABLE
        )
    raise NotATable(name, f"XML, but not an event log in XES (its root is <{root.decode() or '?'}>)", _AS_TABLE)
