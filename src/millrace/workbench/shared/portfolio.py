"""The portfolio: the workspace's streams beside each other, and where effort would pay most."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from millrace.flow.group_figures import GroupFigures
from millrace.flow.selection import EVERYTHING, UnknownColumn
from millrace.flow.small_groups import ColumnWithheld, GroupTooSmall
from millrace.flow.summary import Clock
from millrace.govern.target_status import Standing
from millrace.model.absent import Absent
from millrace.workbench.shared.access import Actor, Permission, needs
from millrace.workbench.shared.alert_book import AlertsAsked
from millrace.workbench.shared.review_packs import ReviewPackOperations
from millrace.workbench.shared.shown_streams import ShownStreamOperations
from millrace.workbench.shared.stream_book import StreamView

MOST_EFFORTS = 8
SIDE_BY_SIDE = ("month", "team", "item_type", "priority", "category", "service", "channel")
"""By what streams can be held against each other."""


@dataclass(frozen=True)
class Fare:
    """How a stream fares. `weeks` are its weekly median lead times; `n_missed` of `n_targets` targets are missed."""

    n_delivered: int
    p50_seconds: float | None
    p85_seconds: float | None
    weeks: tuple[float, ...]
    flow_efficiency_ratio: float | None
    per_week: float | None
    n_open: int
    life_hours: float
    n_targets: int
    n_missed: int
    n_alerts: int
    is_review_overdue: bool
    attention: tuple[str, ...]


@dataclass(frozen=True)
class Effort:
    """Where effort would pay: a finding of one of the streams, with the hours a month that are at stake."""

    stream_key: str
    stream_title: str
    number: int
    finding_id: str
    title: str
    hours_per_month: float
    money_per_month: float | None


@dataclass(frozen=True)
class GroupAcross:
    """A group (a team, a month …) and its figures in each of the streams, by their keys."""

    label: str
    figures: dict[str, GroupFigures]


class PortfolioOperations(ReviewPackOperations, ShownStreamOperations):
    """Hold streams against each other."""

    @needs(Permission.READ)
    def fare(self, actor: Actor, key: str) -> Fare:
        """How a stream fares. Raises NoSuchStream, NotMeasured, SourceNotReady."""
        view, measured = self.stream(actor, key), self.measured(actor, key)
        trends = self._trends(actor, key, EVERYTHING, Clock.ELAPSED)
        lead, efficiency = measured.lead_time.groups.get(""), measured.flow_efficiency
        targets = [status.now for status in self.target_board(actor, key).targets]
        return Fare(
            n_delivered=lead.n if lead else 0,
            p50_seconds=lead.p50.seconds if lead and lead.p50 else None,
            p85_seconds=lead.p85.seconds if lead and lead.p85 else None,
            weeks=tuple(point.value for point in trends["lead_time"].points[-26:]),
            flow_efficiency_ratio=None if isinstance(efficiency, Absent) else efficiency.ratio,
            per_week=trends["throughput"].centre,
            n_open=sum(step.n_open for step in measured.steps),
            life_hours=(measured.life.mean_seconds or 0.0) * measured.life.n / 3600,
            n_targets=len(targets),
            n_missed=sum(point is not None and point.standing is Standing.MISSED for point in targets),
            n_alerts=self.alerts(actor, AlertsAsked(stream=key, state="open")).n_alerts,
            is_review_overdue=self._is_stale(actor, view),
            attention=tuple(each.sentence for each in self.stream_attention(actor, key)),
        )

    @needs(Permission.READ)
    def efforts(self, actor: Actor, keys: Sequence[str]) -> tuple[Effort, ...]:
        """The findings in which most hours a month are at stake. Raises what `stream_findings` raises."""
        found = [
            Effort(
                key,
                self.stream(actor, key).title,
                number,
                finding.id,
                finding.title,
                finding.stake.hours_per_month,
                None if isinstance(finding.stake.money_per_month, Absent) else finding.stake.money_per_month,
            )
            for key in keys
            for number, finding in enumerate(self.stream_findings(actor, key).findings, 1)
        ]
        return tuple(sorted(found, key=lambda effort: -effort.hours_per_month)[:MOST_EFFORTS])

    @needs(Permission.READ)
    def across(self, actor: Actor, keys: Sequence[str], per: str) -> tuple[GroupAcross, ...]:
        """Groups beside each other in all streams that know them, the largest first, months in their order."""
        figures: dict[str, dict[str, GroupFigures]] = {}
        for key in keys:
            try:
                groups = self.stream_groups(actor, key, per)
            except (UnknownColumn, ColumnWithheld, GroupTooSmall):
                continue  # this stream's log does not tell its items apart so
            for label, group in groups.items():
                figures.setdefault(label, {})[key] = group
        across = [GroupAcross(label, of) for label, of in figures.items()]
        if per == "month":
            return tuple(sorted(across, key=lambda group: group.label))
        return tuple(sorted(across, key=lambda group: -sum(each.n_items for each in group.figures.values())))

    def _is_stale(self, actor: Actor, view: StreamView) -> bool:
        """True where a review is overdue: the next one that was planned, or the one that the rhythm asks for."""
        today, stream = self.clock().date(), view.stream
        planned = self.next_review(actor, view.key)
        if planned is not None:
            return planned.is_overdue(today)
        if stream.reviewed_on is None or stream.review_every is None:
            return False
        every: timedelta = stream.review_every
        return stream.reviewed_on + every < today
