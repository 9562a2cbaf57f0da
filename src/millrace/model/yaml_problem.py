"""What a validator refused, told as sentences with the line and the nearest thing that was meant."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from millrace.model.yaml_text import Problem, line_of

Place = tuple[str | int, ...]


def problems_of(refused: ValidationError, tree: Any, model: type[BaseModel]) -> tuple[Problem, ...]:
    """Tell every mistake of a file in the order of its lines."""
    problems = {_problem(error, tree, model) for error in refused.errors(include_url=False)}
    return tuple(sorted(problems))


def told_at(refused: ValidationError, tree: Any, model: type[BaseModel]) -> dict[Place, str]:
    """What is wrong at each place of what was given: the keys and positions that lead to it, and the sentence."""
    errors = refused.errors(include_url=False)
    places = [_real_place(error["loc"], tree) for error in errors]
    return {place: _sentence(error, place, model) for error, place in zip(errors, places, strict=True)}


def did_you_mean(word: str, known: Iterable[str], *, likeness: float = 0.6) -> str:
    """`; did you mean “…”?` where a known word is near (1 is the same), otherwise nothing."""
    by_folded = {name.casefold(): name for name in known}
    near = get_close_matches(word.casefold(), by_folded, n=1, cutoff=likeness)
    return f"; did you mean “{by_folded[near[0]]}”?" if near else ""


def _problem(error: ErrorDetails, tree: Any, model: type[BaseModel]) -> Problem:
    place = _real_place(error["loc"], tree)
    return Problem(line_of(tree, place), _sentence(error, place, model))


def _real_place(loc: Place, tree: Any) -> Place:
    """Leave out what the validator adds to a place: names of unions' members, marks of keys."""
    place: list[str | int] = []
    for part in loc:
        inside = isinstance(tree, dict) and part in tree
        inside = inside or (isinstance(tree, list) and isinstance(part, int) and part < len(tree))
        if inside:
            tree = tree[part]
        elif part is not loc[-1] or not isinstance(tree, dict):
            continue
        place.append(part)
    return tuple(place)


def _sentence(error: ErrorDetails, place: Place, model: type[BaseModel]) -> str:
    key = next((str(part) for part in reversed(place) if isinstance(part, str)), "the file")
    given, context = error["input"], error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            fields = _fields_at(place[:-1], model)
            return f"“{key}” is no key here{did_you_mean(key, fields) or '; known are ' + ', '.join(sorted(fields))}"
        case "missing":
            return f"“{key}” is missing; add it"
        case "enum" | "literal_error":
            return (
                f"“{given}” is no {_words(key)}: use {context['expected']}{did_you_mean(str(given), _options(context))}"
            )
        case "union_tag_invalid" | "union_tag_not_found":
            return _which_kind(context)
        case "value_error":
            return str(context["error"])
        case "less_than_equal" | "greater_than_equal":
            return f"{key} is {given}, which is out of range: {error['msg'].lower()}{_range_remedy(key)}"
        case "float_parsing" | "float_type" | "int_parsing" | "int_type" | "int_from_float":
            return f"{key} must be a number, not “{given}”"
        case "string_type":
            return f"{key} must be a text, not {_shape(given)}; put it in quotes"
        case "tuple_type" | "model_type" | "dict_type" as kind:
            return f"{key} must be {'a list' if kind == 'tuple_type' else '“key: value” lines'}, not {_shape(given)}"
    return f"{key}: {error['msg'][0].lower()}{error['msg'][1:]}"


def _which_kind(context: dict[str, Any]) -> str:
    """What to say where a part has a kind (such as a move) that is missing or unknown."""
    key = context["discriminator"].strip("'")
    if "tag" not in context:
        return f"“{key}” is missing; say which it is"
    known = _options({"expected": context["expected_tags"]})
    return f"“{context['tag']}” is no {key}{did_you_mean(context['tag'], known) or '; known are ' + ', '.join(known)}"


def _words(key: str) -> str:
    return key.replace("_", " ")


def _options(context: dict[str, Any]) -> list[str]:
    return [word.strip(" '") for word in str(context["expected"]).replace(" or ", ",").split(",")]


def _range_remedy(key: str) -> str:
    return " (1 is all; 5 % may be written as 0.05 or “5 %”)" if key.endswith("_ratio") else ""


def _shape(given: Any) -> str:
    if isinstance(given, dict):
        return "“key: value” lines"
    return "a list" if isinstance(given, list | tuple) else f"“{given}”"


def _fields_at(place: Place, model: type[BaseModel]) -> list[str]:
    """The keys that the model knows at a place of the file."""
    known: type[BaseModel] | None = model
    for part in place:
        if known is None:
            return []
        if isinstance(part, str) and part in known.model_fields:
            known = _model_in(known.model_fields[part].annotation)
    return list(known.model_fields) if known else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model inside `tuple[Step, ...]`, `Estimate | None`, `dict[str, WorkCalendar]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_model_in(argument) for argument in getattr(annotation, "__args__", ()))
    return next((found for found in inner if found), None)
