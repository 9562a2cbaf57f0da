"""YAML that people edit by hand: parsed with its lines and comments, merged without losing them."""

import re
from collections import Counter
from collections.abc import Iterable
from io import StringIO
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

_MOST_VALUES = 200_000
_INLINE_WIDTH = 88
_BARE = re.compile(r"[^\W_]([\w .;()/&%+’“”–-]|,(?= )|:(?=\w))*")


class Problem(NamedTuple):
    """One mistake in a file: on which line, and what to do about it."""

    line: int
    sentence: str

    def __str__(self) -> str:
        """Tell it as `line 12: …`."""
        return f"line {self.line}: {self.sentence}"


class YamlUnreadable(Exception):
    """The text is no YAML mapping; the reader of the file in question turns it into its own failure."""

    def __init__(self, problem: Problem) -> None:
        """Keep the problem with its line."""
        super().__init__(str(problem))
        self.problem = problem


def parse_yaml(text: str) -> CommentedMap:
    """Parse one mapping, keeping lines, order and comments. Raises YamlUnreadable."""
    try:
        tree = _yaml().load(text)
    except MarkedYAMLError as failure:
        mark = failure.problem_mark or failure.context_mark
        raise YamlUnreadable(Problem(mark.line + 1 if mark else 1, _said(failure))) from failure
    except (YAMLError, ValueError) as failure:
        told = str(failure).splitlines()[0]
        raise YamlUnreadable(Problem(1, f"this is not YAML: {told}")) from failure
    except RecursionError as failure:
        raise YamlUnreadable(Problem(1, "the lists in this file are nested too deeply to be read")) from failure
    if not isinstance(tree, CommentedMap):
        raise YamlUnreadable(Problem(1, "expected “key: value” lines, beginning with “millrace: 1” and “name: …”"))
    _refuse_bomb(tree)
    return tree


def dump_yaml(tree: Any) -> str:
    """Write a tree as YAML text; plain dicts and lists get a readable layout, parsed ones keep theirs."""
    written = StringIO()
    if not isinstance(tree, CommentedMap):
        tree = _arranged(tree)
        tree.fa.set_block_style()
    _yaml().dump(tree, written)
    return written.getvalue()


def merge_yaml(node: Any, earlier: Any, later: Any) -> None:
    """Change a parsed `node` that means `earlier` so that it means `later`, touching only what differs.

    `earlier` and `later` are plain values; items of lists are recognised by their `name`, others by their order.
    """
    if isinstance(later, dict):
        _merge_mapping(node, earlier, later)
    else:
        _merge_list(node, earlier, later)


def line_of(tree: Any, place: Iterable[str | int]) -> int:
    """Return the line (from 1) on which the deepest part of `place` that exists is written."""
    line = 1
    for key in place:
        try:
            at = tree.lc.key(key) if isinstance(tree, CommentedMap) else tree.lc.item(key)
            line, tree = at[0] + 1, tree[key]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
    return line


def _yaml() -> YAML:
    yaml = YAML()
    # Wide, so that no line which somebody wrote is broken anew.
    yaml.width = 10_000
    yaml.allow_unicode = True
    yaml.preserve_quotes = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _said(failure: MarkedYAMLError) -> str:
    told = (failure.problem or failure.context or "this is not YAML").strip()
    return f"this is not YAML: {told}; quote texts that hold a colon or begin with a sign, and indent with spaces"


def _refuse_bomb(tree: CommentedMap) -> None:
    """Refuse a file that stays small on disk and grows without end when its aliases are followed."""
    sizes: dict[int, int] = {}

    def size(node: Any) -> int:
        if not isinstance(node, CommentedMap | CommentedSeq):
            return 1
        if id(node) not in sizes:
            parts = node.values() if isinstance(node, CommentedMap) else node
            sizes[id(node)] = 1 + sum(size(part) for part in parts)
        return sizes[id(node)]

    if size(tree) > _MOST_VALUES:
        raise YamlUnreadable(Problem(1, f"this file holds more than {_MOST_VALUES:,} values; no stream is that large"))


def _merge_mapping(node: Any, earlier: dict[str, Any], later: dict[str, Any]) -> None:
    for gone in [key for key in node if key not in later and key in earlier]:
        del node[gone]
    for key, value in later.items():
        if key in earlier and earlier[key] == value:
            continue
        node[key] = _merged(node.get(key), earlier.get(key), value)
    if node.fa.flow_style() and not later.keys() <= earlier.keys() and not _fits_one_line(node):
        node.fa.set_block_style()


def _merge_list(node: Any, earlier: list[Any], later: list[Any]) -> None:
    kept = dict(zip(_identities(earlier), zip(list(node), earlier, strict=True), strict=True))
    merged = []
    for identity, value in zip(_identities(later), later, strict=True):
        part, was = kept.get(identity, (None, None))
        merged.append(part if part is not None and was == value else _merged(part, was, value))
    if len(merged) == len(node):
        for at, part in enumerate(merged):
            if part is not node[at]:
                node[at] = part
    else:
        node[:] = merged


def _merged(node: Any, was: Any, value: Any) -> Any:
    """Merge into the node where it is of the value's shape; else write the value anew."""
    mergeable = type(was) is type(value) and (
        (isinstance(value, dict) and isinstance(node, CommentedMap))
        or (isinstance(value, list) and isinstance(node, CommentedSeq) and len(node) == len(was))
    )
    if not mergeable:
        return _arranged(value)
    merge_yaml(node, was, value)
    return node


def _identities(parts: list[Any]) -> list[tuple[Any, int]]:
    """Tell the parts of a list apart: by name and how often the name came before, or else by their order."""
    seen: Counter[Any] = Counter()
    identities = []
    for part in parts:
        name = part.get("name") if isinstance(part, dict) else None
        identities.append((name, seen[name]))
        seen[name] += 1
    return identities


def _arranged(value: Any) -> Any:
    """Lay plain values out for readers: short lists and small mappings on one line, whole numbers without a point."""
    if isinstance(value, dict):
        mapping = CommentedMap((key, _arranged(part)) for key, part in value.items())
        if value and _fits_one_line(value):
            mapping.fa.set_flow_style()
        return mapping
    if isinstance(value, list):
        sequence = CommentedSeq(_arranged(part) for part in value)
        if _is_short(value, _INLINE_WIDTH):
            sequence.fa.set_flow_style()
        return sequence
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return _arranged_text(value) if isinstance(value, str) else value


def _arranged_text(text: str) -> Any:
    # The emitter leaves some texts bare inside [ ] and { } that no parser takes back; signs are quoted to be safe.
    return text if _BARE.fullmatch(text) else DoubleQuotedScalarString(text)


def _fits_one_line(mapping: dict[str, Any]) -> bool:
    return _is_short(mapping.values(), _INLINE_WIDTH - sum(len(key) + 2 for key in mapping))


def _is_short(parts: Iterable[Any], width: int) -> bool:
    listed = list(parts)
    return all(not isinstance(part, dict | list) for part in listed) and sum(len(str(p)) + 2 for p in listed) < width
