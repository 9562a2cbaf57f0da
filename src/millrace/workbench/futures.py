"""Operations on future states: simulate one beside the current state, and write what came out."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from millrace.errors import MillraceError
from millrace.eventlog.engine import connect
from millrace.eventlog.event_log import EVENTS_FILE
from millrace.flow.lead_time import lead_time
from millrace.flow.summary import DurationSummary
from millrace.model.absent import Absent
from millrace.model.duration import show_duration
from millrace.model.future_file import read_future
from millrace.model.future_state import UnknownFutureState, future_stream
from millrace.model.move import Move
from millrace.model.value_stream import FutureState, ValueStream
from millrace.workbench.bench import Source, stream_given
from millrace.workbench.forecasts import ForecastOperations
from millrace.workbench.output import OutputNotWritten, write_whole

if TYPE_CHECKING:
    from millrace.simulate.backtest.verdict import Verdict
    from millrace.simulate.compare import Comparison, Ran
    from millrace.simulate.engine.run import Period
    from millrace.simulate.figures import ReplicationFigures
    from millrace.simulate.sensitivity import Sensitivity
    from millrace.simulate.simulated_stream import SimulatedStream

if TYPE_CHECKING:
    from millrace.report.future_form import FutureJson

WEEKS, REPLICATIONS = 12, 20
WHEN = ("Today", "In future")
NO_LOG = Absent("without a log there is nothing to test the simulation against")
NOT_ASKED = Absent("it was left out to be quick; `millrace backtest` runs it")
_DESIGNED_FROM = datetime(2026, 1, 5, tzinfo=UTC)
"""When the simulated time of a stream without a log begins: any Monday will do."""


class NothingToSimulate(MillraceError):
    """No future state is named, and the stream has none or several."""

    slug = "nothing-to-simulate"

    def __init__(self, stream: ValueStream) -> None:
        """Name those there are."""
        known = ", ".join(f"“{future.name}”" for future in stream.future_states)
        there = f"it has {known}; name one of them" if known else "it has none"
        super().__init__(f"Which future state of “{stream.name}”? With --future: {there}, or give a file with moves.")


@dataclass(frozen=True)
class SimulatedFuture:
    """A future state beside the current one, what it was told from, what it rests on, and how far to trust the fit."""

    stream: ValueStream
    future: FutureState
    basis: str
    comparison: Comparison
    sensitivity: Sensitivity | None
    trust: tuple[Verdict, ...] | Absent
    remarks: tuple[str, ...]
    current_ran: Ran
    future_ran: Ran
    future_stream: ValueStream

    def form(self) -> FutureJson:
        """The comparison in its stable form."""
        from millrace.report.future_form import future_form

        return future_form(
            self.stream.shown_name,
            self.future.name,
            self.basis,
            self.comparison,
            self.sensitivity,
            self.remarks,
            self.trust,
        )


@dataclass(frozen=True)
class Ground:
    """The streams before any move, today’s and what the moves are made on: as assumed, and variants to replicate."""

    assumed: tuple[SimulatedStream, SimulatedStream]
    current: tuple[SimulatedStream, ...]
    base: tuple[SimulatedStream, ...]
    stream: ValueStream
    future_stream: ValueStream
    starts_at: datetime
    basis: str
    remarks: tuple[str, ...] = ()
    knows_hours: bool = True
    measured: DurationSummary | None = None


class FutureOperations(ForecastOperations):
    """What can be asked of the future of a stream."""

    def simulate(
        self,
        stream: Path | str | ValueStream,
        future: Path | str | FutureState | Sequence[Move] | None = None,
        *,
        source: Source | None = None,
        mapping: Path | str | None = None,
        weeks: int = WEEKS,
        n_replications: int = REPLICATIONS,
        seed: int = 0,
        with_sensitivity: bool = True,
        with_backtest: bool = True,
        allow_overload: bool = False,
    ) -> SimulatedFuture:
        """Simulate a future state and the current one, and compare them.

        `future` is a file, the name of one of the stream's, or moves; the stream's only one without it. With a source
        the stream is fitted to it and the fit back-tested, else it is simulated from its estimates, with their
        uncertainty.
        Raises Overloaded where a team has more work than hours, unless `allow_overload`.
        """
        from millrace.simulate.compare import Scenario, compare
        from millrace.simulate.engine.run import Period
        from millrace.simulate.experiment import Experiment
        from millrace.simulate.moves.apply import apply
        from millrace.simulate.sensitivity import Plan, sensitivity
        from millrace.simulate.warm_up import warm_up

        drawn = stream_given(stream)
        wanted = future_of(drawn, future)
        trust: tuple[Verdict, ...] | Absent = NO_LOG if source is None else NOT_ASKED
        if source is None:
            ground = designed(drawn, wanted, n_replications, seed)
        else:
            ground = self._fitted(drawn, wanted, source, mapping, n_replications, seed)
        period = Period(ground.starts_at, ground.starts_at + timedelta(weeks=weeks))
        futures = tuple(apply(each, wanted.moves) for each in ground.base)
        remarks = (*ground.remarks, *_overloads(ground, futures[0], period, seed, allowed=allow_overload))
        self._progress("warming up", 0.0)
        warmed = [warm_up(each, period, seed=seed) for each in (ground.current[0], futures[0])]
        if not all(each.is_settled for each in warmed):
            remarks += ("Work in progress did not settle in the pilot runs: figures depend on how long one looks.",)
        experiment = Experiment(period, max(each.length for each in warmed), n_replications, seed)
        comparison, today, then = compare(
            Scenario(ground.stream, ground.current, ground.knows_hours),
            Scenario(ground.future_stream, futures, ground.knows_hours),
            wanted.moves,
            experiment,
            lambda share: self._progress("simulating", share),
        )
        remarks += _beside_the_log(ground.measured, comparison)
        rests_on = None
        if with_sensitivity:
            plan = Plan(*ground.assumed, wanted.moves, ground.stream, ground.future_stream)
            rests_on = sensitivity(
                plan,
                _shares(comparison),
                experiment,
                lambda share: self._progress("asking what it rests on", share),
            )
        if source is not None and with_backtest:
            trust = self.trust(source, stream=drawn, mapping=mapping)
        return SimulatedFuture(
            drawn, wanted, ground.basis, comparison, rests_on, trust, remarks, today, then, ground.future_stream
        )

    def write_future(self, simulated: SimulatedFuture, folder: Path | str) -> Path:
        """Write the simulated logs, both maps, the comparison as JSON and the page that shows it; the page's path."""
        from millrace.report.future_page import future_page

        place = Path(folder)
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError as failure:
            raise OutputNotWritten(place, failure) from failure
        maps = []
        streams = {"current": simulated.stream, "future": simulated.future_stream}
        for (name, stream), ran in zip(streams.items(), (simulated.current_ran, simulated.future_ran), strict=True):
            svg = _write_scenario(place, name, stream, ran, simulated.comparison.period)
            maps.append((f"The stream {'today' if name == 'current' else 'in future'}, simulated", svg))
        form = simulated.form()
        write_whole(place / "comparison.json", form.model_dump_json(indent=1) + "\n")
        return write_whole(place / "future.html", future_page(form, tuple(maps)))

    def _fitted(
        self, drawn: ValueStream, wanted: FutureState, source: Source, mapping: Path | str | None, n: int, seed: int
    ) -> Ground:
        """The stream as fitted, and variants that the same log might have told as well."""
        from numpy.random import default_rng

        from millrace.simulate.fit.fit import fit
        from millrace.simulate.fit.redrawn import redrawn
        from millrace.simulate.segments import with_named_attributes

        _, flow = self._flow(source, drawn, mapping, None, strict=False)
        self._progress("fitting", 0.0)
        fitted = fit(flow)
        ends_on = datetime.combine(flow.now_at.date(), time(), UTC)
        basis = f"Fitted to {flow.about.source_name} ({flow.about.n_items:,} items)."
        remarks = fitted.remarks
        if wanted.estimates or wanted.routes or wanted.leaves_out:
            remarks += (
                "Changed estimates of the future state are for the map; only its moves are simulated on a log.",
            )
        stream = with_named_attributes(fitted.stream, wanted.moves, flow)
        generator = default_rng(seed)
        variants = tuple(redrawn(replace(fitted, stream=stream), generator) for _ in range(n))
        measured = lead_time(flow).groups.get("")
        return Ground((stream, stream), variants, variants, drawn, drawn, ends_on, basis, remarks, measured=measured)


def designed(drawn: ValueStream, wanted: FutureState, n: int, seed: int) -> Ground:
    """Variants of the drawn stream and its future, the estimates of both off by the same factors."""

    from millrace.simulate.design import doubts, from_design

    changed = drawn.model_copy(update={"future_states": (wanted,)})
    # What a future state changes of the drawing is in its stream; its moves are made on that.
    later = future_stream(changed, wanted.name) if wanted.estimates or wanted.routes or wanted.leaves_out else drawn
    doubted = doubts(drawn, n, seed)
    return Ground(
        (from_design(drawn), from_design(later)),
        tuple(from_design(drawn, each) for each in doubted),
        tuple(from_design(later, each) for each in doubted),
        drawn,
        later,
        _DESIGNED_FROM,
        "From the stream’s estimates, taken to be off by a fifth (work), three tenths (waits) and a tenth (demand).",
        knows_hours=False,
    )


def future_of(stream: ValueStream, future: Path | str | FutureState | Sequence[Move] | None) -> FutureState:
    """The future state that is meant: the stream's only one, one by name, one in a file, or moves as they are."""
    if future is None:
        if len(stream.future_states) != 1:
            raise NothingToSimulate(stream)
        return stream.future_states[0]
    if isinstance(future, FutureState):
        return future
    if isinstance(future, str | Path):
        named = next((each for each in stream.future_states if each.name == str(future)), None)
        if named is not None:
            return named
        if Path(future).suffix in (".yaml", ".yml") or Path(future).is_file():
            return read_future(Path(future))
        raise UnknownFutureState(stream, str(future))
    return FutureState(name="future", moves=tuple(future))


def _overloads(ground: Ground, future: SimulatedStream, period: Period, seed: int, *, allowed: bool) -> tuple[str, ...]:
    """Sentences on teams with more work than hours. Raises Overloaded unless it is allowed."""

    from millrace.simulate.design import designed_loads
    from millrace.simulate.load import Overloaded, loads, told_overload

    if ground.knows_hours:
        found = [loads(stream, period, seed=seed) for stream in (ground.assumed[0], future)]
    else:
        found = [designed_loads(stream) for stream in (ground.stream, ground.future_stream)]
    over = [[load for load in each if load.utilisation_ratio >= 1] for each in found]
    if not allowed and any(over):
        raise Overloaded(over[0] or over[1])
    return tuple(f"{when}: {told_overload(load)}" for when, each in zip(WHEN, over, strict=True) for load in each)


def _beside_the_log(measured: DurationSummary | None, comparison: Comparison) -> tuple[str, ...]:
    """How near the simulation of today comes to what the log says: told with every forecast."""
    mean, median = (comparison.figures[name].current for name in ("lead_time_mean", "lead_time_p50"))
    if measured is None or measured.p50 is None or isinstance(mean, Absent) or isinstance(median, Absent):
        return ()
    told = (
        f"The log itself has a mean lead time of {show_duration(measured.mean_seconds)} and half within "
        f"{show_duration(measured.p50.seconds)}; today, simulated, has {show_duration(mean.mean)} and "
        f"{show_duration(median.mean)}. Trust the difference between today and future no further than these agree."
    )
    return (told,)


def _shares(comparison: Comparison) -> dict[str, float]:
    """Each step's part of all waiting, today or in future, whichever is more."""
    whole = [sum(waits) or 1.0 for waits in zip(*comparison.step_waits.values(), strict=True)]
    return {
        step: max(wait / total for wait, total in zip(waits, whole, strict=True))
        for step, waits in comparison.step_waits.items()
    }


def _write_scenario(place: Path, name: str, stream: ValueStream, ran: Ran, period: Period) -> str:
    """Write the log of all replications, and the map of the one in the middle; the map's drawing."""
    from millrace.draw.map_picture import MapState
    from millrace.draw.value_stream_map import value_stream_map
    from millrace.flow.cut import cut
    from millrace.flow.measurement import measurement
    from millrace.report.current_map import current_map
    from millrace.simulate.simulated_log import measured_stream, simulated_log

    by_lead = sorted(zip(map(_median_lead, ran.replications), range(len(ran.runs)), strict=True))
    middle_run = ran.runs[by_lead[len(by_lead) // 2][1]]
    with TemporaryDirectory(prefix="millrace-") as temporary, closing(connect()) as connection:
        folder = Path(temporary)
        log = simulated_log(ran.runs, folder / "all", since_at=period.starts_at)
        shutil.copyfile(log.folder / EVENTS_FILE, place / f"{name}_events.parquet")
        middle = simulated_log([middle_run], folder / "middle", since_at=period.starts_at)
        (folder / "flow").mkdir()
        flow = cut(middle, measured_stream(stream), folder / "flow", connection)
        picture = current_map(flow, measurement(flow))
        state = MapState.FUTURE if name == "future" else MapState.CURRENT
        svg = value_stream_map(replace(picture, state=state))
    write_whole(place / f"{name}_map.svg", svg)
    return svg


def _median_lead(replication: ReplicationFigures) -> float:
    lead = replication.figures["lead_time_p50"]
    return inf if isinstance(lead, Absent) else lead
