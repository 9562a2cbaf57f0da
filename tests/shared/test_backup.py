"""A backup holds one whole state, comes back as it was, and is never half of one."""

import json
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest
from cast import PASSWORD

from millrace.model.value_stream import FutureState, Step, ValueStream
from millrace.store.database import Database, DatabaseInUse
from millrace.store.workspace import WorkspaceLocked
from millrace.workbench.shared import Actor, NotAllowed, Role, SharedWorkbench
from millrace.workbench.shared.accounts import passwords
from millrace.workbench.shared.archive import MANIFEST, BackupTooNew, Manifest, NotABackup, new_archive
from millrace.workbench.shared.backup import FileMissing, kept_rows
from millrace.workbench.shared.restoring import Restored, WorkspaceInUse, restore

LOG = "number,time,status,team\n" + "".join(
    f"INC{n},2025-01-{1 + n % 27:02} {hour}:00:00,{status},Desk\n"
    for n in range(40)
    for hour, status in (("08", "New"), ("09", "In Progress"), ("11", "Resolved"))
)


on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For what is the same on either database."""


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest) -> str | None:
    """Where a backup is restored to: none for a file in the new folder."""
    if request.param == "sqlite":
        return None
    from postgres import new_database

    return new_database(request.getfixturevalue("postgres"))


@pytest.fixture
def used(bench: SharedWorkbench, admin: Actor, tmp_path: Path) -> SharedWorkbench:
    """A workspace with a source that is in, a stream with two revisions, and a person."""
    export = tmp_path / "upload"
    export.write_text(LOG)
    source = bench.add_source(admin, "Incidents", [("incidents.csv", export)])
    bench.bring_in_next()
    stream = bench.begin_stream(admin, ValueStream(name="Störung – “x”"), source=source.key)
    bench.save_stream(admin, stream.key, ValueStream(name="Störung – “x”", title="Second"), based_on=1)
    bench.open_account(admin, "vera@example.org", "Vera", Role.VIEWER, PASSWORD)
    return bench


@pytest.fixture
def backup(used: SharedWorkbench, admin: Actor, tmp_path: Path) -> Path:
    return used.back_up(admin, tmp_path / "backup.zip").path


def told(bench: SharedWorkbench, actor: Actor) -> list[object]:
    """All that people see of a workspace, but for how they are signed in."""
    streams = bench.streams(actor)
    return [
        bench.accounts(actor),
        bench.sources(actor),
        streams,
        [bench.revisions(actor, each.key) for each in streams],
        bench.measured(actor, streams[0].key).lead_time.groups[""].n,
    ]


def test_a_backup_comes_back_as_it_was_on_either_database(
    used: SharedWorkbench, admin: Actor, backup: Path, tmp_path: Path, new_database: str | None
) -> None:
    restore(backup, tmp_path / "new", database=new_database)

    with closing(SharedWorkbench(tmp_path / "new", database=new_database)) as restored:
        assert told(restored, admin) == told(used, admin)
        assert restored.trail(admin)[0].deed == "restore"
        assert restored.sign_in("ada@example.org", PASSWORD)


@on_sqlite
def test_who_was_signed_in_has_to_sign_in_again(bench: SharedWorkbench, admin: Actor, tmp_path: Path) -> None:
    secret = bench.sign_in("ada@example.org", PASSWORD) or ""
    restore(bench.back_up(admin, tmp_path / "b").path, tmp_path / "new")
    with closing(SharedWorkbench(tmp_path / "new")) as restored:
        assert restored.actor_of(secret) is None
    assert bench.actor_of(secret) == admin


def test_it_goes_on_after_a_restore(backup: Path, admin: Actor, tmp_path: Path, new_database: str | None) -> None:
    """New rows are numbered after those that came back."""
    restore(backup, tmp_path / "new", database=new_database)
    with closing(SharedWorkbench(tmp_path / "new", database=new_database)) as restored:
        begun = restored.begin_stream(admin, ValueStream(name="another"))
        assert restored.trail(admin)[0].subject == "stream:another"
        assert begun.key == "another"


def test_what_was_acknowledged_before_is_inside_though_others_write(
    bench: SharedWorkbench, admin: Actor, tmp_path: Path
) -> None:
    """While one thread gives exports and saves streams, backups are made; each is whole and holds what was before."""
    begun, is_over, done = Event(), Event(), list[tuple[str, int]]()

    def write() -> None:
        for n in range(1, 500):
            if is_over.is_set():
                return
            export = tmp_path / f"upload-{n}"
            export.write_text(f"{LOG}INC{1000 + n},2025-02-01 08:00:00,New,Desk\n")
            source = bench.add_source(admin, f"Export {n}", [(f"{n}.csv", export)])
            stream = bench.begin_stream(admin, ValueStream(name=f"Stream {n}"), source=source.key)
            for revision in (1, 2):
                bench.save_stream(admin, stream.key, ValueStream(name=f"Stream {n}", title="x" * n), based_on=revision)
                done.append((stream.key, revision + 1))
            begun.set()

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        begun.wait(30)
        for attempt in range(3):
            acknowledged = dict(done)
            backup = bench.back_up(admin, tmp_path / f"{attempt}.zip").path
            restored = restore(backup, tmp_path / f"restored-{attempt}")
            assert_holds(restored, admin, acknowledged)
        is_over.set()
        writing.result(30)


def assert_holds(restored: Restored, admin: Actor, acknowledged: dict[str, int]) -> None:
    with closing(SharedWorkbench(restored.folder)) as bench:
        assert acknowledged
        for key, revision in acknowledged.items():
            assert bench.stream(admin, key).latest.number >= revision
        for view in bench.streams(admin):
            assert [each.number for each in reversed(bench.revisions(admin, view.key))] == [
                *range(1, view.latest.number + 1)
            ]
        for source in bench.sources(admin):
            assert len(list((restored.folder / "sources").rglob(source.file_names[0]))) == 1


def test_a_workspace_in_use_is_not_written_over(backup: Path, bench: SharedWorkbench, admin: Actor) -> None:
    with pytest.raises(WorkspaceInUse, match="--replace"):
        restore(backup, bench.folder)
    assert bench.streams(admin)


@on_sqlite
def test_a_database_in_use_is_not_written_over(backup: Path, tmp_path: Path, postgres: str) -> None:
    from postgres import new_database

    url = new_database(postgres)
    restore(backup, tmp_path / "first", database=url)
    with pytest.raises(DatabaseInUse):
        restore(backup, tmp_path / "second", database=url)
    assert not (tmp_path / "second").exists()
    restore(backup, tmp_path / "second", database=url, replace=True)
    assert (tmp_path / "second").is_dir()


@on_sqlite
def test_a_workspace_that_is_replaced_is_kept_aside(backup: Path, tmp_path: Path, admin: Actor) -> None:
    folder = tmp_path / "other"
    with closing(SharedWorkbench(folder)) as other:
        other.open_first_account("eve@example.org", "Eve", PASSWORD)

    done = restore(backup, folder, replace=True)

    assert done.kept_aside is not None
    with closing(SharedWorkbench(done.kept_aside)) as aside:
        assert aside.sign_in("eve@example.org", PASSWORD)
    with closing(SharedWorkbench(folder)) as restored:
        assert restored.streams(admin)


@on_sqlite
def test_a_workspace_that_a_server_works_on_is_not_replaced(backup: Path, bench: SharedWorkbench) -> None:
    with pytest.raises(WorkspaceLocked, match="Stop the server"):
        restore(backup, bench.folder, replace=True)
    assert (bench.folder / "sources").is_dir()


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])


def flip_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0xFF
    path.write_bytes(content)


def leave_out_the_manifest(path: Path) -> None:
    rewrite(path, lambda name, content: None if name == MANIFEST else content)


def lose_a_row(path: Path) -> None:
    rewrite(path, lambda name, content: b"" if name == "tables/revisions.jsonl" else content)


def lead_out_of_the_folder(path: Path) -> None:
    def renamed(name: str, content: bytes) -> bytes:
        return content.replace(b'"files/sources/', b'"files/../../sources/') if name == MANIFEST else content

    rewrite(path, renamed)


def rewrite(path: Path, change: Callable[[str, bytes], bytes | None]) -> None:
    with zipfile.ZipFile(path) as old:
        contents = {name: change(name, old.read(name)) for name in old.namelist()}
    with zipfile.ZipFile(path, "w") as new:
        for name, content in contents.items():
            if content is not None:
                new.writestr(name, content)


@on_sqlite
@pytest.mark.parametrize("spoil", [cut_short, flip_a_byte, leave_out_the_manifest, lose_a_row, lead_out_of_the_folder])
def test_a_spoiled_backup_is_refused_and_nothing_is_left(
    tmp_path: Path, backup: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(backup)
    with pytest.raises(NotABackup):
        restore(backup, tmp_path / "new")
    assert not (tmp_path / "new").exists()
    assert not list(tmp_path.glob(".new*"))


@on_sqlite
def test_a_backup_of_a_later_release_is_refused(tmp_path: Path, backup: Path) -> None:
    def later(name: str, content: bytes) -> bytes:
        if name != MANIFEST:
            return content
        return json.dumps(json.loads(content) | {"revision": "9999", "release": "9.9"}).encode()

    rewrite(backup, later)
    with pytest.raises(BackupTooNew, match=r"Millrace 9\.9"):
        restore(backup, tmp_path / "new")


def test_a_backup_of_an_earlier_release_is_brought_up_to_date(tmp_path: Path, new_database: str | None) -> None:
    """Its tables are those of the first revision, as that release wrote them."""
    with closing(Database(tmp_path / "earlier", revision="0001")) as earlier:
        hashed = passwords().hash(PASSWORD)
        with earlier.engine.begin() as connection:
            connection.exec_driver_sql(
                "INSERT INTO people (id, email, name, role, password_hash, created_at) "
                f"VALUES ('1', 'ada@example.org', 'Ada', 'admin', '{hashed}', '2026-01-02 03:04:05')"
            )
        with new_archive(tmp_path / "b.zip") as archive, earlier.reading() as session:
            n_rows = dict(kept_rows(session.connection(), archive))
            archive.end(
                Manifest(
                    release="0.1", revision="0001", made_at=datetime.now(UTC), n_rows=n_rows, entries=archive.entries
                )
            )

    restore(tmp_path / "b.zip", tmp_path / "new", database=new_database)

    with closing(SharedWorkbench(tmp_path / "new", database=new_database)) as restored:
        assert restored.sign_in("ada@example.org", PASSWORD)
        assert restored.trail(Actor("1", "Ada", Role.ADMIN))[0].deed == "sign in"


@on_sqlite
def test_drafts_that_people_share_are_in_it(bench: SharedWorkbench, admin: Actor, tmp_path: Path) -> None:
    key = bench.begin_stream(admin, ValueStream(name="access", steps=(Step(name="Approve"),))).key
    future = FutureState(name="Without approval", leaves_out=("Approve",))
    draft = bench.draft_future(admin, key, future)

    restore(bench.back_up(admin, tmp_path / "b").path, tmp_path / "new")

    with closing(SharedWorkbench(tmp_path / "new")) as restored:
        assert restored.drafted_future(admin, key, draft) == future


@on_sqlite
def test_a_missing_file_is_told_and_no_backup_is_left(used: SharedWorkbench, admin: Actor, tmp_path: Path) -> None:
    next((used.folder / "sources").rglob("incidents.csv")).unlink()
    with pytest.raises(FileMissing, match="incidents"):
        used.back_up(admin, tmp_path / "b.zip")
    assert not list(tmp_path.glob("*b.zip*"))


@on_sqlite
def test_only_who_administers_backs_up(bench: SharedWorkbench, people: dict[Role, Actor], tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        bench.back_up(people[Role.OWNER], tmp_path / "b.zip")


@pytest.fixture
def command() -> Callable[..., int]:
    from millrace.cli.main import run

    return lambda *words: run([str(word) for word in words])


def test_the_commands_make_the_round_trip(
    command: Callable[..., int], used: SharedWorkbench, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    database: str | None,
) -> None:  # fmt: skip
    at = ("--database", database) if database else ()
    assert command("backup", "-o", tmp_path / "b.zip", "--workspace", used.folder, *at) == 0
    assert command("restore", tmp_path / "b.zip", "--workspace", tmp_path / "new") == 0
    assert "files, backed up by Millrace" in capsys.readouterr().out
    assert command("restore", tmp_path / "b.zip", "--workspace", tmp_path / "new") == 2
    assert command("backup", "-o", tmp_path / "c.zip", "--workspace", tmp_path / "nowhere") == 2
