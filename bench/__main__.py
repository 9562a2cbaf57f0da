"""Benchmarks: `python -m bench [speed|large|xes|clock|report|findings|planted …]`; see `PARTS`.

Without a name all are run but those of many minutes. Each prints its figures beside a yardstick taken in the same run,
so that a slow or busy machine slows both; `planted` is a study of what is found, and `killed` of what is lost, not of
speed.
"""

import sys

from bench import alerts, business_clock, findings, killed, known_truth, load, pages, path, proof, report, waits, xes
from bench.planted import study
from bench.simulation.speed import run_simulation

PARTS = {
    "speed": path.run_speed,
    "xes": xes.run,
    "clock": business_clock.run,
    "report": report.run,
    "findings": findings.run_findings,
    "waits": waits.run_waits,
    "simulation": run_simulation,
    "large": path.run_large,
    "planted": study.run,
    "fit": known_truth.run_fit,
    "proof": proof.run_proof,
    "killed": killed.run_killed,
    "load": load.run_load,
    "pages": pages.run_pages,
    "alerts": alerts.run_alerts,
}
ONLY_BY_NAME = ("large", "planted", "fit", "proof", "killed", "load", "pages", "alerts")
"""Parts that take many minutes."""


def main(names: list[str]) -> None:
    """Run the named parts."""
    for name in names or [part for part in PARTS if part not in ONLY_BY_NAME]:
        if name not in PARTS:
            raise SystemExit(f"There is no benchmark “{name}”; there are {', '.join(PARTS)}.")
        PARTS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
