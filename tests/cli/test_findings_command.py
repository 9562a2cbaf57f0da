"""`millrace findings`: told, as JSON, one of them whole, its items; and on the map."""

import csv
import json
from pathlib import Path

import jsonschema
import pytest
from tests.cli.conftest import Run

from millrace.report.findings_json import FindingsJson


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log of forty items: eight of them go from Network to Desk and straight back."""
    path = tmp_path_factory.mktemp("export") / "incidents.csv"
    rows = ["number,status,changed at,assignment group,assigned to"]
    for number in range(40):
        day = f"2025-03-{number % 20 + 1:02}"
        teams = ("Network", "Desk", "Network") if number % 5 == 0 else ("Network", "Network", "Network")
        rows += [
            f"INC{number:04},New,{day} 08:00:00,Network,",
            f"INC{number:04},In progress,{day} 08:30:00,{teams[0]},Kim",
            f"INC{number:04},In progress,{day} 09:00:00,{teams[1]},Sam",
            f"INC{number:04},In progress,{day} 12:00:00,{teams[2]},Kim",
            f"INC{number:04},Resolved,{day} 13:00:00,{teams[2]},Kim",
            f"INC{number:04},Closed,{day} 13:10:00,{teams[2]},Kim",
        ]
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


def test_findings_are_told_with_their_hours_and_what_to_try(millrace: Run, export: Path) -> None:
    ran = millrace("findings", export)

    assert ran.code == 0
    assert "8 items (20 %) went from a team to another and straight back" in ran.out
    assert "h a month" in ran.out
    assert "→ Let whoever takes it in route it for good" in ran.out


def test_json_of_findings_keeps_to_its_schema(millrace: Run, export: Path) -> None:
    told = json.loads(millrace("findings", export, "--json").out)

    jsonschema.validate(told, FindingsJson.model_json_schema(mode="serialization"))
    (finding,) = (each for each in told["findings"] if each["kind"] == "ping_pong")
    assert finding["n_items"] == 8
    assert finding["figures"][0]["value"] == 0.2
    assert finding["stake"]["money_per_month"] is None
    assert "rates_per_hour" in finding["absent"]["money_per_month"]


def test_one_kind_can_be_asked_for(millrace: Run, export: Path) -> None:
    told = json.loads(millrace("findings", export, "--kind", "ping_pong", "--json").out)

    assert {each["kind"] for each in told["findings"]} == {"ping_pong"}


def test_a_finding_is_shown_whole_by_the_beginning_of_its_id(millrace: Run, export: Path) -> None:
    ran = millrace("findings", "show", "ping", export)

    assert ran.code == 0
    for words in ("What counts: Team A, then B, then A again", "Certainty: counted", "Wastes: Handoffs", "Try: "):
        assert words in ran.out


def test_the_items_of_a_finding_are_listed_and_written(millrace: Run, export: Path, here: Path) -> None:
    listed = millrace("findings", "show", "ping_pong", export, "--items").out
    written = millrace("findings", "show", "ping_pong", export, "-o", "items.csv")

    assert "8 items in items.csv" in written.out
    with (here / "items.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert sorted(row["item"] for row in rows) == [f"INC{number:04}" for number in range(0, 40, 5)]
    assert {row["at_stake_seconds"] for row in rows} == {"10800.0"}
    assert all(row["item"] in listed for row in rows)


def test_a_log_in_which_no_time_passes_has_no_findings(millrace: Run, here: Path) -> None:
    (here / "one.csv").write_text("number,status,changed at\nINC1,New,2025-03-01 08:00:00\n", "utf-8")

    ran = millrace("findings", "one.csv")

    assert ran.code == 0
    assert "Nothing was found" in ran.out


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("findings", "--kind", "pingpong"), "did you mean “ping_pong”?"),
        (("findings", "show", "rework-000000"), "There is no finding “rework-000000” in this log"),
    ],
)
def test_what_there_is_not_is_named_with_what_there_is(
    millrace: Run, export: Path, asked: tuple[str, ...], said: str
) -> None:
    ran = millrace(*asked, export)

    assert ran.code == 2
    assert said in ran.err


def test_the_map_marks_findings_where_they_hold(millrace: Run, export: Path, here: Path) -> None:
    assert millrace("discover", export, "-o", "stream.yaml").code == 0
    assert millrace("map", "stream.yaml", "--log", export, "--findings", "-o", "map.svg").code == 0

    assert "Ping-pong" in (here / "map.svg").read_text("utf-8")
    assert "To mark findings on a map" in millrace("map", "stream.yaml", "--findings").err


@pytest.mark.parametrize("most", ["0", "-3"])
def test_fewer_findings_than_one_cannot_be_asked_for(most: str, millrace: Run, export: Path) -> None:
    ran = millrace("findings", export, "--most", most)

    assert ran.code == 2
    assert "--most" in ran.err
