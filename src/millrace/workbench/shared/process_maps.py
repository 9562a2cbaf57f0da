"""The process map of a stream: what happened as its log tells it, as detailed as is asked for."""

from dataclasses import dataclass

from millrace.draw.process_map import Shows, process_map
from millrace.draw.process_map_choice import kept
from millrace.flow.activity_graph import ActivityGraph, ActivityPath, activity_graph
from millrace.flow.selection import EVERYTHING, Selection
from millrace.workbench.shared.access import Actor, Permission, needs
from millrace.workbench.shared.measured_streams import MeasuredStreamOperations


@dataclass(frozen=True)
class ShownProcessMap:
    """A process map as SVG; the paths that it shows, most frequent first; how many activities and paths there are."""

    svg: str
    paths: tuple[ActivityPath, ...]
    n_activities: int
    n_paths: int


class ProcessMapOperations(MeasuredStreamOperations):
    """See what happened in streams, activity by activity."""

    @needs(Permission.READ)
    def process_map(
        self,
        actor: Actor,
        key: str,
        *,
        activities_ratio: float = 1.0,
        paths_ratio: float = 1.0,
        shows: Shows = Shows.BOTH,
        selection: Selection = EVERYTHING,
    ) -> ShownProcessMap:
        """The most frequent shares (0 to 1) of the activities, and of the paths among them, of the selected items.

        Raises NoSuchStream, NotMeasured, SourceNotReady.
        """
        title, flow = self.stream(actor, key).title, self.flow(actor, key)
        graph = self.on_flow(flow, ("activity graph", selection.key), lambda: activity_graph(flow, selection=selection))
        asked = ("process map", flow.folder.name, selection.key, activities_ratio, paths_ratio, shows, title)
        return self.kept.of(asked, lambda: _drawn(graph, activities_ratio, paths_ratio, shows, title))


def _drawn(
    graph: ActivityGraph, activities_ratio: float, paths_ratio: float, shows: Shows, title: str
) -> ShownProcessMap:
    links = kept(graph, activities_ratio=activities_ratio, paths_ratio=paths_ratio).links
    svg = process_map(graph, activities_ratio=activities_ratio, paths_ratio=paths_ratio, shows=shows, title=title)
    paths = tuple(path for path in graph.paths if (path.from_activity, path.to_activity) in links)
    return ShownProcessMap(svg, paths, len(graph.activities), len(graph.paths))
