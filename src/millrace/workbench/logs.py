"""Operations on an export: what is in it, what it measures, what it looks like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from millrace.eventlog.export import write_csv
from millrace.eventlog.readiness import Readiness
from millrace.flow.classified_time import readiness
from millrace.flow.flow import Flow
from millrace.flow.item_list import ItemMeasure, list_items
from millrace.flow.item_step_time import ItemStepTime, item_step_time
from millrace.flow.measurement import Measurement, measurement, measurement_per
from millrace.flow.selection import EVERYTHING, Selection
from millrace.flow.sla import SlaCompliance, sla_compliance
from millrace.flow.summary import Clock
from millrace.flow.time_in import TimeIn
from millrace.model.value_stream import ValueStream
from millrace.model.work_calendar import WorkCalendar
from millrace.workbench.bench import Bench, Source
from millrace.workbench.inspection import Inspection, inspection_of
from millrace.workbench.maps import picture_form
from millrace.workbench.output import write_whole
from millrace.workbench.sources import stream_of

if TYPE_CHECKING:
    from millrace.flow.across_records import AcrossRecords


@dataclass(frozen=True)
class Measured:
    """The measures of a source by a stream, with the flow they were measured on."""

    measurement: Measurement
    flow: Flow
    readiness: Readiness
    per: str | None = None
    groups: dict[str, Measurement] | None = None
    sla: SlaCompliance | None = None
    across: AcrossRecords | None = None
    per_item: tuple[ItemStepTime, ...] = ()


class LogOperations(Bench):
    """What can be asked of an export."""

    def inspect(self, source: Source, *, mapping: Path | str | None = None, strict: bool = False) -> Inspection:
        """What a source holds: the proposed mapping, the classes of its statuses, its readiness."""
        return inspection_of(self._workspace, self._log(source, mapping, strict=strict), self._progress)

    def discover(self, source: Source, *, mapping: Path | str | None = None) -> ValueStream:
        """Propose a stream from a source."""
        return stream_of(self._workspace, self._log(source, mapping, strict=False))

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
        with_items_of_steps: bool = False,
    ) -> Measured:
        """Measure a source by `stream` (discovered where none is given).

        `per` adds every measure per week, month, team, step or attribute; `within` adds compliance with that limit;
        `with_items_of_steps` adds how long an item spends in each step, all its visits there together.
        """
        from millrace.flow.across_records import across_records

        log, flow = self._flow(source, stream, mapping, calendar, strict=strict)
        at = Clock(clock)
        return Measured(
            measurement(flow, clock=at, selection=selection),
            flow,
            readiness(log, flow),
            per,
            measurement_per(flow, per, clock=at, selection=selection) if per else None,
            sla_compliance(flow, within=within, clock=at, selection=selection) if within else None,
            across_records(flow, clock=at, selection=selection),
            item_step_time(flow, clock=at, selection=selection) if with_items_of_steps else (),
        )

    def items(
        self,
        source: Source,
        measure: ItemMeasure | TimeIn | str,
        output: Path | str,
        *,
        stream: Path | str | ValueStream | None = None,
        mapping: Path | str | None = None,
        selection: Selection = EVERYTHING,
    ) -> int:
        """Write the items behind a measure, or that spent time in a place, as CSV; how many there are."""
        _, flow = self._flow(source, stream, mapping, None, strict=False)
        rows = list_items(flow, measure if isinstance(measure, TimeIn) else ItemMeasure(measure), selection=selection)
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
