"""The lanes of a map: to which activities of the value chain its steps belong, and what the requester experiences."""

from dataclasses import replace

from millrace.draw.figures import show_ratio
from millrace.draw.map_picture import Experience, Figure, MapPicture, MapStep, Part, Rung, Stage
from millrace.model.state import Side
from millrace.model.value_stream import Step, ValueStream


def with_lanes(
    picture: MapPicture, stream: ValueStream, *, activities: bool = False, requester: bool = False
) -> MapPicture:
    """The picture, designed or measured, of `stream` (or of one of its future states), with the lanes wanted."""
    steps = {step.name: step for step in stream.steps}
    later = _after_value(stream)
    rungs = picture.rungs or (Rung(),) * len(picture.stages)

    def filled(drawn: MapStep, rung: Rung) -> MapStep:
        step = steps.get(drawn.name)
        if step is None:
            return drawn
        experience = _experience(drawn, step, rung, picture, steps, has_value=step.name in later)
        return replace(drawn, activities=step.value_chain_activities, experience=experience)

    return replace(
        picture,
        stages=tuple(
            Stage(tuple(filled(drawn, rung) for drawn in stage.steps), stage.is_parallel)
            for stage, rung in zip(picture.stages, rungs, strict=True)
        ),
        shows_activities=activities,
        shows_requester=requester,
    )


def _after_value(stream: ValueStream) -> set[str]:
    names = [step.name for step in stream.steps]
    return set(names[names.index(stream.value.after) + 1 :]) if stream.value.after else set()


def _experience(
    drawn: MapStep, step: Step, rung: Rung, picture: MapPicture, steps: dict[str, Step], *, has_value: bool
) -> Experience:
    """The requester's own step is their part; before value they wait for every other, as long as it takes."""
    if has_value:
        return Experience(Part.HAS)
    if step.side is Side.REQUESTER:
        return Experience(Part.ACTS, drawn.process_time, "; ".join(step.tasks))
    waits_for = f"for: {step.output}" if step.output else ""
    return Experience(Part.WAITS, _time(rung), "; ".join(_asked_again(drawn, picture, steps)) or waits_for)


def _time(rung: Rung) -> Figure | None:
    """All that the ladder shows of the step; None where any of it is not known."""
    figures = [figure for _, figure in rung.stretches]
    known = [figure.value for figure in figures if figure.value is not None]
    if not known or len(known) < len(figures):
        return None
    return Figure(sum(known), is_estimated=any(figure.is_estimated for figure in figures))


def _asked_again(drawn: MapStep, picture: MapPicture, steps: dict[str, Step]) -> list[str]:
    """Whom a way back sends to the requester again."""
    names = {each.id: each.name for each in picture.steps}
    back = [route for route in picture.rework if route.from_step == drawn.id]
    asking = [route for route in back if (to := steps.get(names[route.to_step])) and to.side is Side.REQUESTER]
    return [
        " ".join(
            filter(None, (_share(route.share_ratio), "asked again:" if route.label else "asked again", route.label))
        )
        for route in asking
    ]


def _share(ratio: float | None) -> str:
    return "" if ratio is None else f"{show_ratio(ratio)} are"
