"""The map as a table, for those who cannot see it and for formats without pictures."""

from collections.abc import Callable
from dataclasses import dataclass

from millrace.draw.figures import NO_BREAK, Unit, show_figure, show_ratio
from millrace.draw.map.routes import route_phrase
from millrace.draw.map.side_lanes import told_experience
from millrace.draw.map.step_box import rows_in_use
from millrace.draw.map.totals_box import shown_totals
from millrace.draw.map_picture import Figure, MapPicture, MapStep

Column = tuple[str, Callable[[MapStep], str]]


@dataclass(frozen=True)
class MapTable:
    """The map in words: one row for each step, in the order of the stream; `totals` are label and figure."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[tuple[str, str], ...]


def map_table(picture: MapPicture) -> MapTable:
    """The table twin of a map: every figure and word that the drawing shows, without columns that no step fills."""
    columns = [(name, cell) for name, cell in _columns(picture) if any(cell(step) for step in picture.steps)]
    return MapTable(
        caption=f"{picture.title}: {picture.state.value.lower()}",
        header=tuple(name for name, _ in columns),
        rows=tuple(tuple(_plain(cell(step)) for _, cell in columns) for step in picture.steps),
        totals=tuple(
            (labels[0], _plain(shown.told))
            for labels, shown in (shown_totals(picture.totals, picture.hours_per_day) if picture.totals else [])
        ),
    )


def _columns(picture: MapPicture) -> list[Column]:
    def shown(figure: Figure | None, unit: Unit) -> str:
        if figure is None:
            return ""
        return show_figure(figure, unit, hours_per_day=picture.hours_per_day).told

    def data(field: str, unit: Unit) -> Callable[[MapStep], str]:
        return lambda step: shown(getattr(step, field), unit)

    return [
        ("Step", lambda step: step.number),
        ("Name", lambda step: step.name),
        ("Share", lambda step: "" if step.share_ratio is None else show_ratio(step.share_ratio)),
        ("Activity", lambda step: ", ".join(step.activities) if picture.shows_activities else ""),
        ("Practice", lambda step: step.practice),
        ("Team", lambda step: step.team),
        ("System", lambda step: step.system),
        ("Worth", lambda step: step.value_class.value if step.value_class else ""),
        ("Done by", lambda step: "machine" if step.is_automated else ""),
        ("Waiting before", lambda step: shown(step.queue and step.queue.n_waiting, Unit.COUNT)),
        ("Wait before", lambda step: shown(step.queue and step.queue.wait, Unit.SECONDS)),
        ("Handoff", lambda step: "yes" if step.queue and step.queue.is_handoff else ""),
        *((row.labels[0], data(row.field, row.unit)) for row in rows_in_use(picture)),
        ("Routes", lambda step: _routes(picture, step)),
        ("Findings", _findings),
        ("Requester", lambda step: _experience(picture, step)),
    ]


def _routes(picture: MapPicture, step: MapStep) -> str:
    numbers = {each.id: each.number for each in picture.steps}
    return "; ".join(
        route_phrase(route, numbers[route.to_step]) for route in picture.routes if route.from_step == step.id
    )


def _experience(picture: MapPicture, step: MapStep) -> str:
    if not picture.shows_requester or step.experience is None:
        return ""
    return told_experience(step.experience, picture.hours_per_day)


def _findings(step: MapStep) -> str:
    bursts = (*(step.queue.bursts if step.queue else ()), *step.bursts)
    return "; ".join(f"{mark.label} {mark.title}".strip() for mark in bursts)


def _plain(text: str) -> str:
    return text.replace(NO_BREAK, " ")
