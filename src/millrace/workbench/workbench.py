"""Every operation a user can ask for, once. Commands, pages and scripts call these and nothing below them."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from millrace.diagnose.binding import Binding, bind
from millrace.diagnose.binding_suggestions import Suggestion, suggest_rules
from millrace.diagnose.map_checks.check_map import MapReport, check_file
from millrace.diagnose.observed import observed
from millrace.draw.map_picture import MapPicture
from millrace.eventlog.engine import connect
from millrace.eventlog.event_log import EventClass, EventLog
from millrace.eventlog.export import write_csv
from millrace.eventlog.readiness import Readiness
from millrace.flow.classified_time import readiness
from millrace.flow.flow import Flow
from millrace.flow.item_list import ItemMeasure, list_items
from millrace.flow.measurement import Measurement, measurement, measurement_per
from millrace.flow.selection import EVERYTHING, Selection
from millrace.flow.sla import SlaCompliance, sla_compliance
from millrace.flow.summary import Clock
from millrace.ingest.importing import propose_mapping
from millrace.ingest.mapping import Guess, Mapping
from millrace.ingest.mapping_file import read_mapping, write_mapping
from millrace.model.stream_file import read_stream, stream_to_yaml
from millrace.model.value_stream import ValueStream
from millrace.model.work_calendar import WorkCalendar
from millrace.store import DEFAULT_FOLDER, Workspace
from millrace.workbench.calendar_file import read_calendar
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
from millrace.workbench.sources import Progress, flow_of, log_of, stream_of

Source = Path | str | Sequence[Path | str]
"""One export, or the pair of records and changes."""


def _in_silence(_: str, __: float) -> None:
    """Report no progress."""


@dataclass(frozen=True)
class Inspection:
    """What is in a source: the mapping as applied (and as YAML to edit), how sure each guess is, and the readiness."""

    mapping: Mapping
    guesses: tuple[Guess, ...]
    classes: tuple[EventClass, ...]
    sample: tuple[dict[str, object], ...]
    readiness: Readiness
    log: EventLog
    stream: ValueStream
    yaml: str


@dataclass(frozen=True)
class Measured:
    """The measures of a source by a stream, with the flow they were measured on."""

    measurement: Measurement
    flow: Flow
    readiness: Readiness
    per: str | None = None
    groups: dict[str, Measurement] | None = None
    sla: SlaCompliance | None = None


class Workbench:
    """The operations, over one workspace folder. Each raises `MillraceError` for what a user can mend."""

    def __init__(self, workspace: Path | str = DEFAULT_FOLDER, *, progress: Progress = _in_silence) -> None:
        """Keep results in `workspace`; tell `progress` of anything that takes long."""
        self._workspace = Workspace(Path(workspace))
        self._progress = progress

    def inspect(self, source: Source, *, mapping: Path | str | None = None, strict: bool = False) -> Inspection:
        """What a source holds: the proposed mapping, the classes of its statuses, its readiness."""
        paths = _paths(source)
        given = read_mapping(Path(mapping)) if mapping else None
        log = log_of(self._workspace, paths, given, self._progress, strict=strict)
        proposal = propose_mapping(paths)
        stream = stream_of(log)
        flow = flow_of(self._workspace, log, stream, self._progress)
        return Inspection(
            given or proposal.mapping,
            proposal.guesses,
            log.about.event_classes,
            proposal.sample,
            readiness(log, flow),
            log,
            stream,
            write_mapping(given or proposal.mapping, proposal.guesses, log.about.event_classes),
        )

    def discover(self, source: Source, *, mapping: Path | str | None = None) -> ValueStream:
        """Propose a stream from a source."""
        return stream_of(self._log(source, mapping, strict=False))

    def measure(
        self,
        source: Source,
        *,
        stream: Path | str | ValueStream | None = None,
        mapping: Path | str | None = None,
        strict: bool = False,
        clock: Clock | str = Clock.ELAPSED,
        per: str | None = None,
        selection: Selection = EVERYTHING,
        calendar: Path | str | WorkCalendar | None = None,
        within: timedelta | None = None,
    ) -> Measured:
        """Measure a source by `stream` (discovered where none is given).

        `per` adds every measure per week, month, team, step or attribute; `within` adds compliance with that limit.
        """
        log, flow = self._flow(source, stream, mapping, calendar, strict=strict)
        at = Clock(clock)
        return Measured(
            measurement(flow, clock=at, selection=selection),
            flow,
            readiness(log, flow),
            per,
            measurement_per(flow, per, clock=at, selection=selection) if per else None,
            sla_compliance(flow, within=within, clock=at, selection=selection) if within else None,
        )

    def items(
        self,
        source: Source,
        measure: ItemMeasure | str,
        output: Path | str,
        *,
        stream: Path | str | ValueStream | None = None,
        mapping: Path | str | None = None,
        selection: Selection = EVERYTHING,
    ) -> int:
        """Write the items behind a measure as CSV; how many there are."""
        _, flow = self._flow(source, stream, mapping, None, strict=False)
        rows = list_items(flow, ItemMeasure(measure), selection=selection)
        write_csv(rows, Path(output))
        (n_items,) = rows.count("*").fetchall()[0]
        return int(n_items)

    def report(
        self,
        source: Source,
        output: Path | str,
        *,
        stream: Path | str | ValueStream | None = None,
        mapping: Path | str | None = None,
        strict: bool = False,
        calendar: Path | str | WorkCalendar | None = None,
        made_at: datetime | None = None,
    ) -> Path:
        """Write the report on a source as one HTML file; its path."""
        from millrace.report.current_state import current_state
        from millrace.report.html import write_report

        log, flow = self._flow(source, stream, mapping, calendar, strict=strict)
        self._progress("drawing", 0.0)
        content = current_state(flow, readiness(log, flow), made_at=made_at or datetime.now(UTC))
        self._progress("drawing", 0.4)
        page = write_report(content)
        self._progress("drawing", 1.0)
        return write_whole(Path(output), page)

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

        drawn, path = _stream(stream), Path(output)
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

        drawn = _stream(stream)
        refuse_contradiction(view, has_log=source is not None)
        if source is None:
            return with_wanted_lanes(drawn_picture(drawn, view), drawn, view)
        measured = self.measure(source, stream=drawn, mapping=mapping, clock=clock)
        picture = current_map(measured.flow, measured.measurement)
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
        path, day = Path(stream), today or datetime.now().astimezone().date()
        if source is None:
            return check_file(path, today=day)
        log, flow = self._flow(source, path, mapping, None, strict=False)
        with closing(connect()) as connection:
            return check_file(path, today=day, observed=observed(flow, log, connection))

    def bind(self, stream: Path | str | ValueStream, source: Source, *, mapping: Path | str | None = None) -> Binding:
        """Which rule of a stream takes which events of a source, what each carries, and what stays unmapped."""
        log = self._log(source, mapping, strict=False)
        with closing(connect()) as connection:
            return bind(_stream(stream), log, connection)

    def suggest_rules(
        self, stream: Path | str | ValueStream, source: Source, *, mapping: Path | str | None = None
    ) -> tuple[Suggestion, ...]:
        """For each status or activity of a source the step that it probably belongs to, and how sure that is."""
        log = self._log(source, mapping, strict=False)
        with closing(connect()) as connection:
            return suggest_rules(_stream(stream), log, connection)

    def process_map(
        self,
        source: Source,
        output: Path | str,
        *,
        mapping: Path | str | None = None,
        activities_ratio: float = 1.0,
        paths_ratio: float = 1.0,
        selection: Selection = EVERYTHING,
    ) -> Path:
        """Draw what happened, activity by activity, as SVG, PNG or PDF by the output's ending; its path.

        The ratios (0 to 1) keep the most frequent activities, and paths among them.
        """
        from millrace.draw.process_map import process_map
        from millrace.flow.activity_graph import activity_graph

        path = Path(output)
        form = picture_form(path, exports=())
        _, flow = self._flow(source, None, mapping, None, strict=False)
        graph = activity_graph(flow, selection=selection)
        svg = process_map(
            graph, activities_ratio=activities_ratio, paths_ratio=paths_ratio, title=flow.about.source_name
        )
        return write_whole(path, form(svg))

    def sample(
        self, name: str, output: Path | str, *, months: int = 12, seed: int = 7, starts_on: date | None = None
    ) -> Path:
        """Write a sample export as CSV; its path."""
        import duckdb

        from millrace.simulate.sample import sample

        table = sample(name, months=months, seed=seed, **({"starts_on": starts_on} if starts_on else {}))
        write_csv(duckdb.from_arrow(table), Path(output))
        return Path(output)

    def _log(self, source: Source, mapping: Path | str | None, *, strict: bool) -> EventLog:
        given = read_mapping(Path(mapping)) if mapping else None
        return log_of(self._workspace, _paths(source), given, self._progress, strict=strict)

    def _flow(
        self,
        source: Source,
        stream: Path | str | ValueStream | None,
        mapping: Path | str | None,
        calendar: Path | str | WorkCalendar | None,
        *,
        strict: bool,
    ) -> tuple[EventLog, Flow]:
        given = _stream(stream) if stream is not None else None
        log = self._log(source, mapping, strict=strict)
        chosen = given or stream_of(log)
        if calendar is not None:
            hours = calendar if isinstance(calendar, WorkCalendar) else read_calendar(Path(calendar))
            chosen = chosen.model_copy(update={"calendar": hours})
        return log, flow_of(self._workspace, log, chosen, self._progress)


def _paths(source: Source) -> tuple[Path, ...]:
    return (Path(source),) if isinstance(source, Path | str) else tuple(Path(each) for each in source)


def _stream(stream: Path | str | ValueStream) -> ValueStream:
    return stream if isinstance(stream, ValueStream) else read_stream(Path(stream))


__all__ = ["Inspection", "Measured", "Workbench", "stream_to_yaml"]
