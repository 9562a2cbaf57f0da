"""The journeys of a few telling items: what they stand for, their drawings, and the same as tables."""

from dataclasses import dataclass

from markupsafe import Markup

from millrace.draw.charts.chart import TableTwin
from millrace.draw.charts.wording import Noun
from millrace.draw.journey.journey_drawing import journey_drawing
from millrace.draw.journey.journey_picture import JourneyPicture, journey_picture
from millrace.draw.journey.journey_words import told_in_cells
from millrace.flow.flow import Flow
from millrace.flow.journey import journey
from millrace.flow.telling_items import Telling, telling_items

_HEADER = ("From", "How long", "What", "Team", "Step")
_WHY = {
    Telling.MEDIAN: "An ordinary one: half of all {many} take longer",
    Telling.SLOW: "A slow one: 15 % of all {many} take longer",
    Telling.BOUNCED: "The one that went back and forth between teams most often",
}


@dataclass(frozen=True)
class ToldJourney:
    """One item's journey, ready to stand in a page."""

    title: str
    svg: Markup
    table: TableTwin


def told_journeys(flow: Flow, noun: Noun) -> tuple[ToldJourney, ...]:
    """The journeys of the items that tell most."""
    return tuple(
        _told(
            _WHY[each.telling].format(many=noun.many),
            journey_picture(journey(flow, each.key), flow.about.calendar),
            f"journey-{each.telling}",
        )
        for each in telling_items(flow)
    )


def _told(title: str, picture: JourneyPicture, id_prefix: str) -> ToldJourney:
    rows = tuple(told_in_cells(stretch, picture) for stretch in picture.band)
    return ToldJourney(title, Markup(journey_drawing(picture, id_prefix=id_prefix)), TableTwin(_HEADER, rows))
