"""The main path on a large log: Parquet → spans, visits, items on disk → all measures; beside the engine's bare sort.

The yardstick sorts the same table, its strings as they are, by item and time under the same memory limit. Both sides
begin and end as the command line does: garbage is looked for seldom, and the process ends at once.
"""

import gc
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from bench.measured import generated, ratio, run

N_ITEMS = 1_000_000
N_ITEMS_LARGE = 10_000_000


def run_path(n_items: int, repeats: int) -> None:
    """Take the yardstick and the path in turn and print the medians' ratios."""
    source = generated(n_items)
    with tempfile.TemporaryDirectory(dir=source.parent) as folder:
        run("bench.path", "measure", str(generated(1000)), folder)  # compiled code is cached from here on
        sorts, firsts, agains = [], [], []
        for _ in range(repeats):
            sorts.append(run("bench.path", "sort", str(source), folder))
            print("  bare sort          ", sorts[-1])
            shutil.rmtree(Path(folder) / "workspace", ignore_errors=True)
            firsts.append(run("bench.path", "measure", str(source), folder))
            print("  path and measures  ", firsts[-1])
            agains.append(float(run("bench.path", "again", str(source), folder).output.split()[-1]))
            print(f"  measures again      {agains[-1]:7.2f} s wall")
        sort = sorted(each.wall for each in sorts)[len(sorts) // 2]
        ratio(sorted(each.wall for each in firsts)[len(firsts) // 2], sort, 0.8, "path and measures, wall")
        ratio(sorted(agains)[len(agains) // 2], sort, 0.15, "all measures again, wall")
        print(f"    peak memory: {max(each.peak_mb for each in firsts):,.0f} MB")


def run_speed() -> None:
    """10 million events."""
    print(f"Main path, {N_ITEMS:,} items of about 10 events", flush=True)
    run_path(N_ITEMS, 3)


def run_large() -> None:
    """100 million events, once."""
    print(f"Main path, {N_ITEMS_LARGE:,} items of about 10 events", flush=True)
    run_path(N_ITEMS_LARGE, 1)


def _sort(source: Path, folder: Path) -> None:
    from millrace.eventlog.engine import connect, text

    connection = connect(folder / "spill")
    query = f'SELECT * FROM read_parquet({text(source)}) ORDER BY item_id, "at"'
    for _ in connection.sql(query).to_arrow_reader(1_000_000):
        pass


def _measure(source: Path, folder: Path) -> float:
    from millrace.workbench import Workbench

    bench = Workbench(folder / "workspace")
    began = time.monotonic()
    bench.measure(source)
    return time.monotonic() - began


if __name__ == "__main__":
    gc.set_threshold(50_000)  # as the command line does
    task, source, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    if task == "sort":
        _sort(source, folder)
    elif task == "measure":
        _measure(source, folder)
    else:
        _measure(source, folder)  # loads the libraries and finds the flow
        print(_measure(source, folder))
    sys.stdout.flush()
    os._exit(0)
