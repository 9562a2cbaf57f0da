"""How targets, service levels and alerts are shown in a terminal, and as JSON."""

from collections.abc import Sequence
from typing import Any

from rich.table import Table

from millrace.govern.kinds.target_missed import limit_told, shown
from millrace.govern.replay import Told
from millrace.govern.service_level_standing import ServiceLevelStanding
from millrace.govern.signal import Signal
from millrace.govern.signals import kind_title
from millrace.govern.target_status import TargetStatus
from millrace.model.duration import show_duration
from millrace.model.ratio import show_ratio
from millrace.workbench.governing import TargetReport

FORMAT = 1
"""Version of the JSON; a field that goes or changes its meaning raises it."""


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


def targets_json(report: TargetReport) -> dict[str, Any]:
    """How targets and service levels stand, in a stable form."""
    return {
        "millrace_targets": FORMAT,
        "at": report.at.isoformat(),
        "targets": [_target(status) for status in report.targets],
        "service_levels": [_service_level(standing) for standing in report.service_levels],
    }


def alerts_json(found: Sequence[Told]) -> dict[str, Any]:
    """Alerts with the look at which each was told, in a stable form."""
    return {
        "millrace_alerts": FORMAT,
        "alerts": [{"told_at": each.at.isoformat(), **_alert(each.signal)} for each in found],
    }


def _target(status: TargetStatus) -> dict[str, Any]:
    return {
        **status.target.model_dump(mode="json", exclude_defaults=True),
        "direction": status.target.better,
        "periods": [
            {
                "since_at": point.since_at.isoformat(), "until_at": point.until_at.isoformat(), "value": point.value,
                "n": point.n, "standing": point.standing, "reason": point.reason or None,
            }
            for point in status.points
        ],
    }  # fmt: skip


def _service_level(standing: ServiceLevelStanding) -> dict[str, Any]:
    return {
        **standing.level.model_dump(mode="json", exclude_defaults=True),
        "n_met": int(standing.met.part), "n_ended": int(standing.met.whole), "met_ratio": standing.met.ratio,
        "n_open": standing.n_open, "n_overdue": standing.n_overdue, "n_paused": standing.n_paused,
        "near": [
            {
                "item": item.key, "state": item.state, "used_seconds": item.used_seconds,
                "remaining_seconds": item.remaining_seconds, "due_at": item.due_at and item.due_at.isoformat(),
                "breach_ratio": item.breach_ratio,
            }
            for item in standing.near
        ],
    }  # fmt: skip


def _alert(signal: Signal) -> dict[str, Any]:
    return {
        "kind": signal.kind, "severity": signal.severity, "title": signal.title, "sentence": signal.sentence,
        "item": signal.item, "began_at": signal.began_at.isoformat(), "fingerprint": signal.fingerprint,
    }  # fmt: skip
