"""Operations on waits: why work queued, hand-over by hand-over, and where all lead time lies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from millrace.errors import MillraceError
from millrace.eventlog.export import write_csv
from millrace.flow.flow import Flow
from millrace.flow.selection import EVERYTHING, Selection
from millrace.model.absent import Absent
from millrace.model.value_stream import ValueStream
from millrace.model.work_calendar import WorkCalendar
from millrace.workbench.bench import Bench, Source
from millrace.workbench.maps import picture_form
from millrace.workbench.output import write_whole

if TYPE_CHECKING:
    from millrace.diagnose.delay_tree import DelayTree
    from millrace.diagnose.waits.waits import Waits


class WaitsNotTold(MillraceError):
    """The causes of waiting are asked of a log that does not tell when work begins."""

    slug = "waits-not-told"

    def __init__(self, flow: Flow, why: Absent) -> None:
        """Name the log, why, and what it takes."""
        super().__init__(
            f"{flow.about.source_name} cannot say why work waited: {why.reason}. It takes a column with the start of "
            "each piece of work; name it as started_at in the mapping if the export has one."
        )


@dataclass(frozen=True)
class Waited:
    """The waits of a source, and the hand-overs they belong to (a row each, as `hand_overs` says)."""

    waits: Waits
    hand_overs: Any


class WaitOperations(Bench):
    """What can be asked of an export about waiting."""

    def waits(
        self,
        source: Source,
        *,
        stream: Path | str | ValueStream | None = None,
        mapping: Path | str | None = None,
        calendar: Path | str | WorkCalendar | None = None,
        strict: bool = False,
    ) -> Waited:
        """Why work waited, hand-over by hand-over, by the given calendar or the hours that the log shows.

        Raises WaitsNotTold.
        """
        from millrace.diagnose.waits.hand_overs import hand_overs

        found = self._waits(source, stream, mapping, calendar, strict=strict)
        return Waited(found, hand_overs(found))

    def waits_table(
        self,
        source: Source,
        output: Path | str,
        *,
        each: bool = False,
        stream: Path | str | ValueStream | None = None,
        mapping: Path | str | None = None,
        calendar: Path | str | WorkCalendar | None = None,
        strict: bool = False,
    ) -> int:
        """Write the hand-overs as CSV, or `each` wait of every item; how many rows. Raises WaitsNotTold."""
        import duckdb

        from millrace.diagnose.waits.hand_overs import each_wait, hand_overs

        found = self._waits(source, stream, mapping, calendar, strict=strict)
        table = each_wait(found) if each else hand_overs(found)
        write_csv(duckdb.from_arrow(table), Path(output))
        return int(table.num_rows)

    def delay_tree(
        self,
        source: Source,
        *,
        stream: Path | str | ValueStream | None = None,
        mapping: Path | str | None = None,
        calendar: Path | str | WorkCalendar | None = None,
        selection: Selection = EVERYTHING,
        strict: bool = False,
    ) -> DelayTree:
        """Where all the lead time of a source lies: by state, side, reason, step, team and cause of queueing."""
        from millrace.diagnose.delay_tree import delay_tree

        _, flow = self._flow(source, stream, mapping, calendar, strict=strict)
        with self._while("looking for causes"):
            return delay_tree(flow, selection=selection)

    def delay_tree_picture(self, tree: DelayTree, output: Path | str, *, source: str = "") -> Path:
        """Draw a delay tree as SVG, PNG or PDF, by the output's ending; its path."""
        from millrace.draw.delay_tree import delay_tree as drawn

        path = Path(output)
        form = picture_form(path, exports=())
        return write_whole(path, form(drawn(tree.root, source=source)))

    def _waits(
        self,
        source: Source,
        stream: Path | str | ValueStream | None,
        mapping: Path | str | None,
        calendar: Path | str | WorkCalendar | None,
        *,
        strict: bool,
    ) -> Waits:
        from millrace.diagnose.waits.waits import waits

        _, flow = self._flow(source, stream, mapping, calendar, strict=strict)
        with self._while("looking for causes"):
            found = waits(flow)
        if isinstance(found, Absent):
            raise WaitsNotTold(flow, found)
        return found
