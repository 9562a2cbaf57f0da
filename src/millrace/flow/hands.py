"""Hands: the rows of a log dealt into portions of whole items, in memory, or on disk where the log is large."""

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from millrace.flow.dealing import DEALT
from millrace.flow.spans import Records

HAND_ROWS = 16_384
"""Events in a hand: with all that is made of them they stay in the processor's cache."""
MOST_HANDS_ON_DISK = 512
_WORDS = DEALT.itemsize // 8
"""A row as so many numbers, which are copied seven times as fast as its fields."""
MOST_ROWS_IN_MEMORY = 20_000_000
"""The hands of a larger log lie on disk until they are taken up."""


class Hands:
    """The hands of a log with `n_rows` rows: first all rows are put into them, then each is taken up once.

    Those of a large log are files in a folder of their own within `folder`, while the context lasts.
    """

    def __init__(self, n_rows: int, folder: Path) -> None:
        """Hands for so many rows, as yet empty."""
        on_disk = n_rows > MOST_ROWS_IN_MEMORY
        self.n_hands = max(min(-(-n_rows // HAND_ROWS), MOST_HANDS_ON_DISK if on_disk else n_rows), 1)
        self._held: list[list[npt.NDArray[np.uint64]]] = [[] for _ in range(self.n_hands)]
        self._stack = ExitStack()
        self._files = []
        if on_disk:
            self._folder = Path(self._stack.enter_context(TemporaryDirectory(dir=folder)))
            self._files = [self._stack.enter_context(self._path(hand).open("w+b")) for hand in range(self.n_hands)]

    def __enter__(self) -> "Hands":
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove what lies on disk."""
        self._stack.close()

    def _path(self, hand: int) -> Path:
        return self._folder / str(hand)

    def put(self, dealt: Records, begins: npt.NDArray[np.int64]) -> None:
        """Put more rows: hand h gets those from `begins[h]` to `begins[h + 1]`."""
        words = dealt.view(np.uint64).reshape(len(dealt), _WORDS)
        for hand in range(self.n_hands):
            rows = words[begins[hand] : begins[hand + 1]]
            if self._files:
                rows.tofile(self._files[hand])
            else:
                self._held[hand].append(rows)

    def take(self, hand: int) -> Records:
        """The rows of a hand; it is then no longer held. Several threads may take, each its own."""
        if self._files:
            self._files[hand].close()
            rows = np.fromfile(self._path(hand), DEALT)
            self._path(hand).unlink()
            return rows
        held, self._held[hand] = self._held[hand], []
        return np.concatenate(held).view(DEALT)[:, 0]
