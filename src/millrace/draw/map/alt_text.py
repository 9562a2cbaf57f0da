"""The map in one or two sentences, for those who do not see it."""

from millrace.draw.figures import NO_BREAK, Unit, show_figure
from millrace.draw.map_picture import Figure, MapPicture, MapStep, Totals


def alt_text(picture: MapPicture) -> str:
    """What the map shows: how many steps from what to what, the totals, and where work waits longest."""
    said = [f"{picture.state.value} of “{picture.title}”: {_extent(picture)}."]
    if totals := _totals(picture.totals, picture.hours_per_day):
        said.append(totals)
    if longest := _longest_wait(picture):
        said.append(longest)
    return " ".join(said).replace(NO_BREAK, " ")


def _extent(picture: MapPicture) -> str:
    n = len(picture.steps)
    parts = [f"{n} step" if n == 1 else f"{n} steps"]
    if picture.requester:
        parts.append(f"from “{picture.requester.name}”")
    if picture.outcome:
        parts.append(f"to “{picture.outcome.name}”")
    return " ".join(parts)


def _totals(totals: Totals | None, hours_per_day: float) -> str:
    if totals is None:
        return ""
    given = [
        (totals.lead_time_label, totals.lead_time, Unit.SECONDS),
        (totals.process_time_label.lower(), totals.process_time, Unit.SECONDS),
        ("flow efficiency", totals.flow_efficiency, Unit.FINE_RATIO),
        ("handoffs", totals.n_handoffs, Unit.COUNT),
    ]
    said = [
        f"{label} {show_figure(figure, unit, hours_per_day=hours_per_day).text}"
        for label, figure, unit in given
        if figure is not None and figure.value is not None
    ]
    return f"{', '.join(said)}." if said else ""


def _longest_wait(picture: MapPicture) -> str:
    waits = [(wait, step) for step in picture.steps if (wait := _wait(step)) is not None and wait.value]
    if not waits:
        return ""
    wait, step = max(waits, key=lambda pair: pair[0].value or 0)
    shown = show_figure(wait, Unit.SECONDS, hours_per_day=picture.hours_per_day)
    return f"The longest wait is before step {step.number}, “{step.name}”: {shown.text}."


def _wait(step: MapStep) -> Figure | None:
    return step.queue.wait if step.queue else None
