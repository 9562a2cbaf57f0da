"""What is in a source, in the terminal: mapping, classes, readiness."""

from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from millrace.eventlog.readiness import Computability, Readiness, Verdict
from millrace.model.ratio import show_ratio
from millrace.workbench import Inspection

DIM = "bright_black"
_COLOURS = {
    Verdict.REFUSED: "red",
    Verdict.REPAIRED: "yellow",
    Verdict.KEPT: "cyan",
    Computability.COMPUTABLE: "green",
    Computability.WITH_CAVEAT: "yellow",
    Computability.NOT_COMPUTABLE: "red",
}


def show_inspection(inspection: Inspection, written: Path | None) -> None:
    """Print the mapping with its reasons, the classes with the time each carries, and the readiness."""
    console = Console()
    console.print(Text(inspection.log.about.source_name, "bold"), Text(inspection.log.about.shape, DIM))
    console.print()
    console.print(_guesses(inspection))
    console.print()
    console.print(_classes(inspection.readiness))
    console.print()
    _show_readiness(console, inspection.readiness)
    console.print()
    if written is None:
        console.print(Text("The mapping, to edit and give back with --mapping:", "bold"))
        print(inspection.yaml)
    else:
        console.print(f"The mapping is {written}; edit it and give it back with --mapping.")


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style=DIM)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _guesses(inspection: Inspection) -> Table:
    table = _table("What", "Column", "Sure", "Why")
    for guess in inspection.guesses:
        table.add_row(guess.about, Text(guess.answer, "cyan"), show_ratio(guess.sureness_ratio), guess.why)
    return table


def _classes(readiness: Readiness) -> Table:
    table = _table("Status or activity", "State", "Reason", "Side", "Events", "Share of time", "Sure")
    for label in readiness.classified_time:
        share = "–" if label.share_of_time_ratio is None else show_ratio(label.share_of_time_ratio)
        sure = "given" if label.is_given else show_ratio(label.sureness_ratio)
        reason = "" if label.wait_reason == "none" else label.wait_reason
        table.add_row(label.label, label.state, reason, label.side, f"{label.n_events:,}", share, sure)
    return table


def _show_readiness(console: Console, readiness: Readiness) -> None:
    rows = (
        f"{readiness.n_rows_read:,} rows read, {readiness.n_rows_kept:,} kept, "
        f"{readiness.n_rows_repaired:,} repaired, {readiness.n_rows_refused:,} refused"
    )
    console.print(Text(rows, "bold"))
    for remark in readiness.remarks:
        examples = f" ({'; '.join(remark.examples[:3])})" if remark.examples else ""
        console.print(Text(f"  {remark.verdict:<9}", _COLOURS[remark.verdict]) + Text(f"{remark.sentence}{examples}"))
    console.print()
    for measure in readiness.measures:
        mark = {Computability.COMPUTABLE: "✓", Computability.WITH_CAVEAT: "~", Computability.NOT_COMPUTABLE: "✗"}
        sign = Text(f"  {mark[measure.computability]} ", _COLOURS[measure.computability])
        console.print(sign + Text(measure.measure.replace("_", " ")) + Text(f"  {measure.sentence}", DIM))
