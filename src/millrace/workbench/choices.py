"""Operations that choose among moves, and plan those of a future state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from millrace.model.candidates import Candidates, candidates_of, read_candidates
from millrace.model.move import Move
from millrace.model.stream_file import read_stream, write_stream
from millrace.model.value_stream import FutureState, ValueStream
from millrace.workbench.bench import Source, stream_given
from millrace.workbench.finding_moves import future_of_finding
from millrace.workbench.findings import FindingOperations
from millrace.workbench.futures import REPLICATIONS, WEEKS, FutureOperations, Ground, designed, future_of
from millrace.workbench.output import OutputNotWritten, write_whole

if TYPE_CHECKING:
    from millrace.improve.action_plan import ActionPlan
    from millrace.simulate.choose.choose import Choice
    from millrace.simulate.choose.goal import Goal
    from millrace.simulate.experiment import Experiment

MONTHS = 12
"""Running costs count for so long."""
LEAD_TIME = "lead_time_mean"


@dataclass(frozen=True)
class StreamChoice:
    """A choice for a stream, what it was told from, and what to bear in mind."""

    stream: ValueStream
    candidates: Candidates
    basis: str
    choice: Choice
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class StreamPlan:
    """The plan of a future state of a stream, what it was told from, and what to bear in mind."""

    stream: ValueStream
    future: FutureState
    basis: str
    plan: ActionPlan
    remarks: tuple[str, ...]


class ChoiceOperations(FindingOperations, FutureOperations):
    """What can be asked about which moves to make, and in which order."""

    def optimise(
        self,
        stream: Path | str | ValueStream,
        moves: Path | str | Candidates | FutureState | Sequence[Move],
        *,
        source: Source | None = None,
        mapping: Path | str | None = None,
        budget: float | None = None,
        goal: str | Goal | None = None,
        measure: str | None = None,
        months: float = MONTHS,
        weeks: int = WEEKS,
        n_replications: int = REPLICATIONS,
        seed: int = 0,
    ) -> StreamChoice:
        """Find the sets of moves that nothing cheaper beats: cost of the first `months` against a measure.

        `moves` is a file with candidates, or a future state of the stream by name. `measure` is that of the goal where
        there is one, else the mean lead time. Raises what `choose` raises, GoalNotUnderstood and UnknownAim.
        """
        from millrace.simulate.choose.choose import choose
        from millrace.simulate.choose.goal import aim, parse_goal
        from millrace.simulate.choose.question import Question

        drawn = stream_given(stream)
        candidates = _candidates_of(drawn, moves)
        aimed = parse_goal(goal) if isinstance(goal, str) else goal
        chosen_by = aim(measure) if measure else aimed.measure if aimed else LEAD_TIME
        ground = self._ground(drawn, _whole(candidates), source, mapping, n_replications, seed)
        question = Question(
            candidates=candidates.candidates,
            base=ground.current,
            stream=ground.stream,
            measure=chosen_by,
            experiment=self._experiment(ground, weeks, n_replications, seed),
            months=months,
            budget=budget,
            goal=aimed,
            knows_hours=ground.knows_hours,
        )
        choice = choose(question, progress=lambda share: self._progress("choosing", share))
        remarks = (*ground.remarks, *_beside_the_log(ground, choice.measure))
        return StreamChoice(drawn, candidates, ground.basis, choice, remarks)

    def write_choice(self, chosen: StreamChoice, folder: Path | str) -> Path:
        """Write the choice as JSON, as a page of Markdown with its chart, and the chosen set as a future state."""
        from millrace.draw.charts.cost_front import cost_front
        from millrace.draw.charts.drawing import draw
        from millrace.model.yaml_text import dump_yaml
        from millrace.report.choice_form import choice_form
        from millrace.report.choice_page import choice_page

        place = _folder(folder)
        form = choice_form(chosen.stream.shown_name, chosen.basis, chosen.choice, chosen.remarks)
        write_whole(place / "choice.json", form.model_dump_json(indent=1) + "\n")
        write_whole(place / "front.svg", draw(cost_front(chosen.choice).picture))
        if chosen.choice.chosen is not None:
            future = FutureState(name=f"{chosen.candidates.name}, chosen", moves=chosen.choice.chosen.moves)
            text = dump_yaml(future.model_dump(mode="json", exclude_defaults=True))
            write_whole(place / "chosen.yaml", text)
        return write_whole(place / "choice.md", choice_page(chosen.choice, form))

    def plan(
        self,
        stream: Path | str | ValueStream,
        future: Path | str | FutureState | Sequence[Move] | None = None,
        *,
        source: Source | None = None,
        mapping: Path | str | None = None,
        measure: str = LEAD_TIME,
        months: float = MONTHS,
        weeks: int = WEEKS,
        n_replications: int = REPLICATIONS,
        seed: int = 0,
    ) -> StreamPlan:
        """Put the moves of a future state in phases and in order, with what each adds and when that can be seen.

        Raises NothingToChoose where it has no moves, UnknownNeed, CircularNeeds, UnknownAim and PlanNotTold.
        """
        from millrace.improve.action_plan import action_plan
        from millrace.simulate.choose.goal import aim
        from millrace.simulate.choose.question import NothingToChoose, Question

        drawn = stream_given(stream)
        wanted = future_of(drawn, future)
        if not wanted.moves:
            raise NothingToChoose
        ground = self._ground(drawn, wanted, source, mapping, n_replications, seed)
        question = Question(
            candidates=candidates_of(wanted).candidates,
            base=ground.current,
            stream=ground.stream,
            measure=aim(measure),
            experiment=self._experiment(ground, weeks, n_replications, seed),
            months=months,
            knows_hours=ground.knows_hours,
        )
        made = action_plan(question, lambda share: self._progress("planning", share))
        remarks = (*ground.remarks, *_beside_the_log(ground, made.measure))
        return StreamPlan(drawn, wanted, ground.basis, made, remarks)

    def save_plan(self, planned: StreamPlan, stream_file: Path | str) -> None:
        """Write the actions into the stream’s file as its improvements; those of the same name are replaced."""
        from millrace.improve.actions import with_actions

        write_stream(with_actions(read_stream(Path(stream_file)), planned.future, planned.plan), Path(stream_file))

    def finding_future(
        self,
        called: str,
        source: Source,
        *,
        stream: Path | str | ValueStream | None = None,
        mapping: Path | str | None = None,
    ) -> FutureState:
        """A future state with a move for each countermeasure of a finding. Raises UnknownFinding and NoMoveFits."""
        return future_of_finding(self.findings(source, stream=stream, mapping=mapping).finding(called))

    def save_future(self, future: FutureState, stream_file: Path | str) -> None:
        """Write a future state into the stream’s file; one of the same name is replaced."""
        path = Path(stream_file)
        stream = read_stream(path)
        others = tuple(each for each in stream.future_states if each.name != future.name)
        write_stream(stream.model_copy(update={"future_states": (*others, future)}), path)

    def _ground(
        self,
        drawn: ValueStream,
        wanted: FutureState,
        source: Source | None,
        mapping: Path | str | None,
        n: int,
        seed: int,
    ) -> Ground:
        if source is None:
            return designed(drawn, wanted, n, seed)
        return self._fitted(drawn, wanted, source, mapping, n, seed)

    def _experiment(self, ground: Ground, weeks: int, n_replications: int, seed: int) -> Experiment:
        from millrace.simulate.engine.run import Period
        from millrace.simulate.experiment import Experiment
        from millrace.simulate.warm_up import warm_up

        self._progress("warming up", 0.0)
        period = Period(ground.starts_at, ground.starts_at + timedelta(weeks=weeks))
        return Experiment(period, warm_up(ground.current[0], period, seed=seed).length, n_replications, seed)


def _candidates_of(stream: ValueStream, moves: Path | str | Candidates | FutureState | Sequence[Move]) -> Candidates:
    if isinstance(moves, Candidates):
        return moves
    if isinstance(moves, str | Path):
        named = any(future.name == str(moves) for future in stream.future_states)
        if not named and (Path(moves).suffix in (".yaml", ".yml") or Path(moves).is_file()):
            return read_candidates(Path(moves))
    return candidates_of(future_of(stream, moves))


def _beside_the_log(ground: Ground, measure: str) -> tuple[str, ...]:
    """What the log itself says of a lead time, so that the simulated one can be held against it."""

    from millrace.simulate.choose.goal import shown
    from millrace.simulate.choose.lead_times import LEAD_TIME_FIGURES
    from millrace.simulate.figures import FIGURES

    if ground.measured is None or measure not in LEAD_TIME_FIGURES:
        return ()
    known = ground.measured
    quantile = {"lead_time_p50": known.p50, "lead_time_p85": known.p85, "lead_time_p95": known.p95}.get(measure)
    seconds = known.mean_seconds if quantile is None else quantile.seconds
    if seconds is None:
        return ()
    title = FIGURES[measure].title
    return (f"{title}: the log itself says {shown(measure, seconds)}. Trust gains no further than today’s agrees.",)


def _whole(candidates: Candidates) -> FutureState:
    """A future state with every candidate, for what has to be known of all of them."""
    return FutureState(
        name=candidates.name, moves=tuple(move for candidate in candidates.candidates for move in candidate.options)
    )


def _folder(folder: Path | str) -> Path:
    place = Path(folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise OutputNotWritten(place, failure) from failure
    return place
