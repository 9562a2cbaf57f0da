"""Draw the pictures of the docs with the product itself: `python tools/pictures.py`."""

from pathlib import Path
from tempfile import TemporaryDirectory

from millrace.draw.raster import svg_to_png
from millrace.draw.value_stream_map import value_stream_map
from millrace.model.templates.template import load_template
from millrace.workbench import Workbench

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"


def draw_pictures() -> None:
    """The current state of the sample, by the template of its name."""
    with TemporaryDirectory() as folder:
        bench = Workbench(Path(folder) / "workspace")
        export = bench.sample("hr-access", Path(folder) / "requests.csv")
        picture = bench.map_picture(load_template("hr-access"), source=export)
        (PICTURES / "hr-access.png").write_bytes(svg_to_png(value_stream_map(picture, columns_per_row=3), scale=1))


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    draw_pictures()
