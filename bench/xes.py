"""Reading XES: the product's reader beside two Rust readers, each in a process of its own, libraries loaded before.

The product puts the log into a table of the engine, the others into a data frame; all keep every attribute.
"""

import json
import sys
from pathlib import Path
from typing import Any

from bench import measured
from bench.environment import MINERS, peers_python
from bench.measured import REAL_LOGS, Work, account, generated_work, limit, median, ratio, told

REAL_LOG = REAL_LOGS / "road_traffic_fines" / "Road_Traffic_Fine_Management_Process.xes.gz"
N_ITEMS, N_ITEMS_WARM = 50_000, 100
READERS, OURS = ("rustxes", "r4pm"), "millrace"
MOST_RATIO, MOST_GROWTH_MB = 1.5, 500


def read_beside(log: Path, repeats: int = 3) -> None:
    """Read one log with each reader in turn, `repeats` times, and print the medians' ratios."""
    warm, peers = str(generated_work(N_ITEMS_WARM, "xes")), peers_python(MINERS)
    readings: dict[str, list[Work]] = {reader: [] for reader in (*READERS, OURS)}
    for _ in range(repeats):
        n_events = set()
        for reader, works in readings.items():
            if reader == OURS:
                said = told(measured.run("bench.xes", warm, str(log)).output)
            else:
                said = told(measured.run("bench.peers.rust_readers", reader, warm, str(log), python=peers).output)
            n_events.add(said["n_events"])
            works.append(Work(**said["work"]))
            print(f"  {reader:<9}", works[-1], flush=True)
        if len(n_events) > 1:
            raise SystemExit(f"The readers find different numbers of events: {n_events}")
    for seconds in ("wall", "cpu"):
        medians = {reader: median([getattr(work, seconds) for work in works]) for reader, works in readings.items()}
        fastest = min(READERS, key=lambda reader: medians[reader])
        ratio(medians[OURS], medians[fastest], MOST_RATIO, f"{seconds}, beside {fastest}")
    limit(max(work.grown_mb for work in readings[OURS]), MOST_GROWTH_MB, "MB", "growth of memory")


def run() -> None:
    """The published log, where it is there, and a generated one."""
    if REAL_LOG.exists():
        print(f"XES, {REAL_LOG.name}", flush=True)
        read_beside(REAL_LOG)
    else:
        print(f"XES: {REAL_LOG.name} is not in {REAL_LOG.parent}; skipped.", flush=True)
    generated = generated_work(N_ITEMS, "xes")
    print(f"XES, generated, {generated.stat().st_size / 1e6:,.0f} MB", flush=True)
    read_beside(generated)


def _read(warm: Path, log: Path) -> dict[str, Any]:
    from millrace.eventlog.engine import connect
    from millrace.ingest.reading import read_source

    read_source(warm, connect())  # loads the libraries and the compiled code
    connection = connect()
    table, work = account(lambda: read_source(log, connection))
    return {"work": work.as_dict(), "n_events": table.n_rows}


if __name__ == "__main__":
    print(json.dumps(_read(Path(sys.argv[1]), Path(sys.argv[2]))))
