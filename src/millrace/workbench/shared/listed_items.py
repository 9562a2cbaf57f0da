"""Items of the workspace's streams: those behind a figure, found and sorted, and the journey of one of them."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from duckdb import DuckDBPyRelation

from millrace.diagnose.findings.finding import Finding
from millrace.draw.journey.journey_drawing import journey_drawing
from millrace.draw.journey.journey_picture import journey_picture
from millrace.eventlog.engine import name, text
from millrace.eventlog.export import write_csv
from millrace.flow.flow import Flow
from millrace.flow.item_list import ItemMeasure, list_at_stake, list_items
from millrace.flow.journey import journey
from millrace.flow.label_counts import LabelCounts, label_counts
from millrace.flow.selection import EVERYTHING, Selection
from millrace.flow.time_in import TimeIn
from millrace.workbench.shared.access import Actor, Permission, needs
from millrace.workbench.shared.shown_maps import ShownMapOperations

MOST_LABELS = 200
"""With more labels than this a column tells items apart, and not groups of them."""
_NEVER_GROUPS = {"item_id", "key", "at", "started_at", "position", "activity", "status", "is_automated"}

Listed = ItemMeasure | TimeIn | Finding
"""What a list of items is of: a measure, a place, a finding."""


@dataclass(frozen=True)
class ItemsShown:
    """A page of a list of items: the names of its columns, its rows, how many items there are in all."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    n_items: int


@dataclass(frozen=True)
class ShownJourney:
    """The journey of an item as SVG, with its title and what it says in words."""

    title: str
    svg: str
    alt: str


class ListedItemOperations(ShownMapOperations):
    """List items, and follow one of them."""

    @needs(Permission.READ)
    def group_columns(self, actor: Actor, key: str) -> tuple[LabelCounts, ...]:
        """The columns by which items can be told apart in groups, each with its labels. Raises what `flow` raises."""
        flow = self.flow(actor, key)
        about = flow.about
        named = ("step", "team", *about.columns, *about.attributes)
        possible = [each for each in dict.fromkeys(named) if each not in {*about.withheld, *_NEVER_GROUPS}]
        if not about.teams:
            possible.remove("team")

        def counted() -> tuple[LabelCounts, ...]:
            found = [label_counts(flow, column, top=MOST_LABELS) for column in possible]
            return tuple(each for each in found if 1 < each.n_labels <= MOST_LABELS)

        return self.on_flow(flow, "group columns", counted)

    @needs(Permission.READ)
    def stream_items(
        self,
        actor: Actor,
        key: str,
        of: Listed,
        *,
        selection: Selection = EVERYTHING,
        order: str = "",
        search: str = "",
        page: int = 1,
        per_page: int = 50,
    ) -> ItemsShown:
        """A page of the items behind a measure, a place or a finding; the longest first, or by a column."""
        flow = self.flow(actor, key)
        asked_for = (of.id if isinstance(of, Finding) else of, selection.key, search)
        n_items = self.on_flow(flow, ("n items", asked_for), lambda: _n_items(flow, of, selection, search))

        def listed() -> ItemsShown:
            rows = _searched(_listed(flow, of, selection), search)
            column = order.removeprefix("-")
            if column in rows.columns:
                rows = rows.order(f"{name(column)} {'DESC' if order.startswith('-') else 'ASC'} NULLS LAST, item")
            shown = rows.limit(per_page, (page - 1) * per_page)
            return ItemsShown(tuple(rows.columns), tuple(map(tuple, shown.fetchall())), n_items)

        return self.on_flow(flow, ("items", asked_for, order, page, per_page), listed)

    @needs(Permission.READ)
    def stream_items_csv(
        self, actor: Actor, key: str, of: Listed, *, selection: Selection = EVERYTHING, search: str = ""
    ) -> bytes:
        """All items of such a list as CSV; what a spreadsheet would run is neutralised."""
        flow = self.flow(actor, key)
        with TemporaryDirectory() as folder, self.alone_with(flow):
            path = Path(folder) / "items.csv"
            write_csv(_searched(_listed(flow, of, selection), search), path)
            return path.read_bytes()

    @needs(Permission.READ)
    def item_journey(self, actor: Actor, key: str, item: str) -> ShownJourney:
        """The journey of one item. Raises UnknownItem, and what `flow` raises."""
        flow = self.flow(actor, key)
        followed = self.on_flow(flow, ("told journey", item), lambda: journey(flow, item))

        def made() -> ShownJourney:
            from millrace.draw.journey.journey_words import alt_text, title

            picture = journey_picture(followed, flow.about.calendar)
            return ShownJourney(title(picture), journey_drawing(picture), alt_text(picture))

        return self.on_flow(flow, ("journey", item), made)


def _listed(flow: Flow, of: Listed, selection: Selection) -> DuckDBPyRelation:
    if isinstance(of, Finding):
        return list_at_stake(flow, of.item_codes, of.item_microseconds)
    return list_items(flow, of, selection=selection)


def _n_items(flow: Flow, of: Listed, selection: Selection, search: str) -> int:
    return int(_searched(_listed(flow, of, selection), search).count("*").fetchall()[0][0])


def _searched(rows: DuckDBPyRelation, search: str) -> DuckDBPyRelation:
    return rows.filter(f"contains(lower(item), lower({text(search)}))") if search else rows
