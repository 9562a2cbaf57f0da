"""A workspace to try things on: two streams on sample logs, followed as streams are at work.

Each has findings, a future state that was simulated, targets and a service level, alerts, a kept week and a review to
come; one has an improvement under way.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from millrace.model.service_level import ServiceLevel
from millrace.model.target import Per, Target
from millrace.model.templates.template import load_template
from millrace.model.value_stream import ValueStream
from millrace.workbench.shared.access import HERE
from millrace.workbench.shared.demo_improvement import improve
from millrace.workbench.shared.future_trials import Trial
from millrace.workbench.shared.shared_workbench import SharedWorkbench
from millrace.workbench.sources import Progress


@dataclass(frozen=True)
class _Shown:
    """A stream of the demo: the sample it is measured on, its template, the future state that is simulated, its aims.

    `improves`: an improvement is under way in it.
    """

    sample: str
    source: str
    template: str
    future: str
    targets: tuple[Target, ...]
    promise: ServiceLevel
    improves: bool = False


STREAMS = (
    _Shown(
        "hr-access",
        "HR access requests",
        "hr-access",
        "Automatic standard access, by its moves",
        (
            Target(
                name="Access within hours",
                measure="lead_time",
                target=timedelta(hours=3),
                warning=timedelta(hours=2, minutes=45),
                per=Per.MONTH,
            ),
            Target(
                name="Right the first time", measure="first_time_completion", target=0.95, warning=0.96, per=Per.MONTH
            ),
        ),
        ServiceLevel(name="Two days", within=timedelta(days=2)),
        improves=True,
    ),
    _Shown(
        "incidents",
        "Incidents",
        "incident-three-tiers",
        "Solved nearer to the user",
        (
            Target(
                name="Restored within three days",
                measure="lead_time",
                target=timedelta(days=3),
                warning=timedelta(hours=66),
                per=Per.MONTH,
            ),
            Target(name="Solved without a return", measure="first_time_completion", target=0.5, per=Per.MONTH),
        ),
        ServiceLevel(name="Five days", within=timedelta(days=5)),
    ),
)
_REVIEW_IN = timedelta(days=7)


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
        tell(0.8)
        bench.look(HERE, key)
        if shown.improves:
            improve(bench, key)
        bench.take_snapshot(HERE, key)
        bench.plan_review(HERE, key, _tuesday(bench.clock().date() + _REVIEW_IN))
    progress("setting up the demo", 1.0)


def _stream(bench: SharedWorkbench, shown: _Shown) -> str:
    """A sample brought in, and a stream measured on it and published; its key."""
    with TemporaryDirectory() as folder:
        export = bench.bench.sample(shown.sample, Path(folder) / f"{shown.sample}.csv")
        source = bench.add_source(HERE, shown.source, [(export.name, export)])
    bench.bring_in_next()
    view = bench.begin_stream(HERE, _followed(shown), source=source.key)
    bench.publish_revision(HERE, view.key, view.latest.number)
    return view.key


def _followed(shown: _Shown) -> ValueStream:
    """The template with targets and a service level."""
    aims = {"targets": shown.targets, "service_levels": (shown.promise,)}
    return load_template(shown.template).model_copy(update=aims)


def _tuesday(day: date) -> date:
    """The first Tuesday from a day on."""
    return day + timedelta(days=(1 - day.weekday()) % 7)
