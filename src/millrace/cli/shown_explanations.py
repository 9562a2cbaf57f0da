"""Explanations in the terminal, as sentences or JSON."""

import json

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from millrace.cli.asked import NotUnderstood, OneOrTheOther
from millrace.cli.tables import DIM
from millrace.diagnose.explanation.explanation import Explanations, Outcome
from millrace.diagnose.explanation.sentences import group_in_words
from millrace.diagnose.findings.saying import count, percent
from millrace.report.explanations_json import explanations_json
from millrace.report.wording import period_of
from millrace.workbench.explanations import Explained

_INDENT = (0, 0, 0, 4)
MOST_SAME = 3


def asked_outcome(given: str, within: str | None) -> Outcome:
    """What is to be explained, by its name."""
    try:
        outcome = Outcome(given.replace("-", "_"))
    except ValueError as error:
        raise NotUnderstood("--of", given, f"it is one of {', '.join(Outcome)}") from error
    if within is not None and outcome is not Outcome.BREACH:
        raise OneOrTheOther("--within", f"--of {outcome}")
    return outcome


def print_explanations_json(explained: Explained) -> None:
    """Print the stable JSON form (docs/reference/explanations-json.md)."""
    form = explanations_json(explained.flow, explained.explanations)
    print(json.dumps(form.model_dump(mode="json"), ensure_ascii=False, indent=1))


def show_explanations(explained: Explained) -> None:
    """Print what explains the outcome, those with most excess first; then what was looked at, and what was not."""
    console, found = Console(), explained.explanations
    stream = explained.flow.about.stream
    console.print(Text(stream.shown_name, "bold"))
    console.print(Text(_basis(explained), DIM))
    console.print()
    for number, each in enumerate(found.explanations, 1):
        console.print(Text.assemble((f"{number:>2}  ", DIM), each.sentence))
        if each.same_as:
            told = "; ".join(group_in_words(same) for same in each.same_as[:MOST_SAME])
            more = len(each.same_as) - MOST_SAME
            further = f"; {more} more" if more > 0 else ""
            console.print(Padding(Text(f"Nothing more in: items {told}{further}", DIM), _INDENT))
    if found.explanations:
        console.print()
    for line in _rest(found):
        console.print(Text(line, DIM))


def _basis(explained: Explained) -> str:
    found = explained.explanations
    left_out = f" · left out: {found.left_out_items}" if found.left_out_items else ""
    if found.of is Outcome.LEAD_TIME:
        told = f"{count(found.n_items)} delivered items, {count(round(found.total_per_month))} hours a month"
    else:
        told = f"{count(found.n_bad)} of {count(found.n_items)} items {found.outcome_in_words.rstrip(',')}"
    return f"{period_of(explained.flow)} · {told}{left_out}"


def _rest(found: Explanations) -> list[str]:
    if found.explanations:
        told = f"Together they hold {percent(found.explained_ratio)} of all; no item counts twice."
    else:
        told = "Nothing known at demand goes surely with a worse outcome, all else being equal."
    told += f" {count(found.n_tested)} comparisons tested; at most {percent(found.level)} of those told are chance."
    lines = [told]
    if found.looked_at:
        lines.append(f"Compared, and held equal: {', '.join(found.looked_at)}.")
    if found.left_out:
        lines.append("Left out: " + "; ".join(f"{each.column} ({each.reason})" for each in found.left_out) + ".")
    return lines
