"""Packs for the reviews of the workspace's streams: what was measured, with all that people decided and were told."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from pydantic import TypeAdapter

from millrace.errors import MillraceError
from millrace.govern.kinds.target_missed import limit_told, shown
from millrace.govern.target_status import Standing
from millrace.model.ratio import show_ratio
from millrace.report.review.decision import Decision
from millrace.report.review.pack import Tabled, pack
from millrace.report.review.sheet import Pack
from millrace.report.slide_content import SlideContent, slide_content
from millrace.report.wording import noun_of
from millrace.workbench.output import UnknownForm
from millrace.workbench.review_packs import WRITERS, issues_of
from millrace.workbench.shared.access import HERE, Actor, Permission, needs
from millrace.workbench.shared.alert_book import AlertsAsked
from millrace.workbench.shared.improvement_views import ImprovementView
from millrace.workbench.shared.reviews import ReviewOperations, ReviewView, found_review, review_view
from millrace.workbench.shared.target_book import TargetBoard

_REFUTED = "refuted"
_PACKS = TypeAdapter(Pack)
NEAR = timedelta(days=7)
"""So long before a review its pack is made."""


class NoPackYet(MillraceError):
    """The pack of a review was not made yet."""

    slug = "no-pack-yet"

    def __init__(self, due_on: date) -> None:
        """Say when it will be."""
        super().__init__(
            f"The pack for the review of {due_on} is made {NEAR.days} days before it, or when you ask for it."
        )


class ReviewPackOperations(ReviewOperations):
    """Make the packs of streams."""

    @needs(Permission.READ)
    def stream_pack(self, actor: Actor, key: str, form: str) -> bytes:
        """The pack of a stream as it stands now, as `.pdf`, `.pptx` or `.html`. Raises what `measured` raises."""
        return _written(self._pack(actor, key), form)

    @needs(Permission.READ)
    def review_pack(self, actor: Actor, key: str, review_id: str, form: str) -> bytes:
        """The pack as it lay on the table of a review. Raises NoSuchReview, NoPackYet."""
        del actor
        with self._reading() as session:
            kept = found_review(session, key, review_id)
            if kept.pack is None:
                raise NoPackYet(kept.due_on)
            return _written(_PACKS.validate_python(kept.pack), form)

    @needs(Permission.CHANGE)
    def keep_pack(self, actor: Actor, key: str, review_id: str) -> ReviewView:
        """Make the pack of a review from what is known now, and keep it as it is. Raises NoSuchReview."""
        told = _PACKS.dump_python(self._pack(actor, key), mode="json")
        with self._doing(actor, "keep_pack", f"stream:{key}", review=review_id) as session:
            review = found_review(session, key, review_id)
            review.pack = told
            return review_view(key, review)

    def keep_packs(self) -> dict[str, date | str]:
        """Make the packs of the reviews that are near, by their streams; else the sentence of why not."""
        near = self.clock().date() + NEAR
        kept: dict[str, date | str] = {}
        for view in self.streams(HERE):
            review = self.next_review(HERE, view.key)
            if review is None or review.has_pack or review.due_on > near:
                continue
            try:
                kept[view.key] = self.keep_pack(HERE, view.key, review.id).due_on
            except MillraceError as problem:
                kept[view.key] = problem.sentence
        return kept

    def _pack(self, actor: Actor, key: str) -> Pack:
        flow, measured = self.flow(actor, key), self.measured(actor, key)
        found = self.stream_findings(actor, key)

        def gathered() -> SlideContent:
            return slide_content(flow, measured, found)

        content = self.on_flow(flow, "review content", gathered)
        return pack(content, self._tabled(actor, key), noun_of(flow))

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


def _written(told: Pack, form: str) -> bytes:
    writer = WRITERS.get(form)
    if writer is None:
        raise UnknownForm(Path(f"review{form}"), tuple(WRITERS))
    return writer(told)


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
        promise = f"within {each.level.told(each.level.within.total_seconds())}"
        yield (each.level.name, promise, met, f"{each.n_open:,}, {each.n_overdue:,} overdue")


def _improvement(each: ImprovementView) -> tuple[str, str, str, str]:
    verdict = f"{each.verdicts[0].outcome}: {each.verdicts[0].headline}" if each.verdicts else "not measured yet"
    return (each.title, str(each.state), each.draft.owner or "–", verdict)
