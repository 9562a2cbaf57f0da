"""Candidate moves: what may be done, at which strengths, and what each strength costs."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from millrace.errors import MillraceError
from millrace.model.future_file import FutureNotRead
from millrace.model.move import Move
from millrace.model.value_stream import FutureState
from millrace.model.yaml_problem import did_you_mean, problems_of
from millrace.model.yaml_text import YamlUnreadable, line_of, parse_yaml

CHOICES = ("share_ratio", "people", "limit", "process_time", "one_off_cost", "running_cost_per_month")
"""What may be written as a list: one value for each strength."""


class UnknownNeed(MillraceError):
    """A move needs one that is not among the moves."""

    slug = "unknown-need"

    def __init__(self, called: str, need: str, known: Sequence[str]) -> None:
        """Name both, and the moves there are."""
        meant = did_you_mean(need, known) or f"; there is {', '.join(f'“{each}”' for each in known)}."
        super().__init__(f"The move “{called}” needs “{need}”, which is none of the moves{meant}")


class CircularNeeds(MillraceError):
    """Moves need each other in a circle."""

    slug = "circular-needs"

    def __init__(self, names: Sequence[str]) -> None:
        """Name the moves of the circle."""
        told = ", ".join(f"“{name}”" for name in names)
        super().__init__(f"The moves {told} need each other, so none of them can come first. Take one need away.")


@dataclass(frozen=True)
class Candidate:
    """A move that may be made, at one of several strengths."""

    options: tuple[Move, ...]

    @property
    def name(self) -> str:
        """What it is called."""
        return self.options[0].called

    @property
    def needs(self) -> tuple[str, ...]:
        """The candidates that have to be made as well."""
        return self.options[0].needs


@dataclass(frozen=True)
class Candidates:
    """All candidates, in the order in which those that are chosen are made. Names differ."""

    name: str
    candidates: tuple[Candidate, ...]


def candidates_of(future: FutureState) -> Candidates:
    """Each move of a future state as a candidate, as it is or not at all. Raises UnknownNeed, CircularNeeds."""
    return _checked(future.name, [[move] for move in future.moves])


def read_candidates(path: Path) -> Candidates:
    """Read a file like a future state’s, in which a list where one value belongs is a choice of strengths.

    Lists of one move are as long as each other: the first cost is that of the first strength.
    Raises FutureNotRead, with the line of every mistake, UnknownNeed and CircularNeeds.
    """
    try:
        tree = parse_yaml(path.read_text("utf-8-sig"))
    except OSError as error:
        raise FutureNotRead(path, error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise FutureNotRead(path, "it is not UTF-8 text") from error
    except YamlUnreadable as unreadable:
        raise FutureNotRead(path, str(unreadable.problem)) from unreadable
    listed = tree.get("moves")
    moves = listed if isinstance(listed, list) else []
    lengths = [_n_strengths(path, tree, place, move) for place, move in enumerate(moves)]
    read = [_at_strength(path, tree, moves, strength) for strength in range(max(lengths, default=1))]
    options = [[read[k].moves[place] for k in range(length)] for place, length in enumerate(lengths)]
    return _checked(read[0].name, options)


def in_order_of_needs(moves: Sequence[Move | Candidate]) -> list[int]:
    """Places of moves so that each comes after those it needs. Raises UnknownNeed and CircularNeeds."""
    names = [move.name if isinstance(move, Candidate) else move.called for move in moves]
    for name, move in zip(names, moves, strict=True):
        for need in move.needs:
            if need not in names:
                raise UnknownNeed(name, need, names)
    order: list[int] = []
    left = list(range(len(moves)))
    while left:
        done = {names[place] for place in order}
        ready = [place for place in left if set(moves[place].needs) <= done]
        if not ready:
            raise CircularNeeds([names[place] for place in left])
        order += ready
        left = [place for place in left if place not in ready]
    return order


def _n_strengths(path: Path, tree: Any, place: int, move: Any) -> int:
    if not isinstance(move, dict):
        return 1
    lengths = {key: len(move[key]) for key in CHOICES if isinstance(move.get(key), list)}
    if len(set(lengths.values())) > 1 or 0 in lengths.values():
        told = " and ".join(f"{n} of {key}" for key, n in lengths.items())
        line = line_of(tree, ("moves", place))
        raise FutureNotRead(path, f"line {line}: a move gives {told}; give one value of each for every strength")
    return next(iter(lengths.values()), 1)


def _at_strength(path: Path, tree: Any, moves: Sequence[Any], strength: int) -> FutureState:
    """The file as it reads with the values of one strength; the last one where a move has fewer."""

    def chosen(move: Any) -> Any:
        if not isinstance(move, dict):
            return move
        values = {key: move[key] for key in CHOICES if isinstance(move.get(key), list)}
        return {**move, **{key: listed[min(strength, len(listed) - 1)] for key, listed in values.items()}}

    given = {key: copy(value) for key, value in tree.items()}
    if moves:
        given["moves"] = [chosen(move) for move in moves]
    try:
        return FutureState.model_validate(given)
    except ValidationError as refused:
        told = "; ".join(str(problem) for problem in problems_of(refused, tree, FutureState))
        raise FutureNotRead(path, told) from refused


def _checked(name: str, options: Sequence[Sequence[Move]]) -> Candidates:
    seen: dict[str, int] = {}
    candidates = []
    for given in options:
        called = given[0].called
        seen[called] = seen.get(called, 0) + 1
        # Names tell candidates apart, also where people gave none.
        another = {"name": f"{called} ({seen[called]})"} if seen[called] > 1 else {}
        candidates.append(Candidate(tuple(move.model_copy(update=another) for move in given)))
    in_order_of_needs(candidates)
    return Candidates(name, tuple(candidates))
