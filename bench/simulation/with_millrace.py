"""One simulation by Millrace in a process of its own, its event log written; what it cost as JSON."""

import json
import sys
import tempfile
from pathlib import Path

from bench.measured import account
from bench.simulation.tandem import period, tandem, with_everything
from millrace.eventlog.schema import Shape
from millrace.simulate.engine.run import run
from millrace.simulate.simulated_log import simulated_log

STREAMS = {"tandem": tandem, "everything": with_everything}


def simulate(name: str, n_items: int, folder: Path) -> tuple[int, int]:
    """Items demanded and rows written."""
    ran = run(STREAMS[name](), period(n_items), seed=1)
    log = simulated_log([ran], folder, shape=Shape.ACTIVITY_LOG)
    return len(ran.items.uid), log.about.readiness.n_rows_kept


def main(name: str, n_items: int) -> None:
    """Once small, so that libraries are loaded, then as asked."""
    with tempfile.TemporaryDirectory() as folder:
        simulate(name, 100, Path(folder) / "small")
        (n, n_rows), work = account(lambda: simulate(name, n_items, Path(folder) / "log"))
    print(json.dumps({"n_items": n, "n_rows": n_rows, "work": work.as_dict()}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
