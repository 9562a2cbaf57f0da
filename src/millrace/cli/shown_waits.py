"""Why work waited and where lead time lies, in the terminal and as JSON."""

import json
from calendar import day_name
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from millrace.cli.tables import DIM, table
from millrace.diagnose.delay_tree import Delay, DelayTree
from millrace.diagnose.waits.batch_habits import BatchedBy, BatchHabit, batch_habits
from millrace.diagnose.waits.cause import CAUSES
from millrace.diagnose.waits.waits import Waits
from millrace.flow.summary import SECOND
from millrace.model.absent import Absent
from millrace.model.duration import show_duration
from millrace.model.ratio import show_ratio
from millrace.workbench.waits import Waited

MOST = 15
"""So many hand-overs are shown, those with the longest wait; -o writes all."""
LEAST_RATIO = 0.01
"""Branches of the delay tree with less of the lead time than this are folded; --json lists all."""
NOTABLE_RATIO = 0.1
"""Causes with at least this share of a wait are named beside it."""
_HOUR = 3600


def show_waits(waited: Waited) -> None:
    """Print the causes of all waits, the hand-overs that waited longest, and what is held or done in batches."""
    console, found = Console(), waited.waits
    console.print(_causes(found))
    console.print()
    rows = _by_activities(waited.hand_overs)
    console.print(_hand_overs(rows))
    more = f"and {len(rows) - MOST:,} with less; " if len(rows) > MOST else ""
    console.print(Text(f"{more}-o waits.csv writes all, person by person", DIM))
    console.print()
    for sentence in (*_untold(found), *_timers(found), *_batches(found), _hours(found)):
        console.print(Text(sentence))


def print_waits_json(waited: Waited) -> None:
    """Print the waits as JSON; the guide to waiting documents the form."""
    found, names = waited.waits, waited.waits.work.activities
    said = {
        "n_waits": found.n,
        "wait_seconds": sum(found.microseconds.values()) / SECOND,
        "causes": {
            f"{cause}_seconds": None if cause in found.untold else part / SECOND
            for cause, part in found.microseconds.items()
        },
        "untold": {str(cause): absent.reason for cause, absent in found.untold.items()},
        "timers": [
            {
                "from_activity": names[timer.from_activity],
                "to_activity": names[timer.to_activity],
                "held_seconds": timer.held_microseconds / SECOND,
                "varies": timer.varies,
                "n": timer.n,
                "n_free_starts": timer.n_free_starts,
            }
            for timer in found.timers
        ],
        "batches": [asdict(habit) for habit in batch_habits(found)],
        "hand_overs": waited.hand_overs.to_pylist(),
    }
    print(json.dumps(said, ensure_ascii=False, indent=2))


def show_tree(tree: DelayTree) -> None:
    """Print the branches of the tree that hold a notable share of the lead time."""
    console, whole = Console(), tree.root.microseconds
    if not tree.root.n_items:
        console.print(Text("No item that was asked for was delivered, so that there is no lead time to divide."))
        return
    shown = table("Lead time of delivered items", "Hours", "Share", "Items", figures=("Hours", "Share", "Items"))
    _add(shown, tree.root, whole, 0)
    console.print(shown)
    console.print(Text(f"Branches under {show_ratio(LEAST_RATIO)} are folded; --json lists every leaf.", DIM))
    if isinstance(tree.causes, Absent):
        console.print(Text(f"Why work queued is not told: {tree.causes.reason}.", DIM))


def print_tree_json(tree: DelayTree) -> None:
    """Print the tree as JSON; the guide to waiting documents the form."""
    print(json.dumps(_node(tree.root), ensure_ascii=False, indent=2))


def _node(delay: Delay) -> dict[str, Any]:
    return {
        "id": delay.id,
        "name": delay.name,
        "division": delay.division,
        "seconds": delay.microseconds / SECOND,
        "n_items": delay.n_items,
        "children": [_node(child) for child in delay.children],
    }


def _add(shown: Table, delay: Delay, whole: int, depth: int) -> None:
    shown.add_row(
        "  " * depth + delay.name,
        _in_hours(delay.microseconds),
        show_ratio(delay.microseconds / whole) if whole else "–",
        f"{delay.n_items:,}",
    )
    folded = [child for child in delay.children if child.microseconds < LEAST_RATIO * whole]
    for child in delay.children:
        if child.microseconds >= LEAST_RATIO * whole:
            _add(shown, child, whole, depth + 1)
    if folded and len(folded) < len(delay.children):
        rest = sum(child.microseconds for child in folded)
        row = f"{'  ' * (depth + 1)}{len(folded):,} more"
        shown.add_row(row, _in_hours(rest), show_ratio(rest / whole), "", style=DIM)


def _in_hours(microseconds: int) -> str:
    return f"{microseconds / SECOND / _HOUR:,.0f}"


def _share(part: int, whole: int) -> str:
    """A share that is never shown as nothing where there is something."""
    if not whole:
        return "–"
    return "<0.1 %" if 0 < part / whole < 0.0005 else show_ratio(part / whole)


def _causes(found: Waits) -> Table:
    whole = sum(found.microseconds.values())
    shown = table("Cause", "Hours", "Share", figures=("Hours", "Share"))
    for cause, part in found.microseconds.items():
        is_told = cause not in found.untold
        shown.add_row(str(cause), _in_hours(part) if is_told else "–", _share(part, whole) if is_told else "–")
    shown.add_row(f"all {found.n:,} waits", _in_hours(whole), "", style="bold")
    return shown


def _hand_overs(rows: list[dict[str, Any]]) -> Table:
    shown = table("From", "To", "n", "Hours", "Because of", figures=("n", "Hours"))
    shown.columns[-1].no_wrap = True
    for row in rows[:MOST]:
        hours = f"{row['wait_seconds'] / _HOUR:,.0f}"
        shown.add_row(row["from_activity"] or "–", row["to_activity"], f"{row['n']:,}", hours, _because(row))
    return shown


def _by_activities(rows: Any) -> list[dict[str, Any]]:
    """The hand-overs between two activities added up, whoever the people are; longest wait first."""
    seconds = ["wait_seconds", *(f"{cause}_seconds" for cause in CAUSES)]
    grouped = rows.group_by(["from_activity", "to_activity"]).aggregate([(each, "sum") for each in ("n", *seconds)])
    summed = grouped.rename_columns([name.removesuffix("_sum") for name in grouped.column_names]).to_pylist()
    return sorted(summed, key=lambda row: (-row["wait_seconds"], row["from_activity"] or "", row["to_activity"]))


def _because(row: dict[str, Any]) -> str:
    """The causes that make up most of a wait, a line each, biggest first: no figure is torn from its sign."""
    whole = row["wait_seconds"]
    seconds = {cause: row[f"{cause}_seconds"] or 0 for cause in CAUSES}
    parts = sorted(((part / whole, cause) for cause, part in seconds.items()), reverse=True) if whole else []
    return "\n".join(f"{cause} {show_ratio(part)}" for part, cause in parts if part >= NOTABLE_RATIO)


def _untold(found: Waits) -> list[str]:
    reasons = dict.fromkeys(found.untold.values())
    causes = {reason: [str(cause) for cause, why in found.untold.items() if why == reason] for reason in reasons}
    return [f"Not told: {', '.join(causes[reason])}, because {reason.reason}." for reason in reasons]


def _timers(found: Waits) -> list[str]:
    names = found.work.activities
    return [
        f"“{names[timer.from_activity]}” → “{names[timer.to_activity]}” is held for "
        f"{'about' if timer.varies else 'at least'} {show_duration(timer.held_microseconds / SECOND)}: "
        f"of {timer.n:,} hand-overs hardly any starts sooner, though people are free."
        for timer in found.timers
    ]


def _batches(found: Waits) -> list[str]:
    return [
        f"“{habit.activity}” is done in batches{_set_off(habit)}: {habit.n_works:,} of {habit.n_all:,}, "
        f"in {habit.n_batches:,} batches."
        for habit in batch_habits(found)
    ]


def _set_off(habit: BatchHabit) -> str:
    if habit.rule is None:
        return ""
    if habit.batched_by is BatchedBy.SIZE:
        return f" of {habit.rule}"
    if habit.batched_by is BatchedBy.DAY:
        return f" on {day_name[habit.rule]}s"
    return f" between {habit.rule}:00 and {habit.rule + 1}:00"


def _hours(found: Waits) -> str:
    if found.duty.mined is None:
        return "Hours of duty are those of the calendar given."
    return "Hours of duty are those that the log shows, per person or team where there is enough of it."
