"""Why a source cannot be read: one small class per cause, each with its own sentence."""

from pathlib import Path
from typing import ClassVar

from millrace.errors import MillraceError


class SourceError(MillraceError):
    """A source that cannot be read; the base of the classes below."""

    slug: ClassVar[str] = "source"


class NoSuchSource(SourceError):
    """There is no file of this name."""

    slug = "no-such-source"

    def __init__(self, path: Path) -> None:
        """Name the file, and one of a similar name where the folder has it."""
        import difflib

        folder = path.parent
        names = [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
        near = difflib.get_close_matches(path.name, names, n=1)
        hint = f" Did you mean “{near[0]}”?" if near else " Check the name and the folder."
        super().__init__(f"There is no file “{path}”.{hint}")


class NotAFile(SourceError):
    """A folder, a device or a pipe was given."""

    slug = "not-a-file"

    def __init__(self, path: Path) -> None:
        """Say what it is instead."""
        what = "a folder" if path.is_dir() else "not an ordinary file"
        super().__init__(f"“{path}” is {what}. Name the file of the export itself.")


class SourceNotReadable(SourceError):
    """The system refuses to open or read the file."""

    slug = "source-not-readable"

    def __init__(self, path: Path, reason: str) -> None:
        """Pass on the system's reason."""
        super().__init__(f"“{path}” cannot be opened: {reason}. Check who may read it.")


class EmptySource(SourceError):
    """The file holds no bytes, or only blanks."""

    slug = "empty-source"

    def __init__(self, name: str) -> None:
        """Name the file."""
        super().__init__(f"“{name}” is empty. Export it again and check that the export finished.")


class NoRows(SourceError):
    """There is a header, and nothing below it."""

    slug = "no-rows"

    def __init__(self, name: str, columns: tuple[str, ...]) -> None:
        """Show the columns that were found."""
        shown = ", ".join(columns[:6]) + (" …" if len(columns) > 6 else "")
        found = f" ({shown})" if columns else ""
        super().__init__(
            f"“{name}” has column names{found} but not a single row below them. "
            "Check the filter of the export and export it again."
        )


class NotATable(SourceError):
    """The content is of a kind that holds no log that can be read here."""

    slug = "not-a-table"

    def __init__(self, name: str, what: str, remedy: str) -> None:
        """Say what the content is and what to do."""
        super().__init__(f"“{name}” is {what}. {remedy}")


class BrokenArchive(SourceError):
    """A compressed file ends too early or is damaged."""

    slug = "broken-archive"

    def __init__(self, name: str, kind: str, n_bytes: int, reason: str) -> None:
        """Say what kind of archive it is and how far the content could be unpacked."""
        far = f" after {n_bytes:,} bytes of content" if n_bytes else ""
        super().__init__(f"“{name}” is a damaged {kind} file: {reason}{far}. Copy or download it again.")


class UnpacksTooFar(SourceError):
    """A compressed file grows beyond any real export."""

    slug = "unpacks-too-far"

    def __init__(self, name: str, ratio: int) -> None:
        """State the limit."""
        super().__init__(
            f"“{name}” unpacks to more than {ratio} times its size, which no real export does. "
            "If it is meant to, unpack it first and give the unpacked file."
        )


class DamagedFile(SourceError):
    """The file says that it is of a format, and breaks its rules."""

    slug = "damaged-file"

    def __init__(self, name: str, what: str, where: str, reason: str) -> None:
        """Name the format, the place and what is wrong there."""
        place = f" at {where}" if where else ""
        super().__init__(f"“{name}” looks like {what}, but is damaged{place}: {reason}. Export or copy it again.")


class DocumentTypeRefused(SourceError):
    """An XML file declares a document type, the door through which entities expand."""

    slug = "document-type-refused"

    def __init__(self, name: str, line: int) -> None:
        """Name the line."""
        super().__init__(
            f"“{name}” declares a document type (<!DOCTYPE …>) in line {line:,}. An event log needs none, and it can "
            "be used to blow a small file up, so it is refused. Remove the declaration, or export the log again."
        )


class PasswordProtected(SourceError):
    """A workbook is encrypted."""

    slug = "password-protected"

    def __init__(self, name: str) -> None:
        """Say how to take the password off."""
        super().__init__(f"“{name}” is protected by a password. Save a copy without one, or as CSV, and give that.")


class TooManyColumns(SourceError):
    """More columns than a table can have."""

    slug = "too-many-columns"

    def __init__(self, name: str, limit: int) -> None:
        """State the limit."""
        super().__init__(f"“{name}” has more than {limit:,} columns. Leave out of the export what is not needed.")


class RowTooLong(SourceError):
    """One row (or event, or object) is larger than what is held in memory at once."""

    slug = "row-too-long"

    def __init__(self, name: str, where: str, limit: int) -> None:
        """Say where it begins, and the limit."""
        super().__init__(
            f"“{name}”: what begins at {where} is longer than {limit // 2**20} MB. "
            "A quotation mark or a line end may be missing there; mend it or leave the row out."
        )


class NoRoom(SourceError):
    """The disk or the memory set aside for the import is full."""

    slug = "no-room"

    def __init__(self, name: str, reason: str) -> None:
        """Pass on what ran out."""
        super().__init__(f"“{name}” could not be read to its end: {reason}. Free some space and try again.")
