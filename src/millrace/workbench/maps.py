"""Maps of a stream: which one is meant, and in which form it is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from millrace.errors import MillraceError
from millrace.model.future_state import future_stream
from millrace.model.value_stream import ValueStream
from millrace.workbench.output import UnknownForm

if TYPE_CHECKING:
    from millrace.draw.map_picture import MapPicture


@dataclass(frozen=True)
class MapView:
    """Which map of a stream: as it is, a future state by its name, or the design compared with what is measured.

    `shows_activities` and `shows_requester` add the lanes of the value chain's activities and of what the requester
    experiences; `shows_findings` marks the biggest findings where they hold.
    """

    future: str | None = None
    is_compared: bool = False
    shows_activities: bool = False
    shows_requester: bool = False
    shows_findings: bool = False


AS_IT_IS = MapView()


class ViewNeedsLog(MillraceError):
    """A view is asked for that only a log can fill."""

    slug = "view-needs-log"

    def __init__(self, purpose: str) -> None:
        """Say what is missing for which purpose, such as “to compare …”."""
        super().__init__(f"{purpose}, name the export to measure it on with --log.")


class ViewTakesNoLog(MillraceError):
    """A view shows the stream as it is drawn, and a log is given to measure it on."""

    slug = "view-takes-no-log"

    def __init__(self, view: str) -> None:
        """Name the view."""
        super().__init__(f"{view} shows the stream as it is drawn and holds nothing measured; leave out --log.")


def refuse_contradiction(view: MapView, *, has_log: bool) -> None:
    """Raise ViewNeedsLog or ViewTakesNoLog where the view and the log do not go together."""
    if view.is_compared and not has_log:
        raise ViewNeedsLog("To compare a design with what is measured")
    if view.shows_findings and not has_log:
        raise ViewNeedsLog("To mark findings on a map")
    if view.future is not None and has_log:
        raise ViewTakesNoLog("A future state")


def with_wanted_lanes(picture: MapPicture, stream: ValueStream, view: MapView) -> MapPicture:
    """The picture with the lanes that the view asks for."""
    from millrace.report.lanes import with_lanes

    if not (view.shows_activities or view.shows_requester):
        return picture
    shown = stream if view.future is None else future_stream(stream, view.future)
    return with_lanes(picture, shown, activities=view.shows_activities, requester=view.shows_requester)


def drawn_picture(stream: ValueStream, view: MapView) -> MapPicture:
    """The picture of the stream as it is drawn. Raises EndlessStream, UnknownFutureState."""
    from millrace.report.designed_map import designed_map, future_map

    return designed_map(stream) if view.future is None else future_map(stream, view.future)


def export(stream: ValueStream, path: Path, view: MapView, *, has_log: bool) -> str | None:
    """The stream as Mermaid or BPMN where the file's name asks for it; None where it asks for a picture.

    Raises ViewTakesNoLog, EndlessStream, UnknownFutureState.
    """
    write = _EXPORTS.get(path.suffix.lower())
    if write is None:
        return None
    if has_log:
        raise ViewTakesNoLog(f"“{path.name}”")
    return write(stream if view.future is None else future_stream(stream, view.future))


def _mermaid(stream: ValueStream) -> str:
    from millrace.draw.exports.mermaid import mermaid

    return mermaid(stream)


def _bpmn(stream: ValueStream) -> str:
    from millrace.draw.exports.bpmn import bpmn

    return bpmn(stream)


_EXPORTS = {".mmd": _mermaid, ".bpmn": _bpmn}


def picture_form(path: Path, *, exports: tuple[str, ...] = tuple(_EXPORTS)) -> Callable[[str], str | bytes]:
    """What makes a drawing (SVG) into the form that the file's name asks for.

    Raises UnknownForm, which names the pictures and the further forms of `exports`.
    """
    from millrace.draw.raster import svg_to_pdf, svg_to_png

    forms: dict[str, Callable[[str], str | bytes]] = {".svg": str, ".png": svg_to_png, ".pdf": svg_to_pdf}
    form = forms.get(path.suffix.lower())
    if form is None:
        raise UnknownForm(path, (*forms, *exports))
    return form
