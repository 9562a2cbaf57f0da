"""The comparison of a future state with today as one HTML file that needs nothing else."""

from importlib.metadata import version
from typing import NamedTuple

from millrace.draw.charts.wording import percent
from millrace.model.duration import show_duration
from millrace.report.choice_page import listed
from millrace.report.future_form import BottleneckJson, ComparedJson, EstimateJson, FutureJson
from millrace.report.html import environment, styles
from millrace.simulate.backtest.verdict import Trust
from millrace.simulate.figures import Unit

MINUS = "−"


class Row(NamedTuple):
    """One measure, as its row reads."""

    title: str
    current: str
    future: str
    difference: str
    better: str


def future_page(page: FutureJson, maps: tuple[tuple[str, str], ...] = ()) -> str:
    """The page as HTML; `maps` are titles and drawings (SVG)."""
    return (
        environment()
        .get_template("future.html.j2")
        .render(
            page=page,
            headline=headline(page),
            basis=basis(page),
            rows=rows(page),
            bottleneck=told_bottleneck(page),
            waits=waits(page),
            worth=told_worth(page),
            gain=told_gain(page),
            assumptions=assumptions(page),
            trust=told_trust(page),
            maps=maps,
            version=version("millrace"),
            styles=styles(),
        )
    )


def headline(page: FutureJson) -> str:
    """The one sentence that the comparison comes down to."""
    lead = page.figures["lead_time_mean"]
    if lead.current is None or lead.future is None or lead.better_ratio is None:
        return f"“{page.future_state}” could not be compared with today: {lead.absent}"
    today, then = _time(lead.current.mean), _time(lead.future.mean)
    goes = f"stays at {then}" if today == then else f"goes from {today} to {then}"
    return f"Mean lead time {goes} ({_time(lead.future.low)} to {_time(lead.future.high)})"


def basis(page: FutureJson) -> str:
    """What the figures stand on."""
    weeks = page.warm_up_seconds / 604_800
    return (
        f"{page.basis} {page.n_replications} replications from {page.starts_at[:10]} to {page.ends_at[:10]}, "
        f"each after a warm-up of {weeks:.0f} {'week' if weeks == 1 else 'weeks'}, elapsed time."
    )


def rows(page: FutureJson) -> list[Row]:
    """Every measure in its row."""
    return [
        Row(
            figure.title,
            _with_interval(figure.current, figure) if figure.current else "–",
            _with_interval(figure.future, figure) if figure.future else "–",
            _signed(figure.difference, figure) if figure.difference else f"– ({figure.absent})",
            "–" if figure.better_ratio is None else percent(figure.better_ratio),
        )
        for figure in page.figures.values()
    ]


def told_bottleneck(page: FutureJson) -> str:
    """Where most waiting is, and whether it moves."""
    now, then = page.current_bottleneck, page.future_bottleneck
    where = f"Most waiting is in “{now.step}” ({_time(now.wait_seconds)} an item)"
    stays = f"; in future it is still there ({_time(then.wait_seconds)})."
    moves = f"; in future it is in “{then.step}” ({_time(then.wait_seconds)})."
    return where + (stays if now.step == then.step else moves) + _busiest(now, then)


def waits(page: FutureJson) -> list[tuple[str, str, str]]:
    """Every step with its wait per item today and in future."""
    return [(step, _time(today), _time(then)) for step, (today, then) in page.step_waits_seconds.items()]


def told_worth(page: FutureJson) -> list[str]:
    """Costs and savings in sentences."""
    worth = page.worth
    told = []
    if worth.work_saved_per_month is None:
        told.append(f"What the saved work is worth is not known: {worth.absent['work_saved_per_month']}.")
    else:
        told.append(
            f"Work saved: {_money(worth.work_saved_per_month)} a month at the rates given. It is gained only where the "
            "time is used for something else."
        )
    costs = worth.running_cost_per_month + (worth.capacity_cost_per_month or 0.0)
    told.append(f"Running cost: {_money(costs)} a month; once: {_money(worth.one_off_cost)}.")
    if worth.benefit_per_month is not None:
        told.append(f"Benefit: {_money(worth.benefit_per_month)} a month.")
    if worth.pay_back_months is None:
        told.append(f"Pay-back is not known: {worth.absent['pay_back_months']}.")
    elif worth.one_off_cost:
        told.append(f"It pays back in {worth.pay_back_months:.1f} months.")
    return told


def told_trust(page: FutureJson) -> str:
    """In one sentence what the simulation can be trusted for, as the log’s own past says."""
    if page.trust_absent is not None:
        return f"Not back-tested: {page.trust_absent}."
    by_trust = {
        trust: [each.subject for each in page.trust if each.trust == trust]
        for trust in (Trust.TRUSTWORTHY, Trust.ROUGH, Trust.NOT_TRUSTWORTHY)
    }
    told = [f"{trust} for {listed(subjects)}" for trust, subjects in by_trust.items() if subjects]
    return f"Tested on the log’s own past, the simulation is {'; '.join(told)}."


def _busiest(now: BottleneckJson, then: BottleneckJson) -> str:
    if now.utilisation_ratio is None or then.utilisation_ratio is None:
        return ""
    before, after = (" and ".join(f"“{team}”" for team in each.busiest_teams) for each in (now, then))
    return (
        f" Busiest is {before} at {percent(now.utilisation_ratio)} of its hours, in future {after} at "
        f"{percent(then.utilisation_ratio)}."
    )


def told_gain(page: FutureJson) -> str:
    """What is gained as assumed; nothing where no assumption was asked about."""
    if page.sensitivity is None:
        return ""
    return f"As assumed, {_time(page.sensitivity.gain_seconds)} of mean lead time are gained. With one thing changed:"


def assumptions(page: FutureJson) -> list[tuple[str, str, str]]:
    """Each assumption that was changed, the gain then, and by how much that is another."""
    if page.sensitivity is None:
        return []
    gain = page.sensitivity.gain_seconds
    return [
        (each.told, _time(each.gain_seconds), _plus(each.gain_seconds - gain) + _time(abs(each.gain_seconds - gain)))
        for each in page.sensitivity.assumptions
    ]


def _with_interval(estimate: EstimateJson, figure: ComparedJson) -> str:
    return f"{_show(estimate.mean, figure)} ({_show(estimate.low, figure)} to {_show(estimate.high, figure)})"


def _signed(estimate: EstimateJson, figure: ComparedJson) -> str:
    def shown(value: float) -> str:
        size = _show(abs(value), figure)
        # What is nothing, or too small to be shown, has no sign worth telling.
        return size if not value or size.startswith("<") else _plus(value) + size

    return f"{shown(estimate.mean)} ({shown(estimate.low)} to {shown(estimate.high)})"


def _plus(value: float) -> str:
    return MINUS if value < 0 else "+"


def _show(value: float, figure: ComparedJson) -> str:
    if value < 0:
        return MINUS + _show(-value, figure)
    if figure.unit == Unit.SECONDS:
        return _time(value)
    if figure.unit == Unit.RATIO:
        return percent(value)
    return _money(value) if figure.unit == Unit.MONEY else f"{value:,.1f}"


def _time(seconds: float) -> str:
    return show_duration(seconds)


def _money(value: float) -> str:
    return f"{MINUS if value < 0 else ''}{abs(value):,.2f}" if abs(value) < 100 else f"{value:,.0f}".replace("-", MINUS)
