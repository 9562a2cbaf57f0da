"""Recurring issues in the terminal, as a list or JSON."""

import json

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from millrace.cli.tables import DIM
from millrace.diagnose.findings.saying import count, percent
from millrace.report.issues_json import issues_json
from millrace.report.wording import period_of
from millrace.workbench.explanations import Recurring

_INDENT = (0, 0, 0, 4)


def print_issues_json(found: Recurring) -> None:
    """Print the stable JSON form (docs/reference/explanations-json.md)."""
    print(json.dumps(issues_json(found.flow, found.issues).model_dump(mode="json"), ensure_ascii=False, indent=1))


def show_issues(found: Recurring, most: int) -> None:
    """Print the issues, problem candidates first, each with examples."""
    console, issues = Console(), found.issues
    stream = found.flow.about.stream
    console.print(Text(stream.shown_name, "bold"))
    console.print(Text(f"{period_of(found.flow)} · alike by {', '.join(issues.alike_by)}", DIM))
    console.print()
    for number, issue in enumerate(issues.issues[:most], 1):
        mark = Text(" problem candidate ", "reverse") if issue.is_candidate else Text()
        console.print(Text.assemble((f"{number:>2}  ", DIM), issue.sentence, " ", mark))
        told = "; ".join(f"“{text}”" for text in issue.texts) or ", ".join(issue.examples)
        console.print(Padding(Text(f"Such as {told}", DIM), _INDENT))
    if issues.issues:
        console.print()
    console.print(Text(_rest(found, most), DIM))


def _rest(found: Recurring, most: int) -> str:
    issues = found.issues
    if not issues.issues:
        return f"Nothing comes back often enough among {count(issues.n_items)} items."
    n, n_candidates = len(issues.issues), sum(issue.is_candidate for issue in issues.issues)
    told = f"{count(n)} issue{'s hold' if n > 1 else ' holds'} {percent(issues.n_grouped / issues.n_items)} of "
    told += f"{count(issues.n_items)} items; {count(n_candidates)} deserve{'s' if n_candidates == 1 else ''} a problem "
    told += "record: frequent, growing or costly"
    told += f", and hardly linked with one ({issues.problem_column})." if issues.problem_column else "."
    return told + (f" All with --most {n}." if n > most else "")
