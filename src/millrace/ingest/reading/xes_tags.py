"""The compiled pass over the bytes of an XES log: which attribute of which trace or event stands where.

It reads XML as far as XES goes: start and end tags, comments, character data and processing instructions. Values stay
in the block and are found again by their offsets, so that a block becomes columns without an object per event.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit

TEXT, DATE, INT, FLOAT, BOOLEAN = 1, 2, 4, 8, 16
"""What an attribute element says about its value; a key collects the bits of all its values."""

MORE, DOCTYPE, MALFORMED, TOO_MANY_KEYS = 0, 1, 2, 3
"""How the pass over a block ended."""

IN_TRACE, N_EVENTS_OF_TRACE, SAW_LOG, SAW_END, N_NESTED, N_LATE, N_KEYS, KEY_BYTES, NEST = range(9)
"""What is carried from block to block: the slots of `place`."""
N_PLACES = 9

CONSUMED, N_FOUND, N_EVENTS, N_TRACES, OUTCOME = range(5)
"""What a pass over one block yields: the first slots of `now`."""
_IN_EVENT, _EVENT_BEGAN, _FOUND_BEFORE, _NESTED_BEFORE = range(5, 9)
N_NOW = 9

KEY, ROW, BEGIN, END, CARE = range(5)
"""The columns of `found`, one row per attribute. CARE is 1 where the value has references or line ends in it."""
N_FOUND_COLUMNS = 5

MAX_KEYS = 1 << 15
_N_SLOTS = 1 << 17
_MAX_KEY_BYTES = 1 << 21

# What `_read_tag` tells about a tag: the slots of `tag`.
_NAME, _NAME_END, _CLOSES, _KEY_BEGIN, _KEY_END, _BEGIN, _END = range(7)
_INCOMPLETE, _BROKEN, _IS_DOCTYPE = -1, -2, -3
_OUTCOMES = (MORE, MORE, MALFORMED, DOCTYPE)

_OTHER, _LOG, _TRACE, _EVENT, _LIST = -1, 100, 101, 102, 103
_NAMES = {"string": TEXT, "date": DATE, "int": INT, "float": FLOAT, "boolean": BOOLEAN, "id": TEXT} | {
    "event": _EVENT,
    "trace": _TRACE,
    "log": _LOG,
    "list": _LIST,
    "container": _LIST,
}
# A name's length, first and last letter tell it from all others.
_ELEMENTS = tuple((len(name), ord(name[0]), ord(name[-1]), element) for name, element in _NAMES.items())


class Keys(NamedTuple):
    """The attribute keys met so far: a hash table of numbers, and per number its bytes, scope and kinds of value."""

    slots: Any
    begin: Any
    length: Any
    of_event: Any
    kinds: Any
    text: Any

    def name(self, number: int) -> str:
        """The key as it stands in the file."""
        begin = int(self.begin[number])
        return bytes(self.text[begin : begin + int(self.length[number])]).decode("utf-8", "replace")


def no_keys() -> Keys:
    """An empty table of keys."""
    return Keys(
        slots=np.full(_N_SLOTS, -1, np.int32),
        begin=np.zeros(MAX_KEYS, np.int64),
        length=np.zeros(MAX_KEYS, np.int64),
        of_event=np.zeros(MAX_KEYS, np.uint8),
        kinds=np.zeros(MAX_KEYS, np.uint8),
        text=np.zeros(_MAX_KEY_BYTES, np.uint8),
    )


_inner = njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""For functions that only compiled ones call."""


@_inner
def _is_space(byte):  # type: ignore[no-untyped-def]
    return byte == 32 or byte == 10 or byte == 9 or byte == 13


@_inner
def _past(buffer, at, size, first, second, third):  # type: ignore[no-untyped-def]
    """The position after the next run of these three bytes (`second` 0: only `first` and `third`)."""
    while at < size:
        if buffer[at] == third and buffer[at - 1] == first and (second == 0 or buffer[at - 2] == second):
            return at + 1
        at += 1
    return _INCOMPLETE


@_inner
def _past_aside(buffer, at, size):  # type: ignore[no-untyped-def]
    """The position after a comment, character data or processing instruction that begins at `at`."""
    if size - at < 9:
        return _INCOMPLETE
    if buffer[at + 1] == ord("?"):
        return _past(buffer, at + 3, size, ord("?"), np.int64(0), ord(">"))
    if buffer[at + 2] == ord("-") and buffer[at + 3] == ord("-"):
        return _past(buffer, at + 6, size, ord("-"), ord("-"), ord(">"))
    if buffer[at + 2] == ord("["):
        return _past(buffer, at + 11, size, ord("]"), ord("]"), ord(">"))
    return _IS_DOCTYPE


@_inner
def _read_name(buffer, at, size, tag):  # type: ignore[no-untyped-def]
    """Read the name at `at`, without its prefix; the position after it."""
    tag[_NAME] = at
    while at < size and not _is_space(buffer[at]) and buffer[at] != ord(">") and buffer[at] != ord("/"):
        if buffer[at] == ord(":"):
            tag[_NAME] = at + 1
        elif buffer[at] == ord("<"):
            return _BROKEN
        at += 1
    tag[_NAME_END] = at
    return at


@_inner
def _read_attribute(buffer, at, size, tag):  # type: ignore[no-untyped-def]
    """Read `name="value"` at `at`; the position after it. Only a key and a value are kept."""
    name = at
    while at < size and buffer[at] != ord("="):
        if buffer[at] == ord("<") or buffer[at] == ord(">"):
            return _BROKEN
        at += 1
    at += 1
    while at < size and _is_space(buffer[at]):
        at += 1
    if at >= size:
        return _INCOMPLETE
    quote = buffer[at]
    if quote != ord('"') and quote != ord("'"):
        return _BROKEN
    at += 1
    value = at
    while at < size and buffer[at] != quote:
        if buffer[at] == ord("<"):
            return _BROKEN
        at += 1
    if buffer[name] == ord("k") and buffer[name + 1] == ord("e") and buffer[name + 2] == ord("y"):
        tag[_KEY_BEGIN], tag[_KEY_END] = value, at
    elif buffer[name] == ord("v") and buffer[name + 1] == ord("a") and buffer[name + 2] == ord("l"):
        tag[_BEGIN], tag[_END] = value, at
    return at + 1 if at < size else _INCOMPLETE


@_inner
def _read_tag(buffer, at, size, tag):  # type: ignore[no-untyped-def]
    """Read the tag that begins at `at` into `tag`; the position after it, or why it cannot be read."""
    tag[_CLOSES] = tag[_KEY_BEGIN] = tag[_KEY_END] = 0
    tag[_BEGIN] = -1
    at += 1
    if buffer[at] == ord("/"):
        tag[_CLOSES] = 2
        at += 1
    at = _read_name(buffer, at, size, tag)
    while 0 <= at < size:
        if buffer[at] == ord(">"):
            return at + 1 if tag[_NAME_END] > tag[_NAME] else _BROKEN
        if buffer[at] == ord("/"):
            tag[_CLOSES] = 1
            at += 1
        elif _is_space(buffer[at]):
            at += 1
        else:
            at = _read_attribute(buffer, at, size, tag)
    return at if at < 0 else _INCOMPLETE


@_inner
def _element(buffer, begin, end):  # type: ignore[no-untyped-def]
    """What element a name stands for: the kind of an attribute's value, a part of the log, or something else."""
    length, first, last = end - begin, buffer[begin], buffer[end - 1]
    for i in range(len(_ELEMENTS)):
        if _ELEMENTS[i][0] == length and _ELEMENTS[i][1] == first and _ELEMENTS[i][2] == last:
            return _ELEMENTS[i][3]
    return _OTHER


@_inner
def _key_number(buffer, begin, end, of_event, keys, place):  # type: ignore[no-untyped-def]
    """The number of a key in its scope; a new key gets the next one, or -1 where there are too many."""
    hashed = np.uint32(2166136261) ^ np.uint32(of_event)
    for i in range(begin, end):
        hashed = np.uint32((hashed ^ np.uint32(buffer[i])) * np.uint32(16777619))
    slot = np.int64(hashed) & (_N_SLOTS - 1)
    while keys.slots[slot] >= 0:
        number = keys.slots[slot]
        if keys.of_event[number] == of_event and keys.length[number] == end - begin:
            at = keys.begin[number]
            i = 0
            while i < end - begin and keys.text[at + i] == buffer[begin + i]:
                i += 1
            if i == end - begin:
                return np.int64(number)
        slot = (slot + 1) & (_N_SLOTS - 1)
    number, at = place[N_KEYS], place[KEY_BYTES]
    if number == MAX_KEYS or at + end - begin > _MAX_KEY_BYTES:
        return np.int64(-1)
    keys.slots[slot] = number
    keys.begin[number], keys.length[number], keys.of_event[number] = at, end - begin, of_event
    for i in range(end - begin):
        keys.text[at + i] = buffer[begin + i]
    place[N_KEYS], place[KEY_BYTES] = number + 1, at + end - begin
    return np.int64(number)


@_inner
def _needs_care(buffer, begin, end):  # type: ignore[no-untyped-def]
    for i in range(begin, end):
        if buffer[i] == ord("&") or (buffer[i] < 32):
            return 1
    return 0


@_inner
def _close(element, now, place):  # type: ignore[no-untyped-def]
    """Take note of an end tag; False where nothing of the kind is open."""
    if element == _EVENT:
        now[_IN_EVENT], place[NEST] = 0, 0
    elif element == _TRACE:
        if now[_IN_EVENT] or not place[IN_TRACE]:
            return False
        place[IN_TRACE] = place[NEST] = 0
    elif element == _LOG:
        place[SAW_END] = 1
    elif place[NEST] > 0:
        place[NEST] -= 1
    return True


@_inner
def _open(element, opens, began, now, place, trace_of_event):  # type: ignore[no-untyped-def]
    """Take note of the start tag of a log, trace or event; False where it cannot stand here."""
    if element == _LOG:
        place[SAW_LOG], place[SAW_END] = 1, not opens
        return True
    if now[_IN_EVENT] or (element == _TRACE and place[IN_TRACE]):
        return False
    place[NEST] = 0
    if element == _TRACE:
        now[N_TRACES] += 1
        place[IN_TRACE], place[N_EVENTS_OF_TRACE] = opens, 0
        return True
    trace_of_event[now[N_EVENTS]] = now[N_TRACES] if place[IN_TRACE] else -1
    now[_EVENT_BEGAN], now[_FOUND_BEFORE], now[_NESTED_BEFORE] = began, now[N_FOUND], place[N_NESTED]
    now[N_EVENTS] += 1
    place[N_EVENTS_OF_TRACE] += 1
    now[_IN_EVENT] = opens
    return True


@_inner
def _note_attribute(buffer, tag, kind, now, place, keys, found):  # type: ignore[no-untyped-def]
    """Take note of an attribute of the open event or trace; False where there are too many keys."""
    if tag[_KEY_END] == tag[_KEY_BEGIN] or tag[_BEGIN] < 0:
        return True
    of_event = now[_IN_EVENT]
    number = _key_number(buffer, tag[_KEY_BEGIN], tag[_KEY_END], of_event, keys, place)
    if number < 0:
        return False
    keys.kinds[number] |= kind
    row = now[N_FOUND]
    found[row, KEY] = number
    found[row, ROW] = now[N_EVENTS] - 1 if of_event else now[N_TRACES]
    found[row, BEGIN], found[row, END] = tag[_BEGIN], tag[_END]
    found[row, CARE] = _needs_care(buffer, tag[_BEGIN], tag[_END])
    now[N_FOUND] += 1
    if not of_event and now[N_TRACES] == 0 and place[N_EVENTS_OF_TRACE] > 0:
        place[N_LATE] += 1
    return True


@_inner
def _take_tag(buffer, began, tag, now, place, keys, found, trace_of_event):  # type: ignore[no-untyped-def]
    """Take note of a whole tag; how the pass goes on."""
    element = _element(buffer, tag[_NAME], tag[_NAME_END])
    opens = 1 if tag[_CLOSES] == 0 else 0
    if tag[_CLOSES] == 2:
        return MORE if _close(element, now, place) else MALFORMED
    if element in (_LOG, _TRACE, _EVENT):
        return MORE if _open(element, opens, began, now, place, trace_of_event) else MALFORMED
    if not now[_IN_EVENT] and not place[IN_TRACE]:
        return MORE
    if place[NEST] > 0 or element in (_LIST, _OTHER):
        place[N_NESTED] += 1
    elif not _note_attribute(buffer, tag, element, now, place, keys, found):
        return TOO_MANY_KEYS
    place[NEST] += opens
    return MORE


@njit(cache=True, nogil=True)
def scan_tags(buffer, size, place, keys, found, trace_of_event, now):  # type: ignore[no-untyped-def]
    """Find the attributes of the traces and events in `buffer[:size]`.

    `found` gets a row per attribute, `trace_of_event` the trace of each event, counted within the block: 0 is the
    trace that was open when the block began. The block is consumed up to the last whole event (or tag outside of
    events); what is left belongs in front of the next block. `now` tells how far the pass came.
    """
    tag = np.zeros(7, np.int64)
    # A plain 0 would have the compiler make one more version of each function, for 0 alone.
    at = np.int64(0)
    while now[OUTCOME] == MORE:
        while at < size and buffer[at] != ord("<"):
            at += 1
        if not now[_IN_EVENT]:
            now[CONSUMED] = at
        if at + 1 >= size:
            break
        if buffer[at + 1] == ord("!") or buffer[at + 1] == ord("?"):
            past = _past_aside(buffer, at, size)
        else:
            past = _read_tag(buffer, at, size, tag)
            if past > 0:
                now[OUTCOME] = _take_tag(buffer, at, tag, now, place, keys, found, trace_of_event)
        if past < 0:
            now[OUTCOME] = _OUTCOMES[-past]
            break
        at = past
    if now[_IN_EVENT]:
        # An event that goes on in the next block is read again there, whole.
        now[CONSUMED], now[N_FOUND] = now[_EVENT_BEGAN], now[_FOUND_BEFORE]
        now[N_EVENTS] -= 1
        place[N_EVENTS_OF_TRACE] -= 1
        place[N_NESTED], place[NEST] = now[_NESTED_BEFORE], 0
