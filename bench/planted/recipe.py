"""How the invented service desk works when nothing is wrong: every figure that a waste may change."""

from collections.abc import Mapping
from dataclasses import dataclass, field

DESK, APPROVERS = "Service Desk 1st", "Data owners"
RESOLVERS = ("Network 2nd", "Workplace 2nd", "Applications 2nd", "Platform 3rd")
PRIORITIES = ("P1", "P2", "P3", "P4")
CATEGORIES = ("Access", "Mail", "Laptop", "Network", "Finance app", "Database")
CHANNELS = ("portal", "e-mail", "phone")
BLOCKS = ("Awaiting user", "Awaiting vendor")


@dataclass(frozen=True)
class Recipe:
    """Shares are of items, hours are medians of waits on the desk's own clock, minutes are medians of work.

    The norm is a desk in fair health: some work comes back, some is handed on, some is refused, and weeks differ.
    """

    seed: int = 1
    n_items: int = 2_000
    n_days: int = 120
    around_the_clock: bool = False
    has_statuses: bool = True
    """A log of statuses; else one of work with start and end."""

    spread_of_waits: float = 0.8
    """Sigma of the lognormal waits; that of work is a little smaller."""
    spread_of_work: float = 0.6
    season: float = 0.15
    """How far demand swings over the months, of its mean."""
    priority_factors: tuple[float, ...] = (0.5, 0.75, 1.0, 1.15)
    inverted_teams: tuple[str, ...] = ()
    """Teams whose waits follow the priorities the wrong way round."""

    triage_hours: float = 0.35
    triage_minutes: float = 7
    incomplete_share: float = 0.04
    user_hours: float = 3.0
    request_share: float = 0.4
    approval_hours: float = 0.8
    approval_minutes: float = 5
    refused_share: float = 0.06
    first_line_share: float = 0.7
    """Incidents that the desk resolves itself."""
    resolve_hours: float = 1.0
    resolve_minutes: float = 35
    desk_minutes: float = 14
    """The desk's own work on what it resolves: the simpler half."""
    simple_share: float = 0.0
    """Of what the resolvers get, simple items, no harder than the desk's own."""
    blocked_share: float = 0.03
    vendor_hours: float = 5.0
    handoff_share: float = 0.07
    ping_pong_share: float = 0.008
    confirm_hours: float = 0.3
    confirm_minutes: float = 4
    confirm_spread: float = 0.6
    sent_back_share: float = 0.015
    """Items that confirming sends back to be resolved again."""
    second_check_share: float = 0.0
    """Items that pass a further step which changes nothing."""
    withdrawn_share: float = 0.015
    """Items cancelled before anybody worked on them for long: while they wait to be resolved."""
    withdrawn_late_share: float = 0.006
    reopened_share: float = 0.015
    closing_hours: float = 2.0
    duplicate_share: float = 0.004
    automated_share: float = 0.1
    """Of the confirmations, those that a script does."""

    extreme_share: float = 0.0
    """Items one of whose waits is forty times as long."""
    looping_share: float = 0.0
    """Items that wait for the user a dozen times."""
    pattern_share: float = 0.0
    """Items that go from resolving to confirming and back three times."""
    crowded_share: float = 0.0
    """Items that a dozen teams and people touch."""
    crowded_category: str = ""
    """A category whose items pass two further teams each."""
    slow_category: str = ""
    slow_factor: float = 1.0
    slow_transition_team: str = ""
    batched_team: str = ""
    batch_days: tuple[int, ...] = ()
    """Days between two batches of that team, and nothing starts between: weekdays, 0 for Monday."""
    peaks: float = 0.0
    """Power of a day's demand, over its mean, by which waits grow."""
    peak_days: float = 0.0
    """Share of days that bring twice the demand."""
    stuck_hours: float = 30.0
    stuck_share: float = 0.0
    """Items that nobody starts on for days, although a time is promised for them."""

    team_factors: Mapping[str, float] = field(
        hash=False, default_factory=lambda: {"Network 2nd": 0.95, "Workplace 2nd": 1.0, "Applications 2nd": 1.05}
    )
