"""Operations on review packs: what lies on the table in a review, as PDF, slides or page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from millrace.flow.flow import Flow
from millrace.flow.measurement import measurement
from millrace.model.absent import Absent
from millrace.model.value_stream import ValueStream
from millrace.model.work_calendar import WorkCalendar
from millrace.workbench.bench import Bench, Source
from millrace.workbench.output import UnknownForm, write_whole

if TYPE_CHECKING:
    from millrace.diagnose.recurring.issue import Issue
    from millrace.report.review.pack import Tabled
    from millrace.report.review.sheet import Pack


def _pdf(told: Pack) -> bytes:
    from millrace.report.review.review_pdf import review_pdf

    return review_pdf(told)


def _slides(told: Pack) -> bytes:
    from millrace.report.review.review_slides import review_slides

    return review_slides(told)


def _page(told: Pack) -> bytes:
    from millrace.report.review.review_page import review_page

    return review_page(told).encode()


WRITERS: dict[str, Callable[[Pack], bytes]] = {".pdf": _pdf, ".pptx": _slides, ".html": _page}
"""What a pack can be written as, by the ending of its file."""


class ReviewPackOperations(Bench):
    """Make review packs of logs."""

    def review_pack(
        self,
        source: Source,
        output: Path | str,
        *,
        stream: Path | str | ValueStream | None = None,
        mapping: Path | str | None = None,
        calendar: Path | str | WorkCalendar | None = None,
    ) -> Path:
        """Write the pack of a source’s stream to a .pdf, .pptx or .html; its path. Raises UnknownForm."""
        from millrace.report.review.pack import Tabled

        path = Path(output)
        writer = WRITERS.get(path.suffix.lower())
        if writer is None:
            raise UnknownForm(path, tuple(WRITERS))
        _, flow = self._flow(source, stream, mapping, calendar, strict=False)
        with self._while("writing"):
            written = writer(pack_of(flow, Tabled(issues=issues_of(flow))))
        return write_whole(path, written)


def pack_of(flow: Flow, tabled: Tabled) -> Pack:
    """The pack of a flow, with what else lies on the table."""

    from millrace.diagnose.findings.findings import findings
    from millrace.report.review.pack import pack
    from millrace.report.slide_content import slide_content
    from millrace.report.wording import noun_of

    return pack(slide_content(flow, measurement(flow), findings(flow)), tabled, noun_of(flow))


def issues_of(flow: Flow) -> tuple[Issue, ...]:
    """What keeps coming back; nothing where the log does not say what its items are about."""

    from millrace.diagnose.recurring.recurring_issues import recurring_issues

    found = recurring_issues(flow)
    return () if isinstance(found, Absent) else found.issues
