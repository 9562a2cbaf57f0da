"""A file of rules: read with the line of every mistake."""

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from millrace.diagnose.findings.rules.rule import Rules
from millrace.errors import MillraceError
from millrace.model.yaml_problem import problems_of
from millrace.model.yaml_text import Problem, YamlUnreadable, line_of, parse_yaml


class RulesNotRead(MillraceError):
    """A file of rules is not there or is no text."""

    slug = "rules-not-read"

    def __init__(self, path: Path, reason: str) -> None:
        """Name the file and the reason."""
        super().__init__(f"The rules “{path}” cannot be read: {reason}. Name a YAML file with a list of “rules”.")


class RulesInvalid(MillraceError):
    """A file of rules has mistakes: each with its line."""

    slug = "rules-invalid"

    def __init__(self, path: Path, problems: tuple[Problem, ...]) -> None:
        """Keep the problems; the sentence tells them all."""
        self.problems = problems
        told = "\n".join(f"  {problem}" for problem in problems)
        count = "one mistake" if len(problems) == 1 else f"{len(problems)} mistakes"
        super().__init__(f"The rules “{path}” cannot be used; they have {count}:\n{told}")


class RulesFile:
    """Rules, and the lines on which they are written."""

    def __init__(self, path: Path, rules: Rules, tree: Any) -> None:
        """Keep what was read from `path`."""
        self.path, self.rules = path, rules.rules
        self._tree = tree

    def problem(self, place: tuple[str | int, ...], sentence: str) -> Problem:
        """A mistake at a place of the file, with its line."""
        return Problem(line_of(self._tree, place), sentence)


def read_rules(path: Path) -> RulesFile:
    """Read a file of rules. Raises RulesNotRead, or RulesInvalid with the line of every mistake."""
    try:
        tree = parse_yaml(path.read_text("utf-8-sig"))
    except OSError as failure:
        raise RulesNotRead(path, failure.strerror or str(failure)) from failure
    except UnicodeDecodeError as failure:
        raise RulesNotRead(path, "it is no UTF-8 text") from failure
    except YamlUnreadable as unreadable:
        raise RulesInvalid(path, (unreadable.problem,)) from unreadable
    try:
        return RulesFile(path, Rules.model_validate(tree), tree)
    except ValidationError as refused:
        raise RulesInvalid(path, problems_of(refused, tree, Rules)) from refused
