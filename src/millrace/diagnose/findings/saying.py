"""How findings say their figures."""

from millrace.model.ratio import show_ratio


def percent(ratio: float) -> str:
    """`46 %`, `4.2 %`: whole from 10 % on; never 100 % or 0 % unless it is exactly that."""
    if 0 < ratio < 0.0005:
        return "under 0.1 %"
    if 0.1 <= ratio <= 0.99:
        return f"{100 * ratio:.0f} %"
    return show_ratio(ratio)


def duration(seconds: float) -> str:
    """`8 min`, `3.2 h`, `28.5 d`, `1,204 d`."""
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60)):
        if abs(seconds) >= size:
            amount = seconds / size
            return f"{amount:,.0f} {unit}" if amount >= 99.95 else f"{amount:.1f}".removesuffix(".0") + f" {unit}"
    return f"{seconds:.0f} s"


def working_time(seconds: float) -> str:
    """`36.5 h of working time`: never in days, which would have to be working days."""
    amount, unit = (seconds / 3600, "h") if seconds >= 3600 else (seconds / 60, "min")
    return f"{amount:,.0f} {unit} of working time" if amount >= 99.95 else f"{_short(amount)} {unit} of working time"


def _short(amount: float) -> str:
    return f"{amount:.1f}".removesuffix(".0")


def count(n: int) -> str:
    """`1,177`."""
    return f"{n:,}"


def items(n: int) -> str:
    """`1 item`, `1,177 items`."""
    return f"{n:,} item{'' if n == 1 else 's'}"


def times(factor: float) -> str:
    """`2.4 times`."""
    return f"{factor:.1f}".removesuffix(".0") + " times" if factor < 10 else f"{factor:.0f} times"


def each_so_often(mean: float) -> str:
    """`once each`, `1.5 times each on average`."""
    return "once each" if mean < 1.05 else f"{mean:.1f} times each on average"


def names(given: tuple[str, ...]) -> str:
    """`“A”`, `“A” and “B”`, `“A”, “B” and “C”`."""
    quoted = [f"“{name}”" for name in given]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
