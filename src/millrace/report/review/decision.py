"""A decision that a review took."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Decision:
    """What was decided, who sees to it, and until when."""

    text: str
    who: str = ""
    due_on: date | None = None
