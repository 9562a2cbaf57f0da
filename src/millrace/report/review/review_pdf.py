"""A review pack as a PDF: tagged for those who listen, in our typeface, ready to be sent."""

import json
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from millrace.draw import theme
from millrace.report.review.sheet import Drawing, Pack, Part, Rows, Sentences

_TEMPLATE = "review.typ"


def review_pdf(pack: Pack) -> bytes:
    """The pack as a PDF/UA file on A4, a sheet to a page where it fits."""
    import typst

    with TemporaryDirectory() as name, as_file(files("millrace.draw") / "fonts") as fonts:
        folder = Path(name)
        told = {
            "title": pack.title,
            "subtitle": pack.subtitle,
            "headline": pack.headline,
            "sheets": [
                {
                    "title": sheet.title,
                    "subtitle": sheet.subtitle,
                    "parts": [_part(part, folder, f"{n}-{m}") for m, part in enumerate(sheet.parts)],
                }
                for n, sheet in enumerate(pack.sheets)
            ],
            "colours": {"ink": theme.INK, "soft": theme.INK_SOFT, "rule": theme.HAIRLINE, "panel": theme.PANEL,
                        "accent": theme.WORKING_TEXT},
        }  # fmt: skip
        (folder / "pack.json").write_text(json.dumps(told, ensure_ascii=False), "utf-8")
        template = (files("millrace.report") / "templates" / _TEMPLATE).read_text("utf-8")
        (folder / _TEMPLATE).write_text(template, "utf-8")
        written: bytes = typst.compile(
            folder / _TEMPLATE, root=folder, font_paths=[fonts], ignore_system_fonts=True, format="pdf",
            pdf_standards="ua-1",
        )  # fmt: skip
        return written


def _part(part: Part, folder: Path, name: str) -> dict[str, Any]:
    match part:
        case Sentences():
            return {"kind": "sentences", "said": part.said, "is_numbered": part.is_numbered}
        case Rows():
            return {"kind": "rows", "header": part.header, "rows": part.rows, "widths": part.widths}
        case Drawing():
            (folder / f"{name}.svg").write_text(part.svg, "utf-8")
            return {"kind": "drawing", "file": f"{name}.svg", "alt": part.alt, "is_wide": part.is_wide}
