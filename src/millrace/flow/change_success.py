"""Change success: which changes were followed by incidents, which incidents changes caused, which problems end repeats.

An incident counts against a change where the two are linked, whichever names the other, and it began within a set time
after the change was done. Records of other types of the same log are not asked.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

from millrace.eventlog.engine import name, text
from millrace.eventlog.event_log import EventLog
from millrace.flow.flow import Flow
from millrace.flow.spans import CANCELLED
from millrace.flow.summary import Absent, Share

WITHIN = timedelta(days=30)
N_EXAMPLES = 10
_MICROSECOND = timedelta(microseconds=1)
_COMPONENT = re.compile(r"^(ci|ci name.*|configuration[ _-]?item|cmdb[ _-]?ci|component)$", re.IGNORECASE)


@dataclass(frozen=True)
class ChangeSuccess:
    """Changes that were done, and what followed them within `within`.

    `failed` are changes with an incident linked that began then, of all changes that were done long enough before the
    log's end; `n_too_late` were done too late to tell, `n_not_done` were cancelled or are open. `caused` are incidents
    that began so after a change they are linked with, of all incidents.
    """

    within: timedelta
    failed: Share
    n_too_late: int
    n_not_done: int
    caused: Share
    n_linked: int
    failed_changes: tuple[str, ...]


@dataclass(frozen=True)
class ProblemEffect:
    """Incidents like those that a problem is linked with (of the same `attribute`), in equal times before and after.

    `n_ending` problems had fewer after than before, of `n_compared` that were done long enough ago and had any before.
    """

    attribute: str
    within: timedelta
    n_compared: int
    n_ending: int
    n_before: int
    n_after: int
    n_too_late: int


def change_success(
    flow: Flow, log: EventLog, *, change: str = "change", incident: str = "incident", within: timedelta = WITHIN
) -> ChangeSuccess | Absent:
    """How changes fared; Absent where the log has no records of one of the types, or no link between them."""
    missing = _missing(flow, change, incident)
    if missing is not None:
        return missing
    _create_pairs(flow, log, change, incident)
    code, other = (flow.about.record_types.index(each) for each in (change, incident))
    width = within // _MICROSECOND
    ((n_pairs,),) = flow.engine.raw_sql("SELECT count(*) FROM linked_pairs").fetchall()
    if not n_pairs:
        return Absent(f"no {incident} is linked with a {change}; name the linking column in the mapping")
    after = f"""i.began_at >= c.value_at AND epoch_us(i.began_at) - epoch_us(c.value_at) <= {width}"""
    hits = f"""
        SELECT c.record AS change, c.key, i.record AS incident, {_is_observed(width, "c", other)} AS is_observed
        FROM linked_pairs p JOIN records c ON c.record = p.one JOIN records i ON i.record = p.other
        WHERE c.value_at IS NOT NULL AND c.last_state <> {CANCELLED} AND {after}"""
    ((n_failed, n_caused, examples),) = flow.engine.raw_sql(
        f"""SELECT count(DISTINCT change) FILTER (is_observed), count(DISTINCT incident),
                   list_sort(list(DISTINCT key) FILTER (is_observed))[:{N_EXAMPLES}] FROM ({hits})"""
    ).fetchall()
    ((n_observed, n_too_late, n_not_done, n_incidents),) = flow.engine.raw_sql(
        f"""SELECT count(*) FILTER (record_type = {code} AND is_done AND is_observed),
                   count(*) FILTER (record_type = {code} AND is_done AND NOT is_observed),
                   count(*) FILTER (record_type = {code} AND NOT is_done), count(*) FILTER (record_type = {other})
            FROM (SELECT record_type, value_at IS NOT NULL AND last_state <> {CANCELLED} AS is_done,
                         {_is_observed(width, "r", other)} AS is_observed FROM records r)"""
    ).fetchall()
    return ChangeSuccess(
        within,
        Share(n_failed, n_observed),
        n_too_late,
        n_not_done,
        Share(n_caused, n_incidents),
        n_pairs,
        tuple(examples or ()),
    )


def problem_effect(
    flow: Flow,
    log: EventLog,
    *,
    problem: str = "problem",
    incident: str = "incident",
    attribute: str | None = None,
    within: timedelta = WITHIN,
) -> ProblemEffect | Absent:
    """Whether problems end the repeats of the incidents they are linked with; Absent where that cannot be known.

    Incidents repeat one another where they have the same `attribute`: a configuration item, or else the category.
    """
    missing = _missing(flow, problem, incident)
    if missing is not None:
        return missing
    column = attribute or _alike_by(log)
    if column is None or not log.has(column):
        return Absent("no column says which incidents are alike; name a configuration item or a category")
    _create_pairs(flow, log, problem, incident)
    code, other = (flow.about.record_types.index(each) for each in (problem, incident))
    width = within // _MICROSECOND
    rows = flow.engine.raw_sql(f"""
        WITH alike AS (
            SELECT r.record, epoch_us(r.began_at) AS at, e.{name(column)}::VARCHAR AS sort
            FROM records r JOIN read_parquet({text(log.events_path)}, file_row_number = true) e
              ON e.file_row_number = r.last_row
            WHERE r.record_type = {other} AND e.{name(column)} IS NOT NULL),
        sorts AS (
            SELECT DISTINCT c.record AS problem, epoch_us(c.value_at) AS done_at, a.sort,
                   {_is_observed(width, "c", other)} AS is_observed
            FROM linked_pairs p JOIN records c ON c.record = p.one JOIN alike a ON a.record = p.other
            WHERE c.record_type = {code} AND c.value_at IS NOT NULL AND c.last_state <> {CANCELLED})
        SELECT s.problem, any_value(s.is_observed),
               count(DISTINCT a.record) FILTER (a.at BETWEEN s.done_at - {width} AND s.done_at - 1),
               count(DISTINCT a.record) FILTER (a.at BETWEEN s.done_at AND s.done_at + {width} - 1)
        FROM sorts s JOIN alike a ON a.sort = s.sort GROUP BY s.problem""").fetchall()
    compared = [(before, after) for _, is_observed, before, after in rows if is_observed and before]
    return ProblemEffect(
        attribute=column,
        within=within,
        n_compared=len(compared),
        n_ending=sum(after < before for before, after in compared),
        n_before=sum(before for before, _ in compared),
        n_after=sum(after for _, after in compared),
        n_too_late=sum(not is_observed for _, is_observed, *_ in rows),
    )


def _missing(flow: Flow, *types: str) -> Absent | None:
    for each in types:
        if each not in flow.about.record_types:
            known = ", ".join(flow.about.record_types) or "one type only"
            return Absent(f"the log holds no {each} records (it holds {known}); give their file and its mapping")
    return None


def _create_pairs(flow: Flow, log: EventLog, one: str, other: str) -> None:
    """Linked pairs of records of two types, whichever of them names the other, each once."""
    codes = [flow.about.record_types.index(each) for each in (one, other)]
    flow.engine.raw_sql(f"""
        CREATE OR REPLACE TEMP TABLE linked_pairs AS
        SELECT DISTINCT one, other FROM (
            SELECT f.record AS one, t.record AS other, f.record_type AS a, t.record_type AS b
            FROM read_parquet({text(log.links_path)}) l
            JOIN records f ON f.item_id = l.from_item JOIN records t ON t.item_id = l.to_item
            UNION ALL
            SELECT t.record, f.record, t.record_type, f.record_type
            FROM read_parquet({text(log.links_path)}) l
            JOIN records f ON f.item_id = l.from_item JOIN records t ON t.item_id = l.to_item)
        WHERE a = {codes[0]} AND b = {codes[1]}""")


def _is_observed(width: int, record: str, other: int) -> str:
    """Whether what follows a record can be seen: some record of the `other` type begins long enough after it."""
    last = f"(SELECT max(epoch_us(began_at)) FROM records WHERE record_type = {other})"
    return f"epoch_us({record}.value_at) + {width} <= {last}"


def _alike_by(log: EventLog) -> str | None:
    found = next((column for column in log.about.attributes if _COMPONENT.match(column)), None)
    return found or ("category" if log.has("category") else None)
