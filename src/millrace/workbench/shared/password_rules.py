"""Which passwords are good enough: long, not everybody's, not made of the account's own name."""

from functools import cache
from importlib.resources import files
from itertools import pairwise

from millrace.errors import MillraceError

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256
_LEAST_DIFFERENT = 5
_AROUND = "0123456789!?.,;:*#$%&@^~+=-_/ "
"""What people put before and behind a word to have it pass."""


class WeakPassword(MillraceError):
    """A password is too short, too long, everybody's, or says the account's own name."""

    slug = "weak-password"

    def __init__(self, why: str) -> None:
        """Say what is wrong with it."""
        super().__init__(f"The password {why}. Choose {SHORTEST_PASSWORD} characters or more; a few words do well.")


def check_password(password: str, email: str, name: str) -> None:
    """Refuse what is easily guessed; no mixture of signs is asked for. Raises WeakPassword."""
    if len(password) < SHORTEST_PASSWORD:
        raise WeakPassword(f"has only {len(password)} characters")
    if len(password) > LONGEST_PASSWORD:
        raise WeakPassword(f"has more than {LONGEST_PASSWORD} characters")
    folded = password.casefold()
    if len(set(folded)) < _LEAST_DIFFERENT:
        raise WeakPassword("repeats a few characters only")
    own = {email.casefold(), email.partition("@")[0].casefold(), name.casefold(), "millrace"}
    if any(word and not folded.replace(word, "").strip(_AROUND) for word in own):
        raise WeakPassword("is made of the account’s own name")
    if _is_a_row(folded):
        raise WeakPassword("is a row of neighbours, such as abcdef")
    if folded in common_passwords() or _core(folded) in common_passwords():
        raise WeakPassword("is one of those that everybody tries first")


@cache
def common_passwords() -> frozenset[str]:
    """Passwords that are tried first; where they come from stands in their file."""
    text = files("millrace.workbench.shared").joinpath("common_passwords.txt").read_text("utf-8")
    return frozenset(line for line in text.splitlines() if not line.startswith("#"))


def _core(folded: str) -> str:
    """The word that is left without what stands around it, once where it is written several times."""
    core = folded.strip(_AROUND)
    for length in range(1, len(core) // 2 + 1):
        if len(core) % length == 0 and core == core[:length] * (len(core) // length):
            return core[:length]
    return core


def _is_a_row(folded: str) -> bool:
    steps = {ord(after) - ord(before) for before, after in pairwise(folded)}
    return steps in ({1}, {-1}) or folded in "0123456789" * 26
