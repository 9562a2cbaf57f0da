"""The tandem queue beside SimPy, what hours, priorities and routing cost, a million items, and a second start.

Prosimos, which needs Java and a business process model, is not installed here. Both were measured beside each other
once: SimPy got through 21,600 items of this model per CPU second, Prosimos through 1,710. So what is 7.9 × as fast as
SimPy is 100 × as fast as Prosimos; the limit below is the higher one.
"""

from bench.measured import limit, median, run, told
from bench.simulation.environment import simpy_python

N_ITEMS, N_MILLION, REPEATS = 100_000, 1_000_000, 3
LEAST_FASTER, PROSIMOS_TO_SIMPY, MOST_DEARER = 10, 21_600 / 1_710, 4.0
MOST_SECONDS, MOST_MB, MOST_START = 30, 4000, 2


def run_simulation() -> None:
    """Print all of it."""
    print(f"Simulation: six steps in a row, {N_ITEMS:,} items, event log written", flush=True)
    python = simpy_python()
    run("bench.simulation.with_millrace", "tandem", "100")  # compiles where nothing is compiled yet
    plain, full, simpy = [], [], []
    for _ in range(REPEATS):
        plain.append(_per_second("tandem"))
        full.append(_per_second("everything"))
        theirs = told(run("bench.simulation.with_simpy", str(N_ITEMS), python=python).output)
        simpy.append(theirs["n_items"] / theirs["cpu"])
    ours, beside = median(plain), median(simpy)
    print(f"    Millrace {ours:,.0f} items per CPU second, SimPy (no log written) {beside:,.0f}", flush=True)
    word = "within" if ours >= LEAST_FASTER * beside else "UNDER"
    print(f"    {ours / beside:.1f} × SimPy ({word} the limit of {LEAST_FASTER} ×)", flush=True)
    print(f"    so about {ours / beside * PROSIMOS_TO_SIMPY:,.0f} × Prosimos", flush=True)
    limit(ours / median(full), MOST_DEARER, "×", "hours, priorities and routing on cost")
    million = run("bench.simulation.with_millrace", "tandem", str(N_MILLION))
    print(f"    a million items: {million}", flush=True)
    limit(told(million.output)["work"]["cpu"], MOST_SECONDS, "s of CPU time", "a million items")
    limit(million.peak_mb, MOST_MB, "MB", "peak memory")
    limit(run("bench.simulation.with_millrace", "tandem", "1").cpu, MOST_START, "s of CPU time", "a second start")


def _per_second(name: str) -> float:
    said = told(run("bench.simulation.with_millrace", name, str(N_ITEMS)).output)
    return float(said["n_items"] / said["work"]["cpu"])
