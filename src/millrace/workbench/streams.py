"""Operations on a stream beside an export: its map, what is wrong with it, which of its rules take what."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from millrace.eventlog.engine import connect
from millrace.flow.summary import Clock
from millrace.model.value_stream import ValueStream
from millrace.workbench.bench import Source, stream_given
from millrace.workbench.logs import LogOperations
from millrace.workbench.maps import (
    AS_IT_IS,
    MapView,
    drawn_picture,
    export,
    picture_form,
    refuse_contradiction,
    with_wanted_lanes,
)
from millrace.workbench.output import write_whole

if TYPE_CHECKING:
    from millrace.diagnose.binding import Binding
    from millrace.diagnose.binding_suggestions import Suggestion
    from millrace.diagnose.map_checks.check_map import MapReport
    from millrace.draw.map_picture import MapPicture


class StreamOperations(LogOperations):
    """What can be asked of a stream and an export together."""

    def map(
        self,
        stream: Path | str | ValueStream,
        output: Path | str,
        *,
        source: Source | None = None,
        mapping: Path | str | None = None,
        clock: Clock | str = Clock.ELAPSED,
        columns_per_row: int | None = None,
        view: MapView = AS_IT_IS,
    ) -> Path:
        """Draw a stream's map as SVG, PNG or PDF, or write it as Mermaid or BPMN, by the output's ending; its path."""
        from millrace.draw.value_stream_map import value_stream_map

        drawn, path = stream_given(stream), Path(output)
        refuse_contradiction(view, has_log=source is not None)
        text = export(drawn, path, view, has_log=source is not None)
        if text is not None:
            return write_whole(path, text)
        form = picture_form(path)
        picture = self.map_picture(drawn, source=source, mapping=mapping, clock=clock, view=view)
        return write_whole(path, form(value_stream_map(picture, columns_per_row=columns_per_row)))

    def map_picture(
        self,
        stream: Path | str | ValueStream,
        *,
        source: Source | None = None,
        mapping: Path | str | None = None,
        clock: Clock | str = Clock.ELAPSED,
        view: MapView = AS_IT_IS,
    ) -> MapPicture:
        """What the map of a stream shows: measured on a source, or as designed, in the view that is asked for."""
        from millrace.report.compared_map import compared_map
        from millrace.report.current_map import current_map

        drawn = stream_given(stream)
        refuse_contradiction(view, has_log=source is not None)
        if source is None:
            return with_wanted_lanes(drawn_picture(drawn, view), drawn, view)
        measured = self.measure(source, stream=drawn, mapping=mapping, clock=clock)
        picture = current_map(measured.flow, measured.measurement)
        if view.shows_findings:
            from millrace.diagnose.findings.findings import findings
            from millrace.report.bursts import with_bursts

            picture = with_bursts(picture, findings(measured.flow))
        return with_wanted_lanes(compared_map(drawn, picture) if view.is_compared else picture, drawn, view)

    def check(
        self,
        stream: Path | str,
        *,
        source: Source | None = None,
        mapping: Path | str | None = None,
        today: date | None = None,
    ) -> MapReport:
        """What is wrong with the stream in a file, each finding with its line; with a source, also where they part."""
        from millrace.diagnose.map_checks.check_map import check_file
        from millrace.diagnose.observed import observed

        path, day = Path(stream), today or datetime.now().astimezone().date()
        if source is None:
            return check_file(path, today=day)
        log, flow = self._flow(source, path, mapping, None, strict=False)
        with closing(connect()) as connection:
            return check_file(path, today=day, observed=observed(flow, log, connection))

    def bind(self, stream: Path | str | ValueStream, source: Source, *, mapping: Path | str | None = None) -> Binding:
        """Which rule of a stream takes which events of a source, what each carries, and what stays unmapped."""
        from millrace.diagnose.binding import bind

        log = self._log(source, mapping, strict=False)
        with closing(connect()) as connection:
            return bind(stream_given(stream), log, connection)

    def suggest_rules(
        self, stream: Path | str | ValueStream, source: Source, *, mapping: Path | str | None = None
    ) -> tuple[Suggestion, ...]:
        """For each status or activity of a source the step that it probably belongs to, and how sure that is."""
        from millrace.diagnose.binding_suggestions import suggest_rules

        log = self._log(source, mapping, strict=False)
        with closing(connect()) as connection:
            return suggest_rules(stream_given(stream), log, connection)
