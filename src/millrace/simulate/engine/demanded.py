"""The items of a run: when they are demanded and what they are. Nothing that happens to them later changes it."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from millrace.simulate.engine.plan import Int32s, Int64s, UInt64s
from millrace.simulate.simulated_stream import (
    HOURS_PER_WEEK,
    Arrivals,
    Demand,
    DrawnAttribute,
    KnownArrivals,
    OpenItem,
    Where,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HOUR = 3_600_000_000
ABSENT = -1
_OPEN = np.uint64(2**63)


@dataclass(frozen=True)
class Attribute:
    """A text per item: a code that is a place in `values`, `ABSENT` where there is none."""

    values: tuple[str, ...]
    codes: Int32s

    def is_one_of(self, wanted: Sequence[str]) -> npt.NDArray[np.bool_]:
        """Where the text is one of those."""
        known = [code for code, value in enumerate(self.values) if value in wanted]
        return np.isin(self.codes, known)


@dataclass(frozen=True)
class Demanded:
    """Items in order of arrival. `demand_at` differs from `arrive_at` only for what was under way at the beginning.

    `keys` are empty where nobody gave any; `begins` and `visits` say at which step, and on which of its visits, items
    begin that were under way (empty name: as the stream's entry says).
    """

    arrive_at: Int64s
    demand_at: Int64s
    uid: UInt64s
    attributes: dict[str, Attribute]
    keys: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()
    visits: tuple[int, ...] = ()

    def holds(self, where: Where) -> npt.NDArray[np.bool_]:
        """For which items the condition holds; an attribute that they do not have never does."""
        mask = np.ones(len(self.uid), bool)
        for name, wanted in where.items():
            mask &= self.attributes[name].is_one_of(wanted) if name in self.attributes else False
        return mask


def microseconds(instant: datetime) -> int:
    """An instant as microseconds since 1970 UTC."""
    return (instant - EPOCH) // timedelta(microseconds=1)


def demanded(
    demand: Demand, starts_at: datetime, ends_at: datetime, seed: int, open_items: Sequence[OpenItem] = ()
) -> Demanded:
    """Draw the items that are demanded in [starts_at, ends_at); before them come those that are under way already."""
    if isinstance(demand.arrivals, KnownArrivals):
        items = _known(demand.arrivals, starts_at, ends_at)
    else:
        arrive_at = _arrivals(demand.arrivals, starts_at, ends_at, seed)
        uid = np.arange(len(arrive_at), dtype=np.uint64)
        items = Demanded(arrive_at, arrive_at, uid, _attributes(demand, len(uid), seed))
    items = _with_open_items(_thinned(demand, items, seed), open_items, starts_at)
    _draw("mark", demand.marks, items, seed)
    return items


def _with_open_items(items: Demanded, open_items: Sequence[OpenItem], starts_at: datetime) -> Demanded:
    """The items, and before them those that are under way when the run begins."""
    if not open_items:
        return items
    n, m = len(open_items), len(items.uid)
    names = {*items.attributes, *(name for each in open_items for name in each.attributes)}
    nothing = Attribute((), np.full(m, ABSENT, np.int32))
    attributes = {}
    for name in sorted(names):
        later = items.attributes.get(name, nothing)
        values = {value: code for code, value in enumerate(later.values)}
        codes = [
            values.setdefault(each.attributes[name], len(values)) if name in each.attributes else ABSENT
            for each in open_items
        ]
        attributes[name] = Attribute(tuple(values), np.concatenate([np.array(codes, np.int32), later.codes]))
    began = np.array([microseconds(each.demand_at) for each in open_items], np.int64)
    return Demanded(
        np.concatenate([np.full(n, microseconds(starts_at), np.int64), items.arrive_at]),
        np.concatenate([began, items.demand_at]),
        np.concatenate([_OPEN + np.arange(n, dtype=np.uint64), items.uid]),
        attributes,
        (*(each.key for each in open_items), *(items.keys or ("",) * m)),
        (*(each.step for each in open_items), *("",) * m),
        (*(each.nth_visit for each in open_items), *(1,) * m),
    )


def random(seed: int, *purpose: str) -> np.random.Generator:
    """A generator for one purpose: what else is drawn does not disturb it."""
    return np.random.Generator(np.random.Philox(key=[seed % 2**64, zlib.crc32("\0".join(purpose).encode())]))


def chances_of(items: Demanded, seed: int, *purpose: str) -> npt.NDArray[np.float64]:
    """A number from 0 to 1 for every item, the same in every scenario in which the item comes."""
    is_open = items.uid >= _OPEN
    number = np.where(is_open, items.uid - _OPEN, items.uid).astype(np.int64)
    drawn = [random(seed, which, *purpose).random(int(number.max(initial=-1)) + 1) for which in ("new", "open")]
    return np.where(is_open, drawn[1][number], drawn[0][number])


def _known(arrivals: KnownArrivals, starts_at: datetime, ends_at: datetime) -> Demanded:
    at = np.array([microseconds(instant) for instant in arrivals.at], np.int64)
    kept = np.flatnonzero((at >= microseconds(starts_at)) & (at < microseconds(ends_at)))
    kept = kept[np.argsort(at[kept], kind="stable")]
    attributes = {}
    for name, texts in arrivals.attributes.items():
        values = {value: code for code, value in enumerate(dict.fromkeys(texts))}
        attributes[name] = Attribute(tuple(values), np.array([values[text] for text in texts], np.int32)[kept])
    keys = tuple(arrivals.keys[i] for i in kept) if arrivals.keys else ()
    return Demanded(at[kept], at[kept], kept.astype(np.uint64), attributes, keys)


def _arrivals(arrivals: Arrivals, starts_at: datetime, ends_at: datetime, seed: int) -> Int64s:
    """Instants in order: whole hours are drawn, and those of the first and last kept that lie within the run."""
    start, end = microseconds(starts_at), microseconds(ends_at)
    hours = np.arange(start // HOUR * HOUR, end, HOUR, dtype=np.int64)
    rate = _rates(arrivals, hours, seed) / arrivals.n_per_arrival
    rng = random(seed, "arrivals")
    if arrivals.gap_variation < 1:
        at = _evenly(rate, hours, arrivals.gap_variation, rng)
    else:
        at = np.repeat(hours, rng.poisson(rate))
        at = np.sort(at + rng.integers(0, HOUR, len(at)))
    if arrivals.n_per_arrival > 1:
        at = np.repeat(at, random(seed, "bursts").geometric(1 / arrivals.n_per_arrival, len(at)))
    return at[(at >= start) & (at < end)]


def _evenly(rate: npt.NDArray[np.float64], hours: Int64s, variation: float, rng: np.random.Generator) -> Int64s:
    """Instants between which the expected number varies less than by chance: gamma gaps on the clock of the rate."""
    expected = np.concatenate(([0.0], np.cumsum(rate)))
    n = int(expected[-1] + 8 * np.sqrt(expected[-1] + 1)) + 2
    gaps = np.ones(n) if variation == 0 else rng.gamma(variation**-2, variation**2, n)
    reached = np.cumsum(gaps) - gaps[0] * rng.random()
    inside = reached[reached < expected[-1]]
    edges = np.append(hours, hours[-1] + HOUR).astype(np.float64) if len(hours) else np.zeros(1)
    return np.asarray(np.interp(inside, expected, edges), np.int64)


def _rates(arrivals: Arrivals, hours: Int64s, seed: int) -> npt.NDArray[np.float64]:
    """Mean number of items in each hour."""
    zone = ZoneInfo(arrivals.zone)
    shown = [(EPOCH + timedelta(microseconds=int(hour))).astimezone(zone) for hour in hours]
    rate = np.array(arrivals.per_hour)[[(each.weekday() * 24 + each.hour) % HOURS_PER_WEEK for each in shown]]
    if arrivals.growth_per_week_ratio:
        anchor = hours[0] if arrivals.anchor_at is None else microseconds(arrivals.anchor_at)
        rate = rate * (1 + arrivals.growth_per_week_ratio) ** ((hours - anchor) / (HOUR * HOURS_PER_WEEK))
    days = np.array([each.toordinal() for each in shown])
    if arrivals.holidays:
        off = np.isin(days, [day.toordinal() for day in arrivals.holidays])
        rate = np.where(off, rate * arrivals.holiday_ratio, rate)
    if arrivals.day_variation:
        _, day = np.unique(days, return_inverse=True)
        shape = arrivals.day_variation**-2
        rate = rate * random(seed, "days").gamma(shape, 1 / shape, int(day.max(initial=-1)) + 1)[day]
    return rate


def _attributes(demand: Demand, n: int, seed: int) -> dict[str, Attribute]:
    kind = pick(tuple(kind.share_ratio for kind in demand.kinds), random(seed, "kinds").random(n))
    attributes = {}
    for name in sorted({name for each in demand.kinds for name in each.attributes}):
        values = {
            text: code for code, text in enumerate(sorted({k.attributes.get(name, "") for k in demand.kinds} - {""}))
        }
        codes = np.array([values.get(each.attributes.get(name, ""), ABSENT) for each in demand.kinds], np.int32)
        attributes[name] = Attribute(tuple(values), codes[kind])
    items = Demanded(np.zeros(n, np.int64), np.zeros(n, np.int64), np.arange(n, dtype=np.uint64), attributes)
    _draw("attribute", demand.attributes, items, seed)
    return attributes


def _draw(purpose: str, listed: Sequence[DrawnAttribute], items: Demanded, seed: int) -> None:
    """Add attributes to the items, one after the other."""
    attributes, n = items.attributes, len(items.uid)
    for place, drawn in enumerate(listed):
        chances = chances_of(items, seed, purpose, drawn.name, str(place))
        codes = pick(tuple(drawn.shares.values()), chances)
        before = attributes.get(drawn.name, Attribute((), np.full(n, ABSENT, np.int32)))
        values = {text: code for code, text in enumerate(before.values)}
        recoded = np.array([values.setdefault(value, len(values)) for value in drawn.shares], np.int32)
        attributes[drawn.name] = Attribute(
            tuple(values), np.where(items.holds(drawn.where), recoded[codes], before.codes).astype(np.int32)
        )


def pick(shares: Sequence[float], chances: npt.NDArray[np.float64]) -> Int32s:
    """For each chance the place of the share it falls into; shares are scaled to add up to 1."""
    until = np.cumsum(shares) / np.sum(shares)
    return np.minimum(np.searchsorted(until, chances, side="right"), len(shares) - 1).astype(np.int32)


def _thinned(demand: Demand, items: Demanded, seed: int) -> Demanded:
    comes = np.ones(len(items.uid), bool)
    for place, thinning in enumerate(demand.thinning):
        chance = chances_of(items, seed, "thinning", str(place))
        comes &= ~(items.holds(thinning.where) & (chance < thinning.share_ratio))
    if comes.all():
        return items
    kept = np.flatnonzero(comes)
    attributes = {name: Attribute(each.values, each.codes[kept]) for name, each in items.attributes.items()}
    keys = tuple(items.keys[i] for i in kept) if items.keys else ()
    return Demanded(items.arrive_at[kept], items.demand_at[kept], items.uid[kept], attributes, keys)
