"""What the values of a column look like: names of people and teams, actions, words for priority and the like."""

from collections import Counter
from collections.abc import Callable
from functools import cache

from millrace.ingest.recognition.columns import Column
from millrace.ingest.recognition.status_words import reads_as_state
from millrace.ingest.recognition.vocabulary import phrases, vocabulary
from millrace.ingest.recognition.words import Lexicon, plain

_MOST_JUDGED = 60


def share(column: Column, claim: Callable[[str], bool]) -> float:
    """The share of rows for whose value the claim holds, by the most frequent values; 0 where there are none."""
    counted = Counter(column.values).most_common(_MOST_JUDGED)
    return sum(n_rows for value, n_rows in counted if claim(value)) / max(1, sum(n_rows for _, n_rows in counted))


def share_of_distinct(column: Column, claim: Callable[[str], bool]) -> float:
    """The share of the most frequent values for which the claim holds, each counted once."""
    values = column.distinct_values[:_MOST_JUDGED]
    return sum(map(claim, values)) / max(1, len(values))


def words_of(notion: str) -> Callable[[str], bool]:
    """The claim that a value, or a word in it, belongs to the vocabulary of values for `notion`."""
    words = {plain(word) for word in phrases(vocabulary("values")[notion])}
    return lambda value: bool(words & {plain(value), *plain(value).split()})


@cache
def reads_as_person(value: str) -> bool:
    """`Kim Passa`, `k.passa@example.org`, `Passa, Kim`, `Clerk-07`: capitalised words, an address, a role's number."""
    if "@" in value or _is_of(value, "person"):
        return True
    words = value.replace(",", " ").replace(".", " ").split()
    are_names = all(word[0].isupper() and word[1:].islower() for word in words if len(word) > 1)
    has_digits = any(sign.isdigit() for sign in value)
    return 2 <= len(words) <= 3 and are_names and not (has_digits or reads_as_state(value) or reads_as_team(value))


@cache
def reads_as_team(value: str) -> bool:
    """True where a word of the value stands in names of teams: `Service Desk`, `L2 Network`."""
    return _is_of(value, "team")


@cache
def reads_as_action(value: str) -> bool:
    """True where a word of the value tells of something done: `Create fine`, `Check history`."""
    return _is_of(value, "action")


def _is_of(value: str, notion: str) -> bool:
    return bool(_lexicon(notion).find(value))


@cache
def _lexicon(notion: str) -> Lexicon:
    return Lexicon({notion: phrases(vocabulary("values")[notion])})
