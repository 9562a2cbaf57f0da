"""What a piece of work costs: in a process of its own, by the operating system's account, or within this one."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

DATA = Path(__file__).parent / ".data"
"""Where generated logs are kept between runs."""
REAL_LOGS = Path(__file__).parents[2] / "shared" / "data"
"""Where published logs are looked for; what needs them is skipped without them."""

Made = TypeVar("Made")


@dataclass(frozen=True)
class Run:
    """Wall and CPU seconds, and the peak of resident memory in MB, of one process and its children."""

    wall: float
    cpu: float
    peak_mb: float
    output: str

    def __str__(self) -> str:
        return f"{self.wall:7.2f} s wall  {self.cpu:7.2f} s CPU  {self.peak_mb:7.0f} MB"


@dataclass(frozen=True)
class Work:
    """Wall and CPU seconds of work within a process, the peak of its resident memory, and how much that is above the
    memory held when the work began, in MB."""

    wall: float
    cpu: float
    peak_mb: float
    grown_mb: float

    def __str__(self) -> str:
        return f"{self.wall:7.2f} s wall  {self.cpu:7.2f} s CPU  {self.peak_mb:7.0f} MB, {self.grown_mb:,.0f} MB more"

    def as_dict(self) -> dict[str, float]:
        """For another process to read."""
        return asdict(self)


def run(module: str, *arguments: str, python: Path | str = sys.executable, **environment: str) -> Run:
    """Run a Python module with these arguments; what it prints is kept."""
    return run_command([str(python), "-m", module, *arguments], environment)


def run_command(command: list[str], environment: Mapping[str, str] | None = None) -> Run:
    """Run a command; what it prints is kept. Its peak of memory is never less than this process's own."""
    began = time.monotonic()
    given = {**os.environ, "PYTHONWARNINGS": "ignore", **(environment or {})}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=given) as process:
        assert process.stdout is not None
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command[1:])} failed with {process.returncode}")
    return Run(time.monotonic() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000, output)


def account(work: Callable[[], Made]) -> tuple[Made, Work]:
    """Do the work, and say what it cost; memory as Linux accounts for it."""
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
    before_mb = _memory_mb("VmRSS")
    began, began_cpu = time.monotonic(), time.process_time()
    made = work()
    wall, cpu = time.monotonic() - began, time.process_time() - began_cpu
    peak_mb = _memory_mb("VmHWM")
    return made, Work(wall, cpu, peak_mb, peak_mb - before_mb)


def _memory_mb(field: str) -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        name, _, value = line.partition(":")
        if name == field:
            return int(value.split()[0]) / 1000
    raise LookupError(f"the system does not tell {field} of a process")


def median(numbers: list[float]) -> float:
    """The middle one (of an even number, the upper of two)."""
    return sorted(numbers)[len(numbers) // 2]


def generated(n_items: int) -> Path:
    """The Parquet file of a status log with so many items, made when it is not there."""
    return _made(f"items-{n_items}.parquet", "bench.generate", "generate", n_items)


def generated_work(n_items: int, ending: str = "parquet") -> Path:
    """The file (`parquet` or `xes`) of an activity log with so many items, made when it is not there."""
    return _made(f"work-{n_items}.{ending}", "bench.activity_log", f"write_{ending}", n_items)


def _made(name: str, module: str, function: str, n_items: int) -> Path:
    DATA.mkdir(exist_ok=True)
    path = DATA / name
    if not path.exists():
        print(f"making a log of {n_items:,} items …", flush=True)
        # In a process of its own: the peaks of memory that `run` reports would otherwise include the generator's.
        call = f"from {module} import {function} as write; from pathlib import Path; write(Path({str(path)!r}), "
        run_command([sys.executable, "-c", f"{call}n_items={n_items})"])
    return path


def ratio(ours: float, yardstick: float, limit: float, what: str) -> None:
    """Print a ratio beside the limit it is held to."""
    verdict = "within" if ours <= limit * yardstick else "OVER"
    print(f"    {what}: {ours / yardstick:.2f} × the yardstick ({verdict} the limit of {limit:g} ×)", flush=True)


def limit(ours: float, most: float, unit: str, what: str) -> None:
    """Print a figure beside the limit it is held to."""
    verdict = "within" if ours <= most else "OVER"
    print(f"    {what}: {ours:,.2f} {unit} ({verdict} the limit of {most:g} {unit})", flush=True)


def told(output: str) -> Any:
    """What a process said in JSON on its last line."""
    import json

    return json.loads(output.splitlines()[-1])
