"""A workspace with a measured stream, served to browsers."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from time import sleep

import uvicorn
from fastapi import FastAPI

from millrace.web.app import create_app
from millrace.workbench.shared import SharedWorkbench
from millrace.workbench.shared.access import HERE
from millrace.workbench.shared.serving import ServeSettings


@dataclass(frozen=True)
class Served:
    """A workspace of one person, served at `address`; `stream` is the path of the stream in it."""

    address: str
    app: FastAPI
    stream: str

    @property
    def bench(self) -> SharedWorkbench:
        """The workbench behind the pages."""
        bench: SharedWorkbench = self.app.state.bench
        return bench


@contextmanager
def serving(settings: ServeSettings) -> Iterator[tuple[str, FastAPI]]:
    """A server of a workspace in a thread of its own: its address, and the application."""
    app = create_app(settings)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="on"))
        thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            sleep(0.02)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", app
        server.should_exit = True
        thread.join(timeout=20)


def begin_stream(bench: SharedWorkbench, log: Path) -> str:
    """Bring a log in and follow the stream that it shows; the stream’s key."""
    source = bench.add_source(HERE, "HR access requests", [(log.name, log)])
    while bench.source(HERE, source.key).state != "ready":
        sleep(0.05)
    return bench.begin_stream(HERE, bench.proposed_stream(HERE, source.key), source=source.key).key
