"""The activity graph: which activity directly follows which, how often and after how long; the map of what happened."""

from dataclasses import dataclass

from millrace.eventlog.engine import text
from millrace.eventlog.schema import Shape
from millrace.flow.flow import Flow
from millrace.flow.selection import EVERYTHING, Selection, selected
from millrace.flow.summary import SECOND
from millrace.flow.variants import variants


@dataclass(frozen=True)
class Activity:
    """An activity (a status, in a log that has no activities) with its events, its items, and the items it is first
    and last in."""

    name: str
    n_events: int
    n_items: int
    n_first: int
    n_last: int


@dataclass(frozen=True)
class ActivityPath:
    """Events that directly follow events of the same item; seconds from the end of the one to the start of the next.

    Work that overlaps follows after no time.
    """

    from_activity: str
    to_activity: str
    n: int
    p50_seconds: float
    p85_seconds: float
    total_seconds: float


@dataclass(frozen=True)
class ActivityGraph:
    """Activities and paths, most frequent first. `usual_path` is the most frequent sequence, without repetitions."""

    activities: tuple[Activity, ...]
    paths: tuple[ActivityPath, ...]
    usual_path: tuple[str, ...]
    n_items: int


def activity_graph(flow: Flow, *, selection: Selection = EVERYTHING) -> ActivityGraph:
    """Directly-follows pairs over whole lives, ties in the order of the source; on the elapsed clock."""
    sequence = _sequence(flow, selection)
    activities = flow.engine.raw_sql(f"""
        {sequence}
        SELECT label, count(*) AS n, count(DISTINCT item_id), count(*) FILTER (nth = 1),
               count(*) FILTER (next_label IS NULL)
        FROM sequence GROUP BY label ORDER BY n DESC, label
    """).fetchall()
    paths = flow.engine.raw_sql(f"""
        {sequence}
        SELECT label, next_label, count(*) AS n, quantile_cont(gap, [0.5, 0.85]), sum(gap)
        FROM (SELECT label, next_label, greatest(next_begins - ends, 0) AS gap FROM sequence
              WHERE next_label IS NOT NULL)
        GROUP BY label, next_label ORDER BY n DESC, label, next_label
    """).fetchall()
    usual = variants(flow, top=1, selection=selection).top
    return ActivityGraph(
        tuple(Activity(*row) for row in activities),
        tuple(
            ActivityPath(a, b, n, p50 / SECOND, p85 / SECOND, total / SECOND) for a, b, n, (p50, p85), total in paths
        ),
        tuple(dict.fromkeys(usual[0].sequence)) if usual else (),
        sum(first for *_, first, _ in activities),
    )


def _sequence(flow: Flow, selection: Selection) -> str:
    """The events, each with its place in its item's life and the event that follows it."""
    known = [column for column in ("activity", "status") if column in flow.about.columns]
    begins = 'coalesce(started_at, "at")' if flow.about.shape is Shape.ACTIVITY_LOG else '"at"'
    events = f"read_parquet({text(flow.events_path)}, file_row_number = true)"
    covered = ""
    if not selection.is_everything:
        rows = flow.engine.compile(selected(flow, selection).select("last_row"))
        covered = f"WHERE item_id IN (SELECT item_id FROM {events} WHERE file_row_number IN ({rows}))"
    return f"""
        WITH told AS (
            SELECT item_id, coalesce({", ".join(known)}, '?') AS label, epoch_us({begins}) AS begins,
                   epoch_us("at") AS ends, position, file_row_number
            FROM {events} {covered}),
        sequence AS (
            SELECT item_id, label, ends, row_number() OVER life AS nth, lead(label) OVER life AS next_label,
                   lead(begins) OVER life AS next_begins
            FROM told WINDOW life AS (PARTITION BY item_id ORDER BY begins, ends, position, file_row_number))
    """
