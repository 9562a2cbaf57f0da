"""What a column's name says about what it holds, in many languages and the tongues of many tools."""

import re
from dataclasses import dataclass
from functools import cache

from millrace.ingest.recognition.vocabulary import phrases, vocabulary
from millrace.ingest.recognition.words import Found, Lexicon, plain

_WEAK = "_weakly"
_WEAK_RATIO = 0.6
_SPOILED_RATIO = 0.35
_QUALIFIERS = frozenset(("item", "number"))


@dataclass(frozen=True)
class HeaderSays:
    """How strongly (0 to 1) a name speaks for each meaning, and the words that do so."""

    strengths: dict[str, float]
    words: dict[str, str]

    def strength(self, meaning: str) -> float:
        """How strongly the name speaks for `meaning`; 0 where it does not."""
        return self.strengths.get(meaning, 0.0)

    @property
    def most(self) -> float:
        """How strongly the name speaks for what it speaks for most; 0 where it says nothing."""
        return max(self.strengths.values(), default=0.0)

    @property
    def best(self) -> str | None:
        """The meaning that the name speaks for most, None where it says nothing."""
        return max(self.strengths, key=lambda meaning: self.strengths[meaning], default=None)


@cache
def read_header(name: str, *, holds_instants: bool) -> HeaderSays:
    """What `name` says of a column that holds instants, or of one that does not."""
    kind = "instants" if holds_instants else "text"
    said = _read(name, kind)
    table, dot, column = name.rpartition(".")
    return _stronger(said, _read(column, kind)) if table and dot and column else said


def _stronger(one: HeaderSays, other: HeaderSays) -> HeaderSays:
    """`Detail.DateStamp` says what `DateStamp` says, if that is more."""
    return max(one, other, key=lambda said: said.most)


def _read(name: str, kind: str) -> HeaderSays:
    text = plain(name)
    whole = _whole_names(kind).get(text)
    if whole is not None:
        return HeaderSays({whole: 1.0}, {whole: text})
    return _weigh(text, _lexicon(kind).find(name))


def _weigh(text: str, found: tuple[Found, ...]) -> HeaderSays:
    strengths: dict[str, float] = {}
    words: dict[str, str] = {}
    is_spoiled = any(word.notion == "spoiler" for word in found)
    for word in (*found, *_numbers_of_items(text, found)):
        if word.notion in ("spoiler", "number", "item"):
            continue
        meaning = word.notion.removesuffix(_WEAK)
        strength = _strength(text, word, found)
        strength *= _WEAK_RATIO if word.notion.endswith(_WEAK) else 1.0
        strength *= _SPOILED_RATIO if is_spoiled else 1.0
        if strength > strengths.get(meaning, 0.0):
            strengths[meaning], words[meaning] = round(strength, 3), word.text
    return HeaderSays(strengths, words)


def _numbers_of_items(text: str, found: tuple[Found, ...]) -> list[Found]:
    """`Incident ID`, `numéro du ticket`, `Ticket`: a word for an item beside one for a number, or all alone."""
    items = [word for word in found if word.notion == "item"]
    numbers = [word for word in found if word.notion == "number"]
    pairs = [
        Found("item_id", text[min(item.start, number.start) : max(item.end, number.end)], *_hull(item, number))
        for item in items
        for number in numbers
        if _is_near(text, item, number)
    ]
    alone = [Found("item_id_weakly", item.text, item.start, item.end) for item in items if item.text == text]
    return pairs + alone


def _hull(one: Found, other: Found) -> tuple[int, int]:
    return min(one.start, other.start), max(one.end, other.end)


def _is_near(text: str, one: Found, other: Found) -> bool:
    between = text[min(one.end, other.end) : max(one.start, other.start)].split()
    return all(word in _particles() for word in between)


def _strength(text: str, word: Found, found: tuple[Found, ...]) -> float:
    """1 where the phrase is the whole name; less the more other words stand beside it, least in their midst."""
    qualifiers = [other for other in found if other.notion in _QUALIFIERS and _outside(other, word)]
    before = _other_letters(text[: word.start], qualifiers)
    after = _other_letters(text[word.end :], qualifiers)
    share = len(word.text) / (len(word.text) + before + after)
    return 0.5 + 0.5 * share if not before or not after else 0.3 + 0.4 * share


def _outside(one: Found, other: Found) -> bool:
    return one.end <= other.start or other.end <= one.start


def _other_letters(text: str, qualifiers: list[Found]) -> int:
    known = {piece for word in qualifiers for piece in word.text.split()} | _particles()
    return sum(len(word) for word in re.split(r"\s+", text) if word and word not in known)


@cache
def _lexicon(kind: str) -> Lexicon:
    written = vocabulary("column_names")[kind]
    return Lexicon(
        {
            notion: [phrase.removeprefix("=") for phrase in phrases(text) if not phrase.startswith("=")]
            for notion, text in written.items()
        }
    )


@cache
def _whole_names(kind: str) -> dict[str, str]:
    return {
        plain(phrase): notion
        for notion, text in vocabulary("column_names")[kind].items()
        for phrase in phrases(text)
        if phrase.startswith("=")
    }


@cache
def _particles() -> frozenset[str]:
    return frozenset(phrases(vocabulary("column_names")["particles"]))
