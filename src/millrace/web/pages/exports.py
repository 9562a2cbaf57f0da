"""The same view in another form, by the same address with `as=`: a picture, a table, the figures themselves."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import parse_qsl, quote, urlencode

from fastapi import Query, Request, Response
from pydantic import BaseModel

from millrace.draw.charts.chart import TableTwin
from millrace.draw.raster import svg_to_pdf, svg_to_png
from millrace.errors import MillraceError
from millrace.eventlog.export import csv_text

Form = Annotated[str, Query(alias="as")]
"""The form that is asked for; nothing for the page."""
_TYPES = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_LABELS = {"pptx": "Slides (PPTX)"}


class NoSuchForm(MillraceError):
    """A view is asked for in a form that it cannot be given in."""

    slug = "no-such-form"

    def __init__(self, form: str, forms: list[str]) -> None:
        """Name the form, and those there are."""
        super().__init__(f"There is no form “{form}” of this view; it is given as {', '.join(forms)}.")


@dataclass(frozen=True)
class ExportLink:
    """Where a view is had in another form."""

    label: str
    address: str


@dataclass(frozen=True)
class View:
    """What a view consists of, each part made when it is asked for: its drawing, its table, its figures.

    `name` is what its file is called; `others` are further forms by their endings.
    """

    name: str
    svg: Callable[[], str]
    table: Callable[[], TableTwin | bytes]
    figures: Callable[[], object]
    others: Mapping[str, Callable[[], bytes]] = field(default_factory=dict)

    @property
    def forms(self) -> list[str]:
        """The endings of its forms."""
        return ["svg", "png", "pdf", "csv", "json", *self.others]

    def given_as(self, form: str) -> Response:
        """The view in a form. Raises NoSuchForm, DrawingRefused."""
        makers: dict[str, Callable[[], str | bytes]] = {
            "svg": self.svg,
            "png": lambda: svg_to_png(self.svg()),
            "pdf": lambda: svg_to_pdf(self.svg()),
            "csv": self._csv,
            "json": lambda: _json(self.figures()),
            **self.others,
        }
        if form not in makers:
            raise NoSuchForm(form, self.forms)
        named = f"attachment; filename*=UTF-8''{quote(f'{self.name}.{form}')}"
        return Response(makers[form](), media_type=_TYPES[form], headers={"Content-Disposition": named})

    def _csv(self) -> str | bytes:
        table = self.table()
        return table if isinstance(table, bytes) else csv_text(table.header, table.rows)


def export_links(request: Request, *more: str) -> tuple[ExportLink, ...]:
    """Links to the forms of the view at this address; `more` are those that not every view has."""
    kept = [(name, value) for name, value in parse_qsl(request.url.query) if name != "done"]
    return tuple(
        ExportLink(_LABELS.get(form, form.upper()), f"{request.url.path}?{urlencode([*kept, ('as', form)])}")
        for form in ("svg", "png", "pdf", "csv", "json", *more)
    )


def _json(figures: object) -> str:
    shown = figures.model_dump(mode="json") if isinstance(figures, BaseModel) else figures
    return json.dumps(shown, ensure_ascii=False, indent=1, default=str)
