"""The register of improvements: entered, changed, taken from state to state and from step to step."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from millrace.diagnose.findings.finding import Finding
from millrace.improve.register.action import ActionNotReady, ActionState, NoSuchAction, refuse_circle
from millrace.improve.register.seven_steps import refuse_leaving, refuse_too_early
from millrace.improve.register.state import ImprovementState, refuse_leap
from millrace.model.countermeasures.countermeasure import countermeasure
from millrace.model.improvement import Improvement
from millrace.store.improvements import ActionRecord, ImprovementRecord
from millrace.store.streams import Stream
from millrace.store.tables import now
from millrace.workbench.shared.access import Actor, NotAllowed, Permission, needs
from millrace.workbench.shared.found_streams import FoundStreamOperations
from millrace.workbench.shared.improvement_views import (
    ORIGINS,
    ImprovementChangedMeanwhile,
    ImprovementDraft,
    ImprovementNotUsable,
    ImprovementView,
    actions_of,
    fill,
    found,
    view,
)
from millrace.workbench.shared.keys import free_key


class ImprovementBookOperations(FoundStreamOperations):
    """Enter improvements and follow them."""

    @needs(Permission.READ)
    def improvements(
        self, actor: Actor, *, stream: str | None = None, state: str | None = None, owner: str | None = None
    ) -> tuple[ImprovementView, ...]:
        """The improvements of the register, those of a stream, in a state or of an owner; the latest first."""
        del actor
        chosen = select(ImprovementRecord).order_by(ImprovementRecord.created_at.desc(), ImprovementRecord.key)
        if stream:
            chosen = chosen.join(Stream, ImprovementRecord.stream_id == Stream.id).where(Stream.key == stream)
        if state:
            chosen = chosen.where(ImprovementRecord.state == state)
        if owner:
            chosen = chosen.where(ImprovementRecord.owner == owner)
        with self._reading() as session:
            return tuple(view(session, each) for each in session.scalars(chosen))

    @needs(Permission.READ)
    def improvement(self, actor: Actor, key: str) -> ImprovementView:
        """One improvement. Raises NoSuchImprovement."""
        del actor
        with self._reading() as session:
            return view(session, found(session, key))

    @needs(Permission.CHANGE)
    def register_improvement(
        self, actor: Actor, stream: str, draft: ImprovementDraft, *, origin: str = "hand", origin_ref: str | None = None
    ) -> ImprovementView:
        """Enter an improvement of a stream. Raises NoSuchStream, ImprovementNotUsable."""
        draft.refuse_unusable()
        if origin not in ORIGINS:
            raise ImprovementNotUsable(f"an improvement comes from {', '.join(ORIGINS)}, not from “{origin}”")
        revision = self.stream(actor, stream).latest.number
        with self._doing(actor, "register_improvement", f"stream:{stream}", title=draft.title) as session:
            key = free_key(draft.title, set(session.scalars(select(ImprovementRecord.key))), "improvement")
            of = session.scalars(select(Stream).where(Stream.key == stream)).one()
            record = ImprovementRecord(
                key=key, stream_id=of.id, origin=origin, origin_ref=origin_ref, based_on_revision=revision
            )
            fill(record, draft)
            session.add(record)
            session.flush()
            return view(session, record)

    @needs(Permission.CHANGE)
    def change_improvement(self, actor: Actor, key: str, draft: ImprovementDraft, *, version: int) -> ImprovementView:
        """Change what was entered. Raises NoSuchImprovement, ImprovementChangedMeanwhile, ImprovementNotUsable."""
        draft.refuse_unusable()
        with self._doing(actor, "change_improvement", f"improvement:{key}", version=version) as session:
            record = opened(session, key, version)
            fill(record, draft)
            return view(session, record)

    @needs(Permission.CHANGE)
    def move_improvement(self, actor: Actor, key: str, to: ImprovementState, *, version: int) -> ImprovementView:
        """Take it to another state; an approval needs the permission to approve.

        Raises NotNext, StateTooEarly where it lacks a baseline or a measurement, and what `change_improvement` raises.
        """
        if to is ImprovementState.APPROVED and not actor.may(Permission.APPROVE):
            raise NotAllowed(actor, Permission.APPROVE)
        with self._doing(actor, "move_improvement", f"improvement:{key}", to=str(to)) as session:
            record = opened(session, key, version)
            refuse_leap(ImprovementState(record.state), to)
            refuse_too_early(to, record.model_step, view(session, record).known, _today())
            record.state = to
            return view(session, record)

    @needs(Permission.CHANGE)
    def next_improvement_step(self, actor: Actor, key: str, *, version: int) -> ImprovementView:
        """Leave a step of the improvement model for the next. Raises StepNotLeft, and as `change_improvement`."""
        with self._doing(actor, "next_improvement_step", f"improvement:{key}") as session:
            record = opened(session, key, version)
            refuse_leaving(record.model_step, view(session, record).known, _today())
            record.model_step += 1
            return view(session, record)

    @needs(Permission.CHANGE)
    def add_action(
        self,
        actor: Actor,
        key: str,
        title: str,
        *,
        version: int,
        owner: str | None = None,
        due_on: date | None = None,
        after: Sequence[int] = (),
    ) -> ImprovementView:
        """Add an action, which needs those numbered in `after`. Raises ImprovementNotUsable, NoSuchAction."""
        if not title.strip():
            raise ImprovementNotUsable("an action needs a title")
        with self._doing(actor, "add_action", f"improvement:{key}", title=title) as session:
            record = opened(session, key, version)
            there = {each.number: list(each.needs) for each in actions_of(session, record)}
            number = max(there, default=0) + 1
            refuse_circle(there | {number: list(after)})
            due = due_on.isoformat() if due_on else None
            session.add(
                ActionRecord(
                    improvement_id=record.id, number=number, title=title.strip(), owner=owner, due_on=due,
                    needs=list(after),
                )
            )  # fmt: skip
            session.flush()
            return view(session, record)

    @needs(Permission.CHANGE)
    def change_action(
        self,
        actor: Actor,
        key: str,
        number: int,
        *,
        version: int,
        state: ActionState | None = None,
        after: Sequence[int] | None = None,
    ) -> ImprovementView:
        """Take an action to another state, or say what it needs. Raises ActionNotReady, ActionsInACircle."""
        with self._doing(actor, "change_action", f"improvement:{key}", number=number) as session:
            record = opened(session, key, version)
            actions = {each.number: each for each in actions_of(session, record)}
            if number not in actions:
                raise NoSuchAction(number)
            action = actions[number]
            if after is not None:
                refuse_circle({each.number: list(each.needs) for each in actions.values()} | {number: list(after)})
                action.needs = list(after)
            if state is not None:
                _refuse_unready(action, actions, state)
                action.state = state
            session.flush()
            return view(session, record)

    @needs(Permission.CHANGE)
    def import_improvements(self, actor: Actor, stream: str) -> tuple[ImprovementView, ...]:
        """Enter the improvements of a stream's file that the register does not have; they are known by their names."""
        there = {each.title.casefold() for each in self.improvements(actor, stream=stream)}
        wanted = [each for each in self.stream(actor, stream).stream.improvements if each.name.casefold() not in there]
        return tuple(self._taken_over(actor, stream, each) for each in wanted)

    def _taken_over(self, actor: Actor, stream: str, improvement: Improvement) -> ImprovementView:
        return self.register_improvement(
            actor, stream, _drafted(improvement), origin="stream", origin_ref=improvement.name
        )

    @needs(Permission.READ)
    def improvement_draft(self, actor: Actor, stream: str, finding: str) -> ImprovementDraft:
        """What a finding suggests to do. Raises NoSuchStream, NotMeasured, NoSuchFinding."""
        return _suggested(self.stream_finding(actor, stream, finding))


def _suggested(finding: Finding) -> ImprovementDraft:
    tried = countermeasure(finding.countermeasures[0]) if finding.countermeasures else None
    hours = f"{finding.stake.hours_per_month:,.0f} hours a month are at stake"
    return ImprovementDraft(
        title=(tried.title if tried else finding.title)[:200],
        description=f"{finding.sentence} {tried.how_to_try if tried else ''}".strip(),
        step=finding.place.step,
        waste=finding.wastes[0] if finding.wastes else None,
        concerns="process",
        benefit=hours,
    )


def _drafted(improvement: Improvement) -> ImprovementDraft:
    return ImprovementDraft(
        title=improvement.name[:200],
        step=improvement.steps[0] if improvement.steps else None,
        waste=improvement.waste,
        kind=improvement.kind,
        owner=improvement.owner,
    )


def opened(session: Session, key: str, version: int) -> ImprovementRecord:
    """The improvement to change, if nobody else did since. Raises NoSuchImprovement, ImprovementChangedMeanwhile."""
    record = found(session, key)
    if record.version != version:
        raise ImprovementChangedMeanwhile(record.title)
    record.version += 1
    record.changed_at = now()
    return record


def _refuse_unready(action: ActionRecord, actions: dict[int, ActionRecord], state: ActionState) -> None:
    if state not in (ActionState.DOING, ActionState.DONE):
        return
    waits = [number for number in action.needs if ActionState(actions[number].state).is_open]
    if waits:
        raise ActionNotReady(action.number, waits)


def _today() -> date:
    return datetime.now(UTC).date()
