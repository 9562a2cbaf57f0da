"""How one instant is written: from an example to the patterns that read its like."""

import re
from dataclasses import dataclass
from functools import cache

from millrace.ingest.recognition.vocabulary import vocabulary

_TIME = (
    r"(?P<hour>\d{1,2})(?P<colon>[:.])\d{2}(?:(?P<second_colon>[:.])\d{2}(?:(?P<point>[.,])(?P<fraction>\d{1,9}))?)?"
    r"(?:(?P<half_gap>\s?)(?P<half>[AaPp][Mm])\b)?(?P<clock_word>\sUhr)?"
)
_ZONE = r"(?P<zone_gap>\s?)(?P<zone>Z|[+-]\d{2}(?::?\d{2})?|[A-Za-z]{3,5})?"
_GAP = r"(?P<gap>T|,?\s(?:at\s|um\s|klo\s|kl\.?\s)?|\s?-\s)"
_LONG_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_MONTH = rf"(?P<month>{_LONG_MONTHS}|{_MONTHS})"
_YEAR = r"(?P<year>\d{4}|\d{2})"
_DATES = tuple(
    re.compile(
        rf"^(?P<weekday>[A-Za-z]{{3,9}}\.?,?\s)?{date}(?:{_GAP}{_TIME}{_ZONE})?$",
        re.I,
    )
    for date in (
        r"(?P<year>\d{4})(?P<sep>[-/.])\d{1,2}(?P=sep)\d{1,2}",
        rf"(?P<first>\d{{1,2}})(?P<sep>[-/]|\.\s?)(?P<second>\d{{1,2}})(?P=sep){_YEAR}\.?",
        rf"\d{{1,2}}(?P<sep>[-/. ]|\.\s){_MONTH}(?P<sep2>[-/. ]|,\s){_YEAR}",
        rf"{_MONTH}(?P<sep>[-/ ])\d{{1,2}}(?P<sep2>[-/ ]|,\s?){_YEAR}",
        r"(?P<year>\d{4})年(?P<cjk>)\d{1,2}月\d{1,2}日",
        r"(?P<year>\d{4})년 (?P<hangul>)\d{1,2}월 \d{1,2}일",
    )
)
_C_TIME = re.compile(
    rf"^[A-Z][a-z]{{2}} (?:{_MONTHS}) [ \d]\d (?P<clock>\d\d:\d\d:\d\d)(?: (?P<zone>[A-Z]{{3,5}}))? \d{{4}}$"
)
_COMPACT = re.compile(
    r"^(19[7-9]\d|20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:T?([01]\d|2[0-3])([0-5]\d)([0-5]\d)?Z?)?$"
)
_ISO = re.compile(r"^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?\s?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?$")


@dataclass(frozen=True)
class WrittenTime:
    """A way of writing instants: the engine's pattern with the day first and, if that can be read both ways, with the
    month first; the zone that a word in it names."""

    pattern: str
    month_first_pattern: str | None = None
    zone: str | None = None
    separator: str = ""
    has_half_days: bool = False


@cache
def written_time(example: str) -> WrittenTime | None:
    """How `example` is written; None where it is no instant that the engine could read."""
    if not 6 <= len(example) <= 48 or (not example[-1].isalnum() and example[-1] not in "日일."):
        return None
    if _ISO.match(example):
        return WrittenTime("iso")
    if match := _COMPACT.match(example):
        return WrittenTime(_compact_pattern(example, match))
    if match := _C_TIME.match(example):
        zone, word = _zone(match["zone"])
        return WrittenTime(f"%a %b %d %H:%M:%S{f' {word}' if word else ''} %Y", zone=zone)
    for number, date in enumerate(_DATES):
        if match := date.match(example):
            return _from_parts(number, match)
    return None


def _compact_pattern(example: str, match: re.Match[str]) -> str:
    t = "T" if "T" in example else ""
    z = "Z" if example.endswith("Z") else ""
    clock = f"{t}%H%M" + ("%S" if match[6] else "") + z if match[4] else ""
    return f"%Y%m%d{clock}"


def _from_parts(number: int, match: re.Match[str]) -> WrittenTime | None:
    parts = match.groupdict()
    year = "%Y" if len(parts["year"]) == 4 else "%y"
    zone, word = _zone(parts["zone"])
    if parts["zone"] and word is None:
        return None
    weekday = _weekday(parts["weekday"])
    if weekday is None:
        return None
    clock = _clock(parts) + (f"{parts['zone_gap']}{word}" if word else "")
    sep = parts.get("sep") or ""
    if number == 1:
        return _numeric(parts, weekday, sep, year, clock, zone)
    date = _date_pattern(number, parts, sep, year)
    return WrittenTime(weekday + date + clock, zone=zone, separator=sep, has_half_days=bool(parts["half"]))


def _date_pattern(number: int, parts: dict[str, str], sep: str, year: str) -> str:
    if number == 0:
        return f"{year}{sep}%m{sep}%d"
    if number == 4:
        return f"{year}年%m月%d日"
    if number == 5:
        return f"{year}년 %m월 %d일"
    month = "%B" if len(parts["month"]) > 3 else "%b"
    return f"%d{sep}{month}{parts['sep2']}{year}" if number == 2 else f"{month}{sep}%d{parts['sep2']}{year}"


def _numeric(parts: dict[str, str], weekday: str, sep: str, year: str, clock: str, zone: str | None) -> WrittenTime:
    if int(parts["first"]) > 31 and year == "%y":
        return WrittenTime(f"{weekday}%y{sep}%m{sep}%d{clock}", zone=zone, separator=sep)
    return WrittenTime(
        f"{weekday}%d{sep}%m{sep}{year}{clock}",
        f"{weekday}%m{sep}%d{sep}{year}{clock}",
        zone,
        sep,
        bool(parts["half"]),
    )


def _weekday(written: str | None) -> str | None:
    if not written:
        return ""
    name = written.rstrip(" .,")
    tail = written[len(name) :]
    if name.lower() in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"):
        return "%a" + tail
    is_long = name.lower() in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return "%A" + tail if is_long else None


def _clock(parts: dict[str, str]) -> str:
    if not parts["hour"]:
        return ""
    hour = "%I" if parts["half"] else "%H"
    second = f"{parts['second_colon']}%S" if parts["second_colon"] else ""
    fraction = f"{parts['point']}{'%n' if len(parts['fraction']) > 6 else '%f'}" if parts["fraction"] else ""
    half = f"{parts['half_gap']}%p" if parts["half"] else ""
    return f"{parts['gap']}{hour}{parts['colon']}%M{second}{fraction}{half}{parts['clock_word'] or ''}"


def _zone(word: str | None) -> tuple[str | None, str | None]:
    """The zone that a word names, and how the word stands in a pattern; (None, None) for an unknown word."""
    if not word:
        return None, None
    if word[0] in "+-":
        return None, "%z"
    if word == "Z":
        return "UTC", "Z"
    zone = vocabulary("times")["zones"].get(word.lower())
    return (zone, word) if zone else (None, None)
