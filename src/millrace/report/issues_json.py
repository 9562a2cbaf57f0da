"""Recurring issues as JSON: the stable form that `millrace recurring --json` prints."""

from pydantic import BaseModel, ConfigDict, Field

from millrace.diagnose.recurring.issue import Issue, RecurringIssues
from millrace.flow.flow import Flow


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class MonthJson(_Part):
    """Items demanded in a month (`2026-03`)."""

    month: str
    n_items: int


class TrendJson(_Part):
    """The group's share of all demand, later half over earlier half; null where it had none in the earlier."""

    factor: float | None
    adjusted_p: float
    is_growing: bool
    is_shrinking: bool


class IssueJson(_Part):
    """Items that are alike."""

    name: str
    sentence: str
    is_candidate: bool = Field(description="It deserves a problem record")
    n_items: int
    items_per_month: float
    share_ratio: float = Field(description="Of all items that could be grouped")
    months: tuple[MonthJson, ...]
    trend: TrendJson
    hours_per_month: float = Field(description="From demand to value, or to the end of the log")
    hours_ratio: float = Field(description="Of all such hours")
    median_lead_seconds: float | None = Field(description="Of delivered items; null where none is")
    n_with_problem: int | None = Field(description="Linked with a problem record; null where no column says so")
    examples: tuple[str, ...]
    texts: tuple[str, ...]


class IssuesJson(_Part):
    """Everything `millrace recurring` tells."""

    source: str
    alike_by: tuple[str, ...]
    is_by_text: bool
    n_all: int
    n_items: int
    n_grouped: int
    problem_column: str | None
    issues: tuple[IssueJson, ...]


def issues_json(flow: Flow, found: RecurringIssues) -> IssuesJson:
    """The form of everything found in `flow`."""
    return IssuesJson(
        source=flow.about.source_name,
        alike_by=found.alike_by,
        is_by_text=found.is_by_text,
        n_all=found.n_all,
        n_items=found.n_items,
        n_grouped=found.n_grouped,
        problem_column=found.problem_column,
        issues=tuple(map(_issue, found.issues)),
    )


def _issue(issue: Issue) -> IssueJson:
    trend = issue.trend
    return IssueJson(
        name=issue.name,
        sentence=issue.sentence,
        is_candidate=issue.is_candidate,
        n_items=issue.n_items,
        items_per_month=issue.per_month,
        share_ratio=issue.share_ratio,
        months=tuple(MonthJson(month=month, n_items=n) for month, n in issue.months),
        trend=TrendJson(
            factor=trend.factor,
            adjusted_p=trend.adjusted_p,
            is_growing=trend.is_growing,
            is_shrinking=trend.is_shrinking,
        ),
        hours_per_month=issue.hours_per_month,
        hours_ratio=issue.hours_ratio,
        median_lead_seconds=issue.median_lead_seconds,
        n_with_problem=issue.n_with_problem,
        examples=issue.examples,
        texts=issue.texts,
    )
