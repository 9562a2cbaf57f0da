"""Templates: complete streams to begin with, by name."""

from functools import cache
from importlib.resources import files
from typing import NamedTuple

from millrace.errors import MillraceError
from millrace.model.stream_file import parse_stream
from millrace.model.value_stream import ValueStream
from millrace.model.yaml_problem import did_you_mean

TEMPLATES = (
    "hr-access",
    "new-service",
    "service-change",
    "release-deployment",
    "incident-resolution",
    "request-fulfilment",
    "problem-fix",
    "knowledge-self-service",
    "continual-improvement",
    "staff-onboarding",
    "vendor-onboarding",
    "incident-three-tiers",
)
"""Names of all templates: the worked example, the eight archetypes, and streams that build on them."""


class Template(NamedTuple):
    """What a list of templates says of one."""

    name: str
    title: str
    archetype: str
    description: str
    n_steps: int


class UnknownTemplate(MillraceError):
    """There is no template of that name."""

    slug = "unknown-template"

    def __init__(self, called: str) -> None:
        """Name the templates that there are."""
        super().__init__(
            f"There is no template “{called}”{did_you_mean(called, TEMPLATES) or '.'} There are {', '.join(TEMPLATES)}."
        )


def templates() -> tuple[Template, ...]:
    """List all templates."""
    streams = [load_template(name) for name in TEMPLATES]
    return tuple(
        Template(each.name, each.title, each.archetype or each.name, each.description, len(each.steps))
        for each in streams
    )


def template_text(called: str) -> str:
    """Return a template as YAML text, comments included: what a new stream's file begins with.

    Raises UnknownTemplate.
    """
    if called not in TEMPLATES:
        raise UnknownTemplate(called)
    return (files(__package__) / f"{called}.yaml").read_text(encoding="utf-8")


@cache
def load_template(called: str) -> ValueStream:
    """Return a template as a stream. Raises UnknownTemplate."""
    return parse_stream(template_text(called), source=f"{called}.yaml")
