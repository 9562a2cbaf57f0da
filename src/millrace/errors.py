"""The base of every failure that a user can cause or mend.

Each failure is a small class near its cause. It composes its own sentence (what happened, where, what to do) and
carries a slug that names its page in the reference (`docs/reference/messages.md`).
"""

from typing import ClassVar


class MillraceError(Exception):
    """A failure told as a sentence; the base of all others."""

    slug: ClassVar[str] = "failure"

    def __init__(self, sentence: str) -> None:
        """Keep the sentence that the user reads."""
        super().__init__(sentence)
        self.sentence = sentence
