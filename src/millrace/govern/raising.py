"""Which signals are news: what is told once is not told again, and what is over ends by itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from millrace.govern.signal import Signal

About = tuple[str, str]
"""Kind and subject: there is at most one open alert about it in a stream."""


@dataclass(frozen=True)
class Raising:
    """What becomes of the alerts of a stream after a look: those to raise, those that go on, those that are over."""

    raised: tuple[Signal, ...]
    going_on: Mapping[About, Signal]
    over: frozenset[About]


def raising(seen: Iterable[Signal], open_now: Iterable[About], told: Iterable[str]) -> Raising:
    """Hold what is seen against the alerts that are open (by kind and subject), and all that were told (fingerprints).

    A signal about something that has an open alert goes on under it. One whose occasion was told already, and which
    somebody resolved or which went away and came back, stays silent.
    """
    by_about = {(signal.kind, signal.subject): signal for signal in seen}
    opened, known = set(open_now), set(told)
    return Raising(
        tuple(signal for about, signal in by_about.items() if about not in opened and signal.fingerprint not in known),
        {about: signal for about, signal in by_about.items() if about in opened},
        frozenset(opened - by_about.keys()),
    )
