"""Older formats of the stream file, each brought one version forward, so that every file stays readable."""

from collections.abc import Callable, MutableMapping
from typing import Any

from millrace.model.value_stream import FORMAT_VERSION
from millrace.model.yaml_text import Problem, YamlUnreadable, line_of

Migration = Callable[[MutableMapping[str, Any]], None]

MIGRATIONS: dict[int, Migration] = {}
"""Version of a file → what changes it in place into the next version. Format 1 is the first."""


def migrate(tree: MutableMapping[str, Any]) -> None:
    """Bring a file's content to today's format, in place. Raises YamlUnreadable for a version there is not (yet)."""
    version = tree.get("millrace", FORMAT_VERSION)
    if not isinstance(version, int) or isinstance(version, bool) or not 1 <= version <= FORMAT_VERSION:
        raise YamlUnreadable(Problem(line_of(tree, ("millrace",)), _unknown_version(version)))
    for older in range(version, FORMAT_VERSION):
        MIGRATIONS[older](tree)
        tree["millrace"] = older + 1


def _unknown_version(version: object) -> str:
    newer = isinstance(version, int) and version > FORMAT_VERSION
    remedy = "read it with a newer release" if newer else f"write millrace: {FORMAT_VERSION}"
    return f"format {version} of the stream file is not known here, only up to {FORMAT_VERSION}; {remedy}"
