"""The life of every request of the sample `hr-access`, stage by stage, for all requests at once."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from millrace.simulate import hr_access as case
from millrace.simulate.office_hours import DAY_SECONDS, Instants, OfficeHours
from millrace.simulate.requests import Requests, draw_requests
from millrace.simulate.status_rows import Items, StatusRows, Texts

STAYS_FULFILLED = round(case.CLOSED_AFTER_HOURS * 3600)
"""Seconds after which what is fulfilled closes by itself."""
SLACK_DAYS = 60
"""Office hours reach beyond the period, for what is still under way at its end."""


def hr_access_export(months: int, seed: int, starts_on: date) -> pa.Table:
    """Make the export of `months` months from `starts_on` on, ordered by number and update."""
    ends_on = _months_later(starts_on, months)
    n_days = (ends_on - starts_on).days
    holidays = [date(year, *day) for year in range(starts_on.year, ends_on.year + 1) for day in case.HOLIDAYS]
    rng = np.random.default_rng(seed)
    requests = draw_requests(rng, starts_on, n_days, case.REQUESTS_PER_MONTH * months, holidays)
    office = OfficeHours.over(starts_on, n_days + SLACK_DAYS, case.OFFICE_OPENS, case.OFFICE_CLOSES, holidays)
    fulfilment = Fulfilment(rng, requests, office)
    fulfilment.run()
    return _export(requests, fulfilment.rows.in_order(until=_exported_at(ends_on, holidays)))


@dataclass
class Fulfilment:
    """The stages that requests go through. Each takes items and when they get there, and returns when they leave."""

    rng: np.random.Generator
    requests: Requests
    office: OfficeHours
    rows: StatusRows = field(default_factory=StatusRows)

    def run(self) -> None:
        """Take every request from its submission to its end, however late that may be."""
        items = np.arange(len(self.requests.submitted_at))
        at, going = self._complete(items, self._submit(items, self.requests.submitted_at))
        items, at = self._approve(items[going], at[going])
        at = self._configure_and_deliver(items, at)
        self._close(items, self._correct(items, at))

    def _submit(self, items: Items, at: Instants) -> Instants:
        """Submit, route and triage."""
        self.rows.add(items, at, "Submitted")
        at = at + self._elapsed(case.ROUTING, items)
        self.rows.add(items, at, "Assigned", case.SERVICE_DESK)
        began_at = at + self._elapsed(case.DESK_QUEUE, items)
        return self._work(items, began_at, "Triage in progress", case.SERVICE_DESK, case.TRIAGE)

    def _complete(self, items: Items, at: Instants) -> tuple[Instants, NDArray[np.bool_]]:
        """Send back what is incomplete; what is answered is submitted again, the rest is given up."""
        back = self.requests.is_incomplete
        is_silent = back & (self.rng.random(len(items)) < case.NEVER_ANSWERED_SHARE)
        answered = back & ~is_silent
        self.rows.add(items[back], at[back], "Awaiting user info", case.SERVICE_DESK)
        answered_at = self._office(case.ANSWER, at[answered])
        self.rows.add(items[is_silent], at[is_silent] + case.GIVE_UP_DAYS * DAY_SECONDS, "Cancelled", case.SERVICE_DESK)
        at[answered] = self._submit(items[answered], answered_at)
        return at, ~is_silent

    def _approve(self, items: Items, at: Instants) -> tuple[Items, Instants]:
        """Approve or reject; a few requesters withdraw while they wait."""
        self.rows.add(items, at, "Awaiting approval", case.DATA_OWNER)
        in_august = at.astype("datetime64[s]").astype("datetime64[M]").astype(int) % 12 == 7
        queue = case.APPROVAL_QUEUE * np.where(in_august, case.AUGUST_APPROVALS, 1.0)
        began_at = self._office(queue, at)
        privileged = self.requests.is_privileged[items]
        began_at[privileged] = self._next_meeting(at[privileged])

        fate = self.rng.random(len(items))
        withdrawn = fate < case.WITHDRAWN_SHARE
        rejected = ~withdrawn & (fate < case.WITHDRAWN_SHARE + case.REJECTED_SHARE)
        self.rows.add(items[withdrawn], (at + began_at + 1)[withdrawn] // 2, "Cancelled", case.SERVICE_DESK)
        items, began_at, rejected = items[~withdrawn], began_at[~withdrawn], rejected[~withdrawn]
        at = self._work(items, began_at, "Review in progress", case.DATA_OWNER, case.REVIEW)
        self.rows.add(items[rejected], at[rejected], "Rejected", case.DATA_OWNER)
        return items[~rejected], at[~rejected]

    def _configure_and_deliver(self, items: Items, at: Instants) -> Instants:
        by_script = self.requests.is_automated[items]
        script, manual = items[by_script], items[~by_script]
        done_at = np.empty_like(at)
        self.rows.add(script, at[by_script], "Queued for configuration", case.AUTOMATION, automated=True)
        began_at = at[by_script] + self._elapsed(case.SCRIPT_QUEUE, script)
        done_at[by_script] = self._work(
            script, began_at, "Configuration in progress", case.AUTOMATION, case.SCRIPT_RUN, automated=True
        )
        self.rows.add(manual, at[~by_script], "Queued for configuration", case.ACCESS_MANAGEMENT)
        began_at = self._office(case.ACCESS_QUEUE, at[~by_script])
        done_at[~by_script] = self._work(
            manual, began_at, "Configuration in progress", case.ACCESS_MANAGEMENT, case.CONFIGURATION
        )
        return self._hand_over(items, done_at)

    def _hand_over(self, items: Items, at: Instants) -> Instants:
        self.rows.add(items, at, "Queued for handover", case.SERVICE_DESK)
        began_at = at + self._elapsed(case.HANDOVER_QUEUE, items)
        at = self._work(items, began_at, "Handover in progress", case.SERVICE_DESK, case.HANDOVER)
        self.rows.add(items, at, "Fulfilled", case.SERVICE_DESK)
        return at

    def _correct(self, items: Items, at: Instants) -> Instants:
        """Reopen what the user finds wrong, configure and deliver it again."""
        incomplete = self.requests.is_incomplete[items]
        share = np.where(incomplete, case.REOPENED_SHARE_OF_INCOMPLETE, case.REOPENED_SHARE)
        reopened = self.rng.random(len(items)) < share
        again, noticed_at = items[reopened], at[reopened] + self._while_fulfilled(case.NOTICING, items[reopened])
        told_at = self._work(again, noticed_at, "Reopened", case.SERVICE_DESK, case.COMPLAINT)
        at = at.copy()
        at[reopened] = self._configure_and_deliver(again, told_at)
        return at

    def _close(self, items: Items, at: Instants) -> None:
        """Close at the answer to the survey, else when the time for it is over."""
        answers = self.rng.random(len(items)) < case.ANSWERED_SURVEY_SHARE
        closed_at = at + np.where(answers, self._while_fulfilled(case.SURVEY, items), STAYS_FULFILLED)
        score = np.where(answers, self.rng.choice(case.SCORES, len(items), p=case.SCORE_WEIGHTS), 0)
        self.rows.add(items, closed_at, "Closed", case.SERVICE_DESK, score=score)

    def _work(
        self, items: Items, at: Instants, status: str, team: str, minutes: float, *, automated: bool = False
    ) -> Instants:
        person: Texts = self.rng.choice(case.STAFF[team], len(items))
        self.rows.add(items, at, status, team, person, automated=automated)
        return at + self._elapsed(minutes, items)

    def _elapsed(self, mean_minutes: float, items: Items) -> Instants:
        return np.maximum(self.rng.gamma(2.0, mean_minutes * 30, len(items)), 1).astype(np.int64)

    def _while_fulfilled(self, mean_minutes: float, items: Items) -> Instants:
        return np.minimum(self._elapsed(mean_minutes, items), STAYS_FULFILLED)

    def _office(self, mean_minutes: float | NDArray[np.float64], at: Instants) -> Instants:
        return self.office.after(at, self.rng.gamma(1.0, 60.0, len(at)) * mean_minutes)

    def _next_meeting(self, at: Instants) -> Instants:
        weekday, hour = case.APPROVAL_MEETING
        # 1970-01-01 was a Thursday, weekday 3
        offset = (weekday - 3) * DAY_SECONDS + hour * 3600
        week = 7 * DAY_SECONDS
        return np.asarray((at - offset) // week * week + week + offset + self.rng.integers(0, 3600, len(at)))


def _export(requests: Requests, rows: dict[str, NDArray[Any]]) -> pa.Table:
    item = rows["item"]
    columns = {
        "Number": np.char.add("REQ", (item + 1_000_001).astype(str)),
        "Opened": requests.submitted_at[item].astype("datetime64[s]"),
        "Updated": rows["at"].astype("datetime64[s]"),
        "Status": rows["status"],
        "Assignment group": rows["team"],
        "Assigned to": rows["person"],
        "Priority": requests.priority[item],
        "Site": requests.site[item],
        "Requested role": requests.role[item],
        "Channel": requests.channel[item],
        "Requester": requests.requester[item],
        "Automated": rows["automated"],
    }
    nothing = {"Assignment group": rows["team"] == "", "Assigned to": rows["person"] == ""}
    table = pa.table({name: pa.array(column, mask=nothing.get(name)) for name, column in columns.items()})
    return table.append_column("CSAT", pa.array(rows["score"], pa.int8(), mask=rows["score"] == 0))


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _exported_at(ends_on: date, holidays: Sequence[date]) -> int:
    """Late in the morning of the last working day before `ends_on`, when work is under way."""
    day = np.busday_offset(np.datetime64(ends_on) - 1, 0, roll="backward", holidays=holidays)
    return int(day.astype(int)) * DAY_SECONDS + round(case.EXPORTED_AT_HOUR * 3600)
