"""The plan of a future state as a page of Markdown: phases, order, who, what each move adds, when to measure it."""

from collections.abc import Sequence

from millrace.improve.action_plan import Action, ActionPlan, Phase
from millrace.model.absent import Absent
from millrace.report.choice_page import called, listed, money
from millrace.simulate.choose.goal import shown
from millrace.simulate.compare import Estimate
from millrace.simulate.figures import FIGURES

HEADER = ("", "Action", "Owner", "After", "Cost", "Expected effect", "Then", "Measure")


def plan_page(stream: str, future: str, plan: ActionPlan, remarks: Sequence[str]) -> str:
    """The page."""
    parts = [f"# {stream}: plan for “{future}”", headline(plan)]
    for phase in Phase:
        listed_rows = phase_rows(plan, phase)
        if listed_rows:
            rows = [HEADER, ("---",) * len(HEADER), *listed_rows]
            parts += [f"## {phase}", "\n".join("| " + " | ".join(row) + " |" for row in rows)]
    parts.append(how_to_read(plan))
    parts += remarks
    return "\n\n".join(parts) + "\n"


def headline(plan: ActionPlan) -> str:
    """What the plan is to bring."""
    title, today = FIGURES[plan.measure].title, shown(plan.measure, plan.today.mean)
    return f"{title} is to go from {today} to {_interval(plan, plan.then)}."


def phase_rows(plan: ActionPlan, phase: Phase) -> list[tuple[str, ...]]:
    """The actions of a phase, each in its row, numbered over all phases."""
    numbers = {action.move.called: number for number, action in enumerate(plan.actions, 1)}
    return [_row(plan, numbers, action) for action in plan.actions if action.phase is phase]


def how_to_read(plan: ActionPlan) -> str:
    """What the figures of the plan mean."""
    return (
        f"Costs are those of the first {plan.months:g} months, once and running. Every effect is what the move adds to "
        "all before it, simulated on the same demand and chances, with its 95 % interval. “Measure” says after how "
        "many weeks, and with how many items delivered before and after, an effect of that size shows in 80 of 100 "
        "cases; make the next change only then, or the two cannot be told apart."
    )


def _row(plan: ActionPlan, numbers: dict[str, int], action: Action) -> tuple[str, ...]:
    move = action.move
    return (
        str(numbers[move.called]),
        called(move),
        move.owner or "not named yet",
        listed(str(numbers[need]) for need in move.needs) or "–",
        money(action.cost),
        _interval(plan, action.gain) if action.gain.low > 0 else "none shown",
        shown(plan.measure, action.after.mean),
        _measure(action),
    )


def _measure(action: Action) -> str:
    found = action.measuring
    if isinstance(found, Absent):
        return f"– ({found.reason})"
    return f"after {found.weeks} {'week' if found.weeks == 1 else 'weeks'}, {found.n_items:,} items"


def _interval(plan: ActionPlan, estimate: Estimate) -> str:
    mean, low, high = (shown(plan.measure, value) for value in (estimate.mean, estimate.low, estimate.high))
    return f"{mean} ({low} to {high})"
