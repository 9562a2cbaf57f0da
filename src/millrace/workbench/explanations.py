"""Operations on causes and repeats: which values go with delay, and which issues keep coming back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from millrace.diagnose.explanation.explanation import Outcome
from millrace.errors import MillraceError
from millrace.eventlog.export import write_csv
from millrace.flow.flow import Flow
from millrace.model.absent import Absent
from millrace.model.value_stream import ValueStream
from millrace.model.work_calendar import WorkCalendar
from millrace.workbench.bench import Bench, Source

if TYPE_CHECKING:
    from millrace.diagnose.explanation.explanation import Explanations
    from millrace.diagnose.recurring.issue import RecurringIssues

_COLUMNS = (
    ("issue", "string"),
    ("is_candidate", "bool"),
    ("n_items", "int64"),
    ("items_per_month", "double"),
    ("hours_per_month", "double"),
    ("hours_ratio", "double"),
    ("median_lead_seconds", "double"),
    ("trend_factor", "double"),
    ("trend_adjusted_p", "double"),
    ("n_with_problem", "int64"),
    ("examples", "string"),
)


class NothingAlike(MillraceError):
    """Recurring issues are asked of a log that does not say what its items are about."""

    slug = "nothing-alike"

    def __init__(self, flow: Flow, why: Absent) -> None:
        """Name the log and what it takes."""
        super().__init__(f"{flow.about.source_name} cannot show what keeps coming back: {why.reason}.")


@dataclass(frozen=True)
class Explained:
    """What explains an outcome, and the flow it was looked for in."""

    explanations: Explanations
    flow: Flow


@dataclass(frozen=True)
class Recurring:
    """What keeps coming back, and the flow it was looked for in."""

    issues: RecurringIssues
    flow: Flow


class ExplanationOperations(Bench):
    """What can be asked of an export about why, and how often again."""

    def why(
        self,
        source: Source,
        *,
        of: Outcome | str = Outcome.LEAD_TIME,
        within: timedelta | None = None,
        stream: Path | str | ValueStream | None = None,
        mapping: Path | str | None = None,
        calendar: Path | str | WorkCalendar | None = None,
        strict: bool = False,
    ) -> Explained:
        """Which values known at demand go with long lead times, rework, or a breach of the limit `within`.

        Raises NoLimit.
        """
        from millrace.diagnose.explanation.why_slow import why_slow

        _, flow = self._flow(source, stream, mapping, calendar, strict=strict)
        found = why_slow(flow, of=Outcome(of), within=within, progress=lambda share: self._progress("comparing", share))
        self._progress("comparing", 1.0)
        return Explained(found, flow)

    def recurring(
        self,
        source: Source,
        *,
        stream: Path | str | ValueStream | None = None,
        mapping: Path | str | None = None,
        strict: bool = False,
    ) -> Recurring:
        """Which issues keep coming back, by what people wrote or what items were filed under.

        Raises NothingAlike.
        """
        from millrace.diagnose.recurring.recurring_issues import recurring_issues

        _, flow = self._flow(source, stream, mapping, None, strict=strict)
        with self._while("grouping"):
            found = recurring_issues(flow)
        if isinstance(found, Absent):
            raise NothingAlike(flow, found)
        return Recurring(found, flow)

    def recurring_table(
        self,
        source: Source,
        output: Path | str,
        *,
        stream: Path | str | ValueStream | None = None,
        mapping: Path | str | None = None,
        strict: bool = False,
    ) -> int:
        """Write the recurring issues as CSV, a row each; how many. Raises NothingAlike."""
        import duckdb
        import pyarrow as pa

        issues = self.recurring(source, stream=stream, mapping=mapping, strict=strict).issues.issues
        rows = [
            {
                "issue": each.name,
                "is_candidate": each.is_candidate,
                "n_items": each.n_items,
                "items_per_month": each.per_month,
                "hours_per_month": each.hours_per_month,
                "hours_ratio": each.hours_ratio,
                "median_lead_seconds": each.median_lead_seconds,
                "trend_factor": each.trend.factor,
                "trend_adjusted_p": each.trend.adjusted_p,
                "n_with_problem": each.n_with_problem,
                "examples": " ".join(each.examples),
            }
            for each in issues
        ]
        write_csv(duckdb.from_arrow(pa.Table.from_pylist(rows, schema=pa.schema(_COLUMNS))), Path(output))
        return len(rows)
