"""Work side by side on all processors, taken up in order."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")

_MOST_THREADS = 8
"""More would hold more portions of a log in memory than they save time."""
_AHEAD = 4
"""So many things per thread are worked on ahead, that nobody idles while the caller is busy with one."""


def in_order(work: Callable[[Given], Made], things: Iterable[Given]) -> Iterator[Made]:
    """`work` done on each thing, the results in the order of the things.

    Only a few things are worked on ahead of what the caller has taken, so that memory stays bounded.
    """
    n_threads = min(os.cpu_count() or 1, _MOST_THREADS)
    pool = ThreadPoolExecutor(n_threads)
    ahead: deque[Future[Made]] = deque()
    try:
        for thing in things:
            ahead.append(pool.submit(work, thing))
            if len(ahead) > _AHEAD * n_threads:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
