"""A stream that is governed, and a receiver of notices at this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

from millrace.model.value_stream import ValueStream
from millrace.workbench.shared import Actor, SharedWorkbench

DAY = "2025-01-{:02} {:02}:00:00"
PROMISE = {"service_levels": [{"name": "Promise", "within": "2 d"}]}


def export(n_closed: int, *, n_open: int = 2) -> str:
    """An export of a desk: items that are done in a day, and open ones that nobody touches; told until 20 January."""
    rows = ["number,time,status,assignment group"]
    for n in range(n_closed + n_open):
        rows.append(f"INC{n:03},{DAY.format(1 + n % 15, 8)},New,Desk")
        rows.append(f"INC{n:03},{DAY.format(1 + n % 15, 9)},In Progress,Desk")
        if n < n_closed:
            rows.append(f"INC{n:03},{DAY.format(2 + n % 15, 8)},Resolved,Desk")
    rows += [f"LAST,{DAY.format(20, 8)},New,Desk", f"LAST,{DAY.format(20, 9)},Resolved,Desk"]
    return "\n".join(rows) + "\n"


def governed(bench: SharedWorkbench, actor: Actor, folder: Path, text: str = "", **governing: object) -> str:
    """The key of a stream measured on an export, with a service level or whatever else is stated."""
    path = folder / "export"
    path.write_text(text or export(30))
    source = bench.add_source(actor, "Incidents", [("incidents.csv", path)])
    assert bench.bring_in_next()
    proposed = bench.proposed_stream(actor, source.key).model_dump()
    stream = ValueStream.model_validate({**proposed, **(governing or PROMISE)})
    return bench.begin_stream(actor, stream, source=source.key).key


def replaced(bench: SharedWorkbench, actor: Actor, folder: Path, text: str) -> None:
    """Give a newer export of the only source."""
    path = folder / "newer"
    path.write_text(text)
    bench.replace_source(actor, bench.sources(actor)[0].key, [("incidents.csv", path)])
    while bench.bring_in_next():
        pass


class Receiving:
    """What arrived at a receiver: the key of each notice, as often as it came. `fails` more are refused first."""

    def __init__(self, address: str) -> None:
        """Nothing has arrived."""
        self.address = address
        self.keys: list[str] = []
        self.fails = 0
        self.holds = Event()
        self.is_reached = Event()
        self.holds.set()


@contextmanager
def receiving() -> Iterator[Receiving]:
    """A webhook at this machine. While `holds` is cleared, it answers nobody."""

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            received.keys.append(self.headers["Idempotency-Key"])
            received.is_reached.set()
            received.holds.wait(20)
            received.fails -= 1
            self.send_response(500 if received.fails >= 0 else 200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    received = Receiving(f"json://127.0.0.1:{server.server_address[1]}/hook")
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield received
    received.holds.set()
    server.shutdown()
    server.server_close()
