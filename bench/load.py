"""Fifty people browse a served workspace of a million events for two minutes: how long every page takes, and memory.

`MILLRACE_LOAD_SECONDS` shortens it while trying things out; the limits are those of the whole two minutes.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from bench.measured import DATA, generated, limit
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.source_book import READY

N_VISITORS = 50
SECONDS = int(os.environ.get("MILLRACE_LOAD_SECONDS", "120"))
N_ITEMS = 100_000
"""Of about ten events each."""
MOST_SECONDS = 1.0
MOST_GROWTH = 1.1
"""How much larger the server may be at the end than at half time."""
EMAIL, PASSWORD = "ada@example.org", "four words in a row"
STREAM = "load"
_PATIENCE_SECONDS = 600


@dataclass(frozen=True)
class Page:
    """What was met of one page: seconds of each answer, in ascending order, and how many answers had which status."""

    name: str
    seconds: tuple[float, ...]
    statuses: Counter[str]

    def at(self, share: float) -> float:
        """The seconds that this share of the answers took at most."""
        return self.seconds[min(len(self.seconds) - 1, int(share * len(self.seconds)))]

    @property
    def n_failed(self) -> int:
        """Answers that were not the page."""
        return sum(n for status, n in self.statuses.items() if status != "200")


def run_load() -> None:
    """Serve, let fifty people browse, and print what they met."""
    folder = DATA / "load-workspace"
    sessions = _prepare(folder)
    with _served(folder) as (url, server):
        pages = _pages()
        _warm_up(url, sessions[0], pages)
        at_start = _memory_mb(server)
        print(f"    {N_VISITORS} people browse for {SECONDS} s", flush=True)
        before = _cpu_seconds(server)
        met, at_half = _visited(url, sessions, pages, server)
        at_end, cpu = _memory_mb(server), _cpu_seconds(server) - before
    _print(met)
    n_answers = sum(len(page.seconds) for page in met)
    print(f"    {n_answers:,} answers took {cpu:.1f} s of the processor, {1000 * cpu / n_answers:.0f} ms each")
    print(f"    memory: {at_start:,.0f} MB warm, {at_half:,.0f} MB at half time, {at_end:,.0f} MB at the end")
    everything = Page("all pages", tuple(sorted(s for page in met for s in page.seconds)), Counter())
    limit(everything.at(0.95), MOST_SECONDS, "s", "p95 of all pages")
    limit(sum(page.n_failed for page in met), 0, "answers", "errors")
    limit(at_end / at_half, MOST_GROWTH, "×", "memory at the end ÷ at half time")


def _prepare(folder: Path) -> list[str]:
    """The workspace, made where it is not there; the secrets of browsers in which somebody is signed in."""
    with closing(SharedWorkbench(folder)) as bench:
        if bench.is_new():
            bench.open_first_account(EMAIL, "Ada", PASSWORD)
        actor = bench.actor_of(bench.sign_in(EMAIL, PASSWORD) or "")
        assert actor is not None
        if not bench.streams(actor):
            _bring_in(bench, actor, folder)
        return [bench.sign_in(EMAIL, PASSWORD) or "" for _ in range(N_VISITORS)]


def _bring_in(bench: SharedWorkbench, actor: Actor, folder: Path) -> None:
    export = folder / "export.parquet"
    shutil.copy(generated(N_ITEMS), export)
    source = bench.add_source(actor, STREAM, [("export.parquet", export)])
    bench.bring_in_next()
    assert bench.source(actor, source.key).state == READY, bench.source(actor, source.key).problem
    stream = bench.proposed_stream(actor, source.key).model_copy(update={"title": STREAM})
    bench.begin_stream(actor, stream, source=source.key)


@contextmanager
def _served(folder: Path) -> Iterator[tuple[str, int]]:
    """The address of a server, and the number of its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-c", "from millrace.cli import main; main()", "serve"]
    with subprocess.Popen([*command, "--workspace", str(folder), "--port", str(port), "--sign-in"]) as server:
        try:
            _wait_for(f"http://127.0.0.1:{port}", server)
            yield f"http://127.0.0.1:{port}", server.pid
        finally:
            server.terminate()


def _wait_for(url: str, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            httpx2.get(f"{url}/healthz").raise_for_status()
        except httpx2.TransportError:
            assert server.poll() is None, "the server ended"
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.2)
        else:
            return


def _pages() -> dict[str, list[str]]:
    """The addresses that people visit, by the name of the page."""
    stream = f"/streams/{STREAM}"
    items = [f"INC{number:08}" for number in range(0, N_ITEMS, N_ITEMS // 200)]
    return {
        "portfolio": ["/"],
        "stream": [stream],
        "measures": [f"{stream}/measures"],
        "measures, filtered": [f"{stream}/measures?where=priority=P{n}" for n in (1, 2, 3, 4)],
        "findings": [f"{stream}/findings"],
        "items": [f"{stream}/items?of=lead_time&page={page}" for page in range(1, 11)],
        "journey": [f"{stream}/items/{item}" for item in items],
        "step panel": [f"{stream}/steps/{n}" for n in (1, 2)],
        "sources": ["/sources"],
    }


def _warm_up(url: str, session: str, pages: dict[str, list[str]]) -> None:
    """Visit what is the same for everybody once; journeys are of as many items as there are, and stay cold."""
    began = time.monotonic()
    with httpx2.Client(base_url=url, cookies={"millrace_session": session}, timeout=_PATIENCE_SECONDS) as client:
        for paths in pages.values():
            for path in paths[:10]:
                while (answer := client.get(path)).status_code == 202:
                    time.sleep(0.5)
                assert answer.status_code == 200, f"{path}: {answer.status_code}"
    print(f"    warm after {time.monotonic() - began:.0f} s", flush=True)


def _visited(url: str, sessions: list[str], pages: dict[str, list[str]], server: int) -> tuple[list[Page], float]:
    """What the visitors met, and the server's memory at half time."""
    asked = json.dumps({"url": url, "sessions": sessions, "pages": pages, "seconds": SECONDS})
    command = [sys.executable, "-m", "bench.visitors"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as visitors:
        assert visitors.stdin is not None
        assert visitors.stdout is not None
        visitors.stdin.write(asked)
        visitors.stdin.close()
        time.sleep(SECONDS / 2)
        at_half = _memory_mb(server)
        met: dict[str, list[Any]] = json.loads(visitors.stdout.read())
    return [
        Page(name, tuple(sorted(s for s, _ in met[name])), Counter(str(status) for _, status in met[name]))
        for name in pages
        if met.get(name)
    ], at_half


def _cpu_seconds(process: int) -> float:
    """What a process has computed so far: on a busy machine answers wait for a processor, and this does not count."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory_mb(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    return next(int(line.split()[1]) / 1000 for line in status.splitlines() if line.startswith("VmRSS"))


def _print(met: list[Page]) -> None:
    print(f"    {'page':<20} {'answers':>8} {'p50':>7} {'p95':>7} {'max':>7}  not the page")
    for page in met:
        failed = ", ".join(f"{n} × {status}" for status, n in page.statuses.items() if status != "200") or "–"
        times = "".join(f" {seconds:7.3f}" for seconds in (page.at(0.5), page.at(0.95), page.seconds[-1]))
        print(f"    {page.name:<20} {len(page.seconds):>8,}{times}  {failed}")
