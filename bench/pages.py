"""Every page of a stream of a million events: how long the server takes, once the figures are at hand.

One person, no network: the application is asked within this process. `filtered` is asked with another filter each time,
so that nothing of it is at hand.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from fastapi.testclient import TestClient

from bench.measured import DATA, generated, limit
from millrace.flow.item_list import ItemMeasure
from millrace.report.charts import CHARTS
from millrace.web.app import create_app
from millrace.workbench.shared import SharedWorkbench
from millrace.workbench.shared.access import HERE
from millrace.workbench.shared.serving import ServeSettings

N_ITEMS = 100_000
"""Of about ten events each."""
REPEATS = 40
MOST_SECONDS, MOST_SECONDS_OF_MAP = 0.3, 0.15
_PATIENCE_SECONDS = 600


def run_pages() -> None:
    """Bring the log in, make everything ready, ask for every page again and again."""
    folder = DATA / "pages-workspace"
    key = _prepare(folder)
    with _asked_in(folder) as get:
        pages = _pages(folder, key)
        for name, path in pages.items():
            print(f"    {name:<34} at first {_until_shown(get, path):7.2f} s", flush=True)
        for name, path in pages.items():
            seconds = sorted(_timed(get, path) for _ in range(REPEATS))
            p50, p95 = seconds[len(seconds) // 2], seconds[int(len(seconds) * 0.95)]
            print(f"    {name:<34} p50 {1000 * p50:6.0f} ms", flush=True)
            limit(p95, MOST_SECONDS_OF_MAP if name == "map" else MOST_SECONDS, "s", f"p95 of {name}")
        _filtered(get, f"/streams/{key}/measures")


def _filtered(get: Callable[[str], int], path: str) -> None:
    """Measures of another selection each time: everything is computed."""
    seconds = sorted(_until_shown(get, f"{path}?where=category%3DCategory+{n:02}") for n in range(10))
    print(
        f"    {'measures of a new filter':<34} p50 {1000 * seconds[5]:6.0f} ms, slowest {seconds[-1]:.2f} s", flush=True
    )


def _pages(folder: Path, key: str) -> dict[str, str]:
    stream = f"/streams/{key}"
    with closing(SharedWorkbench(folder)) as bench:
        item = str(bench.stream_items(HERE, key, ItemMeasure.LEAD_TIME, per_page=1).rows[0][0])
        finding = bench.stream_findings(HERE, key).findings[0].id
    return {
        "map": stream,
        "step": f"{stream}/steps/1",
        "measures": f"{stream}/measures",
        "measures on business hours": f"{stream}/measures?clock=business",
        "measures of one priority": f"{stream}/measures?where=priority%3DP1",
        "measures by team": f"{stream}/measures?per=team",
        **{f"chart {name}": f"{stream}/charts/{name}" for name in CHARTS},
        "findings": f"{stream}/findings",
        "finding": f"{stream}/findings/{finding}",
        "items": f"{stream}/items",
        "items searched and sorted": f"{stream}/items?search=77&order=-n_events",
        "journey": f"{stream}/items/{item}",
    }


def _prepare(folder: Path) -> str:
    log = generated(N_ITEMS)
    with closing(SharedWorkbench(folder)) as bench:
        known = [view.key for view in bench.streams(HERE)]
        if known:
            return known[0]
        copied = DATA / "pages.parquet"
        copied.write_bytes(log.read_bytes())
        source = bench.add_source(HERE, "Pages", [("pages.parquet", copied)])
        bench.bring_in_next()
        return bench.begin_stream(HERE, bench.proposed_stream(HERE, source.key), source=source.key).key


@contextmanager
def _asked_in(folder: Path) -> Iterator[Callable[[str], int]]:
    with TestClient(create_app(ServeSettings(folder)), base_url="http://127.0.0.1:8017") as client:
        yield lambda path: client.get(path).status_code


def _timed(get: Callable[[str], int], path: str) -> float:
    began = time.perf_counter()
    status = get(path)
    seconds = time.perf_counter() - began
    if status != 200:
        raise SystemExit(f"{path} answers {status}")
    return seconds


def _until_shown(get: Callable[[str], int], path: str) -> float:
    """Seconds until the page is there, the pages that say how far it is left aside."""
    began = time.perf_counter()
    while (status := get(path)) == 202:
        if time.perf_counter() - began > _PATIENCE_SECONDS:
            raise SystemExit(f"{path} was not shown within {_PATIENCE_SECONDS} s")
    if status != 200:
        raise SystemExit(f"{path} answers {status}")
    return time.perf_counter() - began
