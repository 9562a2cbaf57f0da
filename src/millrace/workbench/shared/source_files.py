"""The files of a source: each export in a folder of its own, under names that do no harm."""

import re
import shutil
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path, PurePath

from millrace.ingest.reading.byte_source import ByteSource
from millrace.ingest.reading.content import recognise_format
from millrace.store.tables import new_id
from millrace.store.workspace import on_disk

_LONGEST_NAME = 120
Given = tuple[str, Path]
"""A file's name as it was given, and where it lies now."""


def refuse_unreadable(files: Sequence[Given]) -> None:
    """Refuse at once what by its content is no table or log. Raises SourceError."""
    for name, path in files:
        with ByteSource(path) as source:
            recognise_format(plain_name(name), source.head())


def settle(files: Sequence[Given], folder: Path) -> list[str]:
    """Move the files of one export into a folder of its own below `folder`; their paths from there."""
    export = new_id()[:8]
    (folder / export).mkdir(parents=True)
    paths: list[str] = []
    for given, path in files:
        name = plain_name(given)
        taken = {PurePath(each).name for each in paths}
        path_there = f"{export}/{name if name not in taken else f'{new_id()[:6]}-{name}'}"
        shutil.move(path, folder / path_there)
        paths.append(path_there)
    on_disk(folder)
    return paths


def exports_among(files: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """The files of each export, in the order in which they were given."""
    return tuple(tuple(paths) for _, paths in groupby(files, key=lambda path: PurePath(path).parent))


def plain_name(name: str) -> str:
    """A file's own name without folders, hidden marks or signs that a file system takes amiss."""
    last = PurePath(name.replace("\\", "/")).name
    return re.sub(r"[^\w.() -]", "_", last).lstrip(".")[-_LONGEST_NAME:] or "export"
