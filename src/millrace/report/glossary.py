"""The words of the report, each with the one definition that its figures follow."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Term(NamedTuple):
    """A word and what it means here."""

    name: str
    meaning: str


@cache
def glossary() -> tuple[Term, ...]:
    """The terms of `glossary.toml`, in its order."""
    written = tomllib.loads(files("millrace.report").joinpath("glossary.toml").read_text("utf-8"))
    return tuple(Term(term["name"], " ".join(term["meaning"].split())) for term in written["term"])


def meaning_of(name: str) -> str:
    """The meaning of the term of that name. Raises StopIteration where the glossary has none."""
    return next(term.meaning for term in glossary() if term.name == name)
