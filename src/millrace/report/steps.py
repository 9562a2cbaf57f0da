"""What the steps table cannot show, and why, said once below it instead of in every row."""

from collections import defaultdict
from collections.abc import Sequence

from millrace.draw.charts.wording import sentence
from millrace.flow.step_measures import StepMeasures
from millrace.flow.summary import Absent

_COLUMNS = {
    "process_time": "process time",
    "wait_time": "wait",
    "delay": "share of delay",
    "automation": "automated",
}


def step_absences(steps: Sequence[StepMeasures]) -> tuple[str, ...]:
    """A sentence for each reason: which column, in which steps, why."""
    lacking: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for field, column in _COLUMNS.items():
        for step in steps:
            figure = getattr(step, field)
            if isinstance(figure, Absent):
                lacking[figure.reason][column].append(step.step)
    return tuple(
        f"{sentence(_listed([_where(column, names, len(steps)) for column, names in columns.items()]))}: {reason}."
        for reason, columns in lacking.items()
    )


def _where(column: str, names: Sequence[str], n_steps: int) -> str:
    return column if len(names) == n_steps else f"{column} of {_listed(names)}"


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
