"""The drawing of a finding: the few values that say more than its sentence, beside each other."""

from millrace.diagnose.findings.finding import Bars, Unit
from millrace.draw import theme
from millrace.draw.charts.bars import Bar, bars
from millrace.draw.charts.chart import Chart, TableTwin
from millrace.draw.charts.wording import count, duration, percent, sentence


def finding_comparison(picture: Bars) -> Chart:
    """Draw the comparison of a finding; the bar that it is about stands out."""
    rows = [(row, shown(row.value, picture.unit)) for row in picture.rows]
    marked = any(row.is_the_finding for row in picture.rows)
    drawn = [
        Bar(sentence(row.label), row.value, text, theme.WAITING if row.is_the_finding or not marked else theme.REST)
        for row, text in rows
    ]
    return Chart(
        title=sentence(picture.title),
        subtitle=sentence(picture.measure),
        alt="Bars: " + "; ".join(f"{row.label} {text}" for row, text in rows) + ".",
        picture=bars(drawn),
        table=TableTwin(
            ("", sentence(picture.measure), "n"),
            tuple((sentence(row.label), text, count(row.n)) for row, text in rows),
        ),
    )


def shown(value: float, unit: Unit) -> str:
    """A value of a finding in its unit."""
    if unit is Unit.SECONDS:
        return duration(value)
    if unit is Unit.RATIO:
        return percent(value)
    return f"{count(value)} ×" if unit is Unit.FACTOR else count(value)
