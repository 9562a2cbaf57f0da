"""Benchmarks: `python -m bench [speed|large|xes|clock|report]`; without a name all but `large`.

Each prints its figures beside a yardstick taken in the same run, so that a slow or busy machine slows both.
"""

import sys

from bench import business_clock, path, report, xes

PARTS = {
    "speed": path.run_speed,
    "xes": xes.run,
    "clock": business_clock.run,
    "report": report.run,
    "large": path.run_large,
}


def main(names: list[str]) -> None:
    """Run the named parts."""
    for name in names or [part for part in PARTS if part != "large"]:
        if name not in PARTS:
            raise SystemExit(f"There is no benchmark “{name}”; there are {', '.join(PARTS)}.")
        PARTS[name]()


main(sys.argv[1:])
