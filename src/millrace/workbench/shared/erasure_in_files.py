"""A person's name taken out of files, whatever they are: texts, packed texts, workbooks, tables."""

import gzip
import html
import json
import mmap
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

ENCODINGS = ("utf-8", "cp1252", "utf-16-le", "utf-16-be")
"""In which names may stand in a file."""
_WORD = rb"[0-9A-Za-z\x80-\xff]"


class Words:
    """The spellings of one person's name, and what stands in their place from now on."""

    def __init__(self, names: Sequence[str], instead: str) -> None:
        """Find each of `names` however it is written: in capitals, joined by other signs, escaped."""
        self.instead = instead
        spellings = sorted({each for name in names for each in _spellings(name)}, key=len, reverse=True)
        self.in_text = re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, spellings))})(?![^\W_])", re.IGNORECASE)
        self._in_bytes = [(encoding, _pattern(spellings, encoding)) for encoding in ENCODINGS]

    def replaced(self, text: str) -> str:
        """The text without the name."""
        return self.in_text.sub(self.instead, text)

    def are_in(self, content: bytes | mmap.mmap) -> bool:
        """True where the name stands in some bytes."""
        return any(pattern.search(content) for _, pattern in self._in_bytes)

    def replaced_bytes(self, content: bytes) -> bytes:
        """The bytes without the name."""
        for encoding, pattern in self._in_bytes:
            content = pattern.sub(self.instead.encode(encoding), content)
        return content

    def copied(self, content: mmap.mmap, to: BinaryIO) -> None:
        """Copy bytes without the name, a piece at a time."""
        found = sorted(
            (match.start(), match.end(), encoding)
            for encoding, pattern in self._in_bytes
            for match in pattern.finditer(content)
        )
        reached = 0
        for start, end, encoding in found:
            if start >= reached:
                to.write(content[reached:start])
                to.write(self.instead.encode(encoding))
                reached = end
        to.write(content[reached:])


def erase_in_file(path: Path, words: Words) -> bool:
    """Write a file anew without the name; False where it holds none. The old content is gone when this returns."""
    with path.open("rb") as file:
        head = file.read(16)
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        if not _writer(head)(path, unfinished, words):
            return False
        unfinished.replace(path)
        return True
    finally:
        unfinished.unlink(missing_ok=True)


def files_with(folder: Path, words: Words) -> Iterator[Path]:
    """Files below a folder in which the name stands, by their bytes as they lie on the disk, or by their own name."""
    for path in sorted(folder.rglob("*")):
        if words.in_text.search(path.name) or (path.is_file() and path.stat().st_size and _has(path, words)):
            yield path


def _spellings(name: str) -> set[str]:
    plain = " ".join(name.split())
    joined = {plain, *(plain.replace(" ", sign) for sign in ("_", "-", ".", "+", "%20"))}
    return {written for each in joined for written in (each, html.escape(each), json.dumps(each)[1:-1])}


def _pattern(spellings: Sequence[str], encoding: str) -> re.Pattern[bytes]:
    written = [each.encode(encoding, "ignore") for each in spellings]
    either = b"|".join(re.escape(each) for each in written if len(each) > 2)
    if encoding.startswith("utf-16"):
        return re.compile(either, re.IGNORECASE)
    return re.compile(rb"(?<!" + _WORD + rb")(?:" + either + rb")(?!" + _WORD + rb")", re.IGNORECASE)


def _writer(head: bytes) -> Callable[[Path, Path, Words], bool]:
    for begins, writer in _WRITERS:
        if head.startswith(begins):
            return writer
    return _text


def _has(path: Path, words: Words) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return words.are_in(content)


def _text(path: Path, unfinished: Path, words: Words) -> bool:
    if not path.stat().st_size or not _has(path, words):
        return False
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
        unfinished.open("wb") as copy,
    ):
        words.copied(content, copy)
    return True


def _packed(path: Path, unfinished: Path, words: Words) -> bool:
    unpacked = path.with_name(f".{path.name}.unpacked")
    try:
        with gzip.open(path, "rb") as file, unpacked.open("wb") as copy:
            shutil.copyfileobj(file, copy, 2**20)
        if not erase_in_file(unpacked, words):
            return False
        with unpacked.open("rb") as whole, gzip.open(unfinished, "wb") as packed:
            shutil.copyfileobj(whole, packed, 2**20)
        return True
    finally:
        unpacked.unlink(missing_ok=True)


def _archive(path: Path, unfinished: Path, words: Words) -> bool:
    is_changed = False
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            content = old.read(member)
            written = words.replaced_bytes(content)
            is_changed |= written != content
            new.writestr(member.filename, written)
    return is_changed


def _parquet(path: Path, unfinished: Path, words: Words) -> bool:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table, is_changed = pq.read_table(path), False
    for place, field in enumerate(table.schema):
        if not (pa.types.is_string(field.type) or pa.types.is_large_string(field.type)):
            continue
        coded = table[field.name].combine_chunks().dictionary_encode()
        texts = coded.dictionary.to_pylist()
        written = [text and words.replaced(text) for text in texts]
        if written != texts:
            is_changed = True
            table = table.set_column(place, field, pa.array(written, field.type).take(coded.indices))
    if is_changed:
        pq.write_table(table, unfinished)
    return is_changed


def _sqlite(path: Path, unfinished: Path, words: Words) -> bool:
    shutil.copyfile(path, unfinished)
    with closing(sqlite3.connect(unfinished)) as connection:
        connection.create_function(
            "erased", 1, lambda value: words.replaced(value) if isinstance(value, str) else value
        )
        n_before = connection.total_changes
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            for column in connection.execute(f'PRAGMA table_info("{table}")').fetchall():
                named = f'"{column[1]}"'
                connection.execute(f'UPDATE "{table}" SET {named} = erased({named}) WHERE {named} <> erased({named})')
        is_changed = connection.total_changes > n_before
        connection.commit()
        connection.execute("VACUUM")
    return is_changed


_WRITERS: tuple[tuple[bytes, Callable[[Path, Path, Words], bool]], ...] = (
    (b"\x1f\x8b", _packed),
    (b"PK\x03\x04", _archive),
    (b"PAR1", _parquet),
    (b"SQLite format 3\0", _sqlite),
)
"""How each kind of file begins, and how it is written anew."""
