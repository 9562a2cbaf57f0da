"""How targets, service levels and alerts are shown in a terminal."""

from collections.abc import Sequence

from rich.table import Table

from millrace.govern.kinds.target_missed import limit_told, shown
from millrace.govern.replay import Told
from millrace.govern.signals import kind_title
from millrace.model.duration import show_duration
from millrace.model.ratio import show_ratio
from millrace.workbench.governing import TargetReport


def targets_table(report: TargetReport) -> Table:
    """Targets, a row each."""
    table = Table(title=f"Targets as of {report.at:%Y-%m-%d %H:%M} UTC", title_justify="left")
    for heading in ("Target", "Period from", "n", "Figure", "Should be", "Stands"):
        table.add_column(heading, justify="right" if heading in ("n", "Figure") else "left")
    for status in report.targets:
        now, target = status.now, status.target
        if now is None:
            table.add_row(target.name, "–", "–", "–", limit_told(target), "the log is shorter than a period")
        else:
            standing = now.reason or str(now.standing)
            table.add_row(target.name, now.label, str(now.n), shown(target, now.value), limit_told(target), standing)
    return table


def service_levels_table(report: TargetReport) -> Table:
    """Service levels, a row each."""
    table = Table(title="Service levels", title_justify="left")
    for heading in ("Service level", "Within", "Met", "Goal", "Ended", "Open", "Overdue", "Clock stands still"):
        table.add_column(heading, justify="left" if heading == "Service level" else "right")
    for each in report.service_levels:
        level = each.level
        met = "–" if each.met.ratio is None else show_ratio(each.met.ratio)
        table.add_row(
            level.name, show_duration(level.within.total_seconds()), met, show_ratio(level.goal_ratio),
            f"{each.met.whole:.0f}", str(each.n_open), str(each.n_overdue), str(each.n_paused),
        )  # fmt: skip
    return table


def alerts_table(found: Sequence[Told]) -> Table:
    """Alerts, a row each."""
    table = Table(title_justify="left")
    for heading in ("Told", "Severity", "Kind", "What", "Why"):
        table.add_column(heading, no_wrap=heading == "Told")
    for told in found:
        each = told.signal
        table.add_row(f"{told.at:%Y-%m-%d}", str(each.severity), kind_title(each.kind), each.title, each.sentence)
    return table
