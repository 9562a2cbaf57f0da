"""Reference pages on findings: every kind, wastes and countermeasures, and the JSON."""

from collections.abc import Iterable, Iterator
from typing import Any

from millrace.diagnose.findings.registry import KINDS
from millrace.model.countermeasures.countermeasure import countermeasures, fitting
from millrace.model.countermeasures.waste import wastes
from millrace.report.findings_json import FindingsJson

INTRO = (
    "# Findings\n\nWhat `millrace findings` looks for. The guide [Find where time is lost](../guides/findings.md) "
    "shows how to use it; [Whose hour is it](../explanation/whose-hour.md) says how hours are counted and what is "
    "sure.\n"
)
JSON_INTRO = (
    "What `millrace findings --json` prints; `findings show … --json` prints one of its `findings`. Hours and money "
    "are per month of the log, durations seconds, ratios lie between 0 and 1. A figure that cannot be known is "
    "`null`, and its reason stands under `absent`, by the figure’s name. Keys may be added; those that are here stay."
)


def findings_page() -> str:
    """Every kind of finding, then the wastes and the countermeasures."""
    return INTRO + "".join(_kinds()) + "".join(_wastes()) + "".join(_countermeasures())


def _kinds() -> Iterator[str]:
    yield "\n## Kinds\n"
    for kind in sorted(KINDS, key=lambda kind: kind.name):
        to_try = _listed(each.title for each in fitting(kind.name, kind.wastes))
        yield f"\n### {kind.name}\n\n**{kind.title}.** {kind.definition}\n\n"
        yield f"Wastes: {_listed(kind.wastes)}. To try: {to_try}.\n"


def _wastes() -> Iterator[str]:
    yield "\n## Wastes\n\n| waste | means | on a map counts as |\n|---|---|---|\n"
    for waste in wastes():
        yield f"| {waste.title} (`{waste.name}`) | {waste.meaning} | {_listed(waste.groups) or '–'} |\n"


def _countermeasures() -> Iterator[str]:
    yield "\n## Countermeasures\n"
    for each in countermeasures():
        yield f"\n### {each.title}\n\n`{each.name}`, the move `{each.move}` of a future state.\n\n"
        yield f"- When: {each.condition}\n- Usual effect: {each.usual_effect}\n- To try: {each.how_to_try}\n"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def findings_schema() -> dict[str, Any]:
    """The JSON Schema of what `findings --json` prints."""
    return FindingsJson.model_json_schema(mode="serialization")
