"""Slides of a stream, for the review."""

from pathlib import Path

from millrace.flow.measurement import measurement
from millrace.model.value_stream import ValueStream
from millrace.model.work_calendar import WorkCalendar
from millrace.workbench.bench import Bench, Source
from millrace.workbench.output import UnknownForm, write_whole


class SlideOperations(Bench):
    """What can be shown on a wall."""

    def slides(
        self,
        source: Source,
        output: Path | str,
        *,
        stream: Path | str | ValueStream | None = None,
        mapping: Path | str | None = None,
        calendar: Path | str | WorkCalendar | None = None,
    ) -> Path:
        """Write the slides on a source as PPTX: figures, map, trend, findings; its path. Raises UnknownForm."""
        from millrace.diagnose.findings.findings import findings
        from millrace.report.slide_content import slide_content
        from millrace.report.slides import slides

        path = Path(output)
        if path.suffix.lower() != ".pptx":
            raise UnknownForm(path, (".pptx",))
        _, flow = self._flow(source, stream, mapping, calendar, strict=False)
        with self._while("drawing"):
            deck = slides(slide_content(flow, measurement(flow), findings(flow)))
        return write_whole(path, deck)
