"""A page shows one state, whatever others save while it is made."""

import pytest
from sqlalchemy import event

from millrace.model.value_stream import ValueStream
from millrace.workbench.shared import Actor, SharedWorkbench

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_within_one_look_a_stream_stays_as_it_was(bench: SharedWorkbench, admin: Actor) -> None:
    key = bench.begin_stream(admin, ValueStream(name="access", title="First")).key
    with bench.one_look():
        assert bench.stream(admin, key).title == "First"
        bench.save_stream(admin, key, ValueStream(name="access", title="Second"), based_on=1)
        assert bench.stream(admin, key).title == "First"
    assert bench.stream(admin, key).title == "Second"


def test_within_one_look_the_database_is_asked_once(bench: SharedWorkbench, admin: Actor) -> None:
    key = bench.begin_stream(admin, ValueStream(name="access")).key
    asked: list[str] = []
    event.listen(bench._database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    with bench.one_look():
        bench.stream(admin, key)
        n_once = len(asked)
        for _ in range(5):
            bench.stream(admin, key)
    assert n_once > 0
    assert len(asked) == n_once


def test_what_is_not_there_is_looked_for_again(bench: SharedWorkbench, admin: Actor) -> None:
    from millrace.workbench.shared.stream_book import NoSuchStream

    with bench.one_look():
        with pytest.raises(NoSuchStream):
            bench.stream(admin, "access")
        bench.begin_stream(admin, ValueStream(name="access"))
        assert bench.stream(admin, "access").key == "access"
