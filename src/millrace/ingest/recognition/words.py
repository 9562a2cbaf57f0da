"""Text as words to compare: without case, accents, punctuation and camel humps; and phrases found in it."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

_UNDECOMPOSED = str.maketrans({"ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i", "đ": "d", "þ": "th"})
_HUMP = re.compile(r"(?<=[a-zß-ÿ])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"\S+")
_NOT_WORD = re.compile(r"[^\w#]+|_+")
_VOICING = "\u3099\u309a"
"""What makes グ of ク is no accent: the two are different letters."""
_WRITTEN_WITHOUT_SPACES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """`sys_updatedAt`, `Créé le` → `sys updated at`, `cree le`: lower-case words with one space between them."""
    humps = _HUMP.sub(" ", text)
    letters = unicodedata.normalize("NFKD", humps.casefold()).translate(_UNDECOMPOSED)
    unmarked = "".join(letter for letter in letters if letter in _VOICING or not unicodedata.combining(letter))
    composed = unicodedata.normalize("NFC", unmarked)
    return _NOT_WORD.sub(" ", composed).strip()


def as_written(phrase: str, text: str) -> str:
    """A phrase that was found in `text`, with the accents that it has there."""
    written = {plain(word): word.lower() for word in _NOT_WORD.sub(" ", text).split()}
    return " ".join(written.get(word, word) for word in phrase.split())


@dataclass(frozen=True)
class Found:
    """A phrase of a vocabulary in a text: which notion it stands for, and where."""

    notion: str
    text: str
    start: int
    end: int
    is_open: bool = False
    """True where the vocabulary has only the beginning of a word."""


@dataclass(frozen=True)
class _Phrase:
    """A notion and its words, each with whether more letters may follow."""

    notion: str
    words: tuple[tuple[str, bool], ...]

    @property
    def is_open(self) -> bool:
        return any(is_open for _, is_open in self.words)

    def fits(self, words: list[tuple[str, int, int]]) -> bool:
        return all(
            word == wanted or (is_open and word.startswith(wanted))
            for (wanted, is_open), (word, _, _) in zip(self.words, words, strict=True)
        )


class Lexicon:
    """Notions and the phrases that stand for them; finds them in a text, longest first, without overlap.

    `*` at a word's end stands for more letters. Phrases in scripts written without spaces are found anywhere.
    """

    def __init__(self, phrases: Mapping[str, Iterable[str]]) -> None:
        """Index notion → phrases. A phrase of two notions stands for the first."""
        self._by_start: dict[str, list[_Phrase]] = {}
        self._anywhere: list[tuple[str, str]] = []
        for notion, given in phrases.items():
            for phrase in given:
                self._add(notion, phrase)

    def _add(self, notion: str, phrase: str) -> None:
        if _WRITTEN_WITHOUT_SPACES.search(phrase):
            self._anywhere.append((notion, plain(phrase.strip("*"))))
            return
        words = tuple((plain(word.strip("*")), word.endswith("*")) for word in phrase.split())
        if all(word for word, _ in words):
            self._by_start.setdefault(words[0][0][:2], []).append(_Phrase(notion, words))

    def find(self, text: str) -> tuple[Found, ...]:
        """The notions in the text, in the order of the text."""
        of_text = plain(text)
        matches = [*self._of_words(of_text)]
        if _WRITTEN_WITHOUT_SPACES.search(of_text):
            matches += self._inside(of_text)
        kept: list[Found] = []
        # Of equal lengths the word that the vocabulary has in full goes before one that only begins like it.
        for match in sorted(matches, key=lambda found: (found.start - found.end, found.is_open)):
            if all(match.end <= other.start or other.end <= match.start for other in kept):
                kept.append(match)
        return tuple(sorted(kept, key=lambda found: found.start))

    def _of_words(self, text: str) -> Iterator[Found]:
        words = [(match[0], match.start(), match.end()) for match in _WORD.finditer(text)]
        for first, (word, start, _) in enumerate(words):
            for phrase in self._by_start.get(word[:2], ()):
                last = first + len(phrase.words) - 1
                if last < len(words) and phrase.fits(words[first : last + 1]):
                    end = words[last][2]
                    yield Found(phrase.notion, text[start:end], start, end, phrase.is_open)

    def _inside(self, text: str) -> Iterator[Found]:
        for notion, phrase in self._anywhere:
            start = text.find(phrase)
            while start >= 0:
                yield Found(notion, phrase, start, start + len(phrase))
                start = text.find(phrase, start + 1)
