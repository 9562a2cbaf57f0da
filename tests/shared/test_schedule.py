"""What is due is done once, by whoever comes first, also after clocks and servers did what they should not."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from time import sleep

import pytest
from governed import export, governed

from millrace.govern.rhythm import Every, Rhythm
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.access import HERE
from millrace.workbench.shared.job_kinds import JOB_KINDS, JobKind
from millrace.workbench.shared.schedule import LEASE, NoSuchJobKind
from millrace.workbench.shared.watched_folders import EXPORT_FOLDERS_VARIABLE, FolderNotWatched

AT = datetime(2026, 11, 2, 12, tzinfo=UTC)
HOURLY = Rhythm(every=Every.MINUTES, minutes=60)


def only(monkeypatch: pytest.MonkeyPatch, name: str, kind: JobKind) -> None:
    """Have no other kind of job."""
    for each in list(JOB_KINDS):
        monkeypatch.delitem(JOB_KINDS, each)
    monkeypatch.setitem(JOB_KINDS, name, kind)


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a kind of job called `count` was done on."""
    subjects: list[str] = []

    def run(_: object, subject: str) -> str:
        subjects.append(subject)
        sleep(0.05)
        return "counted"

    only(monkeypatch, "count", JobKind("Count", run))
    return subjects


def at(bench: SharedWorkbench, instant: datetime) -> SharedWorkbench:
    bench.clock = lambda: instant
    bench._looked_at_clock = float("-inf")
    return bench


def test_a_job_is_done_when_it_is_due_and_not_before(bench: SharedWorkbench, done: list[str]) -> None:
    at(bench, AT).plan(HERE, "count", HOURLY, subject="a")
    assert list(bench.run_due()) == []
    assert [each.result for each in at(bench, AT + timedelta(hours=1)).run_due()] == ["counted"]
    assert list(bench.run_due()) == []
    (job,) = bench.jobs(HERE)
    assert (done, job.due_at, job.last_result) == (["a"], AT + timedelta(hours=2), "counted")


def test_what_was_missed_is_made_up_once(bench: SharedWorkbench, done: list[str]) -> None:
    at(bench, AT).plan(HERE, "count", HOURLY)
    list(at(bench, AT + timedelta(days=3, minutes=5)).run_due())
    assert len(done) == 1
    assert bench.jobs(HERE)[0].due_at == AT + timedelta(days=3, hours=1)


def test_two_servers_never_do_a_job_twice(bench: SharedWorkbench, done: list[str], database: str | None) -> None:
    for n in range(8):
        at(bench, AT).plan(HERE, "count", HOURLY, subject=f"s{n}")
    servers = [at(SharedWorkbench(bench.folder, database=database), AT + timedelta(hours=1)) for _ in range(3)]
    threads = [Thread(target=lambda server=server: list(server.run_due())) for server in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for server in servers:
        server.close()
    assert sorted(done) == [f"s{n}" for n in range(8)]


def test_a_job_that_fails_is_told_and_tried_again(bench: SharedWorkbench, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(bench: SharedWorkbench, _: str) -> str:
        bench.plan(HERE, "nonsense", HOURLY)
        return ""

    only(monkeypatch, "fail", JobKind("Fail", run))
    at(bench, AT).plan(HERE, "fail", Rhythm(every=Every.DAY, at="12:00"))
    (first,) = at(bench, AT + timedelta(days=1)).run_due()
    assert first.problem == "There is no job “nonsense”."
    assert bench.jobs(HERE)[0].due_at == AT + timedelta(days=1, minutes=5)
    for minutes in (5, 15, 30):
        assert len(list(at(bench, AT + timedelta(days=1, minutes=minutes)).run_due())) == 1
    assert bench.jobs(HERE)[0].due_at == AT + timedelta(days=2), "after three tries in vain it waits for its time"


def test_a_clock_that_is_set_back_does_not_stop_the_schedule(bench: SharedWorkbench, done: list[str]) -> None:
    at(bench, AT + timedelta(days=400)).plan(HERE, "count", HOURLY)
    assert list(at(bench, AT).run_due()) == []
    assert bench.jobs(HERE)[0].due_at == AT + timedelta(hours=1)
    assert len(list(at(bench, AT + timedelta(hours=1)).run_due())) == 1


def test_a_clock_that_jumps_ahead_and_back_does_a_job_once_more_at_most(
    bench: SharedWorkbench, done: list[str]
) -> None:
    at(bench, AT).plan(HERE, "count", HOURLY)
    for instant in (AT + timedelta(hours=1), AT + timedelta(days=30), AT + timedelta(hours=1), AT + timedelta(hours=1)):
        list(at(bench, instant).run_due())
    assert len(done) == 2
    assert bench.jobs(HERE)[0].due_at == AT + timedelta(hours=2)


def test_a_job_is_done_once_in_the_night_in_which_clocks_go_back(bench: SharedWorkbench, done: list[str]) -> None:
    """Between 23:00 and 03:00 UTC of 25 October 2026 the clock in Berlin shows 02:30 twice."""
    nightly = Rhythm(every=Every.DAY, at="02:30", zone="Europe/Berlin")
    at(bench, datetime(2026, 10, 24, 23, tzinfo=UTC)).plan(HERE, "count", nightly)
    for minutes in range(0, 240, 10):
        list(at(bench, datetime(2026, 10, 24, 23, tzinfo=UTC) + timedelta(minutes=minutes)).run_due())
    assert len(done) == 1


def test_a_killed_server_leaves_its_job_to_the_next(
    bench: SharedWorkbench, done: list[str], database: str | None
) -> None:
    bench.plan(HERE, "count", Rhythm(every=Every.MINUTES, minutes=1), subject="x")
    bench.run_now(HERE, bench.jobs(HERE)[0].id)
    script = (
        "import sys, time; from pathlib import Path; from millrace.workbench.shared import SharedWorkbench as S\n"
        "from millrace.workbench.shared.job_kinds import JOB_KINDS, JobKind\n"
        "def run(*_): print('working', flush=True); time.sleep(60)\n"
        "JOB_KINDS.clear(); JOB_KINDS['count'] = JobKind('Count', run)\n"
        "list(S(Path(sys.argv[1]), database=sys.argv[2] or None).run_due())"
    )
    command = [sys.executable, "-c", script, str(bench.folder), database or ""]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=dict(os.environ)) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == b"working\n"
        assert list(bench.run_due()) == [], "somebody is at it"
        server.send_signal(signal.SIGKILL)
    assert list(bench.run_due()) == [], "the lease of the killed server still holds"
    assert len(list(at(bench, datetime.now(UTC) + LEASE + timedelta(seconds=5)).run_due())) == 1
    assert done == ["x"]


def test_a_kind_that_is_not_there_is_refused(bench: SharedWorkbench) -> None:
    with pytest.raises(NoSuchJobKind, match="There is no job “alert”"):
        bench.plan(HERE, "alert", HOURLY)


def test_the_workspace_is_looked_at_every_hour_from_the_first_day(
    bench: SharedWorkbench, admin: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(monkeypatch, "alerts", JOB_KINDS["alerts"])
    governed(bench, admin, tmp_path)
    (first,) = at(bench, AT).run_due()
    assert (first.kind, first.problem) == ("alerts", None)
    assert first.result.startswith("looked at 1 stream, raised ")
    assert bench.jobs(admin)[0].due_at == AT + timedelta(hours=1)


@pytest.fixture
def arriving(tmp_path: Path) -> Callable[[str, str], Path]:
    """Have an export arrive, an hour ago."""

    def arrive(name: str, text: str) -> Path:
        path = tmp_path / "exports" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        moment = (datetime.now(UTC) - timedelta(hours=1)).timestamp() + len(list(path.parent.iterdir()))
        os.utime(path, (moment, moment))
        return path

    return arrive


def test_a_newer_export_is_taken_once(
    bench: SharedWorkbench, admin: Actor, tmp_path: Path, arriving: Callable[[str, str], Path]
) -> None:
    key = governed(bench, admin, tmp_path)
    source = bench.sources(admin)[0].key
    arriving("incidents-1.csv", export(31, n_open=1))
    bench.watch_folder(admin, source, str(tmp_path / "exports" / "incidents-*.csv"))
    assert bench.refresh(source) == "took incidents-1.csv"
    assert bench.refresh(source) == "nothing new"
    arriving("incidents-2.csv", export(32, n_open=0))
    assert bench.refresh(source) == "took incidents-2.csv"
    assert bench.flow(admin, key).about.n_items == 33
    assert bench.is_refreshed(source)


def test_a_folder_that_cannot_be_watched_is_said(
    bench: SharedWorkbench, admin: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    governed(bench, admin, tmp_path)
    source = bench.sources(admin)[0].key
    with pytest.raises(FolderNotWatched, match="whole path"):
        bench.watch_folder(admin, source, "exports/*.csv")
    with pytest.raises(FolderNotWatched, match="workspace itself"):
        bench.watch_folder(admin, source, str(bench.folder / "sources" / "*"))
    bench.watch_folder(admin, source, str(tmp_path / "nowhere" / "*.csv"))
    monkeypatch.setenv(EXPORT_FOLDERS_VARIABLE, f"/exports{os.pathsep}{tmp_path / 'exports'}")
    bench.watch_folder(admin, source, str(tmp_path / "exports" / "*.csv"))
    with pytest.raises(FolderNotWatched, match="outside the folders"):
        bench.watch_folder(admin, source, str(tmp_path / "exports" / ".." / "secret" / "*.csv"))
    with pytest.raises(FolderNotWatched, match="matches no file"):
        bench.refresh(source)
