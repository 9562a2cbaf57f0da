"""Paths that a stream follows, as people write them."""

from datetime import timedelta

import pytest

from millrace.model.follow import Follow, LinkDirection, Missing
from millrace.model.stream_file import StreamFileInvalid, parse_stream, stream_to_yaml


@pytest.mark.parametrize("arrow", ["→", "->", " → "])
def test_a_path_may_be_written_with_arrows(arrow: str) -> None:
    stream = parse_stream(f"name: a\nfollow: ['call{arrow}incident{arrow}change']\n")

    assert stream.follow == (Follow(path=("call", "incident", "change")),)
    assert parse_stream(stream_to_yaml(stream)) == stream


def test_what_is_followed_may_be_narrowed() -> None:
    (follow,) = parse_stream(
        "name: a\nfollow:\n  - path: call -> incident\n    relations: [became]\n    direction: forward\n"
        "    within: 90 d\n    missing: leave_out\n"
    ).follow

    assert follow.root == "call"
    assert (follow.direction, follow.within, follow.missing) == (
        LinkDirection.FORWARD, timedelta(days=90), Missing.LEAVE_OUT,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("follow", "said"),
    [
        ("['call → incident', 'incident → change']", "begin with “call” and “incident”"),
        ("['call → → change']", "both sides of every arrow"),
        ("[{path: call, widthin: 3 d}]", "widthin"),
    ],
)
def test_a_path_that_cannot_be_followed_is_named(follow: str, said: str) -> None:
    with pytest.raises(StreamFileInvalid, match=said):
        parse_stream(f"name: a\nfollow: {follow}\n")
