"""Which events of its source a stream's rules take, and which step each status or activity probably belongs to."""

from contextlib import closing

from millrace.diagnose.binding import Binding, bind
from millrace.diagnose.binding_suggestions import Suggestion, suggest_rules
from millrace.eventlog.engine import connect
from millrace.workbench.shared.access import Actor, Permission, needs
from millrace.workbench.shared.measured_streams import MeasuredStreamOperations, NotMeasured


class BoundStreamOperations(MeasuredStreamOperations):
    """Hold a stream's match rules against its source."""

    @needs(Permission.READ)
    def stream_binding(self, actor: Actor, key: str) -> tuple[Binding, tuple[Suggestion, ...]]:
        """What each rule takes, and a step suggested for each label.

        Raises NoSuchStream, NotMeasured, SourceNotReady.
        """
        view = self.stream(actor, key)
        if view.source_key is None:
            raise NotMeasured(view.title)
        log = self.source_log(actor, view.source_key)

        def made() -> tuple[Binding, tuple[Suggestion, ...]]:
            with closing(connect()) as connection:
                return bind(view.stream, log, connection), suggest_rules(view.stream, log, connection)

        return self.kept.of(("binding", log.folder.name, view.stream.model_dump_json()), made)
