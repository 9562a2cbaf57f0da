"""What was found in the workspace's streams, looked for once and kept at hand."""

from millrace.diagnose.findings.finding import Finding, Findings
from millrace.diagnose.findings.findings import findings
from millrace.errors import MillraceError
from millrace.model.yaml_problem import did_you_mean
from millrace.workbench.shared.access import Actor, Permission, needs
from millrace.workbench.shared.measured_streams import SEARCHING
from millrace.workbench.shared.privacy import told_findings
from millrace.workbench.shared.trail import TrailOperations


class NoSuchFinding(MillraceError):
    """Nothing found in the stream bears this id."""

    slug = "no-such-finding"

    def __init__(self, called: str, known: list[str]) -> None:
        """Name it, and the nearest."""
        super().__init__(f"There is no finding “{called}” in this stream{did_you_mean(called, known) or '.'}")


class FoundStreamOperations(TrailOperations):
    """Look for waste in streams."""

    @needs(Permission.READ)
    def stream_findings(self, actor: Actor, key: str) -> Findings:
        """What was found in a stream, most at stake first. Raises NoSuchStream, NotMeasured, SourceNotReady."""
        flow = self.flow(actor, key)

        def look() -> Findings:
            with self._telling(key, SEARCHING) as tell:
                return told_findings(flow, findings(flow, progress=tell))

        return self.on_flow(flow, "findings", look)

    @needs(Permission.READ)
    def stream_finding(self, actor: Actor, key: str, called: str) -> Finding:
        """One finding by its id. Raises NoSuchFinding, and what `stream_findings` raises."""
        found = self.stream_findings(actor, key).findings
        finding = next((each for each in found if each.id == called), None)
        if finding is None:
            raise NoSuchFinding(called, [each.id for each in found])
        return finding
