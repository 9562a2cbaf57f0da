"""A framework of service management: what a stream's steps may refer to. Shipped as data, or a file of one's own."""

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Protocol, Self, TypeVar

from pydantic import Field, ValidationError, model_validator

from millrace.errors import MillraceError
from millrace.model.part import Part
from millrace.model.yaml_problem import did_you_mean, problems_of
from millrace.model.yaml_text import Problem, YamlUnreadable, parse_yaml

SHIPPED = ("itil4", "itil5")
"""Names of the frameworks that come with the product; the first is the default."""


class ValueChainActivity(Part):
    """A kind of work that streams are made of, with what it typically takes and gives."""

    name: str
    purpose: str = ""
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


class Practice(Part):
    """Resources and habits for one purpose, which steps draw on."""

    name: str
    group: str = ""
    purpose: str = ""
    aliases: tuple[str, ...] = ()


class Tenet(Part):
    """A principle, a dimension or a step of the improvement model, and what it means here."""

    name: str
    meaning: str = ""


class Framework(Part):
    """Activities, practices and tenets under the names that streams use."""

    name: str
    title: str = ""
    note: str = ""
    practices_from: str | None = Field(
        default=None, description="A shipped framework whose practices and tenets it shares"
    )
    value_chain_activities: tuple[ValueChainActivity, ...]
    practices: tuple[Practice, ...] = ()
    guiding_principles: tuple[Tenet, ...] = ()
    dimensions: tuple[Tenet, ...] = ()
    improvement_model: tuple[Tenet, ...] = ()

    @model_validator(mode="after")
    def _lends_from_what_there_is(self) -> Self:
        if self.practices_from is not None and self.practices_from not in SHIPPED:
            raise ValueError(f"practices_from must be one of {', '.join(SHIPPED)}, not “{self.practices_from}”")
        return self

    def activity(self, called: str) -> ValueChainActivity | None:
        """Return the activity of that name, whatever its case and signs; None where there is none."""
        return _called(called, self.value_chain_activities)

    def practice(self, called: str) -> Practice | None:
        """Return the practice of that name, whatever its case and signs; None where there is none."""
        return _called(called, self.practices)


class UnknownFramework(MillraceError):
    """There is no framework of that name, nor such a file."""

    slug = "unknown-framework"

    def __init__(self, called: str) -> None:
        """Name the frameworks that there are."""
        super().__init__(
            f"There is no framework “{called}”{did_you_mean(called, SHIPPED) or '.'} "
            f"Shipped are {' and '.join(SHIPPED)}; one of your own is named by its file, beside the stream's."
        )


class FrameworkFileInvalid(MillraceError):
    """A framework file of one's own has mistakes."""

    slug = "framework-file-invalid"

    def __init__(self, source: str, problems: Iterable[Problem]) -> None:
        """Tell every mistake with its line."""
        told = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(f"{source} is not a framework yet:\n{told}")


def load_framework(called: str, *, folder: Path | None = None) -> Framework:
    """Load a shipped framework by name, or one's own from a YAML file, looked for from `folder`.

    Raises UnknownFramework or FrameworkFileInvalid.
    """
    if called in SHIPPED:
        return _shipped(called)
    path = (folder or Path()) / called
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as failure:
        raise UnknownFramework(called) from failure
    return _parsed(text, path.name)


def folded(term: str) -> str:
    """Fold a name so that case, signs and the spelling of “and” make no difference: `Design & transition`."""
    return " ".join(re.sub(r"[^\w]+", " ", term.casefold().replace("&", " and ")).split())


class _Named(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def aliases(self) -> tuple[str, ...]: ...


_AnyNamed = TypeVar("_AnyNamed", bound=_Named)


def _called(called: str, parts: Iterable[_AnyNamed]) -> _AnyNamed | None:
    wanted = folded(called)
    return next((part for part in parts if wanted in map(folded, (part.name, *part.aliases))), None)


@cache
def _shipped(name: str) -> Framework:
    return _parsed((files(__package__) / f"{name}.yaml").read_text(encoding="utf-8"), f"{name}.yaml")


def _parsed(text: str, source: str) -> Framework:
    try:
        tree = parse_yaml(text)
        framework = Framework.model_validate(tree)
    except YamlUnreadable as unreadable:
        raise FrameworkFileInvalid(source, [unreadable.problem]) from unreadable
    except ValidationError as refused:
        raise FrameworkFileInvalid(source, problems_of(refused, tree, Framework)) from refused
    return _with_lent(framework)


def _with_lent(framework: Framework) -> Framework:
    """Fill what the framework leaves empty from the one whose practices it shares."""
    if framework.practices_from is None:
        return framework
    lender = _shipped(framework.practices_from)
    shared = ("practices", "guiding_principles", "dimensions", "improvement_model")
    return framework.model_copy(update={name: getattr(lender, name) for name in shared if not getattr(framework, name)})
