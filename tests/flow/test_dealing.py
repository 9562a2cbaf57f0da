"""Events find their item whatever its id looks like, and their order whatever the log's."""

import random
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from logs import DESK, Row, Written, hour, write_log

from millrace.eventlog.engine import connect
from millrace.flow.cut import cut
from millrace.flow.dealing import deal, laid_out
from millrace.flow.lead_time import lead_time

IDS = st.one_of(st.text(max_size=40), st.binary(max_size=40).map(lambda given: given.decode("latin-1")))


def laid_out_rows(rows: list[tuple[str, int, int]], n_hands: int) -> list[list[int]]:
    """The row numbers of each item, in order, of rows (id, at, position) dealt into so many hands."""
    texts = [item.encode() for item, _, _ in rows]
    ends = np.cumsum([0, *map(len, texts)]).astype(np.int32)
    at, position = (np.array([row[k] for row in rows], np.int64) for k in (1, 2))
    nothing = np.zeros(len(rows), np.int32)
    dealt, begins = deal(
        np.frombuffer(b"".join(texts) or b" ", np.uint8), ends, at, at, position, nothing, nothing, 0, n_hands
    )
    items = []
    for hand in range(n_hands):
        events, n_items = laid_out(dealt[begins[hand] : begins[hand + 1]], np.arange(1, dtype=np.int32))
        items += [events.row[events.item == item].tolist() for item in range(n_items)]
    return items


@given(st.lists(st.tuples(IDS, st.integers(0, 3), st.integers(0, 2)), max_size=60), st.integers(1, 4))
@settings(deadline=None)
def test_each_item_has_its_own_events_in_order(rows: list[tuple[str, int, int]], n_hands: int) -> None:
    expected: dict[str, list[int]] = {}
    for number, (item, _, _) in sorted(enumerate(rows), key=lambda each: (each[1][1], each[1][2], each[0])):
        expected.setdefault(item, []).append(number)

    found = laid_out_rows(rows, n_hands)

    assert sorted(found) == sorted(expected.values())


def test_an_item_with_very_many_events_is_in_order() -> None:
    chance = random.Random(7)
    rows = [("a", chance.randrange(500), chance.randrange(3)) for _ in range(20_000)]

    (found,) = laid_out_rows(rows, 1)

    assert found == sorted(range(len(rows)), key=lambda row: rows[row][1:])


@pytest.mark.parametrize("length", [1, 14, 15, 16, 17, 36, 300])
def test_ids_that_differ_in_one_letter_are_two_items(length: int) -> None:
    ids = {"a" * length, *("a" * k + "b" + "a" * (length - k - 1) for k in range(length)), "a" * (length + 1)}

    found = laid_out_rows([(item, 0, 0) for item in ids for _ in range(2)], 3)

    assert sorted(map(len, found)) == [2] * len(ids)


@pytest.mark.parametrize("kind", [pa.large_string(), pa.dictionary(pa.int16(), pa.string()), pa.string_view()])
@pytest.mark.parametrize("group_rows", [1, 100])
def test_a_log_may_hold_its_texts_in_any_form(tmp_path: Path, kind: pa.DataType, group_rows: int) -> None:
    rows = [
        Row("a", hour(0), status="New", team="A", person="Ada"),
        Row("b", hour(2), status="New", person="Ben"),
        Row("a", hour(5), status="Resolved", team="B"),
    ]
    log = write_log(rows, tmp_path, Written())
    table = pq.read_table(log.events_path)
    for name in ("item_id", "status", "team", "person"):
        table = table.set_column(table.schema.get_field_index(name), name, table[name].cast(kind))
    pq.write_table(table, log.events_path, row_group_size=group_rows)

    with connect() as connection:
        flow = cut(log, DESK, tmp_path, connection)

    assert flow.about.people == ("Ada", "Ben")
    assert flow.about.n_items == 2
    assert lead_time(flow).groups[""].p50.seconds == 5 * 3600
