"""The tandem queue in Prosimos; runs in Prosimos' environment and writes its log. What it cost as JSON."""

import json
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

PEOPLE = (5, 8, 10, 6, 4, 3)
UTILISATION, ITEMS_PER_SECOND = 0.8, 0.01
LONGEST = 1e9
WHOLE_WEEK = [{"from": "MONDAY", "to": "SUNDAY", "beginTime": "00:00:00", "endTime": "23:59:59.999999"}]


def main(n_items: int) -> None:
    """Simulate so many items."""
    from prosimos.simulation_engine import run_simulation

    with tempfile.TemporaryDirectory() as place:
        process, parameters, log = (Path(place) / name for name in ("tandem.bpmn", "tandem.json", "log.csv"))
        process.write_text(_process(), "utf-8")
        parameters.write_text(json.dumps(_parameters()), "utf-8")
        began = time.process_time()
        run_simulation(str(process), str(parameters), n_items, log_out_path=str(log))
        cpu = time.process_time() - began
        n_records = sum(1 for _ in log.open(encoding="utf-8")) - 1
    print(json.dumps({"n_items": n_items, "cpu": cpu, "n_records": n_records}))


def _process() -> str:
    """A start, one task after the other, an end."""
    nodes = ["start", *(f"task{nth}" for nth in range(len(PEOPLE))), "end"]
    flows = [
        f'<sequenceFlow id="flow{nth}" sourceRef="{source}" targetRef="{target}"/>'
        for nth, (source, target) in enumerate(pairwise(nodes))
    ]
    tasks = [
        f'<task id="task{nth}" name="step {nth}">'
        f"<incoming>flow{nth}</incoming><outgoing>flow{nth + 1}</outgoing></task>"
        for nth in range(len(PEOPLE))
    ]
    ends = '<startEvent id="start"><outgoing>flow0</outgoing></startEvent>'
    ends += f'<endEvent id="end"><incoming>flow{len(PEOPLE)}</incoming></endEvent>'
    inside = "".join((ends, *tasks, *flows))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="http://tandem">'
        f'<process id="tandem" isExecutable="false">{inside}</process></definitions>'
    )


def _parameters() -> dict[str, Any]:
    def drawn(mean: float) -> dict[str, Any]:
        values = (mean, 0.0, LONGEST)
        return {"distribution_name": "expon", "distribution_params": [{"value": value} for value in values]}

    return {
        "resource_profiles": [
            {
                "id": f"team{nth}",
                "name": f"team {nth}",
                "resource_list": [
                    {"id": f"person{nth}", "name": f"person {nth}", "cost_per_hour": 0, "amount": n, "calendar": "all"}
                ],
            }
            for nth, n in enumerate(PEOPLE)
        ],
        "resource_calendars": [{"id": "all", "name": "all", "time_periods": WHOLE_WEEK}],
        "task_resource_distribution": [
            {
                "task_id": f"task{nth}",
                "resources": [{"resource_id": f"person{nth}", **drawn(UTILISATION * n / ITEMS_PER_SECOND)}],
            }
            for nth, n in enumerate(PEOPLE)
        ],
        "arrival_time_distribution": drawn(1 / ITEMS_PER_SECOND),
        "arrival_time_calendar": WHOLE_WEEK,
        "gateway_branching_probabilities": [],
    }


if __name__ == "__main__":
    main(int(sys.argv[1]))
