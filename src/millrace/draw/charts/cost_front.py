"""Cost against what it buys: the sets of moves that nothing cheaper beats, and others that were looked at."""

from millrace.draw import theme
from millrace.draw.charts.chart import Chart, Spec, TableTwin
from millrace.draw.charts.frame import Frame, label, numbered_axis, title, titled, values
from millrace.draw.charts.wording import sentence
from millrace.simulate.choose.choose import Choice, ChosenSet
from millrace.simulate.choose.goal import shown
from millrace.simulate.figures import FIGURES, Unit

_FRAME = Frame(height=280, left=64, right=28, bottom=46)
_UNITS = ((86_400.0, "days"), (3600.0, "hours"), (60.0, "minutes"), (1.0, "seconds"))


def cost_front(choice: Choice) -> Chart:
    """Draw the front as steps with intervals, numbered in the order of cost; 0 is today."""
    measure = FIGURES[choice.measure]
    scale, unit = _scale(choice)
    every = (*choice.front, *choice.others, choice.today)
    high = max(each.estimate.high for each in every) / scale
    cost = max([choice.budget or 0.0, *(each.cost for each in every)]) or 1.0
    x = {
        "field": "cost",
        "type": "quantitative",
        "scale": {"domain": [0, cost * 1.05], "nice": False},
        "axis": {
            "format": ",.0f",
            "grid": False,
            "tickCount": 6,
            "title": f"Cost of the first {choice.months:g} months",
        },
    }
    y = {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": [0, high * 1.05], "nice": False},
        "axis": numbered_axis(tickCount=5),
    }
    rows = [_row(each, number, scale, choice.measure) for number, each in enumerate(choice.front)]
    layers: list[Spec] = [
        titled(
            {
                "data": values([_row(each, 0, scale, choice.measure) for each in choice.others]),
                "mark": {"type": "circle", "size": 40, "color": theme.REST, "opacity": 0.6},
                "encoding": {"x": x, "y": y},
            }
        ),
        {
            "data": values(rows),
            "mark": {"type": "line", "interpolate": "step-after", "color": theme.WORKING, "strokeWidth": 1.5},
            "encoding": {"x": x, "y": y},
        },
        {
            "data": values(rows),
            "mark": {"type": "rule", "color": theme.WORKING, "strokeWidth": 2.5, "opacity": 0.45},
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
        },
        titled(
            {
                "data": values(rows),
                "mark": {"type": "circle", "size": 70, "color": theme.WORKING, "opacity": 1},
                "encoding": {"x": x, "y": y},
            }
        ),
        {
            "data": values(rows),
            "mark": {"type": "text", "align": "left", "dx": 6, "dy": -9, "fontWeight": theme.SEMIBOLD},
            "encoding": {"x": x, "y": y, "text": {"field": "number", "type": "nominal"}},
        },
        *_lines(choice, scale, x, y),
        label(f"{measure.title}{unit}", x=-_FRAME.left + 6, y=-4, color=theme.REST_TEXT),
    ]
    told = tuple(_told(number, each, choice.measure) for number, each in enumerate(choice.front))
    return Chart(
        title=sentence(_title(choice)),
        subtitle=f"{measure.title} against the cost of the first {choice.months:g} months",
        alt="Steps: " + "; ".join(f"{row[1]} for {row[2]}: {row[3]}" for row in told) + ".",
        picture=_FRAME.spec(layers),
        table=TableTwin(("Set", "Moves", "Cost", measure.title), told),
        note="Lines upwards and downwards are 95 % intervals; grey: other sets that were looked at closely.",
    )


def _title(choice: Choice) -> str:
    best = choice.chosen or (choice.front[-1] if choice.front else choice.today)
    return f"{best.cost:,.0f} buys {shown(choice.measure, best.estimate.mean)}"


def _told(number: int, each: ChosenSet, measure: str) -> tuple[str, str, str, str]:
    figure = shown(measure, each.estimate.mean)
    return str(number), ", ".join(each.names) or "Today", f"{each.cost:,.0f}", figure


def _row(each: ChosenSet, number: int, scale: float, measure: str) -> Spec:
    found = each.estimate
    _, moves, cost, figure = _told(number, each, measure)
    return {
        "cost": each.cost,
        "value": found.mean / scale,
        "low": found.low / scale,
        "high": found.high / scale,
        "number": str(number),
        "title": title(moves, f"{cost} buys {figure}" if each.names else figure),
    }


def _lines(choice: Choice, scale: float, x: Spec, y: Spec) -> list[Spec]:
    """The budget and the goal, where there are any."""
    dashed = {"type": "rule", "strokeDash": [5, 4], "color": theme.WAITING_TEXT}
    found: list[Spec] = []
    if choice.budget is not None:
        found.append({"data": values([{"cost": choice.budget}]), "mark": dashed, "encoding": {"x": x}})
    if choice.goal is not None and choice.goal.measure == choice.measure:
        found.append({"data": values([{"value": choice.goal.value / scale}]), "mark": dashed, "encoding": {"y": y}})
    return found


def _scale(choice: Choice) -> tuple[float, str]:
    """By what figures are divided on the axis, and what they are counted in then."""
    unit = FIGURES[choice.measure].unit
    if unit is Unit.RATIO:
        return 0.01, ", %"
    if unit is not Unit.SECONDS:
        return 1.0, ""
    longest = max(each.estimate.mean for each in (*choice.front, choice.today))
    seconds, name = next(((size, name) for size, name in _UNITS if longest >= 2 * size), _UNITS[-1])
    return seconds, f", {name}"
