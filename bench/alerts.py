"""A year of a published log lived again day by day: what is told, each alert once, and how long a look takes."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from millrace.govern.replay import Told, replay
from millrace.model.value_stream import ValueStream
from millrace.store import Workspace
from millrace.workbench.sources import log_of, stream_of

LOG = Path(__file__).parents[2] / "shared/data/bpic2013_incidents/BPI_Challenge_2013_incidents.xes.gz"
GOVERNING = {
    "service_levels": [{"name": "Resolve", "within": "5 d", "pauses": [{"wait_reason": "requester"}]}],
    "targets": [{"name": "Lead time", "measure": "lead_time", "target": "6 d", "warning": "5 d"}],
    "watch": {"stuck": [{"after": "7 d", "held": [{"state": "waiting"}]}]},
}
LAST = datetime(2012, 5, 22, tzinfo=UTC)
N_DAYS = 365


def run_alerts() -> None:
    """Look at the log as it was known on each day of its last year."""
    if not LOG.exists():
        raise SystemExit(f"The published log {LOG.name} is not in ../shared/data.")
    with TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        log = log_of(workspace, [LOG], None, lambda *_: None)
        stream = ValueStream.model_validate({**stream_of(workspace, log).model_dump(), **GOVERNING})
        began = perf_counter()
        told = list(replay(log, stream, [LAST - timedelta(days=n) for n in reversed(range(N_DAYS))]))
        seconds = perf_counter() - began
    print(f"{N_DAYS} looks at {LOG.name}: {seconds:.0f} s, {seconds / N_DAYS:.2f} s a look; {len(told)} alerts told")
    for kind, n in Counter(each.signal.kind for each in told).most_common():
        print(f"  {kind:16} {n:6}   told twice: {_twice(told, kind)}   told ahead: {_ahead(told, kind)}")


def _twice(told: list[Told], kind: str) -> int:
    """Occasions that were told more than once."""
    counts = Counter(each.signal.fingerprint for each in told if each.signal.kind == kind)
    return sum(n > 1 for n in counts.values())


def _ahead(told: list[Told], kind: str) -> int:
    """Alerts that were told before what they are about had begun."""
    return sum(each.signal.kind == kind and each.signal.began_at > each.at for each in told)
