"""Two servers on one workspace: neither undoes or doubles what the other does."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from millrace.model.value_stream import ValueStream
from millrace.store.streams import Source
from millrace.workbench.shared import Actor, Role, SharedWorkbench
from millrace.workbench.shared.source_book import FAILED, IMPORTING, READY, WAITING
from millrace.workbench.shared.stream_book import ChangedMeanwhile

LOG = "number,time,status\n" + "".join(
    f"INC{n},2025-01-{1 + n % 27:02} {hour}:00:00,{status}\n"
    for n in range(20)
    for hour, status in (("08", "New"), ("11", "Resolved"))
)


@pytest.fixture
def other(bench: SharedWorkbench, database: str | None) -> Iterator[SharedWorkbench]:
    """Another server on the same workspace."""
    second = SharedWorkbench(bench.folder, database=database)
    yield second
    second.close()


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "upload"
    path.write_text(LOG)
    return path


def mark(bench: SharedWorkbench, **values: object) -> None:
    with bench._database.transaction() as session:
        session.query(Source).update(values)  # type: ignore[arg-type]


def test_of_two_who_save_the_same_revision_one_is_told(
    bench: SharedWorkbench, other: SharedWorkbench, admin: Actor
) -> None:
    key = bench.begin_stream(admin, ValueStream(name="access")).key

    def save(server: SharedWorkbench, title: str) -> bool:
        try:
            server.save_stream(admin, key, ValueStream(name="access", title=title), based_on=1)
        except ChangedMeanwhile:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        saved = list(pool.map(save, [bench, other] * 4, [str(n) for n in range(8)]))

    assert saved.count(True) == 1
    assert [each.number for each in bench.revisions(admin, key)] == [2, 1]


def test_streams_begun_at_once_have_keys_of_their_own(
    bench: SharedWorkbench, other: SharedWorkbench, admin: Actor
) -> None:
    with ThreadPoolExecutor(6) as pool:
        begun = list(pool.map(lambda server: server.begin_stream(admin, ValueStream(name="same")), [bench, other] * 3))
    assert len({view.key for view in begun}) == 6


def test_a_source_is_brought_in_by_one_of_them(
    bench: SharedWorkbench, other: SharedWorkbench, admin: Actor, export: Path
) -> None:
    source = bench.add_source(admin, "Incidents", [("a.csv", export)])
    with other._workspace.alone_at("imports"):
        assert not bench.bring_in_next()
        assert bench.source(admin, source.key).state == WAITING
    assert other.bring_in_next()
    assert not bench.bring_in_next()
    assert bench.source(admin, source.key).state == READY


def test_what_a_killed_server_began_is_brought_in_by_the_other(
    bench: SharedWorkbench, other: SharedWorkbench, admin: Actor, export: Path
) -> None:
    source = bench.add_source(admin, "Incidents", [("a.csv", export)])
    mark(bench, state=IMPORTING, progress_ratio=0.4)

    assert other.bring_in_next()

    assert bench.source(admin, source.key).state == READY


def test_a_log_that_somebody_took_off_the_disk_is_brought_in_again(
    bench: SharedWorkbench, admin: Actor, export: Path
) -> None:
    source = bench.add_source(admin, "Incidents", [("a.csv", export)])
    bench.bring_in_next()
    for log in (bench.folder / "logs").iterdir():
        log.rename(bench.folder / "elsewhere")

    bench.resume_imports()

    assert bench.source(admin, source.key).state == WAITING
    assert bench.bring_in_next()
    assert bench.source_log(admin, source.key).folder.is_dir()


def test_a_fault_of_ours_ends_one_import_and_not_all(
    bench: SharedWorkbench, admin: Actor, export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = bench.add_source(admin, "Incidents", [("a.csv", export)])
    with monkeypatch.context() as patch:
        patch.setattr(bench, "_brought_in", lambda *_: 1 // 0)
        assert bench.bring_in_next()
    found = bench.source(admin, source.key)
    assert (found.state, "fault of Millrace" in (found.problem or "")) == (FAILED, True)


def test_who_signs_in_at_one_is_signed_in_at_the_other(
    bench: SharedWorkbench, other: SharedWorkbench, people: dict[Role, Actor]
) -> None:
    from cast import PASSWORD

    secret = bench.sign_in("vera@example.org", PASSWORD) or ""
    assert other.actor_of(secret) == people[Role.VIEWER]
    bench.sign_out(people[Role.VIEWER], secret)
    assert other.actor_of(secret) is None


def test_what_killed_uploads_left_is_cleared_away_later(bench: SharedWorkbench, admin: Actor, export: Path) -> None:
    source = bench.add_source(admin, "Incidents", [("a.csv", export)])
    left = [bench.folder / "upload-old", bench.folder / "sources" / "nobodys", bench.folder / "upload-new"]
    for folder in left:
        folder.mkdir()
    for folder in left[:2]:
        os.utime(folder, (0, 0))

    bench.resume_imports()

    assert [folder.is_dir() for folder in left] == [False, False, True]
    assert bench.bring_in_next()
    assert bench.source(admin, source.key).state == READY
