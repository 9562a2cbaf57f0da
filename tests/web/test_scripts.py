"""What a first look at a page costs in scripts."""

import gzip

from millrace.web.pages.page import STATIC

MOST_BYTES = 60 * 1024


def test_the_scripts_of_all_pages_together_are_light() -> None:
    sent = sum(len(gzip.compress(script.read_bytes())) for script in STATIC.glob("**/*.js"))

    assert 0 < sent <= MOST_BYTES
