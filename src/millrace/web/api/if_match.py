"""Changes that nobody else's change is lost by: a reader gets a number as ETag, and a change gives it as If-Match."""

from typing import Annotated

from fastapi import Depends, Header, Response

from millrace.errors import MillraceError


class NoRevisionGiven(MillraceError):
    """A change does not say which state of things it is made on, so that it could undo somebody else's."""

    slug = "no-revision-given"

    def __init__(self, given: str) -> None:
        """Say what was given, and what to give."""
        what = f"If-Match “{given}” is no number of a revision" if given else "If-Match is missing"
        super().__init__(f'{what}. Give the ETag of what you read and now change, such as "7".')


def _seen(
    if_match: Annotated[str, Header(description="The number of what the change is made on, as ETag gave it")] = "",
) -> int:
    bare = if_match.strip().removeprefix("W/").strip('"')
    if not (bare.isascii() and bare.isdigit()) or len(bare) > 9:
        raise NoRevisionGiven(if_match.strip())
    return int(bare)


Seen = Annotated[int, Depends(_seen)]
"""The number that a change is made on. Raises NoRevisionGiven."""


def tag(response: Response, number: int) -> None:
    """Tell by which number what is answered can be changed."""
    response.headers["ETag"] = f'"{number}"'
