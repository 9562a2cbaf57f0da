"""What the commands on an export say and write."""

import csv
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from tests.cli.conftest import Run
from tools.reference import REFERENCE

from millrace.model.stream_file import read_stream


def test_inspect_tells_columns_statuses_and_readiness(millrace: Run, requests: Path) -> None:
    ran = millrace("inspect", requests)
    assert ran.code == 0
    for word in ("Assignment group", "Awaiting approval", "rows read", "flow efficiency", "item_id: Number"):
        assert word in ran.out


def test_an_inspected_mapping_goes_back_in(millrace: Run, requests: Path, here: Path) -> None:
    assert millrace("inspect", requests, "-o", "mapping.yaml").code == 0
    plain = json.loads(millrace("measure", requests, "--json").out)
    mapped = json.loads(millrace("measure", requests, "--mapping", "mapping.yaml", "--json").out)
    assert mapped["lead_time"]["p50_seconds"] == plain["lead_time"]["p50_seconds"]


def test_measures_come_as_tables(millrace: Run, requests: Path) -> None:
    ran = millrace("measure", requests)
    assert ran.code == 0
    assert "Lead time" in ran.out
    assert "Awaiting approval" in ran.out
    assert "Flow efficiency" in ran.out


def test_tables_keep_names_and_figures_whole_at_eighty_columns(
    millrace: Run, requests: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = millrace("measure", requests).out.splitlines()
    assert all(len(line) <= 80 for line in lines)
    assert any(line.startswith("Awaiting") for line in lines)


@pytest.mark.parametrize(
    "options", [(), ("--per", "week"), ("--clock", "business"), ("--within", "8 h"), ("--since", "2030-01-01")]
)
def test_json_of_measures_keeps_to_its_published_schema(millrace: Run, requests: Path, options: tuple[str]) -> None:
    ran = millrace("measure", requests, "--json", *options)
    schema = json.loads((REFERENCE / "measures.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(json.loads(ran.out))
    assert ran.err == ""


def test_weeks_add_up_to_the_whole(millrace: Run, requests: Path) -> None:
    measured = json.loads(millrace("measure", requests, "--per", "week", "--json").out)
    assert sum(week["lead_time"]["n"] for week in measured["groups"].values()) == measured["lead_time"]["n"]


def test_filters_take_several_values_of_one_column_as_alternatives(millrace: Run, requests: Path) -> None:
    def n_delivered(*where: str) -> int:
        ran = millrace("measure", requests, "--json", *where)
        return int(json.loads(ran.out)["lead_time"]["n"])

    with requests.open(encoding="utf-8") as rows:
        priorities = sorted({row["Priority"] for row in csv.DictReader(rows)})
    first, second = (f"priority={priority}" for priority in priorities[:2])
    both = n_delivered("--where", first, "--where", second)
    assert 0 < both == n_delivered("--where", first) + n_delivered("--where", second)


def test_business_hours_are_those_of_the_calendar(millrace: Run, requests: Path, here: Path) -> None:
    (here / "hours.yaml").write_text("zone: Europe/Lisbon\nhours: {mon: '09:00-12:00'}\n", "utf-8")
    told = millrace("measure", requests, "--clock", "business", "--calendar", "hours.yaml")
    assert told.code == 0
    assert "business days of 3 h" in told.out


def test_compliance_is_told_with_its_limit(millrace: Run, requests: Path) -> None:
    assert "Within 8 h" in millrace("measure", requests, "--within", "8 h").out


def test_items_behind_a_measure_are_listed(millrace: Run, requests: Path, here: Path) -> None:
    ran = millrace("items", requests, "--of", "ping-pong", "-o", "items.csv")
    rows = (here / "items.csv").read_text("utf-8").splitlines()
    assert ran.out == f"{len(rows) - 1} items in items.csv\n"
    assert rows[0].startswith("item,demand_at,")


def test_a_report_is_one_page_that_needs_nothing_else(millrace: Run, requests: Path, here: Path) -> None:
    assert millrace("report", requests, "-o", "report.html").out == "The report is report.html\n"
    page = (here / "report.html").read_text("utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "<script src" not in page
    assert "<svg" in page


def test_a_discovered_stream_is_measured_by(millrace: Run, requests: Path, here: Path) -> None:
    assert millrace("discover", requests, "-o", "found.yaml").out == "The stream is found.yaml\n"
    assert read_stream(here / "found.yaml").discovered
    ran = millrace("measure", requests, "--stream", "found.yaml")
    assert read_stream(here / "found.yaml").steps[0].name in ran.out


def test_a_discovered_stream_is_printed_without_an_output(millrace: Run, requests: Path) -> None:
    assert millrace("discover", requests).out.startswith("millrace: 1\n")


def test_the_same_seed_makes_the_same_sample(millrace: Run, requests: Path, here: Path) -> None:
    millrace("sample", "hr-access", "--months", "1", "--seed", "7", "-o", "again.csv")
    assert (here / "again.csv").read_bytes() == requests.read_bytes()


def test_strict_goes_on_where_recognition_is_sure(millrace: Run, requests: Path) -> None:
    assert millrace("measure", requests, "--strict").code == 0


def test_strict_refuses_what_the_default_takes_with_a_guess(millrace: Run, here: Path) -> None:
    rows = "".join(f"{n},2025-01-0{1 + n % 5} 10:0{n},{'Frobbed' if n % 2 else 'Zonked'}\n" for n in range(9))
    (here / "odd.csv").write_text(f"a,b,c\n{rows}", "utf-8")
    ran = millrace("measure", "odd.csv", "--strict")
    assert ran.code == 2
    assert ran.err.strip()
