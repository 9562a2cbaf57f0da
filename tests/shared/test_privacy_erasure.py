"""Erasing a person leaves their name nowhere in the workspace, and every figure as it was."""

import gzip
import re
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import text
from test_privacy import LOG, everything_kept, read_again

from millrace.model.value_stream import ValueStream
from millrace.model.workspace_settings import Persons, Privacy
from millrace.workbench.shared import Actor, NotAllowed, Role, SharedWorkbench
from millrace.workbench.shared.erasure import NameTooShort
from millrace.workbench.shared.erasure_in_files import Words, erase_in_file

NAME = "Jane Doe"


def traces(folder: Path) -> list[str]:
    """Every way in which the name could still be read somewhere."""
    found = everything_kept(folder, but=())
    for packed in folder.rglob("*.gz"):
        found += gzip.decompress(packed.read_bytes())
    named = "".join(str(path.relative_to(folder)) for path in folder.rglob("*")).encode()
    spellings = [NAME, NAME.upper(), "Jane_Doe", "jane-doe", "jane.doe"]
    return [each for each in spellings if re.search(each.encode(), found + named, re.IGNORECASE)]


@pytest.fixture
def measured(bench: SharedWorkbench, admin: Actor, tmp_path: Path) -> str:
    """A stream on two exports that name Jane Doe in their rows, and in a file's name; a stream that she owns."""
    for name, content in (("of_jane_doe_2025.csv", LOG.encode()), ("b.csv.gz", gzip.compress(LOG.encode("cp1252")))):
        export = tmp_path / "export"
        export.write_bytes(content)
        bench.add_source(admin, f"Incidents of {NAME}", [(name, export)])
        read_again(bench)
    stream = bench.proposed_stream(admin, "incidents-of-jane-doe")
    owned = stream.model_copy(update={"owner": NAME})
    return bench.begin_stream(admin, owned, source="incidents-of-jane-doe").key


@pytest.mark.parametrize("persons", [Persons.PSEUDONYMS, Persons.NAMES])
def test_the_name_is_nowhere_and_the_figures_stay(
    bench: SharedWorkbench, admin: Actor, measured: str, persons: Persons
) -> None:
    bench.settle(admin, Privacy(persons=persons), based_on=0)
    read_again(bench)
    before = bench.measured(admin, measured)
    bench.stream_findings(admin, measured)
    assert NAME in traces(bench.folder)

    erased = bench.erase_person(admin, [NAME])

    read_again(bench)
    (stream,) = bench.streams(admin)
    after = bench.measured(admin, stream.key)
    if bench._database.engine.dialect.name == "sqlite":
        assert traces(bench.folder) == []
    with bench._database.reading() as session:
        kept = str([session.execute(text(f"SELECT * FROM {table}")).all() for table in ("deeds", "sources", "streams")])
    assert NAME not in kept
    assert erased.instead in kept
    assert erased.n_files == 2
    assert (after.lead_time, after.ownership, after.steps) == (before.lead_time, before.ownership, before.steps)
    assert stream.stream.owner == erased.instead


def test_the_number_stays_and_leads_to_nobody(bench: SharedWorkbench, admin: Actor, measured: str) -> None:
    before = bench._pseudonyms([NAME])[NAME]
    erased = bench.erase_person(admin, [NAME])
    assert bench._pseudonyms([erased.instead])[erased.instead] == before
    assert bench._pseudonyms([NAME])[NAME] != before


def test_an_admin_only_erases_and_a_short_name_is_refused(bench: SharedWorkbench, people: dict[Role, Actor]) -> None:
    bench.begin_stream(people[Role.ADMIN], ValueStream(name="access"))
    with pytest.raises(NotAllowed):
        bench.erase_person(people[Role.OWNER], [NAME])
    with pytest.raises(NameTooShort):
        bench.erase_person(people[Role.ADMIN], ["Jo"])


def test_a_workbook_is_written_without_the_name(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["INC1", "Jane Doe", "Jane Doeberg"])
    book.save(tmp_path / "a.xlsx")

    assert erase_in_file(tmp_path / "a.xlsx", Words(["Jane Doe"], "erased-1"))
    assert not erase_in_file(tmp_path / "a.xlsx", Words(["Jane Doe"], "erased-1"))

    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    assert [cell.value for cell in next(iter(sheet.rows))] == ["INC1", "erased-1", "Jane Doeberg"]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_a_name_with_accents_is_found_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("INC1;Zoë Brück;ZOË BRÜCK;Ann\n".encode(encoding))
    erase_in_file(path, Words(["Zoë Brück", "ZOË BRÜCK"], "erased-1"))
    assert path.read_bytes().decode(encoding) == "INC1;erased-1;erased-1;Ann\n"
