"""A choice among moves in sentences, and as a page of Markdown."""

from collections.abc import Iterable

from millrace.model.move import Move
from millrace.model.ratio import show_ratio
from millrace.report.choice_form import ChoiceJson
from millrace.simulate.choose.choose import Choice, ChosenSet
from millrace.simulate.choose.goal import shown
from millrace.simulate.compare import Estimate
from millrace.simulate.figures import FIGURES

HEADER = ("", "Moves", "Cost", "With it", "Gain on today", "On top")


def headline(choice: Choice) -> str:
    """The one sentence that the choice comes down to."""
    title = FIGURES[choice.measure].title
    if choice.chosen is None:
        within = "" if choice.budget is None else f" for {money(choice.budget)}"
        return f"No set of these moves reaches the goal{within} ({choice.goal})."
    chosen = choice.chosen
    if not chosen.moves:
        return f"No move is needed: {title.lower()} is {shown(choice.measure, chosen.estimate.mean)} today."
    goes = (
        f"{title} goes from {shown(choice.measure, choice.today.estimate.mean)} to {interval(choice, chosen.estimate)}"
    )
    sure = "" if choice.is_sure else " The goal is reached on average, not surely."
    return f"{goes} for {money(chosen.cost)}: {listed(called(move) for move in chosen.moves)}.{sure}"


def front_rows(choice: Choice) -> list[tuple[str, ...]]:
    """Every set of the front in its row: what it costs, what is gained on today and on top of the one before."""
    rows: list[tuple[str, ...]] = []
    before: ChosenSet | None = None
    sign = 1 if FIGURES[choice.measure].less_is_better else -1
    for number, each in enumerate(choice.front):
        on_top = "" if before is None else shown(choice.measure, sign * (before.estimate.mean - each.estimate.mean))
        moves = listed(called(move) for move in each.moves) or "Today"
        gained = interval(choice, each.gain) if each.moves else ""
        rows.append((str(number), moves, money(each.cost), shown(choice.measure, each.estimate.mean), gained, on_top))
        before = each
    return rows


def told_choice(choice: Choice) -> list[str]:
    """What each move adds, which are never worth it, and how far to trust it."""
    told = []
    for each in choice.contributions:
        with_needs = "with what it needs" if each.needs else "by itself"
        alone = f"cannot be told {with_needs}"
        if each.alone is not None:
            alone = f"gains {interval(choice, each.alone)} {with_needs}"
        on_top = "" if each.on_top is None else f", {interval(choice, each.on_top)} on top of the others"
        told.append(f"“{each.name}” {alone}{on_top}.")
    told += _added_up(choice)
    if choice.never_worth_it:
        names = listed(f"“{name}”" for name in choice.never_worth_it)
        told.append(f"Never worth it: {names}. What is cheaper does as much, or no gain can be told from chance.")
    how = "All allowed sets" if choice.is_exhaustive else f"{choice.n_simulated:,} of {choice.n_sets:,} sets"
    told.append(
        f"{how} were simulated, each as a whole on the same demand and chances; the front was run again "
        f"{choice.n_replications} times with new ones. A dearer set is on it only where it is surely better (95 %)."
    )
    return told


def choice_page(choice: Choice, form: ChoiceJson) -> str:
    """The page; its chart lies beside it as `front.svg`."""
    rows = [HEADER, ("---",) * len(HEADER), *front_rows(choice)]
    table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    told = "\n".join(f"- {sentence}" for sentence in told_choice(choice))
    remarks = "\n\n".join((form.basis, *form.remarks))
    title = f"# {form.stream}: which moves to make"
    costs = f"Costs are those of the first {choice.months:g} months, once and running. Intervals are of 95 %."
    parts = (title, headline(choice), "![Cost against the measure](front.svg)", table, costs, told, remarks)
    return "\n\n".join(parts) + "\n"


def interval(choice: Choice, estimate: Estimate) -> str:
    """A figure with its interval."""
    mean, low, high = (shown(choice.measure, value) for value in (estimate.mean, estimate.low, estimate.high))
    return f"{mean} ({low} to {high})"


def money(value: float) -> str:
    """A sum in the currency of the costs."""
    return f"{value:,.0f}"


def called(move: Move) -> str:
    """A move with its strength."""
    share, people = getattr(move, "share_ratio", 1.0), getattr(move, "people", None)
    strength = f" ({show_ratio(share)})" if share < 1 else f" ({people})" if people else ""
    return move.called + strength


def listed(words: Iterable[str]) -> str:
    """`a, b and c`."""
    *first, last = [*words] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def _added_up(choice: Choice) -> list[str]:
    """How far the gains of single moves are from what they gain together."""
    alone = [each.alone for each in choice.contributions if each.is_chosen and each.alone is not None]
    if choice.chosen is None or len(alone) < 2:
        return []
    whole = shown(choice.measure, sum(each.mean for each in alone))
    together = shown(choice.measure, choice.chosen.gain.mean)
    return [f"Added up, the chosen moves by themselves would gain {whole}; together they gain {together}."]
