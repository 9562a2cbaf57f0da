"""Targets and service levels of the workspace's streams: set, changed, and how they stand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from pydantic import ValidationError

from millrace.errors import MillraceError
from millrace.flow.selection import UnknownColumn
from millrace.govern.known_columns import missing_columns, spoken_of
from millrace.govern.lives import lives
from millrace.govern.service_level_standing import ServiceLevelStanding, service_level_standing
from millrace.govern.target_status import TargetStatus, target_status
from millrace.model.service_level import ServiceLevel
from millrace.model.target import Target
from millrace.model.value_stream import ValueStream
from millrace.model.watch import Watch
from millrace.workbench.shared.access import Actor, Permission, needs
from millrace.workbench.shared.measured_streams import MeasuredStreamOperations
from millrace.workbench.shared.stream_book import RevisionView

_Named = TypeVar("_Named", Target, ServiceLevel)


class TargetNotUsable(MillraceError):
    """What was entered is no target or service level of this stream."""

    slug = "target-not-usable"

    def __init__(self, problem: ValidationError) -> None:
        """Tell the first thing that is wrong."""
        first = problem.errors()[0]
        where = " → ".join(str(part) for part in first["loc"])
        what = str(first["ctx"]["error"]) if "error" in first.get("ctx", {}) else first["msg"]
        super().__init__(f"{where + ': ' if where else ''}{what}.")


@dataclass(frozen=True)
class TargetBoard:
    """How a stream stands: its targets, its service levels, what is watched, and the revision they are stated in.

    `at` is the last event of its log: what is known, is known as of then.
    """

    revision: int
    at: datetime
    targets: tuple[TargetStatus, ...]
    service_levels: tuple[ServiceLevelStanding, ...]
    watch: Watch


class TargetBookOperations(MeasuredStreamOperations):
    """Set targets, and see how they stand."""

    @needs(Permission.READ)
    def target_board(self, actor: Actor, key: str) -> TargetBoard:
        """How a stream's targets stand. Raises NoSuchStream, NotMeasured, SourceNotReady."""
        view, flow = self.stream(actor, key), self.flow(actor, key)
        stream = view.stream

        def made() -> TargetBoard:
            known = lives(flow)
            return TargetBoard(
                view.latest.number,
                flow.now_at,
                tuple(target_status(flow, stream, target) for target in stream.targets),
                tuple(service_level_standing(known, level) for level in stream.service_levels),
                stream.watch,
            )

        asked = (view.latest.number, *(part.model_dump_json() for part in (*stream.targets, *stream.service_levels)))
        return self.on_flow(flow, ("targets", asked), made)

    @needs(Permission.APPROVE)
    def save_target(
        self, actor: Actor, key: str, target: Target, *, based_on: int, replaces: str | None = None
    ) -> RevisionView:
        """State a target, in place of the one called `replaces`. Raises TargetNotUsable, ChangedMeanwhile."""
        return self._stated(
            actor, key, lambda stream: {"targets": _put(stream.targets, target, replaces)}, based_on,
            f"Target “{target.name}”",
        )  # fmt: skip

    @needs(Permission.APPROVE)
    def drop_target(self, actor: Actor, key: str, name: str, *, based_on: int) -> RevisionView:
        """State a target no more. Raises NoSuchStream, ChangedMeanwhile."""
        return self._stated(
            actor, key, lambda stream: {"targets": _without(stream.targets, name)}, based_on, f"No target “{name}”"
        )

    @needs(Permission.APPROVE)
    def save_service_level(
        self, actor: Actor, key: str, level: ServiceLevel, *, based_on: int, replaces: str | None = None
    ) -> RevisionView:
        """State a service level; every item is held against it anew. Raises TargetNotUsable, ChangedMeanwhile."""
        return self._stated(
            actor, key, lambda stream: {"service_levels": _put(stream.service_levels, level, replaces)}, based_on,
            f"Service level “{level.name}”",
        )  # fmt: skip

    @needs(Permission.APPROVE)
    def drop_service_level(self, actor: Actor, key: str, name: str, *, based_on: int) -> RevisionView:
        """State a service level no more. Raises TargetNotUsable where a target is about it, ChangedMeanwhile."""
        return self._stated(
            actor, key, lambda stream: {"service_levels": _without(stream.service_levels, name)}, based_on,
            f"No service level “{name}”",
        )  # fmt: skip

    @needs(Permission.APPROVE)
    def save_watch(self, actor: Actor, key: str, watch: Watch, *, based_on: int) -> RevisionView:
        """Say what else of a stream is told. Raises NoSuchStream, ChangedMeanwhile."""
        return self._stated(actor, key, lambda _: {"watch": watch}, based_on, "What is watched")

    def _stated(
        self, actor: Actor, key: str, change: Callable[[ValueStream], dict[str, object]], based_on: int, note: str
    ) -> RevisionView:
        stream = self.stream(actor, key).stream
        try:
            changed = ValueStream.model_validate(stream.model_copy(update=change(stream)).model_dump())
        except ValidationError as problem:
            raise TargetNotUsable(problem) from problem
        self._refuse_unknown_columns(actor, key, changed)
        return self.save_stream(actor, key, changed, based_on=based_on, note=note)

    def _refuse_unknown_columns(self, actor: Actor, key: str, changed: ValueStream) -> None:
        """Raise UnknownColumn for a column that the stream's log does not hold."""
        if self.stream(actor, key).source_key is None:
            return
        flow = self.flow(actor, key)
        for _, where in spoken_of(changed):
            for column in missing_columns(flow, where):
                raise UnknownColumn(column, flow)


def _put(parts: tuple[_Named, ...], part: _Named, replaces: str | None) -> tuple[_Named, ...]:
    if replaces not in {each.name for each in parts}:
        return parts + (part,)  # noqa: RUF005 - keeps the type of both
    return tuple(part if each.name == replaces else each for each in parts)


def _without(parts: tuple[_Named, ...], name: str) -> tuple[_Named, ...]:
    return tuple(each for each in parts if each.name != name)
