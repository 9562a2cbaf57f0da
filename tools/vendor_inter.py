"""Cut the bundled Inter faces and their advance widths from the published package (see draw/fonts/README.md).

npm pack inter-ui@4.1.1 && tar xzf inter-ui-4.1.1.tgz
python tools/vendor_inter.py package src/millrace/draw/fonts      # needs fonttools and brotli
"""

import hashlib
import json
import shutil
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FACES = {"Regular": 400, "SemiBold": 600, "Bold": 700}
CHARACTERS = (
    "U+0020-007E,U+00A0-024F,U+0259,U+02BB-02BC,U+02C6-02C7,U+02D8-02DD,U+0300-0304,U+0306-030C,U+0323,U+0326-0328,"
    "U+0384-03CE,U+0400-045F,U+0490-0491,U+04D8-04D9,U+04E8-04E9,U+04AE-04AF,U+1E00-1EFF,U+2002-200A,U+2010-2015,"
    "U+2018-201E,U+2020-2022,U+2026,U+202F-2030,U+2032-2033,U+2039-203A,U+2044,U+2070,U+2074-2079,U+2080-2089,U+20AC,"
    "U+20BA,U+20BD,U+2116,U+2122,U+2190-2194,U+21BB,U+21C4,U+2206,U+2211-2212,U+221A,U+221E,U+2248,U+2260,U+2264-2265,"
    "U+25A0,U+25B2-25B3,U+25B6,U+25BC,U+25CB,U+25CF,U+2713,U+2717,U+FFFD"
)
# Contextual alternates would turn “x” into “×” and change measured widths, so they stay out.
FEATURES = "kern,mark,mkmk,ccmp,locl"


def vendor(package: Path, fonts: Path) -> None:
    """Write Inter-*.ttf (pictures, PDF), Inter-*.woff2 (pages), advances.json and the licence into `fonts`."""
    advances: dict[str, dict[str, int]] = {}
    for face, weight in FACES.items():
        for suffix, flavour in ((".ttf", ""), (".woff2", "woff2")):
            subset.main(
                [
                    str(package / f"web/Inter-{face}.woff2"),
                    f"--unicodes={CHARACTERS}",
                    f"--layout-features={FEATURES}",
                    f"--flavor={flavour}",
                    "--no-hinting",
                    "--name-IDs=0,1,2,3,4,5,6,13,14,16,17",
                    f"--output-file={fonts / f'Inter-{face}{suffix}'}",
                ]
            )
        font = TTFont(fonts / f"Inter-{face}.ttf")
        widths = font["hmtx"]
        advances[str(weight)] = {chr(code): widths[glyph][0] for code, glyph in sorted(font.getBestCmap().items())}
    table = {"units_per_em": 2048, "advances": advances}
    (fonts / "advances.json").write_text(
        json.dumps(table, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8"
    )
    shutil.copy(package / "LICENSE.txt", fonts / "OFL.txt")
    for file in sorted(fonts.glob("Inter-*")):
        print(f'"{file.name}" = "{hashlib.sha256(file.read_bytes()).hexdigest()}"')


if __name__ == "__main__":
    vendor(Path(sys.argv[1]), Path(sys.argv[2]))
