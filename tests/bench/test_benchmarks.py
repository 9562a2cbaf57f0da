"""The benchmarks can be run, the logs they are run on are sound, and a comparison refuses differing answers."""

import importlib
import re
import tomllib
from pathlib import Path
from typing import Any

import duckdb
import pytest
from bench.environment import MINERS, SIMULATORS, requirements
from bench.peers.__main__ import SHARED, compare, same

from bench import activity_log, generate
from millrace.eventlog.engine import connect, name
from millrace.ingest.reading import read_source

PROJECT = Path(__file__).parents[2]
MODULES = (
    "business_clock",
    "findings",
    "measured",
    "path",
    "report",
    "xes",
    "peers.rust_readers",
    "peers.with_millrace",
)
PEERS = {MINERS: ("pm4py", "r4pm", "rustxes"), SIMULATORS: ("prosimos", "simpy")}
EVERY_PEER = [peer for peers in PEERS.values() for peer in peers]


def one_row(query: str) -> tuple[Any, ...]:
    (row,) = duckdb.connect().execute(query).fetchall()
    return tuple(row)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    path = tmp_path / "work.parquet"
    activity_log.write_parquet(path, n_items=200)
    return path


@pytest.mark.parametrize("module", [*MODULES, "peers.with_pm4py"])
def test_every_benchmark_can_be_imported_without_the_peers(module: str) -> None:
    assert importlib.import_module(f"bench.{module}").__doc__


@pytest.mark.parametrize("module", ["business_clock", "report", "xes"])
def test_every_part_runs_by_the_same_verb(module: str) -> None:
    assert callable(importlib.import_module(f"bench.{module}").run)


def test_a_status_log_goes_from_new_to_closed_in_about_ten_events(tmp_path: Path) -> None:
    path = tmp_path / "statuses.parquet"
    generate.generate(path, n_items=300)
    found = one_row(f"""
        SELECT count(*), bool_and(n BETWEEN 8 AND 12), bool_and(first = 'New'), bool_and(last = 'Closed'),
               bool_and(grows)
        FROM (SELECT count(*) AS n, arg_min(status, position) AS first, arg_max(status, position) AS last,
                     list_sort(list("at")) = list("at" ORDER BY position) AS grows
              FROM '{path}' GROUP BY item_id)
    """)
    assert found == (300, True, True, True, True)


def test_work_on_an_item_never_overlaps(work: Path) -> None:
    overlaps = one_row(f"""
        SELECT count(*) FROM (SELECT *, lag("at") OVER (PARTITION BY item_id ORDER BY position) AS before FROM '{work}')
        WHERE started_at <= before OR started_at >= "at"
    """)
    assert overlaps == (0,)


def test_items_have_about_ten_events_and_end_with_close(work: Path) -> None:
    found = one_row(f"""
        SELECT count(*), avg(n) BETWEEN 9 AND 12, bool_and(last = '{activity_log.LAST_ACTIVITY}')
        FROM (SELECT count(*) AS n, arg_max(activity, position) AS last FROM '{work}' GROUP BY item_id)
    """)
    assert found == (200, True, True)


def test_a_person_belongs_to_one_team(work: Path) -> None:
    assert one_row(f"SELECT max(n) FROM (SELECT count(DISTINCT team) AS n FROM '{work}' GROUP BY person)") == (1,)


def test_some_items_repeat_an_activity(work: Path) -> None:
    (n_again,) = one_row(f"SELECT count(*) - count(DISTINCT (item_id, activity)) FROM '{work}'")
    assert 0 < n_again < one_row(f"SELECT count(*) FROM '{work}'")[0] / 2


def test_the_same_seed_makes_the_same_log(tmp_path: Path, work: Path) -> None:
    again, other = tmp_path / "again.parquet", tmp_path / "other.parquet"
    activity_log.write_parquet(again, n_items=200)
    activity_log.write_parquet(other, n_items=200, seed=8)
    assert one_row(f"SELECT count(*) FROM (FROM '{work}' EXCEPT ALL FROM '{again}')") == (0,)
    assert one_row(f"SELECT count(*) > 0 FROM (FROM '{work}' EXCEPT ALL FROM '{other}')") == (True,)


def test_as_xes_the_log_holds_the_same_events(tmp_path: Path, work: Path) -> None:
    xes = tmp_path / "work.xes"
    activity_log.write_xes(xes, n_items=200)
    connection = connect()
    table = read_source(xes, connection)
    keys = ("case:concept:name", "concept:name", "org:resource", "org:group")
    columns = ", ".join(f"{name(key)}::VARCHAR" for key in keys)
    instant = f"{name('time:timestamp')}::TIMESTAMP"
    differ = f"""
        SELECT count(*) FROM (
            SELECT {columns}, {instant} FROM {table.relation}
            EXCEPT ALL SELECT item_id, activity, person, team, "at" FROM '{work}')
    """
    assert table.n_rows == one_row(f"SELECT count(*) FROM '{work}'")[0]
    assert connection.execute(differ).fetchall() == [(0,)]


def test_numbers_are_the_same_to_a_millionth() -> None:
    assert same({"a": [1.0, 2]}, {"a": [1.000_000_01, 2]})
    assert not same({"a": [1.0, 2]}, {"a": [1.0001, 2]})
    assert not same({"a": 1}, {"b": 1})


def test_a_comparison_stops_where_the_answers_differ() -> None:
    with pytest.raises(SystemExit, match="differ on variants"):
        compare({"variants": 8}, {"variants": 9})


def test_a_comparison_goes_on_where_the_answers_are_equal(capsys: pytest.CaptureFixture[str]) -> None:
    answers = dict.fromkeys(SHARED, 1)
    compare(answers, answers)
    assert "same answers" in capsys.readouterr().out


def test_the_product_depends_on_no_peer() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    required = {re.split(r"[^\w-]", requirement)[0] for requirement in project["dependencies"]}
    assert not required & set(EVERY_PEER)


def test_no_module_of_the_product_imports_a_peer() -> None:
    imports = re.compile(rf"^\s*(?:import|from) (?:{'|'.join(EVERY_PEER)})\b", re.MULTILINE)
    assert not [path for path in (PROJECT / "src").rglob("*.py") if imports.search(path.read_text("utf-8"))]


@pytest.mark.parametrize("peers", PEERS)
def test_the_peers_are_locked_by_hash_and_name_no_index(peers: str) -> None:
    locked = requirements(peers).read_text("utf-8")
    assert "://" not in locked
    assert all(re.search(rf"^{peer}==\S+ .*\n +--hash=sha256:", locked, re.MULTILINE) for peer in PEERS[peers])
