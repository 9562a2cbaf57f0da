"""A designed stream as a Mermaid flowchart, for wikis and readmes that draw it themselves."""

import json

from millrace.draw.designed_stages import PlacedStep, designed_stages
from millrace.draw.exports.delivery import LEAST_RATIO, delivered_ratio
from millrace.draw.figures import NO_BREAK, show_ratio
from millrace.draw.text import printable
from millrace.draw.theme import (
    INK,
    ON_DARK,
    PANEL,
    PAPER,
    REST_TINT,
    WORKING,
    WORKING_TEXT,
    WORKING_TINT,
    WORSE,
    WORSE_TEXT,
    WORSE_TINT,
)
from millrace.model.absent import Absent
from millrace.model.designed_step import process_time, wait_time
from millrace.model.duration import show_duration
from millrace.model.routing import Way, ways_on
from millrace.model.value_stream import Step, ValueClass, ValueStream

_CLASSES = {
    "bound": f"fill:{PANEL},stroke:{INK},color:{INK}",
    "unclassed": f"fill:{WORKING_TINT},stroke:{INK},color:{INK}",
    "valueAdding": f"fill:{WORKING},stroke:{INK},color:{ON_DARK}",
    "necessary": f"fill:{PAPER},stroke:{WORKING},color:{WORKING_TEXT}",
    "waste": f"fill:{WORSE_TINT},stroke:{WORSE},color:{WORSE_TEXT}",
    "gone": f"fill:{REST_TINT},stroke:{INK},color:{INK}",
}
_CLASS_OF = {
    None: "unclassed",
    ValueClass.VALUE_ADDING: "valueAdding",
    ValueClass.NECESSARY: "necessary",
    ValueClass.WASTE: "waste",
}
_ENTITIES = {"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "&": "#amp;", "`": "#96;"}


def mermaid(stream: ValueStream) -> str:
    """The flowchart's text. Raises EndlessStream where items never get out of a loop."""
    placed = {each.step.name: each for column in designed_stages(stream).columns for each in column}
    ids = {step.name: f"s{at}" for at, step in enumerate(stream.steps, start=1)}
    ways = ways_on(stream)
    lines = [
        "---",
        f"title: {json.dumps(printable(stream.shown_name), ensure_ascii=False)}",
        "---",
        "flowchart LR",
        f"    demand([{_quoted(stream.demand.description or 'Demand')}]):::bound",
        *(f"    {ids[step.name]}{_box(placed[step.name])}:::{_CLASS_OF[step.value_class]}" for step in stream.steps),
        f"    value([{_quoted(stream.value.description or 'Value delivered')}]):::bound",
    ]
    if any(step.leaves_ratio for step in stream.steps):
        lines.append(f"    gone([{_quoted('Ends without value')}]):::gone")
    order = {name: at for at, name in enumerate(ids)}
    lines += [f"    demand --> {ids[step.name]}" for step in stream.steps[:1]]
    for step in stream.steps:
        labels = {route.to: route.label for route in step.routes}
        for way in ways[step.name]:
            is_back = order[way.to] <= order[step.name]
            lines.append(f"    {ids[step.name]} {_arrow(_told(way, labels.get(way.to, '')), is_back)} {ids[way.to]}")
        if step.leaves_ratio:
            lines.append(f"    {ids[step.name]} {_arrow(show_ratio(step.leaves_ratio), False)} gone")
        if (delivered := delivered_ratio(step, ways[step.name])) > LEAST_RATIO:
            share = show_ratio(delivered) if delivered < 1 else ""
            lines.append(f"    {ids[step.name]} {_arrow(share, False)} value")
    lines += [f"    classDef {name} {style}" for name, style in _CLASSES.items()]
    return "\n".join(lines).replace(NO_BREAK, " ") + "\n"


def _box(placed: PlacedStep) -> str:
    step = placed.step
    who = " · ".join(filter(None, (step.team, step.system)))
    said = [_text(f"{placed.number} {step.name}"), _text(who), _text(_times(step))]
    return f'["{"<br/>".join(filter(None, said))}"]'


def _times(step: Step) -> str:
    given = [("work", process_time(step)), ("wait", wait_time(step))]
    return ", ".join(
        f"{word} ≈ {show_duration(time.total_seconds())}" for word, time in given if not isinstance(time, Absent)
    )


def _told(way: Way, label: str) -> str:
    """What stands on an arrow: nothing on the one way on, else the share and why."""
    if way.in_parallel:
        return f"at the same time{f': {label}' if label else ''}"
    share = show_ratio(way.share_ratio) if way.share_ratio < 1 else ""
    return ": ".join(filter(None, (share, label)))


def _arrow(words: str, is_back: bool) -> str:
    line = "-.->" if is_back else "-->"
    return f"{line}|{_quoted(words)}|" if words else line


def _quoted(words: str) -> str:
    return f'"{_text(words)}"'


def _text(words: str) -> str:
    """Words that Mermaid takes as they are: its own signs as entities."""
    return "".join(_ENTITIES.get(sign, sign) for sign in printable(words))
