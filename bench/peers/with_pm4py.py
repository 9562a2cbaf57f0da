"""The questions, asked of PM4Py; runs in the peers' environment.

PM4Py computes what its functions of these names compute, on pandas, as its guide shows. Its case durations begin at the
end of the first activity, and fail on a log with starts unless the frame's attributes are cleared: so they are.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

from bench.measured import account

HOUR = 3600
OFFICE_HOURS = [((day * 24 + 9) * HOUR, (day * 24 + 17) * HOUR) for day in range(5)]
"""Monday to Friday, 9:00 to 17:00, in seconds of the week."""


def log_of(path: str) -> Any:
    """The Parquet file as PM4Py wants it: sorted, under its names."""
    import pandas
    import pm4py

    frame = pandas.read_parquet(path)
    frame = frame.rename(columns={"team": "org:group", "person": "org:resource"})
    return pm4py.format_dataframe(
        frame, case_id="item_id", activity_key="activity", timestamp_key="at", start_timestamp_key="started_at"
    )


def questions(log: Any) -> dict[str, Callable[[], Any]]:
    """What is asked, by name; each gives the answer in a form that both sides share."""
    import pm4py

    starts = {"start_timestamp_key": "start_timestamp"}
    without_starts = log.copy(deep=False)
    without_starts.attrs = {}
    hours = {"business_hours": True, "business_hour_slots": OFFICE_HOURS}
    return {
        "durations": lambda: len(pm4py.get_all_case_durations(without_starts)),
        "durations in business hours": lambda: len(pm4py.get_all_case_durations(without_starts, **hours)),
        "directly-follows pairs": lambda: _counts(pm4py.discover_dfg(log)[0]),
        "waits between activities": lambda: _medians(pm4py.discover_performance_dfg(log)[0]),
        "waits between activities in business hours": lambda: _medians(pm4py.discover_performance_dfg(log, **hours)[0]),
        "variants": lambda: len(pm4py.get_variants(log)),
        "work per activity": lambda: pm4py.get_service_time(log, aggregation_measure="median", **starts),
        "lead, work and wait per item": lambda: _means(pm4py.insert_case_service_waiting_time(log, **starts)),
        "cycle time": lambda: pm4py.get_cycle_time(log) is None,
        "arrivals": lambda: pm4py.get_case_arrival_average(log) is None,
        "rework": lambda: pm4py.get_rework_cases_per_activity(log),
        "handovers between teams": lambda: _handovers(log, "org:group"),
        "handovers between people": lambda: _handovers(log, "org:resource"),
        "temporal profile": lambda: {
            f"{a} → {b}": mean for (a, b), (mean, _) in pm4py.discover_temporal_profile(log).items()
        },
    }


def _counts(pairs: dict[Any, int]) -> dict[str, int]:
    return {f"{a} → {b}": int(n) for (a, b), n in pairs.items() if a != b}


def _medians(pairs: dict[Any, Any]) -> dict[str, float]:
    return {f"{a} → {b}": float(figures["median"]) for (a, b), figures in pairs.items() if a != b}


def _means(log: Any) -> list[float]:
    items = log.groupby("case:concept:name", sort=False)[["@@sojourn_time", "@@service_time", "@@waiting_time"]].first()
    return [float(mean) for mean in items.mean()]


def _handovers(log: Any, key: str) -> int:
    """How often work passes to another; PM4Py gives each pair's share of all steps onwards."""
    import pm4py

    pairs = pm4py.discover_handover_of_work_network(log, resource_key=key).connections
    n_onwards = len(log) - log["case:concept:name"].nunique()
    n_handovers: int = round(n_onwards * sum(share for (a, b), share in pairs.items() if a != b))
    return n_handovers


def main(path: str, left_out: list[str]) -> None:
    """Ask everything in one process and print costs and answers as JSON; the import of PM4Py is not counted."""
    import pm4py  # noqa: F401

    log, work = account(lambda: log_of(path))
    works, answers = {"reading": work}, {}
    for name, ask in questions(log).items():
        if name in left_out:
            continue
        answers[name], works[name] = account(ask)
        print(f"    {name:<42} {works[name]}", file=sys.stderr, flush=True)
    print(json.dumps({"works": {name: work.as_dict() for name, work in works.items()}, "answers": answers}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
