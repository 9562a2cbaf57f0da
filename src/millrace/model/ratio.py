"""Ratios as people write and read them: `0.05` or `5 %`."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

_PERCENT = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*%\s*")


def parse_ratio(written: Any) -> Any:
    """Read `5 %` as 0.05; anything else passes through to be judged as a number."""
    percent = _PERCENT.fullmatch(written) if isinstance(written, str) else None
    if percent is None:
        return written
    # Rounded, so that 98.1 % is the same number as 0.981 and not a neighbour of it.
    return round(float(percent[1].replace(",", ".")) / 100, 12)


def show_ratio(ratio: float) -> str:
    """Show a ratio as a percentage with two or three figures: `10.4 %`, `70 %`; 100 % only where it is all."""
    percent = 100 * ratio
    if 99.9 < percent < 100:
        return "99.9 %"
    text = f"{percent:.1f}" if abs(percent) < 99.95 else f"{percent:.0f}"
    return f"{text.removesuffix('.0')} %"


Ratio = Annotated[
    float,
    BeforeValidator(parse_ratio, json_schema_input_type=float | str),
    Field(ge=0, le=1, description="A share between 0 and 1; may be written as a percentage, like “5 %”"),
]
