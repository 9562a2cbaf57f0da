"""Operations on changes and problems: what followed them, as links to incidents tell."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from millrace.flow.change_success import WITHIN, ChangeSuccess, ProblemEffect, change_success, problem_effect
from millrace.model.absent import Absent
from millrace.model.value_stream import ValueStream
from millrace.workbench.bench import Bench, Source


@dataclass(frozen=True)
class RecordNames:
    """What the types of records are called in a log."""

    change: str = "change"
    incident: str = "incident"
    problem: str = "problem"


@dataclass(frozen=True)
class Outcomes:
    """What changes and problems came to; each Absent with its reason where the log cannot tell."""

    changes: ChangeSuccess | Absent
    problems: ProblemEffect | Absent


class ChangeOperations(Bench):
    """What can be asked of changes and problems."""

    def changes(
        self,
        source: Source,
        *,
        stream: Path | str | ValueStream | None = None,
        mapping: Path | str | None = None,
        within: timedelta = WITHIN,
        names: RecordNames = RecordNames(),
        alike_by: str | None = None,
    ) -> Outcomes:
        """Which changes were followed by linked incidents `within` a time, and which problems ended repeats.

        Incidents are alike by the attribute `alike_by`: a configuration item or the category where none is named.
        """
        log, flow = self._flow(source, stream, mapping, None, strict=False)
        return Outcomes(
            change_success(flow, log, change=names.change, incident=names.incident, within=within),
            problem_effect(
                flow, log, problem=names.problem, incident=names.incident, attribute=alike_by, within=within
            ),
        )
