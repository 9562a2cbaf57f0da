"""Nothing is lost: processes are killed at random points, and every acknowledged deed is looked for afterwards.

`python -m bench killed` kills 200; the tests do a dozen.
"""

import multiprocessing
import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cache
from multiprocessing.context import ForkServerContext
from pathlib import Path

from bench.victim import DEEDS, N_ITEMS, STREAM, log_text, work
from millrace.model.value_stream import ValueStream
from millrace.store.database import Database
from millrace.store.streams import Setting
from millrace.workbench.shared import SharedWorkbench
from millrace.workbench.shared.access import HERE
from millrace.workbench.shared.archive import opened_archive
from millrace.workbench.shared.restoring import restore
from millrace.workbench.shared.source_book import IMPORTING, READY, WAITING

N_KILLS = 200
_MOST_SECONDS = {"import": 1.6, "edit": 0.5, "migration": 0.12, "backup": 0.6, "restore": 0.12}
"""How long a process of a kind may live at most, so that it is in the middle of something when it dies."""
_PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Killed:
    """A process that was killed: the deeds it had acknowledged, and the one it was at, if any."""

    kind: str
    done: tuple[str, ...]
    at: str | None

    def numbers(self, deed: str) -> list[int]:
        """The numbers of the deeds of one name that were acknowledged."""
        return [int(each.rpartition(" ")[2]) for each in self.done if each.startswith(deed)]


def kill_one(kind: str, seed: int) -> Killed:
    """Have a process work, kill it at a random point, and check what it leaves. Raises AssertionError."""
    with tempfile.TemporaryDirectory(prefix="killed-") as place:
        folder = Path(place) / "workspace"
        _PREPARED[kind](folder)
        killed = _killed(kind, folder, random.Random(seed).uniform(0, _MOST_SECONDS[kind]))
        _CHECKS[kind](folder, killed)
        return killed


@cache
def _nursery() -> ForkServerContext:
    """Where processes are born with everything loaded, so that none takes seconds to begin."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["bench.victim", "millrace.ingest.importing", "millrace.ingest.appending"])
    return context


def _killed(kind: str, folder: Path, after_seconds: float) -> Killed:
    ours, theirs = _nursery().Pipe(duplex=False)
    victim = _nursery().Process(target=work, args=(kind, folder, theirs), daemon=True)
    victim.start()
    theirs.close()
    assert ours.poll(_PATIENCE_SECONDS), "it never began"
    time.sleep(after_seconds)
    with suppress(ProcessLookupError):  # it had ended by itself
        victim.kill()
    victim.join()
    told: list[tuple[bool, str]] = []
    with closing(ours):
        while True:
            try:
                told.append(ours.recv())
            except (EOFError, OSError):
                break
    done = tuple(deed for is_done, deed in told if is_done)
    return Killed(kind, done, None if told[-1][0] else told[-1][1])


def _nothing(folder: Path) -> None:
    folder.mkdir()


def _a_stream(folder: Path) -> None:
    with closing(SharedWorkbench(folder)) as bench:
        bench.begin_stream(HERE, ValueStream(name=STREAM))


def _older_tables(folder: Path) -> None:
    with closing(Database(folder, revision="0001")) as database, database.transaction() as session:
        for number in range(2_000):
            session.add(Setting(name=f"setting {number}", value={"n": number}))


def _a_workspace(folder: Path) -> None:
    """One with a source that is in and a stream; made once, and then copied."""
    shutil.copytree(_model(), folder)


@cache
def _model() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="killed-model-")) / "workspace"
    with closing(SharedWorkbench(folder)) as bench:
        export = folder / "upload"
        export.write_text(log_text(0))
        source = bench.add_source(HERE, "Export 0", [("0.csv", export)])
        assert bench.bring_in_next()
        bench.begin_stream(HERE, ValueStream(name=STREAM), source=source.key)
        bench.back_up(HERE, folder.parent / "backup.zip")
    return folder


def _a_backup(folder: Path) -> None:
    _a_workspace(folder)
    shutil.copy(_model().parent / "backup.zip", folder.parent)


def _check_import(folder: Path, killed: Killed) -> None:
    with closing(SharedWorkbench(folder)) as bench:
        states = {each.name: each.state for each in bench.sources(HERE)}
        for number in killed.numbers("given"):
            assert f"Export {number}" in states, f"the acknowledged export {number} is gone"
            kept = list((folder / "sources").rglob(f"{number}.csv"))
            assert [path.read_text() for path in kept] == [log_text(number)]
        for number in killed.numbers("brought in"):
            assert states[f"Export {number}"] == READY
        assert set(states.values()) <= {WAITING, IMPORTING, READY}
        while bench.bring_in_next():
            pass
        for source in bench.sources(HERE):
            assert (source.state, source.n_items) == (READY, N_ITEMS), source
        assert not list((folder / "unfinished").glob("*")), "what was half done is left"


def _check_edit(folder: Path, killed: Killed) -> None:
    with closing(SharedWorkbench(folder)) as bench:
        revisions = bench.revisions(HERE, STREAM)
        last = max(killed.numbers("saved"), default=1)
        assert revisions[0].number in (last, last + 1), "an acknowledged revision is gone"
        assert [each.number for each in revisions] == list(range(len(revisions), 0, -1))
        assert all((each.stream.title or "").startswith(f"Revision {each.number}") for each in revisions[:-1])
        saved = [each for each in bench.trail(HERE, subject=f"stream:{STREAM}") if each.deed == "save stream"]
        assert len(saved) == min(len(revisions) - 1, 100), "a revision and its deed are kept together"


def _check_migration(folder: Path, killed: Killed) -> None:
    del killed
    with closing(Database(folder)) as database, database.reading() as session:
        assert session.query(Setting).count() == 2_000
    with closing(SharedWorkbench(folder)) as bench:
        assert bench.streams(HERE) == ()


def _check_backup(folder: Path, killed: Killed) -> None:
    backup = folder.parent / "backup.zip"
    if killed.done:
        assert backup.is_file(), "an acknowledged backup is gone"
    if backup.is_file():
        _assert_whole(restore(backup, folder.parent / "restored").folder)
    with closing(SharedWorkbench(folder)) as bench:
        bench.back_up(HERE, backup)


def _check_restore(folder: Path, killed: Killed) -> None:
    restored = folder.parent / "restored"
    assert restored.exists() or not killed.done
    if restored.exists():
        _assert_whole(restored)
    else:
        restore(folder.parent / "backup.zip", restored)
    _assert_whole(folder)
    with opened_archive(folder.parent / "backup.zip") as archive:
        assert archive.manifest.entries


def _assert_whole(folder: Path) -> None:
    with closing(SharedWorkbench(folder)) as bench:
        (source,) = bench.sources(HERE)
        assert (source.state, source.n_items) == (READY, N_ITEMS)
        assert bench.source_log(HERE, source.key).events_path.is_file()
        assert bench.stream(HERE, STREAM).source_key == source.key


_PREPARED: dict[str, Callable[[Path], None]] = {
    "import": _nothing,
    "edit": _a_stream,
    "migration": _older_tables,
    "backup": _a_workspace,
    "restore": _a_backup,
}
_CHECKS: dict[str, Callable[[Path, Killed], None]] = {
    "import": _check_import,
    "edit": _check_edit,
    "migration": _check_migration,
    "backup": _check_backup,
    "restore": _check_restore,
}


def run_killed() -> None:
    """Kill two hundred processes and say how many were in the middle of something, and how many deeds were lost."""
    n_midway, n_deeds, began = Counter[str](), Counter[str](), time.monotonic()
    for seed in range(N_KILLS):
        kind = list(DEEDS)[seed % len(DEEDS)]
        killed = kill_one(kind, seed)
        n_midway[kind] += killed.at is not None
        n_deeds[kind] += len(killed.done)
    for kind in DEEDS:
        print(
            f"    {kind}: {N_KILLS // len(DEEDS)} killed, {n_midway[kind]} of them in the middle; "
            f"{n_deeds[kind]:,} deeds acknowledged, 0 lost"
        )
    print(f"    {N_KILLS} kills in {time.monotonic() - began:.0f} s; nothing lost, nothing half-done")
