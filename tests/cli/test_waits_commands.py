"""What the commands on waiting say and write."""

import csv
import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run

WORK = """case_id,activity,start_time,end_time,resource
1,Take in,2024-01-01T09:00:00Z,2024-01-01T10:00:00Z,Ann
1,Fix,2024-01-01T10:00:00Z,2024-01-01T13:00:00Z,Bob
2,Take in,2024-01-01T10:00:00Z,2024-01-01T11:00:00Z,Ann
2,Fix,2024-01-01T14:00:00Z,2024-01-01T15:00:00Z,Bob
"""
NOON = "hours: {mon: '00:00-13:00, 14:00-24:00', tue: '00:00-24:00'}\n"


@pytest.fixture
def work(here: Path) -> Path:
    path = here / "work.csv"
    path.write_text(WORK, "utf-8")
    return path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_hand_overs_are_written_with_their_causes(millrace: Run, work: Path, here: Path) -> None:
    ran = millrace("waits", work, "-o", "waits.csv")

    assert (ran.code, ran.out) == (0, "1 hand-over in waits.csv\n")
    (row,) = rows(here / "waits.csv")
    assert (row["n"], row["n_items"], row["wait_seconds"]) == ("2", "2", "10800.0")
    assert (row["contention_seconds"], row["extraneous_seconds"]) == ("7200.0", "3600.0")


def test_a_calendar_says_when_nobody_is_there(millrace: Run, work: Path, here: Path) -> None:
    (here / "hours.yaml").write_text(NOON, "utf-8")

    assert millrace("waits", work, "-o", "waits.csv", "--calendar", "hours.yaml").code == 0
    assert rows(here / "waits.csv")[0]["unavailability_seconds"] == "3600.0"


def test_each_wait_can_be_written(millrace: Run, work: Path, here: Path) -> None:
    millrace("waits", work, "--each", "-o", "waits.csv")

    assert [row["item"] for row in rows(here / "waits.csv")] == ["1", "2"]


def test_a_share_is_never_torn_from_its_sign(millrace: Run, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")

    assert "extraneous 33.3 %" in millrace("waits", work).out


def test_causes_come_as_a_table_of_eighty_columns(millrace: Run, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    ran = millrace("waits", work)

    assert ran.code == 0
    assert "contention 66.7 %" in ran.out
    assert "extraneous 33.3 %" in ran.out
    assert all(len(line) <= 80 for line in ran.out.splitlines())


def test_json_of_waits_adds_up(millrace: Run, work: Path) -> None:
    said = json.loads(millrace("waits", work, "--json").out)

    assert said["wait_seconds"] == sum(said["causes"].values()) == 10_800
    assert said["hand_overs"][0]["from_activity"] == "Take in"


def test_a_log_of_statuses_tells_waits_step_by_step(millrace: Run, requests: Path) -> None:
    said = json.loads(millrace("waits", requests, "--json").out)

    assert said["n_waits"] > 0
    assert said["causes"]["extraneous_seconds"] is None
    assert "nobody is known to be free" in said["untold"]["extraneous"]


def test_the_delay_tree_is_drawn(millrace: Run, requests: Path, here: Path) -> None:
    assert millrace("delay-tree", requests, "-o", "tree.svg").code == 0
    assert "of all lead time is waiting" in (here / "tree.svg").read_text("utf-8")


def test_the_delay_tree_comes_as_a_table(millrace: Run, requests: Path) -> None:
    ran = millrace("delay-tree", requests)

    assert ran.code == 0
    assert "lead time" in ran.out
    assert "waiting" in ran.out


def test_json_of_the_delay_tree_adds_up(millrace: Run, requests: Path) -> None:
    def leaves(node: dict[str, object]) -> float:
        children = node["children"]
        assert isinstance(children, list)
        return sum(map(leaves, children)) if children else float(str(node["seconds"]))

    root = json.loads(millrace("delay-tree", requests, "--json").out)

    assert leaves(root) == pytest.approx(root["seconds"], abs=1e-3)


def test_ends_alone_are_refused_with_what_it_takes(millrace: Run, here: Path) -> None:
    (here / "ends.csv").write_text(
        "case_id,activity,end_time\n1,Ask,2024-01-01T09:00:00Z\n1,Pay,2024-01-02T09:00:00Z\n", "utf-8"
    )
    ran = millrace("waits", "ends.csv")

    assert ran.code == 2
    assert "ends.csv cannot say why work waited" in ran.err


def test_a_delay_tree_of_nothing_says_so(millrace: Run, requests: Path) -> None:
    assert "there is no lead time to divide" in " ".join(
        millrace("delay-tree", requests, "--since", "2040-01-01").out.split()
    )
