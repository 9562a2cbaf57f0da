"""Which moves to make, and in which order: questions whose answers are kept as they are told."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from millrace.draw.charts.cost_front import cost_front
from millrace.draw.charts.drawing import draw
from millrace.improve.action_plan import Phase
from millrace.model.value_stream import FutureState, ValueStream
from millrace.report import choice_page, plan_page
from millrace.workbench.bench import AtHand
from millrace.workbench.choices import LEAD_TIME, MONTHS
from millrace.workbench.shared.future_trials import Exactness
from millrace.workbench.shared.slow_questions import SlowQuestion
from millrace.workbench.workbench import Workbench

_TOLD_FILE = "told.json"


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True)

    def write(self, folder: Path) -> None:
        """Keep it."""
        (folder / _TOLD_FILE).write_text(self.model_dump_json(), "utf-8")


class ToldChoice(_Told):
    """A choice as it is told: what it comes down to, a row per set of the front, and what each move adds.

    `chosen` are the moves to make; None where no set reaches the goal.
    """

    headline: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    told: tuple[str, ...]
    chart: str
    chart_alt: str
    basis: str
    remarks: tuple[str, ...]
    chosen: FutureState | None


class ToldPhase(_Told):
    """The actions of a phase, each in its row."""

    title: str
    rows: tuple[tuple[str, ...], ...]


class ToldPlan(_Told):
    """A plan as it is told, phase by phase."""

    headline: str
    header: tuple[str, ...]
    phases: tuple[ToldPhase, ...]
    how_to_read: str
    basis: str
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class MoveChoice(SlowQuestion[ToldChoice]):
    """Which of the moves of a future state to make: for a budget, or to reach a goal such as `rework <= 3 %`.

    Costs are those of the first `months`.
    """

    future: FutureState
    measure: str = LEAD_TIME
    budget: float | None = None
    goal: str = ""
    months: float = MONTHS
    exactness: Exactness = Exactness.QUICK

    @property
    def written(self) -> str:
        """The moves as they are kept, and what is asked of them."""
        asked = (self.measure, self.budget, self.goal, self.months, self.exactness)
        return f"choice {self.future.model_dump_json()} {asked}"

    def work_out(self, bench: Workbench, stream: ValueStream, source: AtHand | None, folder: Path) -> None:
        """Simulate sets of the moves. Raises what `optimise` raises."""
        found = bench.optimise(
            stream,
            self.future,
            source=source,
            measure=None if self.goal else self.measure,
            budget=self.budget,
            goal=self.goal or None,
            months=self.months,
            weeks=self.exactness.weeks,
            n_replications=self.exactness.n_replications,
        )
        chart, chosen = cost_front(found.choice), found.choice.chosen
        future = FutureState(name=f"{self.future.name}, chosen", moves=chosen.moves) if chosen else None
        ToldChoice(
            headline=choice_page.headline(found.choice),
            header=choice_page.HEADER,
            rows=tuple(choice_page.front_rows(found.choice)),
            told=tuple(choice_page.told_choice(found.choice)),
            chart=draw(chart.picture, with_titles=True),
            chart_alt=chart.alt,
            basis=found.basis,
            remarks=found.remarks,
            chosen=future if future and future.moves else None,
        ).write(folder)

    def read(self, folder: Path) -> ToldChoice:
        """The choice as it was told."""
        return ToldChoice.model_validate_json((folder / _TOLD_FILE).read_bytes())


@dataclass(frozen=True)
class MovePlan(SlowQuestion[ToldPlan]):
    """In which order to make the moves of a future state, what each adds, and when that can be seen."""

    future: FutureState
    months: float = MONTHS
    exactness: Exactness = Exactness.QUICK

    @property
    def written(self) -> str:
        """The moves as they are kept, and how much is simulated."""
        return f"plan {self.future.model_dump_json()} {self.months} {self.exactness}"

    def work_out(self, bench: Workbench, stream: ValueStream, source: AtHand | None, folder: Path) -> None:
        """Simulate the moves one after the other. Raises what `plan` raises."""
        found = bench.plan(
            stream,
            self.future,
            source=source,
            months=self.months,
            weeks=self.exactness.weeks,
            n_replications=self.exactness.n_replications,
        )
        phases = ((phase, tuple(plan_page.phase_rows(found.plan, phase))) for phase in Phase)
        ToldPlan(
            headline=plan_page.headline(found.plan),
            header=plan_page.HEADER,
            phases=tuple(ToldPhase(title=phase, rows=rows) for phase, rows in phases if rows),
            how_to_read=plan_page.how_to_read(found.plan),
            basis=found.basis,
            remarks=found.remarks,
        ).write(folder)

    def read(self, folder: Path) -> ToldPlan:
        """The plan as it was told."""
        return ToldPlan.model_validate_json((folder / _TOLD_FILE).read_bytes())
