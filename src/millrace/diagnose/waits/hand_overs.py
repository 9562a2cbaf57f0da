"""Hand-overs: waits added up by who handed what to whom, or one by one; as tables."""

from typing import Any

import numpy as np

from millrace.diagnose.waits.cause import CAUSES
from millrace.diagnose.waits.waits import Waits
from millrace.flow.flow import Flow
from millrace.flow.spans import NOTHING
from millrace.flow.summary import SECOND

BETWEEN = ("from_activity", "from_person", "to_activity", "to_person")


def hand_overs(waits: Waits) -> Any:
    """One row per hand-over, longest wait first, as an Arrow table.

    Columns: `from_activity`, `from_person`, `to_activity`, `to_person` (the team where no person is known), `n`,
    `n_items`, `wait_seconds` and the seconds of every cause, which add up to it; null for those the log cannot show.
    """
    import duckdb

    microseconds = ", ".join(f"sum({cause}) / {SECOND} AS {cause}_seconds" for cause in CAUSES)
    with duckdb.connect() as connection:
        connection.register("hand_over", _microseconds(waits))
        return connection.sql(f"""
            SELECT {", ".join(BETWEEN)}, count(*) AS n, count(DISTINCT item) AS n_items,
                   sum(whole) / {SECOND} AS wait_seconds, {microseconds}
            FROM hand_over GROUP BY {", ".join(BETWEEN)}
            ORDER BY wait_seconds DESC, {", ".join(f"{column} NULLS FIRST" for column in BETWEEN)}
        """).to_arrow_table()


def each_wait(waits: Waits) -> Any:
    """One row per hand-over of each item, in order of time, as an Arrow table.

    Columns: `item`, those of `hand_overs` that name it, `ready_at`, `started_at`, `wait_seconds`, and every cause's.
    """
    import duckdb

    seconds = ", ".join(f"{cause} / {SECOND} AS {cause}_seconds" for cause in CAUSES)
    with duckdb.connect() as connection:
        connection.register("hand_over", _microseconds(waits))
        connection.register("keys", _keys(waits.flow))
        return connection.sql(f"""
            SELECT k.key AS item, {", ".join(BETWEEN)}, make_timestamp(ready_at) AS ready_at,
                   make_timestamp(started_at) AS started_at, whole / {SECOND} AS wait_seconds, {seconds}
            FROM hand_over h JOIN keys k USING (item) ORDER BY ready_at, started_at, k.key, to_activity
        """).to_arrow_table()


def _microseconds(waits: Waits) -> Any:
    """A row per work that was handed over, or that queued before anyone had worked; microseconds by cause."""
    import pyarrow as pa

    works, about = waits.work.records, waits.flow.about
    rows = np.flatnonzero((works["previous"] != NOTHING) | (works["ready_at"] < works["started_at"]))
    here, before = works[rows], works[works["previous"][rows]]
    is_first = here["previous"] == NOTHING
    activities, people, teams = (_texts(names) for names in (waits.work.activities, about.people, about.teams))

    def who(done: Any) -> Any:
        return np.where(done["person"] != NOTHING, people[done["person"]], teams[done["team"]])

    causes = waits.by_work[rows]
    return pa.table(
        {
            "item": here["item"],
            "from_activity": pa.array(np.where(is_first, None, activities[before["activity"]]), pa.string()),
            "from_person": pa.array(np.where(is_first, None, who(before)), pa.string()),
            "to_activity": pa.array(activities[here["activity"]], pa.string()),
            "to_person": pa.array(who(here), pa.string()),
            "ready_at": here["ready_at"],
            "started_at": here["started_at"],
            "whole": causes.sum(axis=1),
            **{
                str(cause): pa.nulls(len(rows), pa.int64()) if cause in waits.untold else causes[:, code]
                for code, cause in enumerate(CAUSES)
            },
        }
    )


def _texts(names: tuple[str, ...]) -> Any:
    """The names by code; `NOTHING` comes last and stands for none."""
    return np.array([*names, None], object)


def _keys(flow: Flow) -> Any:
    """The key that people know each item by."""
    table = flow.items.join(flow.attribute(flow.key_column), "last_row")
    return table.select("item", key=table.label).to_pyarrow()
