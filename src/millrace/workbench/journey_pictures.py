"""Operations on one item: its journey, to look at or to draw."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from millrace.flow import journey as journeying
from millrace.model.value_stream import ValueStream
from millrace.model.work_calendar import WorkCalendar
from millrace.workbench.bench import Bench, Source
from millrace.workbench.maps import picture_form
from millrace.workbench.output import write_whole

if TYPE_CHECKING:
    from millrace.draw.journey.journey_picture import JourneyPicture


class JourneyPictureOperations(Bench):
    """What can be asked of one item."""

    def journey_picture(
        self,
        source: Source,
        key: str,
        *,
        stream: Path | str | ValueStream | None = None,
        mapping: Path | str | None = None,
        calendar: Path | str | WorkCalendar | None = None,
    ) -> JourneyPicture:
        """The journey of the item known as `key`: who had it when, waiting or at work. Raises UnknownItem."""
        from millrace.draw.journey import journey_picture as picturing

        _, flow = self._flow(source, stream, mapping, calendar, strict=False)
        return picturing.journey_picture(journeying.journey(flow, key), flow.about.calendar)

    def journey(
        self,
        source: Source,
        key: str,
        output: Path | str,
        *,
        stream: Path | str | ValueStream | None = None,
        mapping: Path | str | None = None,
        calendar: Path | str | WorkCalendar | None = None,
    ) -> Path:
        """Draw the journey of an item as SVG, PNG or PDF by the output's ending; its path. Raises UnknownItem."""
        from millrace.draw.journey.journey_drawing import journey_drawing

        path = Path(output)
        form = picture_form(path, exports=())
        picture = self.journey_picture(source, key, stream=stream, mapping=mapping, calendar=calendar)
        return write_whole(path, form(journey_drawing(picture)))
