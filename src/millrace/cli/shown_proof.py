"""A verdict on a change in the terminal, as sentences or JSON."""

import json

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from millrace.cli.tables import DIM, table
from millrace.draw.proof_words import (
    basis_in_words,
    effect_in_words,
    elsewhere_in_words,
    headline,
    money_in_words,
    power_in_words,
    realised_in_words,
)
from millrace.improve.proof.verdict import Outcome, Verdict
from millrace.model.absent import Absent
from millrace.report.proof_form import proof_form
from millrace.workbench.proofs import Proved

_STYLES = {Outcome.CONFIRMED: "bold green", Outcome.REFUTED: "bold red", Outcome.NOT_YET_KNOWN: "bold yellow"}


def print_proof_json(proved: Proved) -> None:
    """Print the stable JSON form of a verdict."""
    print(json.dumps(proof_form(proved.verdict).model_dump(mode="json"), ensure_ascii=False, indent=1))


def show_proof(proved: Proved) -> None:
    """Print the verdict, the effect, what got worse elsewhere, and what all of it rests on."""
    console, verdict = Console(), proved.verdict
    console.print(Text(proved.called, DIM))
    console.print(Text(headline(verdict), _STYLES[verdict.outcome]))
    for told in (effect_in_words(verdict), realised_in_words(verdict), power_in_words(verdict)):
        if told and told.rstrip(".") not in headline(verdict):
            console.print(told)
    _show_money(console, verdict)
    _show_elsewhere(console, verdict)
    for told in basis_in_words(verdict):
        console.print(Padding(Text(told, DIM), (0, 0, 0, 2)))


def _show_money(console: Console, verdict: Verdict) -> None:
    if isinstance(verdict.money, Absent):
        return
    for each in verdict.money:
        console.print(money_in_words(each))


def _show_elsewhere(console: Console, verdict: Verdict) -> None:
    if not verdict.elsewhere:
        return
    if not verdict.worse:
        console.print(f"Nothing else surely got worse, of {len(verdict.elsewhere)} measures looked at.")
        return
    console.print("Worse elsewhere:")
    shown = table("Measure", "chance", figures=("chance",), has_head=False)
    for each in verdict.worse:
        shown.add_row(elsewhere_in_words(each), f"p = {each.chance_ratio:.3f}")
    console.print(Padding(shown, (0, 0, 0, 2)))
