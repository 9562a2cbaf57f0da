"""The vocabularies of recognition, read once from the data files beside this module."""

from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML


@cache
def vocabulary(name: str) -> dict[str, Any]:
    """The content of `{name}.yaml`."""
    written = files(__package__).joinpath(f"{name}.yaml").read_text("utf-8")
    content: dict[str, Any] = YAML(typ="safe", pure=True).load(written)
    return content


def phrases(written: str) -> tuple[str, ...]:
    """The phrases of a vocabulary's entry: separated by commas, over any number of lines."""
    return tuple(phrase.strip() for phrase in written.split(",") if phrase.strip())
