"""Frameworks, the crosswalk and templates, in the terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from millrace.cli.tables import DIM, table
from millrace.model.crosswalk import ProcessList, Translation
from millrace.model.frameworks.framework import Framework, Practice, ValueChainActivity
from millrace.model.templates.template import Template

NAME, DOUBT = "cyan", "yellow"


def show_framework(framework: Framework) -> None:
    """Print the activities and the practices by group, each with its purpose."""
    console = Console()
    console.print(Text(framework.title or framework.name, "bold"))
    if framework.note:
        console.print(Text(framework.note, DIM))
    _show_group(console, "value chain activities", framework.value_chain_activities)
    for group in dict.fromkeys(practice.group for practice in framework.practices):
        of_group = [practice for practice in framework.practices if practice.group == group]
        _show_group(console, f"{group} practices".strip(), of_group)
    console.print()
    console.print(Text("Other names and v3 processes: millrace crosswalk", DIM))


def _show_group(console: Console, what: str, parts: Sequence[ValueChainActivity | Practice]) -> None:
    console.print()
    console.print(Text(f"{len(parts)} {what}", "bold"))
    for part in parts:
        console.print(Padding(Text.assemble((part.name, NAME), "  ", (part.purpose, DIM)), (0, 0, 0, 2)))


def show_translation(translation: Translation) -> None:
    """Print what became of one term."""
    console = Console()
    known_as = f"{translation.read_as} ({translation.origin})"
    console.print(Text.assemble((translation.term, "bold"), (f"  {known_as}", DIM)))
    for practice in translation.practices:
        console.print(Text.assemble(("  → ", DIM), (practice, NAME)))
    if translation.judgement:
        console.print(Text(f"† {translation.judgement}", DOUBT))
    if translation.streams:
        console.print(Text.assemble("Streams that draw on it: ", (", ".join(translation.streams), NAME)))
        console.print(Text(f"To begin with one: millrace new {translation.streams[0]} -o stream.yaml", DIM))


def show_process_list(listed: ProcessList) -> None:
    """Print every process with its practices, and the streams that the whole list suggests."""
    console = Console()
    console.print(_translations(listed.translations))
    _tell_judgements(console, listed.translations)
    console.print(
        Text.assemble(
            (_counted(len(listed.translations), "process", "processes"), "bold"),
            (f" in {_quoted(listed.column)} → ", DIM),
            (_counted(len(listed.practices), "practice", "practices"), "bold"),
        )
    )
    if listed.streams:
        console.print(Text.assemble("Streams to begin with, best first: ", (", ".join(listed.streams), NAME)))
        console.print(Text(f"millrace new {listed.streams[0]} -o stream.yaml", DIM))


def _quoted(column: str) -> str:
    return column if column == "the first column" else f"“{column}”"


def _counted(n: int, one: str, many: str) -> str:
    return f"{n} {one if n == 1 else many}"


def show_known_terms(translations: Sequence[Translation]) -> None:
    """Print the whole crosswalk."""
    console = Console()
    console.print(_translations(translations))
    _tell_judgements(console, translations)


def _translations(translations: Sequence[Translation]) -> Table:
    terms = table("Term", "Known as", "Practices")
    for each in translations:
        if each.read_as is None:
            near = f"not known; near are {', '.join(each.nearest)}" if each.nearest else "not known"
            terms.add_row(Text(each.term), Text("?", "red"), Text(near, "red"))
        else:
            sign = Text(" †", DOUBT) if each.judgement else Text()
            terms.add_row(Text(each.term) + sign, Text(_known_as(each), DIM), Text(", ".join(each.practices), NAME))
    return terms


def _known_as(translation: Translation) -> str:
    is_same = translation.read_as == translation.term
    return str(translation.origin) if is_same else f"{translation.read_as} ({translation.origin})"


def _tell_judgements(console: Console, translations: Sequence[Translation]) -> None:
    for each in translations:
        if each.judgement:
            console.print(Text.assemble(("† ", DOUBT), f"{each.term}: ", (each.judgement, DIM)))


def show_templates(templates: Sequence[Template]) -> None:
    """Print the templates to begin a stream with."""
    console = Console()
    for each in templates:
        n_steps = Text(f"{each.n_steps} steps", DIM)
        console.print(Text.assemble((each.name, NAME), "  ", (each.title, "bold"), (" · ", DIM), n_steps))
        console.print(Padding(Text(each.description, DIM), (0, 0, 0, 2)))
    console.print()
    console.print(Text("To begin with one: millrace new hr-access -o stream.yaml", DIM))
