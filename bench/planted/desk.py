"""The lives of all items of the invented desk at once, stage by stage."""

from typing import Any

import numpy as np

from bench.planted.clock import DeskClock, demands, next_batch
from bench.planted.recipe import APPROVERS, CATEGORIES, CHANNELS, DESK, PRIORITIES, RESOLVERS, Recipe
from bench.planted.record import FURTHER, N_PEOPLE, NO_TEAM, TEAMS, Record
from millrace.simulate.office_hours import DAY_SECONDS

_TEAM = {team: code for code, team in enumerate(TEAMS)}
_RESOLVERS = np.array([_TEAM[team] for team in RESOLVERS])
_TEAM_OF_CATEGORY = np.array([_TEAM[RESOLVERS[number]] for number in (2, 1, 1, 0, 2, 3)])
Items = np.ndarray


class Desk:
    """Items in order of their demand, where each one is (`at`), and what was recorded of them."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe, self.rng = recipe, np.random.default_rng(recipe.seed)
        self.record, self.clock = Record(recipe.has_statuses), DeskClock(recipe)
        self._demand()

    def _demand(self) -> None:
        rng, recipe = self.rng, self.recipe
        n = rng.poisson(recipe.n_items)
        copied = np.flatnonzero(rng.random(n) < recipe.duplicate_share)
        original = np.concatenate((np.arange(n), copied))
        asked_at = demands(recipe, rng, n)[original]
        asked_at[n:] += rng.integers(300, 7200, len(copied))
        order = np.argsort(asked_at, kind="stable")
        original, self.at = original[order], asked_at[order]
        self.asked_at = self.at.copy()
        self.n = len(original)
        self.priority = rng.choice(len(PRIORITIES), n, p=(0.06, 0.19, 0.5, 0.25))[original]
        self.category = rng.choice(len(CATEGORIES), n, p=(0.25, 0.2, 0.2, 0.15, 0.12, 0.08))[original]
        self.channel = rng.choice(len(CHANNELS), n, p=(0.6, 0.25, 0.15))[original]
        self.requester = rng.integers(0, max(n, 50), n)[original]
        self.is_request = (rng.random(n) < recipe.request_share)[original]
        self.by_desk = (rng.random(n) < recipe.first_line_share)[original] & ~self.is_request
        self.is_simple = (rng.random(n) < recipe.simple_share)[original]
        self.team = np.where(self.by_desk, _TEAM[DESK], _TEAM_OF_CATEGORY[self.category])
        self.is_extreme = rng.random(self.n) < recipe.extreme_share
        self.crowd = self.category == (CATEGORIES.index(recipe.crowded_category) if recipe.crowded_category else -1)
        self.load = self._loads()

    def _loads(self) -> np.ndarray:
        """Each item's day's demand, over that of the mean working day, to the recipe's power."""
        day = self.asked_at // DAY_SECONDS
        counts = np.bincount(day - day.min())
        typical = counts[counts > counts.mean() / 4].mean()
        return (np.maximum(counts, 1) / typical)[day - day.min()] ** self.recipe.peaks

    def run(self) -> Record:
        """Take every item from its demand to its end, however late that may be."""
        items = np.arange(self.n)
        self._triage(items)
        items = self._approve(items)
        items = self._withdraw(items)
        self._resolve(items)
        items = self._withdraw_late(items)
        self._confirm(items)
        self._end(items)
        return self.record

    def _some(self, items: Items, share: float) -> Items:
        return items[self.rng.random(len(items)) < share]

    def _triage(self, items: Items) -> None:
        recipe, labels = self.recipe, ("Triage in progress", "Triage")
        self._leg(items, "New", labels, DESK, recipe.triage_hours, recipe.triage_minutes, NO_TEAM)
        self._ask_user(incomplete := self._some(items, recipe.incomplete_share), _TEAM[DESK])
        self._leg(incomplete, "New", labels, DESK, recipe.triage_hours, recipe.triage_minutes)

    def _approve(self, items: Items) -> Items:
        recipe, asked = self.recipe, items[self.is_request[items]]
        labels = ("Review in progress", "Approve")
        self._leg(asked, "Awaiting approval", labels, APPROVERS, recipe.approval_hours, recipe.approval_minutes)
        refused = self._some(asked, recipe.refused_share)
        self.record.end(refused, self.at[refused], "Rejected", _TEAM[APPROVERS])
        return np.setdiff1d(items, refused)

    def _withdraw(self, items: Items) -> Items:
        gone = self._some(items, self.recipe.withdrawn_share)
        self.record.set(gone, self.at[gone], "Assigned", self.team[gone])
        at = self.clock.after(self.at[gone], self._hours(gone, 0.5 * self.recipe.resolve_hours, self.team[gone]))
        self.record.end(gone, at, "Cancelled", self.team[gone])
        return np.setdiff1d(items, gone)

    def _resolve(self, items: Items) -> None:
        recipe = self.recipe
        stuck = self.rng.random(len(items)) < recipe.stuck_share
        self._solve(items, self.team[items], hours=np.where(stuck, recipe.stuck_hours, recipe.resolve_hours))
        for _ in range(2):
            moved = self._some(items[~self.by_desk[items]], recipe.handoff_share / 2)
            self.team[moved] = self._another_team(moved)
            self._solve(moved, self.team[moved])
        bounced = self._some(items[~self.by_desk[items]], recipe.ping_pong_share)
        self._solve(bounced, self._another_team(bounced))
        self._solve(bounced, self.team[bounced])
        for number in range(2):
            self._solve(items[self.crowd[items]], np.full(self.crowd[items].sum(), _TEAM[FURTHER[number]]))
        crowded = self._some(items, recipe.crowded_share)
        for team in (*FURTHER, *RESOLVERS):
            self._solve(crowded, np.full(len(crowded), _TEAM[team]))
        self._block(items)
        checked = self._some(items, recipe.second_check_share)
        self._leg(checked, "Queued for check", ("Check in progress", "Check"), self.team[checked], 1.0, 10)

    def _block(self, items: Items) -> None:
        recipe = self.recipe
        self._ask_user(asked := self._some(items, recipe.blocked_share), self.team[asked])
        self._solve(asked, self.team[asked], hours=0.2)
        ordered = self._some(items, recipe.blocked_share)
        self.record.set(ordered, self.at[ordered], "Awaiting vendor", self.team[ordered])
        self.at[ordered] = self.clock.after(self.at[ordered], self._drawn(ordered, recipe.vendor_hours))
        self._solve(ordered, self.team[ordered], hours=0.2)
        looping = self._some(items, recipe.looping_share)
        for _ in range(12):
            self._ask_user(looping, self.team[looping])
            self._solve(looping, self.team[looping], hours=0.2)

    def _confirm(self, items: Items) -> None:
        recipe = self.recipe
        self._confirm_once(items)
        self._again(self._some(items, recipe.sent_back_share))
        patterned = self._some(items, recipe.pattern_share)
        for _ in range(3):
            self._again(patterned)

    def _again(self, items: Items) -> None:
        self._solve(items, self.team[items])
        self._confirm_once(items)

    def _confirm_once(self, items: Items) -> None:
        recipe = self.recipe
        slow = self.team[items] == _TEAM.get(recipe.slow_transition_team, NO_TEAM)
        hours = recipe.confirm_hours * np.where(slow, recipe.slow_factor, 1.0)
        script = self.rng.random(len(items)) < recipe.automated_share
        labels = ("Handover in progress", "Confirm")
        self._leg(
            items, "Queued for handover", labels, self.team[items], hours, recipe.confirm_minutes,
            script=script, spread=recipe.confirm_spread,
        )  # fmt: skip

    def _withdraw_late(self, items: Items) -> Items:
        gone = self._some(items, self.recipe.withdrawn_late_share)
        self.record.end(gone, self.at[gone], "Cancelled", self.team[gone])
        return np.setdiff1d(items, gone)

    def _end(self, items: Items) -> None:
        recipe = self.recipe
        self.record.end(items, self.at[items], "Resolved", self.team[items])
        back = self._some(items, recipe.reopened_share)
        self.at[back] = self.clock.after(self.at[back], np.minimum(self._drawn(back, recipe.closing_hours / 2), 20))
        self.record.end(back, self.at[back], "Reopened", self.team[back])
        self._again(back)
        self.record.end(back, self.at[back], "Resolved", self.team[back])
        self.record.end(items, self.clock.after(self.at[items], self._drawn(items, recipe.closing_hours)), "Closed")

    def _solve(self, items: Items, team: np.ndarray, *, hours: Any = None) -> None:
        recipe = self.recipe
        quick = (team == _TEAM[DESK]) | self.is_simple[items]
        minutes = np.where(quick, recipe.desk_minutes, recipe.resolve_minutes)
        slow = self.category[items] == (CATEGORIES.index(recipe.slow_category) if recipe.slow_category else -1)
        minutes = minutes * np.where(slow, recipe.slow_factor, 1.0)
        waits = recipe.resolve_hours if hours is None else hours
        self._leg(items, "Assigned", ("In progress", "Repair"), team, waits, minutes)

    def _ask_user(self, items: Items, team: Any) -> None:
        self.record.set(items, self.at[items], "Awaiting user", team)
        self.at[items] = self.clock.after(self.at[items], self._drawn(items, self.recipe.user_hours))

    def _leg(
        self, items: Items, queue: str, labels: tuple[str, str], team: Any, hours: Any, minutes: Any,
        waiting_team: Any = None, *, script: Any = False, spread: float | None = None,
    ) -> None:  # fmt: skip
        """Wait for a team, then be worked on by one of its people."""
        team = np.broadcast_to(_TEAM[team] if isinstance(team, str) else team, len(items))
        self.record.set(items, self.at[items], queue, team if waiting_team is None else waiting_team)
        began_at = self.clock.after(self.at[items], self._hours(items, hours, team))
        batched = team == _TEAM.get(self.recipe.batched_team, NO_TEAM)
        if batched.any():
            began_at[batched] = next_batch(self.at[items][batched], self.recipe.batch_days, self.rng)
        sigma = self.recipe.spread_of_work if spread is None else spread
        done = minutes * np.exp(sigma * self.rng.standard_normal(len(items))) / 60
        at = self.clock.after(began_at, np.where(script, 0.01, done))
        person = team * 20 + np.where(script, N_PEOPLE, self.rng.integers(0, N_PEOPLE, len(items)))
        self.record.work(items, began_at, at, labels, team, person, script)
        self.at[items] = at

    def _hours(self, items: Items, hours: Any, team: np.ndarray) -> np.ndarray:
        """Waits in a team's queue."""
        recipe = self.recipe
        factors = np.array(recipe.priority_factors)
        by_priority = factors[self.priority[items]]
        inverted = np.isin(team, [_TEAM[name] for name in recipe.inverted_teams])
        by_priority = np.where(inverted, factors[::-1][self.priority[items]], by_priority)
        of_team = np.array([recipe.team_factors.get(name, 1.0) for name in TEAMS])[team]
        waits = self._drawn(items, hours) * by_priority * of_team * self.load[items]
        return np.where(self.is_extreme[items] & (team == self.team[items]), 40 * waits, waits)

    def _drawn(self, items: Items, median_hours: Any) -> np.ndarray:
        return median_hours * np.exp(self.recipe.spread_of_waits * self.rng.standard_normal(len(items)))

    def _another_team(self, items: Items) -> np.ndarray:
        place = np.searchsorted(_RESOLVERS, self.team[items])
        return _RESOLVERS[(place + self.rng.integers(1, len(_RESOLVERS), len(items))) % len(_RESOLVERS)]
