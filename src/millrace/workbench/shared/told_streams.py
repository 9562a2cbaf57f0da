"""What programs are told of a stream: the same results as on the pages, in the stable forms that commands print."""

from millrace.flow.journey import Journey, journey
from millrace.flow.selection import EVERYTHING, Selection
from millrace.flow.summary import Clock
from millrace.report.findings_json import FindingJson, FindingsJson, finding_json, findings_json
from millrace.report.measures_form import measures_json
from millrace.report.measures_json import MeasuresJson
from millrace.workbench.shared.access import Actor, Permission, needs
from millrace.workbench.shared.shown_streams import ShownStreamOperations


class ToldStreamOperations(ShownStreamOperations):
    """Tell what was measured and found."""

    @needs(Permission.READ)
    def told_measures(
        self, actor: Actor, key: str, *, selection: Selection = EVERYTHING, clock: Clock = Clock.ELAPSED
    ) -> MeasuresJson:
        """What `millrace measure --json` prints, for the items in `selection`. Raises what `measured` raises."""
        view, flow = self.stream(actor, key), self.flow(actor, key)
        measured = self.measured(actor, key, selection=selection, clock=clock)
        return measures_json(flow, measured, self.inspection(actor, view.source_key or "").readiness)

    @needs(Permission.READ)
    def told_findings(self, actor: Actor, key: str) -> FindingsJson:
        """What `millrace findings --json` prints. Raises what `stream_findings` raises."""
        return findings_json(self.flow(actor, key), self.stream_findings(actor, key))

    @needs(Permission.READ)
    def told_finding(self, actor: Actor, key: str, called: str) -> FindingJson:
        """One finding by its id. Raises NoSuchFinding, and what `stream_findings` raises."""
        return finding_json(self.stream_finding(actor, key, called))

    @needs(Permission.READ)
    def told_journey(self, actor: Actor, key: str, item: str) -> Journey:
        """The journey of one item. Raises UnknownItem, and what `flow` raises."""
        flow = self.flow(actor, key)
        return self.on_flow(flow, ("told journey", item), lambda: journey(flow, item))
