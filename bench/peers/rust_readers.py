"""XES into a data frame with a Rust reader; runs in the peers' environment."""

import json
import sys
from collections.abc import Callable
from typing import Any

from bench.measured import account


def reader(name: str) -> Callable[[str], Any]:
    """The reading function of `rustxes` or `r4pm`: from a path to events and the attributes of the log."""
    if name == "rustxes":
        import rustxes

        return rustxes.import_xes
    from r4pm import df

    return df.import_xes


if __name__ == "__main__":
    read = reader(sys.argv[1])
    read(sys.argv[2])  # loads what is loaded late
    (events, _), work = account(lambda: read(sys.argv[3]))
    print(json.dumps({"work": work.as_dict(), "n_events": len(events)}))
