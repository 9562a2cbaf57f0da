"""Short keys that stand in addresses."""

import re
import unicodedata
from collections.abc import Container
from itertools import count

_LONGEST = 60
_OF_PAGES = frozenset({"new"})
"""Words that stand for pages in the place of a key."""


def free_key(name: str, taken: Container[str], otherwise: str) -> str:
    """A key like `hr-access` made of a name, numbered where it is taken; `otherwise` where nothing is left of it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    key = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-") or otherwise
    numbered = (key if n == 1 else f"{key}-{n}" for n in count(1))
    return next(each for each in numbered if each not in taken and each not in _OF_PAGES)
