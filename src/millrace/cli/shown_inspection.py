"""What is in a source, in the terminal: mapping, classes, readiness."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from millrace.cli.tables import DIM, table
from millrace.eventlog.readiness import Computability, MeasureReadiness, Readiness, RowRemark, Verdict
from millrace.model.ratio import show_ratio
from millrace.workbench import Inspection

_COLOURS = {
    Verdict.REFUSED: "red",
    Verdict.REPAIRED: "yellow",
    Verdict.KEPT: "cyan",
    Computability.COMPUTABLE: "green",
    Computability.WITH_CAVEAT: "yellow",
    Computability.NOT_COMPUTABLE: "red",
}

_SIGNS = {Computability.COMPUTABLE: "✓", Computability.WITH_CAVEAT: "~", Computability.NOT_COMPUTABLE: "✗"}


def show_inspection(inspection: Inspection, written: Path | None) -> None:
    """Print the mapping with its reasons, the classes with the time each carries, and the readiness."""
    console = Console()
    console.print(Text(inspection.log.about.source_name, "bold"), Text(inspection.log.about.shape, DIM))
    console.print()
    if inspection.guesses:
        console.print(_guesses(inspection))
    else:
        console.print("No column was guessed: the mapping is given, or the columns bear Millrace’s own names.")
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


def _guesses(inspection: Inspection) -> Table:
    guesses = table("What", "Column", "Sure", "Why", figures=("Sure",))
    for guess in inspection.guesses:
        guesses.add_row(guess.about, Text(guess.answer, "cyan"), show_ratio(guess.sureness_ratio), guess.why)
    return guesses


def _classes(readiness: Readiness) -> Table:
    figures = ("Events", "Share of\ntime", "Sure")
    classes = table("Status or activity", "State", "Reason", "Side", *figures, figures=figures)
    for label in readiness.classified_time:
        share = "–" if label.share_of_time_ratio is None else show_ratio(label.share_of_time_ratio)
        sure = "given" if label.is_given else show_ratio(label.sureness_ratio)
        reason = "" if label.wait_reason == "none" else label.wait_reason
        classes.add_row(label.label, label.state, reason, label.side, f"{label.n_events:,}", share, sure)
    return classes


def _show_readiness(console: Console, readiness: Readiness) -> None:
    rows = (
        f"{readiness.n_rows_read:,} rows read, {readiness.n_rows_kept:,} kept, "
        f"{readiness.n_rows_repaired:,} repaired, {readiness.n_rows_refused:,} refused"
    )
    console.print(Text(rows, "bold"))
    if readiness.remarks:
        console.print(_remarks(readiness.remarks))
    console.print()
    console.print(_computability(readiness.measures))


def _remarks(remarks: Sequence[RowRemark]) -> Table:
    rows = Table.grid(padding=(0, 2, 0, 0))
    for remark in remarks:
        examples = f" ({'; '.join(remark.examples[:3])})" if remark.examples else ""
        rows.add_row(Text(remark.verdict, _COLOURS[remark.verdict]), Text(f"{remark.sentence}{examples}"))
    return rows


def _computability(measures: Sequence[MeasureReadiness]) -> Table:
    """Which measures can be computed, those of one verdict and reason together."""
    names: dict[tuple[Computability, str], list[str]] = {}
    for measure in measures:
        names.setdefault((measure.computability, measure.sentence), []).append(measure.measure.replace("_", " "))
    rows = Table.grid(padding=(0, 1, 0, 0))
    for (computability, sentence), listed in sorted(
        names.items(), key=lambda row: list(Computability).index(row[0][0])
    ):
        told = Text.assemble(", ".join(listed), (f"  {sentence}" if sentence else "", DIM))
        rows.add_row(Text(_SIGNS[computability], _COLOURS[computability]), told)
    return rows
