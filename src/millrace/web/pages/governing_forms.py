"""What forms of targets and service levels hold, as text, and what it means."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import ValidationError

from millrace.errors import MillraceError
from millrace.model.held import Held
from millrace.model.part import Part
from millrace.workbench.shared.target_book import TargetNotUsable


class ConditionNotUnderstood(MillraceError):
    """A line of conditions cannot be read."""

    slug = "condition-not-understood"

    def __init__(self, line: str) -> None:
        """Quote the line, and how one is written."""
        super().__init__(f"The line “{line}” is not understood. Write one condition a line, like priority=P1.")


def told(problem: ValidationError | MillraceError) -> str:
    """What is wrong with a form, in a sentence."""
    return (TargetNotUsable(problem) if isinstance(problem, ValidationError) else problem).sentence


@dataclass(frozen=True)
class Entered:
    """The fields of a form as they were filled in; empty for the others."""

    fields: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        """A field's text."""
        return self.fields.get(name, "")


def conditions(written: str) -> dict[str, tuple[str, ...]]:
    """Lines such as `priority=P1` as values per column. Raises ConditionNotUnderstood."""
    found: dict[str, tuple[str, ...]] = {}
    for line in filter(None, map(str.strip, written.splitlines())):
        column, sign, value = (part.strip() for part in line.partition("="))
        if not (sign and column and value):
            raise ConditionNotUnderstood(line)
        found[column] = (*found.get(column, ()), value)
    return found


def held(written: str) -> list[dict[str, tuple[str, ...]]]:
    """Lines such as `state=waiting`, each a condition of its own. Raises ConditionNotUnderstood."""
    lines = [line.strip() for line in written.splitlines() if line.strip()]
    return [
        {column: values for part in line.split(" and ") for column, values in conditions(part).items()}
        for line in lines
    ]


def where_text(where: Mapping[str, tuple[str, ...]]) -> str:
    """Values per column as lines."""
    return "\n".join(f"{column}={value}" for column, values in where.items() for value in values)


def held_text(helds: tuple[Held, ...]) -> str:
    """Conditions as lines."""
    return "\n".join(
        " and ".join(f"{name}={value}" for name, values in each.model_dump(mode="json").items() for value in values)
        for each in helds
    )


def parts_of_form(part: Part) -> dict[str, str]:
    """The fields of the form that would state this part."""
    fields: dict[str, str] = {}
    for name, value in part.model_dump(mode="json").items():
        kept = getattr(part, name)
        if isinstance(kept, tuple) and all(isinstance(each, Held) for each in kept):
            fields[name] = held_text(kept)
        elif isinstance(value, dict) and name == "where":
            fields[name] = where_text(kept)
        elif value is not None and not isinstance(value, dict | list):
            fields[name] = f"{value * 100:g} %" if name.endswith("_ratio") else str(value)
    return fields
