"""Privacy: logs come in with numbers in the place of people's names, and with teams under the workspace's names."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from millrace.diagnose.findings.finding import Finding, Findings
from millrace.eventlog.event_log import EventLog
from millrace.eventlog.person_columns import person_columns
from millrace.eventlog.relabelling import labels_in, relabel
from millrace.flow.flow import Flow
from millrace.flow.small_groups import shown_teams
from millrace.ingest.kept_recognition import kept_recognition, write_recognition
from millrace.model.absent import Absent
from millrace.model.workspace_settings import Persons, Privacy, Teams
from millrace.store.pseudonyms import Pseudonym
from millrace.store.streams import Setting
from millrace.workbench.shared.settings import SettingOperations
from millrace.workbench.sources import Finish

SECRET = "pseudonym_secret"
_SHORTEST_TOLD = 3
"""Characters of a name below which it is not looked for inside other texts: it would be found everywhere."""


class PrivacyOperations(SettingOperations):
    """Bring logs in as the workspace may keep them."""

    def _finish(self) -> Finish:
        """What is done to every log before it is kept: after it, no name is in there that may not be shown."""
        teams, privacy = self._settled(Teams).value, self._settled(Privacy).value

        def finish(folder: Path) -> None:
            log = EventLog.open(folder)
            people = person_columns(log, further=privacy.further_columns, harmless=privacy.harmless_columns)
            labels: dict[str, Mapping[str, str]] = {}
            if teams.name_of and log.has("team"):
                labels["team"] = teams.name_of
            hidden: dict[str, str] = {}
            if people and privacy.persons is not Persons.NAMES:
                hidden = self._pseudonyms(labels_in(log, people))
                labels |= dict.fromkeys(people, hidden)
            if labels:
                relabel(log, labels)
            _describe(log, teams, people, hidden)

        return Finish(f"{teams.model_dump_json()}{privacy.model_dump_json()}", finish)

    def _pseudonyms(self, names: Collection[str]) -> dict[str, str]:
        """“Person 17” for each name: the same one whenever this workspace meets the name."""
        with self._database.transaction() as session:
            secret = pseudonym_secret(session)
            marks = {name: mark(secret, name) for name in names}
            known: dict[str, int] = {each.mark: each.number for each in session.scalars(select(Pseudonym))}
            # By their marks, so that numbers say nothing of who came first, or comes first in the alphabet.
            unknown = sorted(set(marks.values()) - known.keys())
            first = (session.scalar(select(func.max(Pseudonym.number))) or 0) + 1
            fresh = {each: number for number, each in enumerate(unknown, first)}
            session.add_all(Pseudonym(number=number, mark=each) for each, number in fresh.items())
            known |= fresh
        return {name: called(known[each]) for name, each in marks.items()}


def guarded(flow: Flow, log: EventLog, privacy: Privacy) -> Flow:
    """The flow with what it may tell of people: whose columns nobody may filter by, how small a group may be."""
    teams_only = privacy.persons is Persons.TEAMS_ONLY
    withheld = log.about.person_columns if teams_only or privacy.smallest_group > 1 else ()
    kept = {
        "withheld": withheld, "smallest_group": privacy.smallest_group, "hides_persons": teams_only,
        "attributes": tuple(column for column in flow.about.attributes if column not in withheld),
    }  # fmt: skip
    return replace(flow, about=flow.about.model_copy(update=kept))


def told_findings(flow: Flow, found: Findings) -> Findings:
    """Findings without teams of too few people: told of their step alone; left out where only the team is known."""
    small = {*flow.about.teams} - {*shown_teams(flow)}
    told = [_without_small_teams(finding, small, flow.about.smallest_group) for finding in found.findings]
    kept = tuple(finding for finding in told if finding is not None)
    n_withheld = len(told) - len(kept)
    if not n_withheld:
        return replace(found, findings=kept)
    reason = (
        f"{n_withheld} about teams of fewer than {flow.about.smallest_group} people; they would be of single persons. "
        "An admin settles the smallest group under Settings, Privacy"
    )
    return replace(found, findings=kept, not_looked_for={**found.not_looked_for, "withheld": Absent(reason)})


def _without_small_teams(finding: Finding, small: set[str], fewest: int) -> Finding | None:
    """The finding as it may be told; None where it is about nothing but a team of too few people."""
    named = small & {finding.place.team, finding.place.to_team}
    if not named:
        return finding
    if finding.place.step is None or finding.place.to_team is not None:
        return None
    sentence = finding.sentence
    for team in named:
        sentence = sentence.replace(f"“{team}”", f"a team of fewer than {fewest} people")
    return replace(finding, sentence=sentence, place=replace(finding.place, team=None), picture=None)


def called(number: int) -> str:
    """What the person of this number is called."""
    return f"Person {number}"


def pseudonym_secret(session: Session) -> bytes:
    """The workspace's secret, made when it is first needed. Who holds it holds the place of the next number too."""
    kept = session.get(Setting, SECRET, with_for_update=True)
    if kept is None:
        kept = Setting(name=SECRET, value={"secret": secrets.token_hex(32)})
        session.add(kept)
        session.flush()
    return bytes.fromhex(kept.value["secret"])


def mark(secret: bytes, name: str) -> str:
    """What a name leaves behind: without the secret nobody can tell whose it is."""
    return hmac.new(secret, name.strip().encode(), hashlib.sha256).hexdigest()


def _describe(log: EventLog, teams: Teams, people: tuple[str, ...], hidden: Mapping[str, str]) -> None:
    """Say in the log's description what was done, and leave no name in its texts."""
    told = _teller(hidden)
    remarks = tuple(
        remark.model_copy(update={"examples": tuple(map(told, remark.examples))})
        for remark in log.about.readiness.remarks
    )
    readiness = log.about.readiness.model_copy(update={"remarks": remarks})
    update = {"readiness": readiness, "person_columns": people, "team_sides": teams.side_of}
    EventLog(log.folder, log.about.model_copy(update=update)).save_description()
    if hidden:
        recognition = kept_recognition(log)
        sources = {log.about.columns.get(column, column) for column in people}
        sample = tuple(
            {
                column: _shown(text, hidden) if column in sources and text else told(text) if text else text
                for column, text in row.items()
            }
            for row in recognition.sample
        )
        write_recognition(log.folder, recognition.model_copy(update={"sample": sample}))


def _shown(text: str, hidden: Mapping[str, str]) -> str:
    return hidden.get(text) or hidden.get(text.strip()) or "(a person)"


def _teller(hidden: Mapping[str, str]) -> Callable[[str], str]:
    """Put pseudonyms in the place of the names in a text."""
    telling = (name for name in hidden if len(name) >= _SHORTEST_TOLD and not name.isdigit())
    words = sorted(telling, key=len, reverse=True)

    def told(text: str) -> str:
        for name in words:
            if name in text:
                text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", hidden[name], text)
        return text

    return told
