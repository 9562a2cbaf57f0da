"""One writer at a time, readers beside it, on both databases."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy.exc import InternalError, SQLAlchemyError

from millrace.errors import MillraceError
from millrace.store.database import Database
from millrace.store.streams import Setting

SOON_SECONDS = 10


@pytest.fixture
def opened(tmp_path: Path, database: str | None) -> Iterator[Database]:
    made = Database(tmp_path, database)
    yield made
    made.close()


def value_of(opened: Database) -> int | None:
    with opened.reading() as session:
        kept = session.get(Setting, "counter")
        return kept.version if kept else None


def test_a_reader_does_not_wait_for_the_writer(opened: Database) -> None:
    with ThreadPoolExecutor(1) as pool, opened.transaction() as session:
        session.add(Setting(name="counter", value={}))
        session.flush()
        assert pool.submit(value_of, opened).result(SOON_SECONDS) is None
    assert value_of(opened) == 1


def test_the_writer_does_not_wait_for_a_reader(opened: Database) -> None:
    def write() -> None:
        with opened.transaction() as session:
            session.merge(Setting(name="counter", value={}, version=5))

    with ThreadPoolExecutor(1) as pool, opened.reading() as session:
        assert session.get(Setting, "counter") is None
        pool.submit(write).result(SOON_SECONDS)
        session.expire_all()
        assert session.get(Setting, "counter") is None, "a reader sees one state"
    assert value_of(opened) == 5


def test_a_reader_cannot_write(opened: Database) -> None:
    with pytest.raises((InternalError, MillraceError)), opened.reading() as session:
        session.add(Setting(name="counter", value={}))
    assert value_of(opened) is None
    with opened.transaction() as session:
        session.add(Setting(name="counter", value={}))
    assert value_of(opened) == 1


def test_who_looks_and_then_writes_is_alone_from_the_look_on(opened: Database) -> None:
    """Twenty threads count up from what they saw; none counts from what another is about to change."""
    with opened.transaction() as session:
        session.add(Setting(name="counter", value={}, version=0))

    def count_up(_: int) -> None:
        with opened.transaction() as session:
            seen = session.get_one(Setting, "counter")
            seen.version += 1

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(count_up, range(20)))

    assert value_of(opened) == 20


def test_what_fails_half_way_leaves_nothing(opened: Database) -> None:
    def fail_half_way() -> None:
        with opened.transaction() as session:
            session.add(Setting(name="counter", value={}))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert value_of(opened) is None


def test_a_mistake_of_ours_is_not_taken_for_a_database_that_is_away(opened: Database) -> None:
    with pytest.raises(SQLAlchemyError), opened.transaction() as session:
        session.connection().exec_driver_sql("SELECT nothing FROM nowhere")


def test_readers_and_writers_work_side_by_side(opened: Database) -> None:
    """While a writer keeps two settings equal, no reader ever sees them differ."""
    is_over = Event()

    def write() -> None:
        for version in range(1, 40):
            with opened.transaction() as session:
                for name in ("left", "right"):
                    session.merge(Setting(name=name, value={}, version=version))
        is_over.set()

    def look() -> int:
        n_looks = 0
        while not is_over.is_set():
            with opened.reading() as session:
                left, right = session.get(Setting, "left"), session.get(Setting, "right")
                assert (left and left.version) == (right and right.version)
            n_looks += 1
        return n_looks

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(look) for _ in range(3)]
        pool.submit(write).result(60)
        assert all(reader.result(SOON_SECONDS) > 0 for reader in readers)
