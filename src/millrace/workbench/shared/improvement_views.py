"""Improvements as people see them: what was entered, where it stands, what it lacks, what was said of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from millrace.errors import MillraceError
from millrace.improve.proof.baseline import Baseline
from millrace.improve.proof.hypothesis import Hypothesis
from millrace.improve.register.action import ActionState
from millrace.improve.register.seven_steps import LAST, STEPS, Known, lacking
from millrace.improve.register.state import FOLLOWS, OVER, ImprovementState
from millrace.model.yaml_problem import did_you_mean
from millrace.store.improvements import ActionRecord, ImprovementRecord, VerdictRecord
from millrace.store.people import Person
from millrace.store.streams import Stream

CONCERNS = ("people", "process", "technology")
GRADES = ("low", "medium", "high")
ORIGINS = ("hand", "stream", "finding", "move", "alert")
_MOST_CHARACTERS = {
    "title": 200, "description": 20_000, "step": 200, "waste": 80, "practice": 120, "kind": 40, "owner": 200,
    "coordinator": 200, "benefit": 1000,
}  # fmt: skip
"""As many as the register has room for."""
_NO_SUCH_REVISION = 2**31


class NoSuchImprovement(MillraceError):
    """The register has no improvement of this key."""

    slug = "no-such-improvement"

    def __init__(self, key: str, known: Sequence[str]) -> None:
        """Name the key and the nearest one."""
        super().__init__(f"There is no improvement “{key}” in the register{did_you_mean(key, known) or '.'}")


class ImprovementChangedMeanwhile(MillraceError):
    """Somebody else changed the improvement since it was opened."""

    slug = "improvement-changed-meanwhile"

    def __init__(self, title: str) -> None:
        """Say what to do."""
        super().__init__(
            f"“{title}” was changed by somebody else since you opened it. Look at it, then change it again."
        )


class ImprovementNotUsable(MillraceError):
    """What was entered is no improvement."""

    slug = "improvement-not-usable"

    def __init__(self, why: str) -> None:
        """Say what is wrong."""
        super().__init__(f"{why[:1].upper()}{why[1:]}.")


@dataclass(frozen=True)
class ImprovementDraft:
    """What people enter of an improvement. `concerns`: people, process or technology; grades: low, medium, high."""

    title: str
    description: str = ""
    step: str | None = None
    waste: str | None = None
    practice: str | None = None
    kind: str | None = None
    concerns: str | None = None
    owner: str | None = None
    coordinator: str | None = None
    priority: str | None = None
    effort: str | None = None
    benefit: str | None = None
    review_on: date | None = None
    made_revision: int | None = None

    def refuse_unusable(self) -> None:
        """Raise ImprovementNotUsable for what does not fit."""
        if not self.title.strip():
            raise ImprovementNotUsable("an improvement needs a title")
        if self.concerns not in (None, *CONCERNS):
            raise ImprovementNotUsable(f"it concerns {', '.join(CONCERNS)}, not “{self.concerns}”")
        for name in ("priority", "effort"):
            if getattr(self, name) not in (None, *GRADES):
                raise ImprovementNotUsable(f"the {name} is {', '.join(GRADES)}, not “{getattr(self, name)}”")
        for name, most in _MOST_CHARACTERS.items():
            if len(getattr(self, name) or "") > most:
                raise ImprovementNotUsable(f"the {name} has more than {most} characters; shorten it")
        if self.made_revision is not None and not 0 < self.made_revision < _NO_SUCH_REVISION:
            raise ImprovementNotUsable(f"there is no revision {self.made_revision}")


@dataclass(frozen=True)
class ActionView:
    """An action of an improvement."""

    number: int
    title: str
    owner: str | None
    due_on: date | None
    needs: tuple[int, ...]
    state: ActionState

    def is_late(self, today: date) -> bool:
        """True where its day has passed and it is still open."""
        return self.state.is_open and self.due_on is not None and self.due_on < today


@dataclass(frozen=True)
class VerdictView:
    """A verdict as it was given, with the stable form of its figures and its drawing."""

    at: datetime
    person: str | None
    outcome: str
    headline: str
    form: dict[str, object]
    svg: str
    alt: str


@dataclass(frozen=True)
class ImprovementView:
    """An improvement of the register. `lacking` is what its step of the improvement model still needs."""

    key: str
    stream_key: str
    draft: ImprovementDraft
    state: ImprovementState
    model_step: int
    hypothesis: Hypothesis | None
    expected_from: str | None
    target: str | None
    baseline: Baseline | None
    baseline_at: datetime | None
    origin: str
    origin_ref: str | None
    based_on_revision: int | None
    version: int
    created_at: datetime
    changed_at: datetime
    actions: tuple[ActionView, ...]
    verdicts: tuple[VerdictView, ...]

    @property
    def title(self) -> str:
        """What it is called."""
        return self.draft.title

    @property
    def known(self) -> Known:
        """What the steps of the improvement model ask for."""
        asked = self.hypothesis
        return Known(
            self.draft.benefit,
            self.draft.owner,
            self.baseline is not None,
            asked is not None and (asked.expected_ratio is not None or self.target is not None),
            asked.changed_on if asked else None,
            len(self.actions),
            sum(action.state.is_open for action in self.actions),
            self.has_current_verdict,
            self.draft.review_on,
        )

    @property
    def has_current_verdict(self) -> bool:
        """True where a measurement after the change is kept, of the hypothesis as it is stated now."""
        asked = self.hypothesis.model_dump(mode="json") if self.hypothesis else None
        return any(
            verdict.form.get("effect") is not None and verdict.form.get("hypothesis") == asked
            for verdict in self.verdicts
        )

    @property
    def question(self) -> str:
        """The question of the step it stands in."""
        return STEPS[self.model_step - 1]

    @property
    def lacking(self) -> str | None:
        """What the step still needs; None where it can be left."""
        return lacking(self.model_step, self.known, datetime.now(UTC).date())

    @property
    def may_go_on(self) -> bool:
        """True where the next step of the model can be entered."""
        return self.model_step < LAST and self.lacking is None and self.state not in OVER

    @property
    def next_states(self) -> tuple[ImprovementState, ...]:
        """The states it may go to."""
        return FOLLOWS[self.state]


def found(session: Session, key: str) -> ImprovementRecord:
    """The improvement of this key. Raises NoSuchImprovement."""
    record = session.scalar(select(ImprovementRecord).where(ImprovementRecord.key == key))
    if record is None:
        raise NoSuchImprovement(key, list(session.scalars(select(ImprovementRecord.key))))
    return record


def actions_of(session: Session, record: ImprovementRecord) -> list[ActionRecord]:
    """Its actions by number."""
    chosen = select(ActionRecord).where(ActionRecord.improvement_id == record.id).order_by(ActionRecord.number)
    return list(session.scalars(chosen))


def view(session: Session, record: ImprovementRecord) -> ImprovementView:
    """A record as people see it."""
    stream = session.get_one(Stream, record.stream_id)
    return ImprovementView(
        record.key,
        stream.key,
        _draft(record),
        ImprovementState(record.state),
        record.model_step,
        Hypothesis.model_validate(record.hypothesis) if record.hypothesis else None,
        record.expected_from,
        record.target,
        Baseline.model_validate(record.baseline) if record.baseline else None,
        record.baseline_at,
        record.origin,
        record.origin_ref,
        record.based_on_revision,
        record.version,
        record.created_at,
        record.changed_at,
        tuple(map(_action, actions_of(session, record))),
        _verdicts(session, record),
    )


def fill(record: ImprovementRecord, draft: ImprovementDraft) -> None:
    """Take over what was entered."""
    for name in (
        "title", "description", "step", "waste", "practice", "kind", "concerns", "owner", "coordinator", "priority",
        "effort", "benefit", "made_revision",
    ):  # fmt: skip
        given = getattr(draft, name)
        setattr(record, name, given.strip() if isinstance(given, str) else given)
    record.review_on = draft.review_on.isoformat() if draft.review_on else None


def _draft(record: ImprovementRecord) -> ImprovementDraft:
    return ImprovementDraft(
        record.title,
        record.description,
        record.step,
        record.waste,
        record.practice,
        record.kind,
        record.concerns,
        record.owner,
        record.coordinator,
        record.priority,
        record.effort,
        record.benefit,
        _day(record.review_on),
        record.made_revision,
    )


def _action(record: ActionRecord) -> ActionView:
    needed = tuple(int(number) for number in record.needs)
    return ActionView(record.number, record.title, record.owner, _day(record.due_on), needed, ActionState(record.state))


def _verdicts(session: Session, record: ImprovementRecord) -> tuple[VerdictView, ...]:
    """The latest first."""
    chosen = (
        select(VerdictRecord, Person.name)
        .outerjoin(Person, VerdictRecord.person_id == Person.id)
        .where(VerdictRecord.improvement_id == record.id)
        .order_by(VerdictRecord.at.desc())
    )
    return tuple(
        VerdictView(each.at, name, each.outcome, each.headline, each.form, each.svg, each.alt)
        for each, name in session.execute(chosen)
    )


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
