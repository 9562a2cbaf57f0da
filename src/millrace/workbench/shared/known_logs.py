"""What the workspace's logs hold that its settings speak of: teams, and columns that name people."""

from collections.abc import Iterator
from contextlib import suppress

from millrace.eventlog.event_log import EventLog
from millrace.workbench.shared.access import Actor, Permission, needs
from millrace.workbench.shared.source_reading import SourceNotReady, SourceReadingOperations


class KnownLogOperations(SourceReadingOperations):
    """See what is in all logs, to settle something about it."""

    @needs(Permission.ADMINISTER)
    def person_columns_of_sources(self, actor: Actor) -> dict[str, tuple[str, ...]]:
        """The columns that name people in each source that is in, by the source's name."""
        return {name: log.about.person_columns for name, log in self._logs(actor)}

    @needs(Permission.READ)
    def teams_in_logs(self, actor: Actor) -> tuple[str, ...]:
        """The teams of all sources that are in, in the order of their names."""
        return tuple(sorted({team for _, log in self._logs(actor) for team in self._teams(log)}))

    def _logs(self, actor: Actor) -> Iterator[tuple[str, EventLog]]:
        for source in self.sources(actor):
            with suppress(SourceNotReady):
                yield source.name, self.source_log(actor, source.key)
