"""Two editors at once: who saved meanwhile, what they changed, what was to be saved here, and the ways on."""

from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse

from millrace.model.difference import Change, difference
from millrace.model.merging import merged
from millrace.model.stream_file import stream_to_yaml
from millrace.model.value_stream import ValueStream
from millrace.web.pages.history_difference import Row, rows_of
from millrace.web.pages.page import Crumb, page
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.stream_book import ChangedMeanwhile, RevisionView, StreamView


@dataclass(frozen=True)
class ConflictPage:
    """Their revision and what was to be saved here, both against the revision that this was made from.

    `both` is the text of a stream with either change, where they do not concern the same fields.
    """

    view: StreamView
    theirs: RevisionView
    sentence: str
    their_changes: tuple[Change, ...]
    my_changes: tuple[Change, ...]
    mine: str
    both: str | None
    rows: tuple[Row, ...]


def conflict_page(
    request: Request, bench: SharedWorkbench, actor: Actor, view: StreamView, mine: ValueStream, based_on: int,
    conflict: ChangedMeanwhile,
) -> HTMLResponse:  # fmt: skip
    """The page that tells of it; nothing was saved yet."""
    base, theirs = bench.revision(actor, view.key, based_on), conflict.theirs
    together = merged(base.stream, theirs.stream, mine)
    my_text = stream_to_yaml(mine, like=base.yaml)
    context = ConflictPage(
        view, theirs, conflict.sentence, difference(base.stream, theirs.stream), difference(base.stream, mine), my_text,
        stream_to_yaml(together, like=theirs.yaml) if together else None, rows_of(theirs.yaml, my_text),
    )  # fmt: skip
    crumbs = (Crumb("Streams", "/"), Crumb(view.title, f"/streams/{view.key}"))
    return page(request, "editing_conflict.html", context, title="Changed meanwhile", crumbs=crumbs, status=409)
