"""Texts that say the same in any language: grouped by their words and pieces of words.

Words and character n-grams are weighted by how telling they are (TF-IDF) and folded into a few dozen dimensions; texts
near each other there are merged into groups (average linkage). Of many texts a sample shows the groups, and every text
goes to the nearest one, if it is as near as the group's own are.
"""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from millrace.flow.spans import NOTHING

LEAST_TIMES = 5
"""Items of a group in the sample."""
MOST_SAMPLED = 4_000
DIMENSIONS = 50
LEAST_NEAR = 0.3
"""Mean cosine of the texts of two groups that become one; and of a text and the middle of its group."""
_NEAR_QUANTILE = 0.05
N_WORDS = 4
SEED = 7
_NOT_TELLING = re.compile(r"\S+@\S+|https?://\S+|[\W_]*\d[\w\-./:]*")
"""Addresses and numbers: they tell records apart, not issues."""


class TextGroups(NamedTuple):
    """For every text the number of its group (`NOTHING` for none), and the groups’ names."""

    codes: npt.NDArray[np.int32]
    names: tuple[str, ...]


def text_groups(texts: Sequence[str], weights: Any) -> TextGroups:
    """Group different texts, each of which occurs `weights` times."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.preprocessing import normalize

    plain = [plain_text(text) for text in texts]
    unique, of_text = np.unique(np.array(plain, dtype=object), return_inverse=True)
    times = np.bincount(of_text, weights, len(unique))
    matrix = _weighted(list(unique))
    if matrix is None:
        return TextGroups(np.full(len(texts), NOTHING, np.int32), ())
    n_dimensions = min(DIMENSIONS, matrix.shape[1] - 1, len(unique) - 1)
    folded = (
        matrix.toarray() if n_dimensions < 2 else TruncatedSVD(n_dimensions, random_state=SEED).fit_transform(matrix)
    )
    places = normalize(folded)
    codes = _assigned(places, _near_each_other(places, times))
    codes[[not text for text in unique]] = NOTHING
    names = _names(list(unique), codes, times)
    return TextGroups(codes[of_text].astype(np.int32), names)


def plain_text(text: str) -> str:
    """Lower case, without numbers and addresses."""
    return " ".join(_NOT_TELLING.sub(" ", text.casefold()).split())


def _weighted(texts: list[str]) -> Any:
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import TfidfVectorizer

    words = TfidfVectorizer(token_pattern=r"\w\w+", sublinear_tf=True, max_df=_most(texts), max_features=20_000)
    pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), sublinear_tf=True, max_features=20_000)
    try:
        return hstack([words.fit_transform(texts), 0.7 * pieces.fit_transform(texts)]).tocsr()
    except ValueError:  # no text has a word
        return None


def _most(texts: list[str]) -> float:
    """A word in more than half of many texts tells nothing."""
    return 0.5 if len(texts) >= 40 else 1.0


def _near_each_other(places: Any, times: Any) -> list[Any]:
    """Rows of each group, of a sample where there are many texts; frequent ones are in it for sure."""
    from sklearn.cluster import AgglomerativeClustering

    rng = np.random.default_rng(SEED)
    n = len(places)
    if n <= MOST_SAMPLED:
        sample = np.arange(n)
    else:
        chance = times / times.sum()
        sample = np.sort(rng.choice(n, MOST_SAMPLED, replace=False, p=chance))
    if len(sample) < 2:
        return [sample]
    merged = AgglomerativeClustering(None, metric="cosine", linkage="average", distance_threshold=1 - LEAST_NEAR)
    labels = merged.fit_predict(places[sample])
    sizes = np.bincount(labels, times[sample])
    return [sample[labels == label] for label in np.flatnonzero(sizes >= LEAST_TIMES)]


def _assigned(places: Any, groups: list[Any]) -> Any:
    codes = np.full(len(places), NOTHING)
    if not groups:
        return codes
    middles = np.array([places[rows].mean(axis=0) for rows in groups])
    middles /= np.linalg.norm(middles, axis=1, keepdims=True) + 1e-12
    least = np.array(
        [max(float(np.quantile(places[rows] @ middle, _NEAR_QUANTILE, method="lower")), LEAST_NEAR) - 1e-9
         for rows, middle in zip(groups, middles, strict=True)]
    )  # fmt: skip
    for begin in range(0, len(places), 10_000):
        near = places[begin : begin + 10_000] @ middles.T
        best = near.argmax(axis=1)
        is_near = near[np.arange(len(near)), best] >= least[best]
        codes[begin : begin + 10_000] = np.where(is_near, best, NOTHING)
    return codes


def _names(texts: list[str], codes: Any, times: Any) -> tuple[str, ...]:
    """The words that most of a group’s texts have and few others, in the order in which they are written."""
    from sklearn.feature_extraction.text import CountVectorizer

    n_groups = int(codes.max()) + 1
    if n_groups == 0:
        return ()
    counter = CountVectorizer(token_pattern=r"\w\w+", binary=True, max_features=20_000)
    has_word = counter.fit_transform(texts)
    words = counter.get_feature_names_out()
    rare = np.log(times.sum() / (has_word.T @ times + 1))
    named = []
    for group in range(n_groups):
        rows = np.flatnonzero(codes == group)
        if not len(rows):
            named.append("")
            continue
        share = has_word[rows].T @ times[rows] / times[rows].sum()
        scores = np.where(share >= 0.3, share * np.maximum(rare, 0.01), 0.0)
        best = [words[word] for word in np.argsort(-scores)[:N_WORDS] if scores[word] > 0]
        common = texts[rows[int(np.argmax(times[rows]))]]
        written = re.findall(r"\w\w+", common)
        best.sort(key=lambda word: written.index(word) if word in written else len(written))
        named.append(" ".join(best) or common[:60])
    return tuple(named)
