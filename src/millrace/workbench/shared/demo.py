"""A workspace to try things on: two streams on sample logs, with findings, and a future state that was simulated."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from millrace.model.templates.template import load_template
from millrace.workbench.shared.access import HERE
from millrace.workbench.shared.future_trials import Trial
from millrace.workbench.shared.shared_workbench import SharedWorkbench
from millrace.workbench.sources import Progress


@dataclass(frozen=True)
class _Shown:
    """A stream of the demo: the sample it is measured on, its template, and the future state that is simulated."""

    sample: str
    source: str
    template: str
    future: str


STREAMS = (
    _Shown("hr-access", "HR access requests", "hr-access", "Automatic standard access, by its moves"),
    _Shown("incidents", "Incidents", "incident-three-tiers", "Solved nearer to the user"),
)


def set_up_demo(bench: SharedWorkbench, progress: Progress) -> None:
    """Fill a workspace that has no stream yet; one that has is left as it is."""
    if bench.streams(HERE):
        return
    for place, shown in enumerate(STREAMS):

        def tell(share: float, place: int = place) -> None:
            progress("setting up the demo", (place + share) / len(STREAMS))

        tell(0.0)
        key = _stream(bench, shown)
        tell(0.3)
        bench.stream_findings(HERE, key)
        bench.stream_map(HERE, key)
        tell(0.5)
        stream = bench.stream(HERE, key).stream
        bench.ask(HERE, key, Trial(next(each for each in stream.future_states if each.name == shown.future)))
        bench.background.do_next()
    progress("setting up the demo", 1.0)


def _stream(bench: SharedWorkbench, shown: _Shown) -> str:
    """A sample brought in, and a stream measured on it and published; its key."""
    with TemporaryDirectory() as folder:
        export = bench.bench.sample(shown.sample, Path(folder) / f"{shown.sample}.csv")
        source = bench.add_source(HERE, shown.source, [(export.name, export)])
    bench.bring_in_next()
    view = bench.begin_stream(HERE, load_template(shown.template), source=source.key)
    bench.publish_revision(HERE, view.key, view.latest.number)
    return view.key
