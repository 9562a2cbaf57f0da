"""Two changes of one stream that were made at the same time, as one."""

from typing import Any

from millrace.model.step_changes import ChangeRefused, plain, stream_of
from millrace.model.value_stream import ValueStream


class _Contradiction(Exception):
    pass


def merged(base: ValueStream, theirs: ValueStream, mine: ValueStream) -> ValueStream | None:
    """Both changes of `base` together; None where they concern the same field, or do not go together."""
    try:
        return stream_of(_merged(plain(base), plain(theirs), plain(mine)))
    except (_Contradiction, ChangeRefused):
        return None


def _merged(base: Any, theirs: Any, mine: Any) -> Any:
    if mine in (base, theirs):
        return theirs
    if theirs == base:
        return mine
    if isinstance(theirs, dict) and isinstance(mine, dict):
        return _merged_parts(base if isinstance(base, dict) else {}, theirs, mine)
    if all(_is_named(each) for each in (base, theirs, mine)):
        return _merged_lists(base, theirs, mine)
    raise _Contradiction


def _merged_parts(base: dict[str, Any], theirs: dict[str, Any], mine: dict[str, Any]) -> dict[str, Any]:
    keys = dict.fromkeys((*theirs, *mine))
    parts = {key: _merged(base.get(key), theirs.get(key), mine.get(key)) for key in keys}
    return {key: value for key, value in parts.items() if value is not None}


def _merged_lists(base: list[Any], theirs: list[Any], mine: list[Any]) -> list[Any]:
    """Lists of named parts, of which only one side may have added, removed or moved any."""
    named = [{part["name"]: part for part in each} for each in (base, theirs, mine)]
    orders = [list(each) for each in named]
    if orders[0] not in orders[1:] and orders[1] != orders[2]:
        raise _Contradiction
    order = orders[2] if orders[1] == orders[0] else orders[1]
    parts = {name: _merged(*(each.get(name) for each in named)) for name in order}
    return [part for part in parts.values() if part is not None]


def _is_named(value: Any) -> bool:
    if not isinstance(value, list) or not all(isinstance(part, dict) and "name" in part for part in value):
        return False
    names = [part["name"] for part in value]
    return len(set(names)) == len(names)
