"""From the terms that people bring along (ITIL v3 processes, old names, words of tools) to practices and streams."""

import csv
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path

from millrace.errors import MillraceError
from millrace.model.frameworks.framework import folded, load_framework
from millrace.model.templates.template import TEMPLATES, load_template
from millrace.model.yaml_text import parse_yaml

FRAMEWORK = "itil4"
"""The framework whose practices the crosswalk leads to."""
NEAR = 0.8
"""How alike a term must be to a known one to be read as it (1 is the same)."""

_NAME_HEADERS = ("process", "process name", "name", "prozess", "processus", "proceso", "proces", "processo")
_NOISE = re.compile(r"\b(the|process|processes|procedure|workflow|practice|v3|itil|team|for it services)\b")
_IN_BRACKETS = re.compile(r"\([^)]*\)")
_CODE = re.compile(r"^\W*([a-z]{1,5}[-_. ]?)?\d+(\.\d+)*\W+")


@dataclass(frozen=True)
class Translation:
    """What became of a term.

    `origin` is practice, v3 process, v3 function, old name or tool term; None where the term is not known, and then
    `nearest` lists terms that may be meant. `read_as` is the known term. `judgement` says why there is no single heir
    or that the term was only read as a similar one; None where the translation is plain. `streams` are the templates
    whose steps draw most on the practices.
    """

    term: str
    read_as: str | None
    origin: str | None
    practices: tuple[str, ...] = ()
    judgement: str | None = None
    streams: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProcessList:
    """A process list translated: each process, the practices in play and the streams they suggest, best first.

    `column` is the column of the file that was read.
    """

    column: str
    translations: tuple[Translation, ...]
    practices: tuple[str, ...]
    streams: tuple[str, ...]


class ProcessListUnreadable(MillraceError):
    """A file of processes cannot be read."""

    slug = "process-list-unreadable"

    def __init__(self, path: Path, why: str) -> None:
        """Name the file and what is wrong with it."""
        super().__init__(f"The process list {path.name} cannot be read: {why}.")


@dataclass(frozen=True)
class _Entry:
    term: str
    origin: str
    practices: tuple[str, ...]
    judgement: str | None


def crosswalk(term: str) -> Translation:
    """Translate one term into practices and candidate streams; an unknown one lists what may be meant."""
    entries = _entries()
    wanted = _bare(term)
    if wanted in entries:
        return _translated(term, entries[wanted])
    by_core = {_core(spelling): entry for spelling, entry in entries.items()}
    near = get_close_matches(_core(wanted), by_core, n=1, cutoff=NEAR)
    if near:
        return _translated(term, by_core[near[0]], guessed=True)
    nearest = dict.fromkeys(by_core[core].term for core in get_close_matches(_core(wanted), by_core, n=5, cutoff=0.6))
    return Translation(term, None, None, nearest=tuple(nearest))


def crosswalk_file(path: Path) -> ProcessList:
    """Translate a CSV list of processes: the column headed “process” or “name”, or else the first.

    Raises ProcessListUnreadable.
    """
    header, rows = _table(path)
    headers = [folded(cell) for cell in header]
    at = next((headers.index(name) for name in _NAME_HEADERS if name in headers), None)
    names = [row[at or 0] for row in (rows if at is not None else [header, *rows]) if len(row) > (at or 0)]
    terms = [name.strip() for name in names if name.strip()]
    if not terms:
        raise ProcessListUnreadable(path, "it names no process")
    translations = tuple(crosswalk(term) for term in dict.fromkeys(terms))
    practices = Counter(practice for each in translations for practice in each.practices)
    return ProcessList(
        column=header[at] if at is not None else "the first column",
        translations=translations,
        practices=tuple(sorted(practices)),
        streams=candidate_streams(practices),
    )


def known_terms() -> tuple[Translation, ...]:
    """List the whole crosswalk: every v3 process and function, old name and tool term."""
    entries = {entry.term: entry for entry in _entries().values() if entry.origin != "practice"}
    return tuple(_translated(entry.term, entry) for entry in entries.values())


def candidate_streams(practices: Iterable[str], *, most: int = 5) -> tuple[str, ...]:
    """Return the templates whose steps draw on the practices, those that do so most first."""
    wanted = set(practices)
    share = {name: _share_of_steps(name, wanted) for name in TEMPLATES}
    drawing = sorted((name for name in TEMPLATES if share[name]), key=lambda name: -share[name])
    return tuple(drawing[:most])


def _share_of_steps(template: str, practices: set[str]) -> float:
    steps = load_template(template).steps
    return sum(not practices.isdisjoint(step.practices) for step in steps) / len(steps)


def _translated(term: str, entry: _Entry, *, guessed: bool = False) -> Translation:
    reading = f"“{term}” was read as “{entry.term}”." if guessed else None
    judgement = " ".join(part for part in (reading, entry.judgement) if part) or None
    streams = candidate_streams(entry.practices, most=3)
    return Translation(term, entry.term, entry.origin, entry.practices, judgement, streams)


@cache
def _entries() -> dict[str, _Entry]:
    """Every known spelling → its entry. A term of the crosswalk wins over a practice of the same name."""
    entries = {
        folded(called): _Entry(practice.name, "practice", (practice.name,), None)
        for practice in load_framework(FRAMEWORK).practices
        for called in (practice.name, *practice.aliases)
    }
    tree = parse_yaml((files("millrace.model.frameworks") / f"{FRAMEWORK}-terms.yaml").read_text(encoding="utf-8"))
    for origin in ("tool term", "old name", "v3 function", "v3 process"):
        for row in tree[origin]:
            entry = _Entry(row["term"], origin, tuple(row["practices"]), row.get("judgement"))
            entries |= {_bare(called): entry for called in (row["term"], *row.get("also", ()))}
    return entries


def _bare(term: str) -> str:
    """Fold a term and leave out codes and words that only say that it is a process: `INC-01 Incident Mgmt process`."""
    plain = folded(_IN_BRACKETS.sub("", _CODE.sub("", term.casefold()))) or folded(term)
    plain = re.sub(r"\b(mgmt|mgt|mngt|mgnt|managment|managemnt)\b", "management", plain).replace(
        "fulfillment", "fulfilment"
    )
    return " ".join(_NOISE.sub(" ", plain).split()) or plain


def _core(bare: str) -> str:
    """Leave out “management”, which would make any two terms look alike."""
    return bare.removesuffix(" management")


def _table(path: Path) -> tuple[list[str], list[list[str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as failure:
        raise ProcessListUnreadable(path, failure.strerror or str(failure)) from failure
    except UnicodeDecodeError as failure:
        raise ProcessListUnreadable(path, "it is not UTF-8 text; save it as CSV in UTF-8") from failure
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise ProcessListUnreadable(path, "it is empty")
    separator = max(",;\t|", key=lines[0].count)
    try:
        header, *rows = csv.reader(lines, delimiter=separator, strict=True)
    except csv.Error as failure:
        raise ProcessListUnreadable(path, f"it is no CSV: {failure}") from failure
    return header, rows
