"""The one file in a ZIP archive, as mail programs and ticket tools pack an export."""

import zipfile
from typing import BinaryIO, cast

from millrace.ingest.reading.errors import BrokenArchive, NotATable, PasswordProtected

ZIP = b"PK\x03\x04"
DOCUMENT_PARTS = ("xl/", "[Content_Types].xml", "_rels/", "docProps/", "mimetype")
"""Names by which a ZIP archive is known as a workbook or another office document, which is read as a whole."""
_LEFT_BY_SYSTEMS = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
_ENCRYPTED = 0x1
_MOST_NAMED = 5


def packed_file(name: str, file: BinaryIO) -> BinaryIO | None:
    """The unpacked content of the archive's only file; None where the archive is an office document.

    Raises a `SourceError` where it holds no file or several, needs a password, or is damaged.
    """
    try:
        archive = zipfile.ZipFile(file)
    except zipfile.BadZipFile:
        file.seek(0)
        beginning = file.read(4096)
        if any(part.encode() in beginning for part in DOCUMENT_PARTS):
            return None
        raise BrokenArchive(name, "ZIP", 0, "its list of files cannot be read") from None
    members = [member for member in archive.infolist() if not member.is_dir()]
    if any(member.filename.startswith(DOCUMENT_PARTS) for member in members):
        return None
    exports = [member for member in members if not any(left in member.filename for left in _LEFT_BY_SYSTEMS)]
    if len(exports) != 1:
        raise NotATable(name, _held([member.filename for member in exports]), "Unpack it and give the files to read.")
    if exports[0].flag_bits & _ENCRYPTED:
        raise PasswordProtected(name)
    try:
        return cast("BinaryIO", archive.open(exports[0]))
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise BrokenArchive(name, "ZIP", 0, "its content cannot be unpacked") from error


def _held(names: list[str]) -> str:
    if not names:
        return "a ZIP archive without a file"
    more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
    return f"a ZIP archive of {len(names):,} files ({', '.join(f'“{each}”' for each in names[:_MOST_NAMED])}{more})"
