"""Packs for the reviews of the workspace's streams: what was measured, with all that people decided and were told."""

from collections.abc import Iterator
from pathlib import Path

from millrace.govern.kinds.target_missed import limit_told, shown
from millrace.govern.target_status import Standing
from millrace.model.duration import show_duration
from millrace.model.ratio import show_ratio
from millrace.report.review.decision import Decision
from millrace.report.review.pack import Tabled, pack
from millrace.report.slide_content import SlideContent, slide_content
from millrace.report.wording import noun_of
from millrace.workbench.output import UnknownForm
from millrace.workbench.review_packs import WRITERS, issues_of
from millrace.workbench.shared.access import Actor, Permission, needs
from millrace.workbench.shared.alert_book import AlertsAsked
from millrace.workbench.shared.improvement_views import ImprovementView
from millrace.workbench.shared.reviews import ReviewOperations
from millrace.workbench.shared.target_book import TargetBoard

_REFUTED = "refuted"


class ReviewPackOperations(ReviewOperations):
    """Make the packs of streams."""

    @needs(Permission.READ)
    def stream_pack(self, actor: Actor, key: str, form: str) -> bytes:
        """The pack of a stream as it stands now, as `.pdf`, `.pptx` or `.html`. Raises what `measured` raises."""
        writer = WRITERS.get(form)
        if writer is None:
            raise UnknownForm(Path(f"review{form}"), tuple(WRITERS))
        flow, measured = self.flow(actor, key), self.measured(actor, key)
        found = self.stream_findings(actor, key)

        def gathered() -> SlideContent:
            return slide_content(flow, measured, found)

        content = self.on_flow(flow, "review content", gathered)
        return writer(pack(content, self._tabled(actor, key), noun_of(flow)))

    def _tabled(self, actor: Actor, key: str) -> Tabled:
        flow, board = self.flow(actor, key), self.target_board(actor, key)
        improvements = self.improvements(actor, stream=key)
        alerts = self.alerts(actor, AlertsAsked(stream=key, state="open"), per_page=200).alerts
        return Tabled(
            targets=tuple(_targets(board)),
            service_levels=tuple(_service_levels(board)),
            alerts=tuple((f"{each.began_at:%Y-%m-%d}", str(each.severity), each.sentence) for each in alerts),
            improvements=tuple(map(_improvement, improvements)),
            to_decide=tuple(self._to_decide(board, improvements)),
            issues=self.on_flow(flow, "issues", lambda: issues_of(flow)),
            last_decisions=self._last_decisions(actor, key),
        )

    def _last_decisions(self, actor: Actor, key: str) -> tuple[Decision, ...]:
        held = [each for each in self.reviews(actor, key) if each.held_on is not None]
        return held[0].decisions if held else ()

    def _to_decide(self, board: TargetBoard, improvements: tuple[ImprovementView, ...]) -> Iterator[str]:
        """What did not help, what is late, what is missed."""
        today = self.clock().date()
        for each in improvements:
            if each.verdicts and each.verdicts[0].outcome == _REFUTED:
                yield f"Whether to end or to change “{each.title}”: it did not help."
            late = [action.title for action in each.actions if action.is_late(today)]
            if late:
                yield f"How “{each.title}” goes on: overdue is “{late[0]}”."
        for status in board.targets:
            if status.now is not None and status.now.standing is Standing.MISSED:
                yield f"What to do about the target “{status.target.name}”, which is missed."


def _targets(board: TargetBoard) -> Iterator[tuple[str, str, str, str]]:
    for status in board.targets:
        if status.now is None:
            yield (status.target.name, limit_told(status.target), "–", "no whole period yet")
        else:
            figure = f"{shown(status.target, status.now.value)} (n = {status.now.n})"
            yield (status.target.name, limit_told(status.target), figure, str(status.now.standing))


def _service_levels(board: TargetBoard) -> Iterator[tuple[str, str, str, str]]:
    for each in board.service_levels:
        met = "–" if each.met.ratio is None else f"{show_ratio(each.met.ratio)} of {each.met.whole:,.0f}"
        promise = f"within {show_duration(each.level.within.total_seconds())}"
        yield (each.level.name, promise, met, f"{each.n_open:,}, {each.n_overdue:,} overdue")


def _improvement(each: ImprovementView) -> tuple[str, str, str, str]:
    verdict = f"{each.verdicts[0].outcome}: {each.verdicts[0].headline}" if each.verdicts else "not measured yet"
    return (each.title, str(each.state), each.draft.owner or "–", verdict)
