"""Which activities and paths a process map keeps: the most frequent ones, and whatever holds them together."""

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from millrace.flow.activity_graph import Activity, ActivityGraph

START, END = "\x00start", "\x00end"
"""Where items begin and end; no activity bears these names."""

Link = tuple[str, str]


@dataclass(frozen=True)
class Kept:
    """What is shown: activities in the order of the graph, and links with their counts, `START` and `END` included."""

    activities: tuple[Activity, ...]
    links: Mapping[Link, int]
    usual_path: tuple[str, ...]


def kept(graph: ActivityGraph, *, activities_ratio: float, paths_ratio: float) -> Kept:
    """Keep these shares (0 to 1) of the activities and of the paths among them, the most frequent.

    The usual path is always kept. Every activity stays on a way from start to end: the widest one, with the
    activities on it, even where they are rare.
    """
    links = _links(graph)
    chosen = {each.name for each in graph.activities[: _n(activities_ratio, len(graph.activities))]}
    chosen |= set(graph.usual_path)
    backbone = _backbone(chosen, links) | {link for link in _chain(graph.usual_path) if link in links}
    chosen |= {end for link in backbone for end in link} - {START, END}
    among = [link for link in links if set(link) <= chosen | {START, END}]
    shown = {*among[: _n(paths_ratio, len(among))], *backbone}
    return Kept(
        tuple(each for each in graph.activities if each.name in chosen),
        {link: n for link, n in links.items() if link in shown},
        graph.usual_path,
    )


def _n(ratio: float, whole: int) -> int:
    return math.ceil(min(max(ratio, 0.0), 1.0) * whole)


def _links(graph: ActivityGraph) -> dict[Link, int]:
    """Every path, and the first and last of items as ways from the start and to the end; most frequent first."""
    links = {(path.from_activity, path.to_activity): path.n for path in graph.paths}
    links |= {(START, each.name): each.n_first for each in graph.activities if each.n_first}
    links |= {(each.name, END): each.n_last for each in graph.activities if each.n_last}
    return dict(sorted(links.items(), key=lambda item: (-item[1], item[0])))


def _chain(path: tuple[str, ...]) -> Iterable[Link]:
    stops = (START, *path, END)
    return pairwise(stops)


def _backbone(chosen: set[str], links: Mapping[Link, int]) -> set[Link]:
    """The links of the widest ways from the start to each chosen activity, and from it to the end."""
    forward = _widest(START, links)
    backward = _widest(END, {(b, a): n for (a, b), n in links.items()})
    found: set[Link] = set()
    for activity in chosen:
        found |= set(_way(activity, forward))
        found |= {(b, a) for a, b in _way(activity, backward)}
    return found


def _widest(root: str, links: Mapping[Link, int]) -> dict[str, str]:
    """Each node's predecessor on its widest way from the root: the way whose least frequent link is most frequent.

    Taking the most frequent link that leads on from what is reached, over and over, finds them all.
    """
    leaving: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for (source, target), n in links.items():
        leaving[source].append((-n, target))
    before: dict[str, str] = {}
    ahead = [(n, target, root) for n, target in leaving[root]]
    heapq.heapify(ahead)
    while ahead:
        _, node, source = heapq.heappop(ahead)
        if node in before or node == root:
            continue
        before[node] = source
        for n, target in leaving[node]:
            heapq.heappush(ahead, (n, target, node))
    return before


def _way(node: str, before: Mapping[str, str]) -> Iterable[Link]:
    while node in before:
        yield before[node], node
        node = before[node]
