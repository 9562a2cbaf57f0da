"""What the checks of a drawn stream found: in the terminal, and as files for programs."""

import json
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from millrace.diagnose.map_checks.check import MapFinding, Severity
from millrace.diagnose.map_checks.check_map import MapReport
from millrace.diagnose.map_checks.formats import as_json, as_sarif, as_text, summary

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_DIM = "bright_black"


def as_form(report: MapReport, stream: Path, form: str) -> str:
    """The report as text, json or sarif."""
    source = stream.as_posix()
    if form == "text":
        return as_text(report, source=source) + "\n"
    plain = as_json(report, source=source) if form == "json" else as_sarif(report, source=source)
    return json.dumps(plain, ensure_ascii=False, indent=1) + "\n"


def show_checks(report: MapReport, stream: Path) -> None:
    """Print every finding, worst first: what, where, why, and what to do."""
    console = Console()
    if not console.is_terminal:
        print(as_form(report, stream, "text"), end="")
        return
    for finding in report.findings:
        _show(console, finding, stream)
    console.print(Text(summary(report), "bold"))


def _show(console: Console, finding: MapFinding, stream: Path) -> None:
    where = f"{stream}:{finding.line}" if finding.line else str(stream)
    console.print(
        Text.assemble(
            (f"{finding.severity:<8}", _COLOURS[finding.severity]), (finding.rule, "bold"), (f"  {where}", _DIM)
        )
    )
    console.print(_indented(Text(finding.sentence)))
    for evidence in finding.evidence:
        console.print(_indented(Text(evidence, _DIM)))
    console.print(_indented(Text.assemble(("→ ", "green"), finding.remedy)))
    console.print()


def _indented(text: Text) -> Padding:
    return Padding(text, (0, 0, 0, 8))
