"""Keys of items: an id as 16 bytes, so that events find their item without comparing texts.

An id of up to 15 bytes is its own key. A longer one is told by 120 bits of a hash: among a thousand million items the
chance that any two share theirs is below 10⁻¹⁸.
"""

from typing import Any

import numba
import numpy as np

_LONGEST_ID = 15
_HASHED = np.uint64(0xFF << 56)
_MULTIPLIERS = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_STEP = np.uint64(0x9E3779B97F4A7C15)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def mixed(bits: Any) -> Any:
    """64 bits spread over all 64, each input another output (the finaliser of SplitMix64)."""
    bits = (bits ^ (bits >> np.uint64(30))) * _MULTIPLIERS[0]
    bits = (bits ^ (bits >> np.uint64(27))) * _MULTIPLIERS[1]
    return bits ^ (bits >> np.uint64(31))


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def item_key(text: Any, begin: int, end: int) -> Any:
    """The key of the id that lies in bytes `begin` to `end` of `text`: two numbers of 64 bits."""
    length = end - begin
    low, high = _word(text, begin, end), _word(text, begin + 8, end)
    if length <= _LONGEST_ID:
        return low, high | (np.uint64(length) << np.uint64(56))
    low, high = np.uint64(length), ~np.uint64(length)
    for at in range(begin, end, 8):
        word = _word(text, at, end)
        low = mixed((low ^ word) + _STEP)
        high = mixed((high + _STEP) ^ (word << np.uint64(32) | word >> np.uint64(32)))
    return low, high | _HASHED


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _word(text: Any, begin: int, end: int) -> Any:
    """Up to eight bytes of `text` as one number."""
    word = np.uint64(0)
    for k in range(min(end - begin, 8)):
        word |= np.uint64(text[begin + k]) << np.uint64(8 * k)
    return word
