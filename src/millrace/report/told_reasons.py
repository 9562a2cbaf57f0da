"""Why it is slow and what keeps coming back, as tables of a report; nothing where there is nothing to say."""

from millrace.diagnose.explanation.explanation import Explanations
from millrace.diagnose.explanation.sentences import group_in_words
from millrace.diagnose.findings.saying import count, percent
from millrace.diagnose.recurring.issue import Issue, RecurringIssues, Trend
from millrace.draw.charts.chart import TableTwin
from millrace.draw.charts.wording import THIN
from millrace.flow.summary import Absent
from millrace.report.told_across_records import ToldTable

MOST = 6


def told_reasons(explained: Explanations | None, recurring: RecurringIssues | Absent | None) -> tuple[ToldTable, ...]:
    """The tables that have rows."""
    told = []
    if explained is not None and explained.explanations:
        told.append(_why(explained))
    if isinstance(recurring, RecurringIssues) and recurring.issues:
        told.append(_recurring(recurring))
    return tuple(told)


def _why(found: Explanations) -> ToldTable:
    rows = tuple(
        (
            f"Items {group_in_words(each.conditions)}",
            f"{each.factor:.1f}{THIN}×",
            f"{each.interval.low:.1f}–{each.interval.high:.1f}{THIN}×",
            count(each.n_items),
            count(round(each.excess_per_month)),
            percent(each.share_ratio),
        )
        for each in found.explanations[:MOST]
    )
    header = (
        "Compared with others like them",
        "As long",
        "95 % interval",
        "n",
        "Hours a month beyond",
        "Of all lead time",
    )
    held = ", ".join(column.removeprefix("u_").replace("_", " ") for column in found.looked_at)
    tested = f"{count(found.n_tested)} comparisons tested; at most {percent(found.level)} of those told are chance"
    left_out = (f"Left out: {found.left_out_items}.",) if found.left_out_items else ()
    notes = (f"Held equal: {held}. {tested}.", *left_out)
    return ToldTable("Why it is slow", TableTwin(header, rows), notes)


def _recurring(found: RecurringIssues) -> ToldTable:
    rows = tuple(
        (
            each.name[0].upper() + each.name[1:],
            f"{each.per_month:.1f}",
            count(round(each.hours_per_month)),
            _trend(each.trend),
            _problem(each),
            ", ".join(each.examples[:2]),
        )
        for each in found.issues[:MOST]
    )
    header = ("Issue", "A month", "Hours a month", "Trend", "Problem candidate", "Examples")
    alike_by = ", ".join(column.removeprefix("u_").replace("_", " ") for column in found.alike_by)
    note = f"Items are alike by {alike_by}; candidates first."
    return ToldTable("What keeps coming back", TableTwin(header, rows), (note,))


def _trend(trend: Trend) -> str:
    if trend.is_growing:
        return f"{trend.factor:.1f}{THIN}× as many" if trend.factor else "new"
    return "rarer" if trend.is_shrinking else "steady"


def _problem(issue: Issue) -> str:
    return "yes" if issue.is_candidate else "no"
