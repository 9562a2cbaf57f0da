"""Streams of the workspace and their revisions, for programs. A change names in If-Match the revision it is made on."""

from fastapi import APIRouter, Depends, Response

from millrace.web.api.forms import NewStreamGiven, RevisionForm, SourceGiven, StreamForm, StreamGiven
from millrace.web.api.if_match import Seen, tag
from millrace.web.api.problem import problems
from millrace.web.security.gate import Approver, Bench, Changer, Reader, own_program

router = APIRouter(prefix="/api/v1/streams", tags=["streams"], dependencies=[Depends(own_program)])
_CHANGED = problems(404, 409, 412, 428)


@router.get("", responses=problems())
def streams(actor: Reader, bench: Bench) -> list[StreamForm]:
    """All streams by their title."""
    return [StreamForm.of(view) for view in bench.streams(actor)]


@router.post("", status_code=201, responses=problems(404, 409))
def begin_stream(actor: Changer, bench: Bench, given: NewStreamGiven) -> StreamForm:
    """Begin to follow a stream: as given, or as its source seems to show it."""
    stream = given.read() or bench.proposed_stream(actor, given.source or "")
    return StreamForm.of(bench.begin_stream(actor, stream, source=given.source))


@router.get("/{key}", responses=problems(404))
def stream(actor: Reader, bench: Bench, response: Response, key: str) -> StreamForm:
    """One stream; ETag is the number of its latest revision."""
    view = bench.stream(actor, key)
    tag(response, view.latest.number)
    return StreamForm.of(view)


@router.put("/{key}", responses=_CHANGED)
def save_stream(
    actor: Changer, bench: Bench, response: Response, key: str, seen: Seen, given: StreamGiven
) -> RevisionForm:
    """Save a stream as a new draft; refused where somebody saved another in between."""
    saved = bench.save_stream(actor, key, given.read(), based_on=seen, note=given.note)
    tag(response, saved.number)
    return RevisionForm.of(saved)


@router.delete("/{key}", status_code=204, responses=problems(404))
def archive_stream(actor: Approver, bench: Bench, key: str) -> None:
    """Follow a stream no more; what is known of it stays."""
    bench.archive_stream(actor, key)


@router.put("/{key}/source", responses=problems(404))
def measure_on(actor: Approver, bench: Bench, key: str, given: SourceGiven) -> StreamForm:
    """Say on which source a stream is measured."""
    return StreamForm.of(bench.measure_on(actor, key, given.source))


@router.get("/{key}/revisions", responses=problems(404))
def revisions(actor: Reader, bench: Bench, key: str) -> list[RevisionForm]:
    """All revisions of a stream, the latest first."""
    return [RevisionForm.of(view) for view in bench.revisions(actor, key)]


@router.get("/{key}/revisions/{number}", responses=problems(404))
def revision(actor: Reader, bench: Bench, key: str, number: int) -> RevisionForm:
    """One revision of a stream."""
    return RevisionForm.of(bench.revision(actor, key, number))


@router.post("/{key}/revisions/{number}/restore", responses=problems(404))
def restore_revision(actor: Changer, bench: Bench, key: str, number: int) -> RevisionForm:
    """Save an earlier revision anew as the latest."""
    return RevisionForm.of(bench.restore_revision(actor, key, number))


@router.post("/{key}/revisions/{number}/propose", responses=problems(404, 409))
def propose_revision(actor: Changer, bench: Bench, key: str, number: int) -> RevisionForm:
    """Ask for a draft to be published."""
    return RevisionForm.of(bench.propose_revision(actor, key, number))


@router.post("/{key}/revisions/{number}/publish", responses=problems(404, 409))
def publish_revision(actor: Approver, bench: Bench, key: str, number: int) -> RevisionForm:
    """Make a revision the one that holds."""
    return RevisionForm.of(bench.publish_revision(actor, key, number))


@router.post("/{key}/revisions/{number}/refuse", responses=problems(404, 409))
def refuse_revision(actor: Approver, bench: Bench, key: str, number: int) -> RevisionForm:
    """Turn a proposed revision down."""
    return RevisionForm.of(bench.refuse_revision(actor, key, number))
