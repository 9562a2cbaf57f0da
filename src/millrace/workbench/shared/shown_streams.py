"""What pages show of a stream: its map, findings, items and their journeys, each made once and kept at hand."""

from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from duckdb import DuckDBPyRelation

from millrace.diagnose.findings.finding import Finding, Findings
from millrace.diagnose.findings.findings import findings
from millrace.draw.charts.drawing import draw
from millrace.draw.charts.weekly_trend import weekly_trend
from millrace.draw.journey.journey_drawing import journey_drawing
from millrace.draw.journey.journey_picture import journey_picture
from millrace.draw.map_picture import MapPicture, MapStep, Stage
from millrace.draw.map_table import MapTable, map_table
from millrace.draw.value_stream_map import value_stream_map
from millrace.errors import MillraceError
from millrace.eventlog.engine import text
from millrace.eventlog.export import write_csv
from millrace.flow.flow import Flow
from millrace.flow.item_list import ItemMeasure, list_at_stake, list_items
from millrace.flow.journey import journey
from millrace.flow.selection import EVERYTHING, Selection
from millrace.flow.summary import Clock
from millrace.flow.time_in import TimeIn
from millrace.flow.trend import lead_time_trend
from millrace.model.yaml_problem import did_you_mean
from millrace.report.bursts import with_bursts
from millrace.report.current_map import current_map
from millrace.report.wording import noun_of
from millrace.workbench.maps import AS_IT_IS, drawn_picture
from millrace.workbench.shared.access import Actor, Permission, needs
from millrace.workbench.shared.trail import TrailOperations


class NoSuchFinding(MillraceError):
    """Nothing found in the stream bears this id."""

    slug = "no-such-finding"

    def __init__(self, called: str, known: list[str]) -> None:
        """Name it, and the nearest."""
        super().__init__(f"There is no finding “{called}” in this stream{did_you_mean(called, known) or '.'}")


@dataclass(frozen=True)
class ShownMap:
    """A map as SVG, and its table twin."""

    svg: str
    table: MapTable


@dataclass(frozen=True)
class ShownChart:
    """A chart as SVG with what it says and its text alternative."""

    title: str
    svg: str
    alt: str


@dataclass(frozen=True)
class ItemsShown:
    """A page of a list of items: the names of its columns, its rows, how many items there are in all."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    n_items: int


class ShownStreamOperations(TrailOperations):
    """See streams as they were measured."""

    @needs(Permission.READ)
    def stream_findings(self, actor: Actor, key: str) -> Findings:
        """What was found in a stream, most at stake first. Raises NoSuchStream, NotMeasured, SourceNotReady."""
        flow = self.flow(actor, key)
        return self.on_flow(flow, "findings", lambda: findings(flow))

    @needs(Permission.READ)
    def stream_finding(self, actor: Actor, key: str, called: str) -> Finding:
        """One finding by its id. Raises NoSuchFinding, and what `stream_findings` raises."""
        found = self.stream_findings(actor, key).findings
        finding = next((each for each in found if each.id == called), None)
        if finding is None:
            raise NoSuchFinding(called, [each.id for each in found])
        return finding

    @needs(Permission.READ)
    def stream_map(self, actor: Actor, key: str, *, step_href: str = "", finding_href: str = "") -> ShownMap:
        """The map as measured; `{}` in the addresses stands for the number of the step, or of the finding."""
        flow, measured, found = self.flow(actor, key), self.measured(actor, key), self.stream_findings(actor, key)

        def made() -> ShownMap:
            picture = with_bursts(current_map(flow, measured), found, href=finding_href)
            return _shown(_with_links(picture, step_href))

        return self.on_flow(flow, ("map", step_href, finding_href), made)

    @needs(Permission.READ)
    def drawn_map(self, actor: Actor, key: str, *, step_href: str = "") -> ShownMap:
        """The map as people drew it. Raises NoSuchStream."""
        view = self.stream(actor, key)

        def made() -> ShownMap:
            return _shown(_with_links(drawn_picture(view.stream, AS_IT_IS), step_href))

        return self.kept.of(("drawn map", view.latest.yaml, step_href), made)

    @needs(Permission.READ)
    def stream_trend(
        self, actor: Actor, key: str, *, selection: Selection = EVERYTHING, clock: Clock = Clock.ELAPSED
    ) -> ShownChart | None:
        """Lead time week by week with its limits; None where the log is too short to tell."""
        flow = self.flow(actor, key)

        def made() -> ShownChart | None:
            chart = weekly_trend(lead_time_trend(flow, clock=clock, selection=selection), noun=noun_of(flow))
            return ShownChart(chart.title, draw(chart.picture), chart.alt) if chart else None

        return self.on_flow(flow, ("trend", selection.key, clock), made)

    @needs(Permission.READ)
    def stream_items(
        self,
        actor: Actor,
        key: str,
        of: ItemMeasure | TimeIn | Finding,
        *,
        selection: Selection = EVERYTHING,
        order: str = "",
        search: str = "",
        page: int = 1,
        per_page: int = 50,
    ) -> ItemsShown:
        """A page of the items behind a measure, a place or a finding; the longest first, or by a column."""
        flow = self.flow(actor, key)
        asked_for = (of.id if isinstance(of, Finding) else of, selection.key, order, search, page, per_page)

        def listed() -> ItemsShown:
            rows = _searched(_listed(flow, of, selection), search)
            n_items = int(rows.count("*").fetchall()[0][0])
            column = order.removeprefix("-")
            if column in rows.columns:
                rows = rows.order(f'"{column}" {"DESC" if order.startswith("-") else "ASC"} NULLS LAST, item')
            shown = rows.limit(per_page, (page - 1) * per_page)
            return ItemsShown(tuple(rows.columns), tuple(map(tuple, shown.fetchall())), n_items)

        return self.on_flow(flow, ("items", asked_for), listed)

    @needs(Permission.READ)
    def stream_items_csv(
        self,
        actor: Actor,
        key: str,
        of: ItemMeasure | TimeIn | Finding,
        *,
        selection: Selection = EVERYTHING,
        search: str = "",
    ) -> bytes:
        """All items of such a list as CSV; what a spreadsheet would run is neutralised."""
        flow = self.flow(actor, key)
        with TemporaryDirectory() as folder, self.alone_with(flow):
            path = Path(folder) / "items.csv"
            write_csv(_searched(_listed(flow, of, selection), search), path)
            return path.read_bytes()

    @needs(Permission.READ)
    def item_journey(self, actor: Actor, key: str, item: str) -> ShownChart:
        """The journey of one item. Raises UnknownItem, and what `flow` raises."""
        flow = self.flow(actor, key)

        def made() -> ShownChart:
            from millrace.draw.journey.journey_words import alt_text, title

            picture = journey_picture(journey(flow, item), flow.about.calendar)
            return ShownChart(title(picture), journey_drawing(picture), alt_text(picture))

        return self.on_flow(flow, ("journey", item), made)


def _listed(flow: Flow, of: ItemMeasure | TimeIn | Finding, selection: Selection) -> DuckDBPyRelation:
    if isinstance(of, Finding):
        return list_at_stake(flow, of.item_codes, of.item_microseconds)
    return list_items(flow, of, selection=selection)


def _searched(rows: DuckDBPyRelation, search: str) -> DuckDBPyRelation:
    return rows.filter(f"contains(lower(item), lower({text(search)}))") if search else rows


def _shown(picture: MapPicture) -> ShownMap:
    return ShownMap(value_stream_map(picture), map_table(picture))


def _with_links(picture: MapPicture, href: str) -> MapPicture:
    """Steps lead to their address, numbered from 1 in the order in which they are drawn."""
    if not href:
        return picture
    numbers = count(1)

    def linked(step: MapStep) -> MapStep:
        return replace(step, href=href.format(next(numbers)))

    stages = tuple(Stage(tuple(map(linked, stage.steps)), stage.is_parallel) for stage in picture.stages)
    return replace(picture, stages=stages)
