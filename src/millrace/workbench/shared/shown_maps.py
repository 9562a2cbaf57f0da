"""The maps of a stream that pages show: as measured, as designed, one against the other, and as it should become."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from millrace.draw.map_picture import MapPicture, MapStep, Stage
from millrace.draw.map_table import MapTable, map_table
from millrace.draw.value_stream_map import value_stream_map
from millrace.errors import MillraceError
from millrace.model.value_stream import ValueStream
from millrace.model.yaml_problem import did_you_mean
from millrace.report.bursts import with_bursts
from millrace.report.compared_map import compared_map
from millrace.report.current_map import current_map
from millrace.workbench.maps import AS_IT_IS, MapView, drawn_picture
from millrace.workbench.shared.access import Actor, Permission, needs
from millrace.workbench.shared.found_streams import FoundStreamOperations

CURRENT, DESIGNED, COMPARED, FUTURE = "current", "designed", "compared", "future"
"""Which map an address asks for; of a future state its name follows after a colon."""


class NoSuchMap(MillraceError):
    """A stream has no map of this name."""

    slug = "no-such-map"

    def __init__(self, named: str, known: list[str]) -> None:
        """Name it, and those there are."""
        super().__init__(f"There is no map “{named}” of this stream{did_you_mean(named, known) or '.'}")


@dataclass(frozen=True)
class MapChoice:
    """A map that can be chosen: its name in addresses, and what people call it."""

    name: str
    label: str


@dataclass(frozen=True)
class ShownMap:
    """A map as SVG, and its table twin."""

    svg: str
    table: MapTable


class ShownMapOperations(FoundStreamOperations):
    """See the maps of a stream."""

    @needs(Permission.READ)
    def map_choices(self, actor: Actor, key: str) -> tuple[MapChoice, ...]:
        """The maps that a stream has, the one as measured first where it is measured. Raises NoSuchStream."""
        view = self.stream(actor, key)
        futures = tuple(MapChoice(f"{FUTURE}:{each.name}", each.name) for each in view.stream.future_states)
        measured = (MapChoice(CURRENT, "As measured"),) if view.source_key else ()
        is_estimated = any(step.estimate is not None for step in view.stream.steps)
        designed = (MapChoice(DESIGNED, "As designed"),) if is_estimated or not measured else ()
        compared = (MapChoice(COMPARED, "Designed against measured"),) if measured and designed else ()
        return (*measured, *designed, *compared, *futures)

    @needs(Permission.READ)
    def stream_map(
        self, actor: Actor, key: str, *, view: str = CURRENT, step_href: str = "", finding_href: str = ""
    ) -> ShownMap:
        """A map of a stream: `current` as measured, `designed`, `compared`, `future:NAME`.

        `{}` in the addresses stands for the number of the step in the stream, or of the finding. Raises NoSuchMap.
        """
        known = [choice.name for choice in self.map_choices(actor, key)]
        if view not in known and view != CURRENT:
            raise NoSuchMap(view, known)
        if view in (CURRENT, COMPARED):
            return self._measured_map(actor, key, view, step_href, finding_href)
        stream = self.stream(actor, key).stream
        future = view.partition(":")[2] or None
        return self._drawn(stream, replace(AS_IT_IS, future=future), step_href)

    @needs(Permission.READ)
    def drawn_map(self, actor: Actor, key: str, *, step_href: str = "") -> ShownMap:
        """The map as people drew it. Raises NoSuchStream."""
        return self._drawn(self.stream(actor, key).stream, AS_IT_IS, step_href)

    def _measured_map(self, actor: Actor, key: str, view: str, step_href: str, finding_href: str) -> ShownMap:
        flow, measured, found = self.flow(actor, key), self.measured(actor, key), self.stream_findings(actor, key)
        stream = flow.about.stream

        def made() -> ShownMap:
            picture = with_bursts(current_map(flow, measured), found, href=finding_href)
            return _shown(picture if view == CURRENT else compared_map(stream, picture), stream, step_href)

        return self.on_flow(flow, ("map", view, step_href, finding_href), made)

    def _drawn(self, stream: ValueStream, view: MapView, step_href: str) -> ShownMap:
        asked = ("drawn map", stream.model_dump_json(), view, step_href)
        return self.kept.of(asked, lambda: _shown(drawn_picture(stream, view), stream, step_href))


def _shown(picture: MapPicture, stream: ValueStream, step_href: str) -> ShownMap:
    numbers = {step.name: number for number, step in enumerate(stream.steps, 1)}
    linked = _with_links(picture, step_href, numbers) if step_href else picture
    return ShownMap(value_stream_map(linked), map_table(linked))


def _with_links(picture: MapPicture, href: str, numbers: Mapping[str, int]) -> MapPicture:
    """Steps lead to their address, by their number in the stream; one that only a future state has leads nowhere."""

    def linked(step: MapStep) -> MapStep:
        return replace(step, href=href.format(numbers[step.name])) if step.name in numbers else step

    stages = tuple(Stage(tuple(map(linked, stage.steps)), stage.is_parallel) for stage in picture.stages)
    return replace(picture, stages=stages)
