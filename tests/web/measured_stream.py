"""A stream whose texts mean harm, measured once for all tests of a module."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from browsing import Browser
from fastapi import FastAPI

from millrace.model.value_stream import Estimate, FutureState
from millrace.web.app import create_app
from millrace.workbench.shared import SharedWorkbench
from millrace.workbench.shared.access import HERE
from millrace.workbench.shared.serving import ServeSettings

EVIL = "<script>alert(1)</script>"
STATUSES = (("08", "New"), ("10", "In Progress"), ("12", "Awaiting User"), ("14", "In Progress"), ("16", "Resolved"))
LOG = "number,time,status,team,priority,site\n" + "".join(
    f"=INC{n},2025-{1 + n // 27:02}-{1 + n % 27:02} {hour}:00:00,{status},{EVIL if k % 2 else 'Desk'},P{n % 3},"
    f"{EVIL}{n % 2}\n"
    for n in range(160)
    for k, (hour, status) in enumerate(STATUSES)
)


@dataclass(frozen=True)
class Measured:
    """A browser in front of the workspace of somebody alone, and the address of the stream."""

    browser: Browser
    app: FastAPI
    stream: str

    @property
    def bench(self) -> SharedWorkbench:
        """The workbench behind it."""
        bench: SharedWorkbench = self.app.state.bench
        return bench


@contextmanager
def measured_stream(folder: Path) -> Iterator[Measured]:
    """The stream, with an estimate and a future state, so that it has every kind of map."""
    app = create_app(ServeSettings(folder / "workspace"))
    with closing(app.state.bench) as bench:
        (folder / "log.csv").write_text(LOG)
        source = bench.add_source(HERE, "Log", [("log.csv", folder / "log.csv")])
        bench.bring_in_next()
        proposed = bench.proposed_stream(HERE, source.key)
        first, *others = proposed.steps
        drawn = first.model_copy(update={"estimate": Estimate.model_validate({"process_time": "15 min"})})
        stream = proposed.model_copy(
            update={
                "title": f"Desk {EVIL}",
                "steps": (drawn, *others),
                "future_states": (FutureState(name=f"Better {EVIL}"),),
            }
        )
        key = bench.begin_stream(HERE, stream, source=source.key).key
        yield Measured(Browser(app, base_url="http://127.0.0.1:8017"), app, f"/streams/{key}")
