"""What the API answers where something is wrong: a problem by RFC 9457, with our sentence as its detail."""

from typing import Any

from pydantic import BaseModel, Field


class Problem(BaseModel):
    """What is wrong and what to do about it."""

    type: str = Field(description="urn:millrace: and the slug of the message, as the page on messages lists them")
    title: str
    status: int
    detail: str = Field(description="A sentence for people")


_MEANINGS = {
    400: "The request could not be read",
    401: "Nobody is signed in, or the token does not hold",
    403: "The role, or the token’s scopes, do not allow it",
    404: "There is no such thing",
    405: "This cannot be done here",
    409: "It is not in a state in which this can be done",
    412: "Somebody else changed it in between",
    413: "More was sent than is taken",
    415: "The content is of another type than is taken",
    422: "What was given cannot be meant; the detail says where and what to do",
    428: "If-Match is missing: give the ETag of what the change is made on",
    429: "Too many attempts",
    503: "The database does not answer",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems that a route may answer with, for its description: the given ones, and those of every route."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": _MEANINGS[status], "content": content}
        for status in sorted({400, 401, 403, 422, 503, *statuses})
    }
