"""Causes of a million waits: all of it, from the events on disk to the last microsecond, and the delay tree."""

import json
import sys
import tempfile
from pathlib import Path

from bench.measured import account, generated_work, limit, run, told

N_ITEMS = 100_000
"""About a million pieces of work, nearly as many waits."""
LEAST_WAITS_PER_SECOND = 100_000
MOST_MB = 3000


def run_waits() -> None:
    """Split the waits of an activity log, in a process of its own."""
    found = told(run("bench.waits", str(generated_work(N_ITEMS))).output)
    split, n_waits = found["waits"], found["n_waits"]
    print(f"Causes of {n_waits:,} waits, hours of {found['n_people']:,} people mined from the log", flush=True)
    print(f"    {n_waits / split['cpu']:,.0f} waits per CPU second", flush=True)
    limit(split["cpu"], n_waits / LEAST_WAITS_PER_SECOND, "s", "CPU")
    limit(split["peak_mb"], MOST_MB, "MB", "peak of memory")
    print(f"    {found['tree']['cpu']:,.2f} s CPU for the delay tree of {found['n_leaves']:,} leaves", flush=True)


def _split(path: Path) -> None:
    """Bring the log in, cut it, split its waits twice: for the first, code is compiled."""
    from millrace.diagnose.delay_tree import delay_tree
    from millrace.diagnose.waits.waits import waits
    from millrace.flow.flow import Flow
    from millrace.workbench import Workbench

    with tempfile.TemporaryDirectory() as folder:
        flow = Workbench(folder).waits(path).waits.flow
        again = Flow.open(flow.folder, flow.events_path)
        split, work = account(lambda: waits(again))
        tree, tree_work = account(lambda: delay_tree(again, causes=split))
        about = {"n_waits": split.n, "n_people": len(flow.about.people), "n_leaves": len(list(tree.root.leaves))}
        print(json.dumps({**about, "waits": work.as_dict(), "tree": tree_work.as_dict()}))


if __name__ == "__main__":
    _split(Path(sys.argv[1]))
