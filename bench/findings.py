"""All findings of a million events, as a status log and as an activity log: time, memory, and the dearest kinds."""

import json
import sys
import tempfile
import time
from pathlib import Path

from bench.measured import account, generated, generated_work, limit, run, told

N_ITEMS = 100_000
"""About a million events."""
MOST_SECONDS, MOST_MB = 60, 3000
DEAREST = 5


def run_findings() -> None:
    """Look for every kind in both shapes of log, each in a process of its own."""
    for shape, path in (("status log", generated(N_ITEMS)), ("activity log", generated_work(N_ITEMS))):
        found = told(run("bench.findings", str(path)).output)
        print(f"Findings in a {shape} of {found['n_events']:,} events: {found['n_findings']}", flush=True)
        for kind, seconds in found["dearest"]:
            print(f"    {kind:<24} {seconds:6.2f} s", flush=True)
        limit(found["work"]["wall"], MOST_SECONDS, "s", "wall")
        limit(found["work"]["cpu"], MOST_SECONDS, "s", "CPU")
        limit(found["work"]["peak_mb"], MOST_MB, "MB", "peak of memory")


def _look(path: Path) -> None:
    """Bring the log in, cut it, look for every kind twice: for the first, code is compiled."""
    from millrace.diagnose.findings.findings import findings
    from millrace.diagnose.findings.registry import KINDS
    from millrace.flow.flow import Flow
    from millrace.workbench import Workbench

    with tempfile.TemporaryDirectory() as folder:
        flow = Workbench(folder).findings(path).flow
        again = Flow.open(flow.folder, flow.events_path)
        instants = [time.monotonic()]
        found, work = account(lambda: findings(again, progress=lambda _: instants.append(time.monotonic())))
        spent = {kind.name: after - before for kind, before, after in zip(KINDS, instants, instants[1:], strict=False)}
        dearest = sorted(spent.items(), key=lambda each: -each[1])[:DEAREST]
        about = {"n_events": flow.about.n_events, "n_findings": len(found.findings)}
        print(json.dumps({**about, "dearest": dearest, "work": work.as_dict()}))


if __name__ == "__main__":
    _look(Path(sys.argv[1]))
