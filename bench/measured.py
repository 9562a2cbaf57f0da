"""A command in a process of its own, with the operating system's account of it."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent / ".data"
"""Where generated logs are kept between runs."""


@dataclass(frozen=True)
class Run:
    """Wall and CPU seconds, and the peak of resident memory in MB, of one process and its children."""

    wall: float
    cpu: float
    peak_mb: float
    output: str

    def __str__(self) -> str:
        return f"{self.wall:7.2f} s wall  {self.cpu:7.2f} s CPU  {self.peak_mb:7.0f} MB"


def run(module: str, *arguments: str) -> Run:
    """Run a Python module with these arguments; what it prints is kept."""
    began = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-m", module, *arguments], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONWARNINGS": "ignore"}
    ) as process:
        assert process.stdout is not None
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{module} {' '.join(arguments)} failed with {process.returncode}")
    return Run(time.monotonic() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000, output)


def generated(n_items: int) -> Path:
    """The Parquet file of a log with so many items, made when it is not there."""
    from bench.generate import generate

    DATA.mkdir(exist_ok=True)
    path = DATA / f"items-{n_items}.parquet"
    if not path.exists():
        print(f"making a log of {n_items:,} items …", flush=True)
        generate(path, n_items=n_items)
    return path


def ratio(ours: float, yardstick: float, limit: float, what: str) -> None:
    """Print a ratio beside the limit it is held to."""
    verdict = "within" if ours <= limit * yardstick else "OVER"
    print(f"    {what}: {ours / yardstick:.2f} × the yardstick ({verdict} the limit of {limit:g} ×)", flush=True)
