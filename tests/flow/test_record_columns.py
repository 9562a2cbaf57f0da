"""Records taken apart field by field, whatever their fields' widths."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from millrace.flow.record_columns import record_columns
from millrace.flow.visits import OUTCOME, VISIT

MIXED = np.dtype(
    [("a", np.int8), ("b", np.int64), ("c", np.bool_), ("d", np.int16), ("e", np.int32), ("f", np.int64)], align=True
)


@settings(deadline=None)
@given(st.integers(0, 40), st.integers(0, 2**32 - 1))
def test_every_field_is_a_column_of_its_own(n: int, seed: int) -> None:
    numbers = np.random.default_rng(seed)
    records = np.zeros(n, MIXED)
    for field in MIXED.names or ():
        records[field] = numbers.integers(0, 2, n) if field == "c" else numbers.integers(-100, 100, n)
    found = record_columns(records, leave_out=("e",))
    assert list(found) == ["a", "b", "c", "d", "f"]
    for name, column in found.items():
        assert column.dtype == MIXED[name]
        assert column.tolist() == records[name].tolist()


def test_visits_and_outcomes_can_be_taken_apart() -> None:
    for table in (VISIT, OUTCOME):
        assert table.isalignedstruct
        assert list(record_columns(np.zeros(2, table))) == list(table.names or ())
