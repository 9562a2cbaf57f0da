"""The published OCEL 2.0 example: one log in three forms, which come back as they went; and the hour between them."""

from pathlib import Path

import duckdb
import pytest

from millrace.errors import MillraceError
from millrace.ingest.importing import import_log
from millrace.ingest.kept_recognition import kept_recognition
from millrace.ingest.mapping import TimeFormat
from millrace.ingest.reading import read_source
from millrace.ingest.reading.ocel_tables import TABLES
from millrace.ingest.reading.ocel_times import at_of
from millrace.workbench import Workbench

EXAMPLE = Path(__file__).parents[3] / "shared" / "data" / "ocel"
FORMS = ("jsonocel", "xmlocel", "sqlite")

pytestmark = pytest.mark.skipif(not EXAMPLE.is_dir(), reason="the published OCEL example is not in ../shared/data")


def example(form: str) -> Path:
    return EXAMPLE / f"ocel20_example.{form}"


def content(path: Path, zone: str = "UTC") -> dict[str, list[str]]:
    """Everything in a file, in no order; times without a zone are those of `zone`."""
    with duckdb.connect() as engine:
        engine.execute("SET TimeZone = 'UTC'")
        tables = read_source(path, engine).object_centric
        assert tables is not None
        return {
            table: sorted(
                str(row)
                for row in engine.execute(
                    f"SELECT {', '.join(at_of(c, zone) if c == 'time' else c for c in columns)} FROM {tables[table]}"
                ).fetchall()
            )
            for table, columns in TABLES.items()
        }


@pytest.mark.parametrize("form", FORMS)
def test_the_example_comes_back_as_it_went_in_every_form(form: str, tmp_path: Path) -> None:
    bench = Workbench(tmp_path / "workspace")
    for other in FORMS:
        assert content(bench.export(example(form), tmp_path / f"out.{other}")) == content(example(form))


@pytest.mark.parametrize("form", ["xmlocel", "sqlite"])
def test_with_the_zone_it_was_written_in_every_form_holds_the_same(form: str) -> None:
    assert content(example(form), "Europe/Berlin") == content(example("jsonocel"))


def test_the_import_says_which_form_names_no_zone_and_by_how_much_its_clock_was_off(tmp_path: Path) -> None:
    told = {}
    for form in FORMS:
        log = import_log([example(form)], tmp_path / form)
        told[form] = [each.sentence for each in log.about.readiness.remarks if each.kind == "times_without_zone"]

    assert told["jsonocel"] == []
    assert told["xmlocel"][0].startswith("16 of 25 times do not name a time zone")
    assert "the clock of this file stood 1 h ahead of UTC" in told["sqlite"][0]


def test_a_zone_in_the_mapping_closes_the_gap(tmp_path: Path) -> None:
    json = import_log([example("jsonocel")], tmp_path / "json")
    found = kept_recognition(import_log([example("xmlocel")], tmp_path / "xml")).mapping
    berlin = found.model_copy(update={"times": {"at": TimeFormat(formats=("iso",), zone="Europe/Berlin")}})
    moved = import_log([example("xmlocel")], tmp_path / "moved", mapping=berlin)

    query = "SELECT item_id, \"at\", activity, is_blocked FROM '{}' ORDER BY ALL"
    assert duckdb.execute(query.format(moved.events_path)).fetchall() == (
        duckdb.execute(query.format(json.events_path)).fetchall()
    )


def test_two_forms_together_are_told_an_hour_apart(tmp_path: Path) -> None:
    told = r"13 events are in both; 13 of them are 1 h later in “ocel20_example\.sqlite”"
    with pytest.raises(MillraceError, match=told):
        import_log([example("jsonocel"), example("sqlite")], tmp_path / "log")
