"""Moves of a future state: what is changed of the current stream, each with what it costs once and every month."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from millrace.model.duration import Duration
from millrace.model.part import Part
from millrace.model.ratio import Ratio
from millrace.model.work_calendar import WorkCalendar

Share = Annotated[Ratio, Field(description="Of the items that `where` names, the share that the move concerns")]


class _Move(Part):
    """What every move has."""

    move: str
    one_off_cost: float = Field(default=0.0, ge=0, description="What it costs to get there")
    running_cost_per_month: float = Field(default=0.0, ge=0, description="What it costs from then on")
    name: str | None = Field(default=None, description="What it is called in plans; its kind and place without it")
    owner: str | None = Field(default=None, description="Who sees to it")
    needs: tuple[str, ...] = Field(default=(), description="Names of moves that have to be made before")

    @property
    def called(self) -> str:
        """Its name, or else its kind and its place."""
        parts = (getattr(self, part, None) for part in ("step", "team", "to"))
        place = next((part for part in parts if part), None)
        kind = self.move.replace("_", " ").capitalize()
        return self.name or (f"{kind}: {place}" if place else kind)

    @model_serializer(mode="wrap")
    def _with_its_kind(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Written with its kind, also where defaults are left out."""
        return {"move": self.move, **write(self)}


class _OfItems(_Move):
    """A move that concerns some of the items."""

    where: Mapping[str, tuple[str, ...]] = Field(
        default_factory=dict, description="Attribute → values; all of them hold. All items without it"
    )
    share_ratio: Share = 1.0

    @model_validator(mode="before")
    @classmethod
    def _one_or_many(cls, given: Any) -> Any:
        """A single value may be written without a list."""
        if not isinstance(given, dict) or not isinstance(given.get("where"), dict):
            return given
        where = {name: (each,) if isinstance(each, str) else each for name, each in given["where"].items()}
        return {**given, "where": where}


class Eliminate(_OfItems):
    """Items no longer go through the step: no wait, no work, nothing sent back from it."""

    move: Literal["eliminate"] = "eliminate"
    step: str


class Automate(_OfItems):
    """No person works on the item in the step, and none is waited for; other waits of the step stay."""

    move: Literal["automate"] = "automate"
    step: str
    process_time: Duration | None = Field(default=None, description="Of the machine; as long as by hand without it")
    team: str | None = Field(default=None, description="What the log calls it")


class ShiftLeft(_OfItems):
    """Another team, nearer to the requester, does the step's work."""

    move: Literal["shift_left"] = "shift_left"
    step: str
    to: str = Field(description="The team")
    process_time: Duration | None = None


class AddCapacity(_Move):
    """More people in a team; they work the hours of the team’s first crew, or those given."""

    move: Literal["add_capacity"] = "add_capacity"
    team: str
    people: int = Field(ge=1)
    hours: WorkCalendar | None = None


class PoolTeams(_Move):
    """Anybody of the teams can do the work of all of them."""

    move: Literal["pool_teams"] = "pool_teams"
    teams: tuple[str, ...] = Field(min_length=2)


class RouteDirectly(_OfItems):
    """Items go straight to a step, past what lies between: from the beginning, or from another step."""

    move: Literal["route_directly"] = "route_directly"
    to: str
    after: str | None = Field(default=None, description="The step after which they go there")


class AutoApprove(_OfItems):
    """A rule decides at once; as many are turned down as before."""

    move: Literal["auto_approve"] = "auto_approve"
    step: str


class DelegateApproval(_OfItems):
    """Another team decides: its work instead of the wait for the approval."""

    move: Literal["delegate_approval"] = "delegate_approval"
    step: str
    to: str = Field(description="The team")
    process_time: Duration | None = None


class EndBatching(_Move):
    """Items go on one by one instead of gathering for a meeting, a day or a number."""

    move: Literal["end_batching"] = "end_batching"
    step: str


class Prioritise(_Move):
    """These items come before all others."""

    move: Literal["prioritise"] = "prioritise"
    where: Mapping[str, tuple[str, ...]]
    teams: tuple[str, ...] = Field(default=(), description="Those who do it; all without it")


class EscalateAfter(_Move):
    """What has waited so long in a step gets ahead of its queue, and whatever else it waits for is ended."""

    move: Literal["escalate_after"] = "escalate_after"
    step: str
    limit: Duration
    where: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)


class RaiseEntryQuality(_OfItems):
    """Of the items that come back for what was missing at entry, the share that no longer does."""

    move: Literal["raise_entry_quality"] = "raise_entry_quality"


class ChangeHours(_Move):
    """A team works other hours."""

    move: Literal["change_hours"] = "change_hours"
    team: str
    hours: WorkCalendar


class ReduceDemand(_OfItems):
    """Items that are not demanded any more."""

    move: Literal["reduce_demand"] = "reduce_demand"


Move = Annotated[
    Eliminate
    | Automate
    | ShiftLeft
    | AddCapacity
    | PoolTeams
    | RouteDirectly
    | AutoApprove
    | DelegateApproval
    | EndBatching
    | Prioritise
    | EscalateAfter
    | RaiseEntryQuality
    | ChangeHours
    | ReduceDemand,
    Field(discriminator="move"),
]
