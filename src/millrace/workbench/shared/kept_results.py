"""Results that were computed, at hand for whoever asks next."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

_MOST_KEPT = 400
_Result = TypeVar("_Result")


class KeptResults:
    """Results at hand: the same question on the same flow is answered once, also when many ask at once."""

    def __init__(self) -> None:
        """Begin with none."""
        self._results: OrderedDict[Hashable, Any] = OrderedDict()
        self._locks: dict[Hashable, Lock] = {}
        self._lock = Lock()

    def of(self, key: Hashable, compute: Callable[[], _Result]) -> _Result:
        """The result for `key`, computed by the first who asks."""
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
                return self._results[key]  # type: ignore[no-any-return]
            one_at_a_time = self._locks.setdefault(key, Lock())
        with one_at_a_time:
            with self._lock:
                if key in self._results:
                    return self._results[key]  # type: ignore[no-any-return]
            try:
                result = compute()
            finally:
                with self._lock:
                    self._locks.pop(key, None)
            with self._lock:
                self._results[key] = result
                while len(self._results) > _MOST_KEPT:
                    self._results.popitem(last=False)
            return result
