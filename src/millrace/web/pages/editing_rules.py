"""Conditions on events as forms hold them: a row of texts per rule, patterns divided by semicolons."""

from collections.abc import Iterable
from itertools import count
from typing import Any

from starlette.datastructures import FormData

from millrace.model.step_changes import Plain

RULE_PARTS = {
    "status": "Status",
    "activity": "Activity",
    "team": "Team",
    "item_type": "Type of record",
    "attributes": "Other columns",
}
"""What a rule can ask of an event, and how the form says it."""


def rule_texts(rules: Iterable[Plain]) -> tuple[dict[str, str], ...]:
    """Rules as texts."""
    return tuple({part: _text(rule.get(part)) for part in RULE_PARTS} for rule in rules)


def read_rules(name: str, form: FormData) -> list[Plain]:
    """The rules in a form's rows `name.0.status` …; rows that say nothing are none."""
    rules: list[Plain] = []
    for number in count():
        given = {part: form.get(f"{name}.{number}.{part}") for part in RULE_PARTS}
        if all(text is None for text in given.values()):
            break
        rule = {part: _read(part, text) for part, text in given.items() if isinstance(text, str) and text.strip()}
        if rule:
            rules.append(rule)
    return rules
    return rules


def _text(patterns: Any) -> str:
    """`Awaiting*; Pending`, or `priority = P1; P2 | site = Oslo` where columns are named."""
    if isinstance(patterns, dict):
        return " | ".join(f"{column} = {_text(each)}" for column, each in patterns.items())
    return patterns if isinstance(patterns, str) else "; ".join(patterns or ())


def _read(part: str, text: str) -> Any:
    if part != "attributes":
        return _patterns(text)
    pairs = (each.partition("=") for each in text.split("|"))
    return {column.strip(): _patterns(patterns) for column, _, patterns in pairs if column.strip()}


def _patterns(text: str) -> list[str]:
    return [each.strip() for each in text.split(";") if each.strip()]
