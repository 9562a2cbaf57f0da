"""Figures as people read them: thin spaces before units, no percentage that claims more than is true."""

import re
from dataclasses import dataclass
from datetime import datetime

from millrace.draw.figures import ABSENT, NO_BREAK, show_count, show_ratio
from millrace.flow.summary import Clock, Quantile, Share
from millrace.model.duration import show_duration

THIN = "\u202f"
"""Narrow no-break space: between a figure and its unit."""


@dataclass(frozen=True)
class TimeScale:
    """The clock that a drawing shows, and how many hours make one of its days."""

    clock: Clock = Clock.ELAPSED
    hours_per_day: float = 24.0

    @property
    def day_seconds(self) -> float:
        """Seconds in one day of this clock."""
        return self.hours_per_day * 3600

    @property
    def words(self) -> str:
        """Which clock it is, for a subtitle."""
        if self.clock is Clock.ELAPSED:
            return "elapsed time, nights and weekends included"
        return f"working time, in days of {show_count(self.hours_per_day)}{THIN}h"

    @property
    def days(self) -> str:
        """What a day is called."""
        return "days" if self.clock is Clock.ELAPSED else "working days"


ELAPSED = TimeScale()
"""Around the clock."""


@dataclass(frozen=True)
class Noun:
    """What the items are called: `Noun("incident", "incidents")`."""

    one: str = "item"
    many: str = "items"

    def counted(self, n: float) -> str:
        """`1 incident`, `7,546 incidents`."""
        return f"{count(n)} {self.one if n == 1 else self.many}"


ITEMS = Noun()
"""What they are called where nobody said."""


def count(n: float) -> str:
    """A count with its thousands apart: `7,546`; a mean number keeps one decimal below ten."""
    return show_count(n)


def percent(ratio: float | None) -> str:
    """`10.4 %`; never `100 %` or `0 %` unless it is exactly that, `–` where there is nothing to divide."""
    return ABSENT if ratio is None else show_ratio(ratio, is_fine=True).replace(NO_BREAK, THIN)


def percent_roughly(ratio: float | None) -> str:
    """A percentage for a sentence: whole from 10 % on, one decimal below."""
    return ABSENT if ratio is None else show_ratio(ratio).replace(NO_BREAK, THIN)


def share(of: Share) -> str:
    """The ratio of a share, `10.4 %`."""
    return percent(of.ratio)


def duration(seconds: float | None, scale: TimeScale = ELAPSED) -> str:
    """A duration with two figures and one unit: `15 h`, `2.6 d`, `1,204 d`."""
    text = re.sub(r"(?<=\d) (?=\d)", ",", show_duration(seconds, hours_per_day=scale.hours_per_day))
    return text.replace(" ", THIN)


def item_days(seconds: float, scale: TimeScale = ELAPSED) -> str:
    """A sum of durations over many items: `27,972 item-days`."""
    return f"{days(seconds, scale)} item-days"


def days(seconds: float, scale: TimeScale = ELAPSED) -> str:
    """A sum of durations as a bare number of days: `27,972`, `4.1`, `<0.1`."""
    n_days = seconds / scale.day_seconds
    if 0 < n_days < 0.05:
        return "<0.1"
    return count(n_days) if n_days >= 9.95 else show_count(n_days)


def interval(quantile: Quantile | None, scale: TimeScale = ELAPSED) -> str:
    """The 95 % interval of a quantile, `14 h – 16 h`; `–` where n is too small for one."""
    if quantile is None or quantile.low_seconds is None or quantile.high_seconds is None:
        return ABSENT
    return f"{duration(quantile.low_seconds, scale)} – {duration(quantile.high_seconds, scale)}"


def day(at: datetime) -> str:
    """`3 May 2012`."""
    return f"{at.day} {at:%B %Y}"


def period(first: datetime, last: datetime) -> str:
    """`March to May 2012`, `3 to 21 May 2012` or `31 March 2010 to 22 May 2012`."""
    if (first.year, first.month) == (last.year, last.month):
        return day(first) if first.day == last.day else f"{first.day} to {day(last)}"
    if first.year == last.year:
        return f"{first.day} {first:%B} to {day(last)}"
    return f"{day(first)} to {day(last)}"


def stopped(text: str) -> str:
    """The text with a full stop, if it has no mark at its end."""
    return text if not text or text[-1] in ".!?…" else f"{text}."


def sentence(text: str) -> str:
    """The text with a capital first letter; names further on keep theirs."""
    return text[:1].upper() + text[1:]
