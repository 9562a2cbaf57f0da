"""Kinds of jobs: what can be done again and again, each by its name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from millrace.govern.rhythm import Every, Rhythm


@dataclass(frozen=True)
class JobKind:
    """What a job of this kind does: `run(bench, subject)` does it, on the SharedWorkbench, and says what came of it.

    `about` is what its subject is the key of: `source`, `stream`, or nothing where the job is of the whole workspace.
    One of the whole workspace that has a `usual` rhythm is there from the first day.
    """

    title: str
    run: Callable[[Any, str], str]
    about: str = ""
    usual: Rhythm | None = None


def _alerts(bench: Any, _: str) -> str:
    looked = bench.look_everywhere_by_itself()
    raised = sum(each.n_raised for each in looked.values() if not isinstance(each, str))
    return f"looked at {_counted(len(looked), 'stream')}, raised {_counted(raised, 'alert')}"


def _counted(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def _snapshots(bench: Any, _: str) -> str:
    taken = bench.take_snapshots()
    n_kept = sum(not isinstance(each, str) for each in taken.values())
    return f"kept the last week of {_counted(n_kept, 'stream')}; {len(taken) - n_kept} could not be"


def _packs(bench: Any, _: str) -> str:
    kept = bench.keep_packs()
    n_made = sum(not isinstance(each, str) for each in kept.values())
    return f"made the packs of {_counted(n_made, 'review')}; {len(kept) - n_made} could not be"


def _reminders(bench: Any, _: str) -> str:
    return f"wrote {_counted(bench.remind(), 'reminder')}"


JOB_KINDS: dict[str, JobKind] = {
    "refresh": JobKind("Look for a newer export", lambda bench, source: bench.refresh(source), about="source"),
    "alerts": JobKind("Look for alerts", _alerts, usual=Rhythm(every=Every.MINUTES, minutes=60)),
    "snapshots": JobKind("Keep the week as it was", _snapshots, usual=Rhythm(every=Every.WEEK)),
    "packs": JobKind("Make the packs of coming reviews", _packs, usual=Rhythm(every=Every.DAY)),
    "reminders": JobKind("Remind of what is due", _reminders, usual=Rhythm(every=Every.DAY)),
}
"""Kinds by their names, in the order in which those due at once are done. Whoever adds one adds a line here."""
