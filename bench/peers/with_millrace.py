"""The questions, asked of Millrace: one `measure`, and what no command asks, of the stored visits and spans.

`measure` answers more than the other side is asked (intervals, survival, ping-pong …); its time counts whole.
"""

import json
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from bench.activity_log import ACTIVITIES, LAST_ACTIVITY
from bench.measured import account
from millrace.flow.lead_time import microseconds
from millrace.flow.spans import MEASURED
from millrace.flow.summaries import summaries
from millrace.flow.summary import SECOND
from millrace.model.value_stream import Match, Rule, Step, Value, ValueStream
from millrace.model.work_calendar import WorkCalendar
from millrace.workbench import Workbench


def stream() -> Any:
    """A step per activity, value at the last event’s end, Monday to Friday 9:00 to 17:00: as the other side counts."""
    steps = tuple(Step(name=name, match=(Match(activity=(name,)),)) for name in (*ACTIVITIES, LAST_ACTIVITY))
    return ValueStream(
        name="incidents", steps=steps, value=Value(rule=Rule(event="last")), calendar=WorkCalendar(zone="UTC")
    )


def measure(log: Path, workspace: Path) -> Any:
    """Everything that `millrace measure` answers, the log not known before."""
    return Workbench(workspace).measure(log, stream=stream())


def measured_answers(measurement: Any) -> dict[str, Any]:
    """Those answers that both sides share."""
    lead = measurement.lead_time.groups[""]
    work = sum(step.active_seconds for step in measurement.step_times.steps) / lead.n
    between = [edge for edge in measurement.edges if edge.from_step != edge.to_step]
    return {
        "durations": lead.n,
        "lead, work and wait per item": [lead.mean_seconds, work, lead.mean_seconds - work],
        "directly-follows pairs": {f"{edge.from_step} → {edge.to_step}": edge.n for edge in between},
        "waits between activities": {f"{edge.from_step} → {edge.to_step}": edge.queue_p50_seconds for edge in between},
        "variants": measurement.variants.n,
        "handovers between teams": measurement.handoffs.n,
    }


def business_waits(flow: Any) -> dict[str, float]:
    """Median wait at the start of each step, by the step before."""
    names = flow.step_names
    following = flow.visits.filter(flow.visits.previous_step >= 0)
    pairs = following.mutate(pair=(following.previous_step.cast("int32") * len(names) + following.step).cast("int32"))
    medians = {
        pair: summary["business_queue"].p50 for pair, summary in summaries(pairs, "pair", "business_queue").items()
    }
    return {
        f"{names[pair // len(names)]} → {names[pair % len(names)]}": p50.seconds
        for pair, p50 in medians.items()
        if p50 is not None
    }


def handovers_between_people(flow: Any) -> int:
    """How often work passes from each person to each other one: stored spans lie item by item, in order."""
    import numpy as np
    import pyarrow.parquet as pq

    with pq.ParquetFile(flow.folder / "spans.parquet") as spans:
        table = spans.read(["item", "person", "fidelity"], use_threads=False)
    item, person, fidelity = (column.to_numpy() for column in table.columns)
    is_work = fidelity == MEASURED
    item, person = item[is_work], person[is_work]
    passes = (item[1:] == item[:-1]) & (person[1:] != person[:-1]) & (person[1:] >= 0) & (person[:-1] >= 0)
    pairs = person[:-1][passes].astype(np.int64) * len(flow.about.people) + person[1:][passes]
    return int(np.bincount(pairs).sum())


def temporal_profile(flow: Any) -> dict[str, float]:
    """Mean seconds from the end of one activity to the start of any later one, by their names."""
    import ibis

    names = flow.step_names
    work = flow.spans.filter(flow.spans.fidelity == MEASURED)
    order = ibis.row_number().over(ibis.window(group_by=work.item, order_by=work.began_at)).cast("int32")
    began = microseconds(work.began_at)
    work = work.select("item", "step", nth=order, began=began, ended=began + work.elapsed)
    after = work.view()
    pairs = work.join(after, [work.item == after.item, work.nth < after.nth]).select(
        pair=work.step.cast("int32") * len(names) + after.step, apart=(after.began - work.ended) / SECOND
    )
    found = pairs.group_by("pair").agg(mean=pairs.apart.mean(), deviation=pairs.apart.std())
    rows = found.to_pyarrow().to_pylist()
    return {f"{names[row['pair'] // len(names)]} → {names[row['pair'] % len(names)]}": row["mean"] for row in rows}


FURTHER: dict[str, Callable[[Any], Any]] = {
    "waits between activities in business hours": business_waits,
    "handovers between people": handovers_between_people,
    "temporal profile": temporal_profile,
}
"""What no command asks: of the stored visits and spans."""


def main(log: str, warm: str, left_out: list[str]) -> None:
    """Ask everything in one process and print costs and answers as JSON; libraries are loaded and compiled before."""
    works, answers = {}, {}
    with tempfile.TemporaryDirectory(dir=Path(log).parent) as workspace:
        flow = measure(Path(warm), Path(workspace)).flow
        for ask in FURTHER.values():
            ask(flow)
        measured, works["measure"] = account(lambda: measure(Path(log), Path(workspace)))
        for name, ask in FURTHER.items():
            if name not in left_out:
                answers[name], works[name] = account(partial(ask, measured.flow))
    for name, work in works.items():
        print(f"    {name:<42} {work}", file=sys.stderr, flush=True)
    answers |= measured_answers(measured.measurement)
    print(json.dumps({"works": {name: work.as_dict() for name, work in works.items()}, "answers": answers}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
