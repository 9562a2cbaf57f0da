"""A journey in words: its title, its figures, what a stretch of it was, and the whole for those who cannot see it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from millrace.draw.charts.wording import count, duration, percent_roughly
from millrace.draw.journey.journey_picture import JourneyPicture, Kind, Stretch
from millrace.model.state import State, WaitReason

_REASONS = {
    WaitReason.QUEUE: "in a queue",
    WaitReason.REQUESTER: "for the requester",
    WaitReason.SUPPLIER: "for a supplier",
    WaitReason.APPROVAL: "for approval",
    WaitReason.SCHEDULE: "for its date",
    WaitReason.CLOSING: "for closure",
}


def title(picture: JourneyPicture) -> str:
    """The finding: how long it took, and how much of that was waiting."""
    length = lasted(picture.times.whole)
    if picture.value_at:
        took = f"took {length}"
    elif picture.last_state is State.CANCELLED:
        took = f"was cancelled after {length}"
    else:
        took = f"is not delivered, {length} after demand"
    ratio = picture.times.waiting_ratio
    return f"{picture.key} {took}" + ("" if ratio is None else f", {percent_roughly(ratio)} of it waiting")


def subtitle(picture: JourneyPicture) -> str:
    """What it passed through, and when."""
    n_records, zone = len(picture.lanes), ZoneInfo(picture.hours.zone)
    parts = [picture.record_type or ""]
    if n_records > 1:
        parts.append(f"{count(n_records)} records")
    if picture.n_teams:
        parts += [_counted(picture.n_teams, "team"), _counted(picture.n_handoffs, "handoff")]
    parts.append(f"{moment(picture.demand_at, zone)} to {moment(picture.ended_at, zone)} ({picture.hours.zone})")
    return " · ".join(part for part in parts if part)


def figures(picture: JourneyPicture) -> list[tuple[str, str]]:
    """What the strip of figures shows: label and figure."""
    times = picture.times
    shown = [("Lead time" if picture.value_at else "So far", lasted(times.whole))]
    if not times.unknown or times.working:
        shown.append(("Working", _share(times.working, times.whole)))
    if not times.unknown or times.waiting:
        shown.append(("Waiting for us" if times.outside else "Waiting", _share(times.waiting, times.whole)))
    if times.outside:
        shown.append(("Waiting for others", _share(times.outside, times.whole)))
    if times.unknown:
        shown.append(("Working or waiting", _share(times.unknown, times.whole)))
    if times.done and picture.value_at:
        shown.append(("Taken for done", _share(times.done, times.whole)))
    if picture.n_teams:
        shown.append(("Handoffs", count(picture.n_handoffs)))
    n_returns = sum(handoff.is_return for handoff in picture.handoffs)
    if n_returns:
        shown.append(("Back to a team", count(n_returns)))
    if picture.tail:
        shown.append(("Closing tail", lasted(picture.tail)))
    return shown


def what(stretch: Stretch) -> str:
    """What goes on: `working`, `waiting for the requester`."""
    if stretch.kind in (Kind.WAITING, Kind.OUTSIDE):
        return f"waiting {_REASONS.get(stretch.wait_reason, '')}".strip()
    return "taken for done" if stretch.kind is Kind.DONE and stretch.is_before_value else stretch.kind.value


def told(stretch: Stretch, picture: JourneyPicture) -> str:
    """A stretch in one line, for a pointer or a table."""
    zone = ZoneInfo(picture.hours.zone)
    who = ", ".join(part for part in (stretch.team or "", *stretch.people[:2]) if part)
    steps = ", ".join(stretch.steps[:3])
    when = f"{moment(stretch.began_at, zone)} – {moment(stretch.ended_at, zone)}"
    return " · ".join(part for part in (lasted(stretch.length), what(stretch), who, steps, when) if part)


def told_in_cells(stretch: Stretch, picture: JourneyPicture) -> tuple[str, ...]:
    """A stretch as the row of a table: from when, how long, what, which team, in which steps."""
    began_at = moment(stretch.began_at, ZoneInfo(picture.hours.zone))
    return began_at, lasted(stretch.length), what(stretch), stretch.team or "–", ", ".join(stretch.steps)


def alt_text(picture: JourneyPicture) -> str:
    """The whole in a few sentences."""
    said = [f"Journey of one item. {title(picture)}: {subtitle(picture)}."]
    if picture.longest:
        longest = max(picture.longest, key=lambda stretch: stretch.length)
        with_team = f" with {longest.team}" if longest.team else ""
        said.append(f"The longest stretch was {lasted(longest.length)} {what(longest)}{with_team}.")
    if picture.tail:
        said.append(f"{sentence_of_tail(picture)}.")
    return " ".join(said)


def sentence_of_tail(picture: JourneyPicture) -> str:
    """What follows value."""
    return f"After value it stayed open for {lasted(picture.tail)} until its last event"


def lasted(length: timedelta) -> str:
    """A duration with two figures."""
    return duration(length.total_seconds())


def moment(at: datetime, zone: ZoneInfo) -> str:
    """`12 Mar 2012 09:14`."""
    local = at.astimezone(zone)
    return f"{local.day} {local:%b %Y %H:%M}"


def _share(part: timedelta, whole: timedelta) -> str:
    return percent_roughly(part / whole) if whole else lasted(part)


def _counted(n: int, noun: str) -> str:
    return f"{count(n) if n else 'no'} {noun}{'' if n == 1 else 's'}"
