"""Commands on designed streams: practices, crosswalk, templates, new, guide, check, bind; and the process map."""

from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from millrace.cli.main import FOUND, app
from millrace.cli.parameters import HERE, MappingFile, Since, Sources, Until, Where, WorkspaceFolder, written_to
from millrace.cli.progress import ProgressBar

AsJson = Annotated[bool, Parameter(name="--json", help="Print JSON.")]
Stream = Annotated[Path, Parameter(help="The stream's YAML file.")]


@app.command
def practices(
    *,
    framework: Annotated[str, Parameter(help="itil4, itil5, or the file of your own.")] = "itil4",
    json: AsJson = False,
) -> None:
    """List the value chain activities and practices that steps refer to."""
    from millrace.cli.shown_framework import show_framework
    from millrace.workbench import design

    listed = design.framework(framework)
    if json:
        _print_json(listed.model_dump(mode="json"))
    else:
        show_framework(listed)


@app.command
def crosswalk(
    term: Annotated[
        str | None, Parameter(help="A v3 process, an old name, a word of a tool; without one, all.")
    ] = None,
    /,
    *,
    from_: Annotated[
        Path | None, Parameter(name="--from", help="A CSV list of processes to translate instead.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Translate ITIL v3 processes and other terms into practices, and the streams that draw on them.

    † marks a judgement: the term has no single successor, or was only read as a similar one.
    """
    from dataclasses import asdict

    from millrace.cli import shown_framework as shown
    from millrace.cli.asked import OneOrTheOther
    from millrace.workbench import design

    if term is not None and from_ is not None:
        raise OneOrTheOther("a term", "--from")
    if from_ is not None:
        listed = design.translate_file(from_)
        _print_json(asdict(listed)) if json else shown.show_process_list(listed)
    elif term is not None:
        translation = design.translate(term)
        _print_json(asdict(translation)) if json else shown.show_translation(translation)
    else:
        terms = design.known_terms()
        _print_json([asdict(each) for each in terms]) if json else shown.show_known_terms(terms)


@app.command
def templates(*, json: AsJson = False) -> None:
    """List the streams that there are to begin with."""
    from millrace.cli.shown_framework import show_templates
    from millrace.workbench import design

    listed = design.templates()
    if json:
        _print_json([each._asdict() for each in listed])
    else:
        show_templates(listed)


@app.command
def new(
    template: Annotated[str, Parameter(help="Its name, as `templates` lists it.")],
    /,
    *,
    output: Annotated[Path | None, written_to("The YAML file to write.")] = None,
    force: Annotated[bool, Parameter(help="Overwrite the file if it is there.")] = False,
) -> None:
    """Begin a stream from a template; a file that is there stays, unless --force is given."""
    from millrace.workbench import design

    if output is None:
        print(design.template_text(template), end="")
        return
    path = design.new_stream(template, output, overwrite=force)
    print(f"The stream is {path}. Next: millrace guide {path}, millrace map {path}, millrace check {path}")


@app.command
def guide(
    stream: Annotated[Path, Parameter(help="The stream's YAML file; a new one begins with the first answer.")],
    /,
    *,
    again: Annotated[bool, Parameter(help="Ask again what was left open before.")] = False,
) -> None:
    """Go through the eight steps of the method, asking only what is missing, while the map grows.

    Every answer is in the file at once: stop with Ctrl-C or Ctrl-D whenever you like, and go on later. Enter leaves a
    question open, “?” explains it, “>” passes to the next of the eight steps. Answers may also come from a pipe, one
    per line.
    """
    from millrace.cli.guiding import guide_through
    from millrace.workbench.design import GuidedStream

    guide_through(GuidedStream(stream), again=again)


@app.command
def check(
    stream: Stream,
    /,
    *,
    log: Annotated[
        list[Path] | None, Parameter(help="An export to compare the drawing with.", consume_multiple=True)
    ] = None,
    form: Annotated[Literal["text", "json", "sarif"], Parameter(name="--format", help="How to tell it.")] = "text",
    output: Annotated[Path | None, written_to("The file to write it to.")] = None,
    fail_on: Annotated[
        Literal["error", "warning", "note"], Parameter(help="The mildest finding that makes the exit code 1.")
    ] = "error",
    mapping: MappingFile = None,
    workspace: WorkspaceFolder = HERE,
) -> int:
    """Look for the mistakes that everyone makes in a drawn stream, and for figures that contradict each other.

    With --log also for where the drawing and the export part. The exit code is 0 where nothing as bad as --fail-on was
    found, 1 where something was, and 2 where the check could not be made.
    """
    from millrace.cli.shown_checks import as_form, show_checks
    from millrace.diagnose.map_checks.check import Severity
    from millrace.workbench import Workbench
    from millrace.workbench.output import write_whole

    with ProgressBar() as bar:
        report = Workbench(workspace, progress=bar).check(stream, source=log, mapping=mapping)
    if output is not None:
        write_whole(output, as_form(report, stream, form))
        print(f"The findings are {output}")
    elif form == "text":
        show_checks(report, stream)
    else:
        print(as_form(report, stream, form), end="")
    return FOUND if report.reaches(Severity(fail_on)) else 0


@app.command
def bind(
    stream: Stream,
    /,
    *,
    log: Annotated[list[Path], Parameter(help="The export to bind it to.", consume_multiple=True)],
    suggest: Annotated[bool, Parameter(help="Suggest a step for every status or activity.")] = False,
    output: Annotated[Path | None, written_to("Write the stream here, with rules for what is unmapped so far.")] = None,
    sure: Annotated[str, Parameter(help="How sure a suggestion must be to become a rule.")] = "50 %",
    json: AsJson = False,
    mapping: MappingFile = None,
    workspace: WorkspaceFolder = HERE,
) -> None:
    """Show what of an export goes to which step, what each match rule carries, and what stays unmapped.

    With -o the stream is written anew, with a rule for every sure suggestion on what is unmapped; comments survive,
    and the stream's own file may be named.
    """
    from millrace.cli.asked import asked_ratio
    from millrace.cli.shown_binding import binding_json, show_binding, show_suggestions
    from millrace.workbench import Workbench, design
    from millrace.workbench.output import write_whole

    least = asked_ratio("--sure", sure)
    with ProgressBar() as bar:
        bench = Workbench(workspace, progress=bar)
        binding = bench.bind(stream, log, mapping=mapping)
        suggestions = bench.suggest_rules(stream, log, mapping=mapping) if suggest or output else ()
    if output is not None:
        write_whole(output, design.bound_stream(stream, binding, suggestions, least_ratio=least))
    if json:
        _print_json(binding_json(binding, suggestions))
        return
    show_binding(binding)
    if suggest:
        show_suggestions(binding, suggestions, least_ratio=least)
    if output is not None:
        print(f"The stream is {output}")


@app.command
def process_map(
    sources: Sources,
    /,
    *,
    output: Annotated[Path, written_to("A .svg, .png or .pdf.")],
    activities: Annotated[str, Parameter(help="Share of the activities to keep, the most frequent.")] = "100 %",
    paths: Annotated[str, Parameter(help="Share of the paths among them to keep, the most frequent.")] = "100 %",
    mapping: MappingFile = None,
    where: Where = None,
    since: Since = None,
    until: Until = None,
    workspace: WorkspaceFolder = HERE,
) -> None:
    """Draw what happened: every activity of an export, and what follows it how often and after how long.

    Every activity stays connected: what leads it from the start to the end is drawn besides.
    """
    from millrace.cli.asked import asked_ratio, asked_selection
    from millrace.workbench import Workbench

    activities_ratio, paths_ratio = asked_ratio("--activities", activities), asked_ratio("--paths", paths)
    with ProgressBar() as bar:
        path = Workbench(workspace, progress=bar).process_map(
            sources,
            output,
            mapping=mapping,
            activities_ratio=activities_ratio,
            paths_ratio=paths_ratio,
            selection=asked_selection(where, since, until),
        )
    print(f"The process map is {path}")


def _print_json(plain: Any) -> None:
    import json

    print(json.dumps(plain, ensure_ascii=False, indent=1))
