"""`millrace report` from a cold start: a new process, no workspace, with and without code compiled before."""

import sys
import tempfile
from pathlib import Path

from bench.measured import REAL_LOGS, Run, limit, median, run_command

REAL_LOG = REAL_LOGS / "bpic2013_incidents" / "VINST-new.csv.gz"
MOST_SECONDS = 15
REPEATS = 3


def run() -> None:
    """Write the report on a published log of 65,533 events, where it is there."""
    if not REAL_LOG.exists():
        print(f"Report: {REAL_LOG.name} is not in {REAL_LOG.parent}; skipped.", flush=True)
        return
    print(f"Report on {REAL_LOG.name}", flush=True)
    _report(None)  # compiled code is cached from here on
    runs: dict[str, list[Run]] = {"compiled before": [], "nothing compiled": []}
    for _ in range(REPEATS):
        with tempfile.TemporaryDirectory() as empty:
            for name, cache in (("compiled before", None), ("nothing compiled", empty)):
                runs[name].append(_report(cache))
                print(f"  {name:<17}", runs[name][-1], flush=True)
    for name, each in runs.items():
        limit(median([run.wall for run in each]), MOST_SECONDS, "s", f"{name}, wall")
        limit(median([run.cpu for run in each]), MOST_SECONDS, "s", f"{name}, CPU, all cores together")


def _report(compiled_code: str | None) -> Run:
    millrace = str(Path(sys.executable).with_name("millrace"))
    with tempfile.TemporaryDirectory() as folder:
        written = ["-o", f"{folder}/report.html", "--workspace", f"{folder}/workspace"]
        environment = {"NUMBA_CACHE_DIR": compiled_code} if compiled_code else None
        return run_command([millrace, "report", str(REAL_LOG), *written], environment)
