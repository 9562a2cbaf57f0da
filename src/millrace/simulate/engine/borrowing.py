"""Arrays that the compiled engine uses without counting who uses them.

A compiled function counts the users of every array that it takes out of a tuple, with an atomic operation each time:
in an engine that looks into a dozen tables for every event that was nine tenths of its time. The caller of a run holds
all arrays until it ends, so nothing has to be counted within.
"""

from typing import Any

from numba import types
from numba.core import cgutils
from numba.extending import intrinsic


@intrinsic  # type: ignore[untyped-decorator]
def borrowed(_: Any, held: Any) -> Any:
    """The same array, or tuple of arrays, without an owner: valid only while the caller holds what was given."""

    def make(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        (given,) = arguments
        kind = signature.args[0]
        if isinstance(kind, types.Array):
            return _ownerless(context, builder, kind, given)
        parts = cgutils.unpack_tuple(builder, given, len(kind))
        parts = [
            _ownerless(context, builder, part_kind, part) if isinstance(part_kind, types.Array) else part
            for part_kind, part in zip(kind, parts, strict=True)
        ]
        return context.make_tuple(builder, kind, parts)

    return held(held), make


def _ownerless(context: Any, builder: Any, kind: Any, array: Any) -> Any:
    view = context.make_array(kind)(context, builder, value=array)
    view.meminfo = cgutils.get_null_value(view.meminfo.type)
    view.parent = cgutils.get_null_value(view.parent.type)
    return view._getvalue()
