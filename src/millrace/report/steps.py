"""What the steps table cannot show, and why, said once below it instead of in every row."""

from collections import defaultdict
from collections.abc import Sequence

from millrace.flow.step_measures import StepMeasures
from millrace.flow.summary import Absent

_COLUMNS = {
    "process_time": "Process time",
    "wait_time": "Wait",
    "delay": "Share of delay",
    "automation": "Automated",
}


def step_absences(steps: Sequence[StepMeasures]) -> tuple[str, ...]:
    """A sentence for each reason: which column, in which steps, why."""
    lacking: dict[tuple[str, str], list[str]] = defaultdict(list)
    for step in steps:
        for field, column in _COLUMNS.items():
            figure = getattr(step, field)
            if isinstance(figure, Absent):
                lacking[column, figure.reason].append(step.step)
    return tuple(
        f"{column}{'' if len(names) == len(steps) else f' of {_listed(names)}'}: {reason}."
        for (column, reason), names in lacking.items()
    )


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
