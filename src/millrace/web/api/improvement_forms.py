"""What the API is given and answers about improvements."""

from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field

from millrace.improve.proof.baseline import Baseline
from millrace.improve.proof.hypothesis import Hypothesis
from millrace.improve.register.action import ActionState
from millrace.improve.register.state import ImprovementState
from millrace.workbench.shared.improvement_views import CONCERNS, GRADES, ORIGINS, ImprovementDraft, ImprovementView

Numbers = Annotated[list[int], Field(max_length=100, description="Numbers of the actions that have to be done before")]
_GRADE = f"{', '.join(GRADES)}, or null"


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Entered(_Form):
    """What people enter of an improvement. What is left out is empty."""

    title: str
    description: str = ""
    step: str | None = None
    waste: str | None = None
    practice: str | None = None
    kind: str | None = None
    concerns: str | None = Field(default=None, description=f"{', '.join(CONCERNS)}, or null")
    owner: str | None = None
    coordinator: str | None = None
    priority: str | None = Field(default=None, description=_GRADE)
    effort: str | None = Field(default=None, description=_GRADE)
    benefit: str | None = None
    review_on: date | None = None
    made_revision: int | None = Field(default=None, description="The revision of the stream that shows the change")

    @property
    def draft(self) -> ImprovementDraft:
        """The same as the register takes it."""
        return ImprovementDraft(**{name: getattr(self, name) for name in Entered.model_fields})


class ImprovementGiven(Entered):
    """A new improvement of a stream, and where it comes from."""

    stream: str
    origin: str = Field(default="hand", description=", ".join(ORIGINS))
    origin_ref: Annotated[str, Field(max_length=200)] | None = None


class MoveGiven(_Form):
    """The state that an improvement is to have next."""

    to: ImprovementState


class HypothesisGiven(_Form):
    """What an improvement is meant to bring, who expects it, and its target, such as “4 h” or “5 %”."""

    hypothesis: Hypothesis
    target: Annotated[str, Field(max_length=40)] | None = None
    expected_from: Annotated[str, Field(max_length=200)] | None = None


class ActionGiven(_Form):
    """A new action."""

    title: str = Field(max_length=300)
    owner: Annotated[str, Field(max_length=200)] | None = None
    due_on: date | None = None
    needs: Numbers = []


class ActionChange(_Form):
    """What changes of an action; what is left out, or null, stays."""

    state: ActionState | None = None
    needs: Numbers | None = None


class ActionForm(_Form):
    """An action of an improvement."""

    number: int
    title: str
    owner: str | None
    due_on: date | None
    needs: list[int]
    state: ActionState


class VerdictForm(_Form):
    """A verdict as it was given; `proof` has its figures as `millrace prove --json` prints them."""

    at: datetime
    person: str | None
    outcome: str
    headline: str
    proof: dict[str, Any]


class ImprovementForm(_Form):
    """An improvement of the register. `version` counts its changes; `lacking` is what its step still needs."""

    key: str
    stream: str
    entered: Entered
    state: ImprovementState
    next_states: list[ImprovementState]
    model_step: int = Field(description="From 1 to 7")
    question: str = Field(description="What the step asks")
    lacking: str | None
    hypothesis: Hypothesis | None
    expected_from: str | None
    target: str | None
    baseline: Baseline | None
    origin: str
    origin_ref: str | None
    based_on_revision: int | None
    version: int
    created_at: datetime
    changed_at: datetime
    actions: list[ActionForm]
    verdicts: list[VerdictForm] = Field(description="The latest first")

    @classmethod
    def of(cls, view: ImprovementView) -> Self:
        """Of an improvement."""
        entered = Entered(**{name: getattr(view.draft, name) for name in Entered.model_fields})
        actions = [
            ActionForm(
                number=each.number, title=each.title, owner=each.owner, due_on=each.due_on, needs=list(each.needs),
                state=each.state,
            )
            for each in view.actions
        ]  # fmt: skip
        verdicts = [
            VerdictForm(
                at=each.at, person=each.person, outcome=each.outcome, headline=each.headline, proof=dict(each.form)
            )
            for each in view.verdicts
        ]
        return cls(
            key=view.key, stream=view.stream_key, entered=entered, state=view.state,
            next_states=list(view.next_states), model_step=view.model_step, question=view.question,
            lacking=view.lacking, hypothesis=view.hypothesis, expected_from=view.expected_from, target=view.target,
            baseline=view.baseline, origin=view.origin, origin_ref=view.origin_ref,
            based_on_revision=view.based_on_revision, version=view.version, created_at=view.created_at,
            changed_at=view.changed_at, actions=actions, verdicts=verdicts,
        )  # fmt: skip
