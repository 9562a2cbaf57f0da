"""Results that were computed, at hand for whoever asks next; and the turns of those who wait for an engine."""

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock, RLock
from typing import Any, TypeVar

_MOST_KEPT = 400
_Result = TypeVar("_Result")


class KeptResults:
    """Results at hand: the same question is answered once, also when many ask it at the same time."""

    def __init__(self, most_kept: int = _MOST_KEPT) -> None:
        """Begin with none; the ones asked for longest ago go when there are more than `most_kept`."""
        self._answers: OrderedDict[Hashable, Future[Any]] = OrderedDict()
        self._most_kept = most_kept
        self._lock = Lock()

    def of(self, key: Hashable, compute: Callable[[], _Result]) -> _Result:
        """The result for `key`, computed by the first who asks; all who wait for it share an error, nobody after."""
        with self._lock:
            answer: Future[_Result] | None = self._answers.get(key)
            is_first = answer is None
            if answer is None:
                answer = self._answers[key] = Future()
            self._answers.move_to_end(key)
            self._make_room()
        if is_first:
            self._answer(key, answer, compute)
        return answer.result()

    def has(self, key: Hashable) -> bool:
        """True where the result for `key` is at hand."""
        with self._lock:
            answer = self._answers.get(key)
        return answer is not None and answer.done()

    def forget(self) -> None:
        """Let all go that is at hand."""
        with self._lock:
            for key in [key for key, answer in self._answers.items() if answer.done()]:
                del self._answers[key]

    def _answer(self, key: Hashable, answer: "Future[_Result]", compute: Callable[[], _Result]) -> None:
        try:
            answer.set_result(compute())
        except BaseException as error:
            with self._lock:
                if self._answers.get(key) is answer:
                    del self._answers[key]
            answer.set_exception(error)

    def _make_room(self) -> None:
        """Let the oldest results go; what is still being computed stays, so that nobody computes it again."""
        too_many = len(self._answers) - self._most_kept
        if too_many > 0:
            old = [key for key, answer in self._answers.items() if answer.done()][:too_many]
            for key in old:
                del self._answers[key]


class Turns:
    """One lock for each engine that answers one question at a time. Unlike a result, a lock is never let go of:
    a second one for the same engine would let two in."""

    def __init__(self) -> None:
        """Begin with none."""
        self._turns: defaultdict[Hashable, RLock] = defaultdict(RLock)
        self._lock = Lock()

    def of(self, key: Hashable) -> RLock:
        """The lock of `key`, the same one for everybody."""
        with self._lock:
            return self._turns[key]
