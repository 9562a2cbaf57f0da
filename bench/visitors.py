"""People who browse a served workspace, in a process of their own: `python -m bench.visitors` reads what to do as JSON.

Each opens a page, reads it for a few seconds, and opens the next one. What they met is printed as JSON.
"""

import asyncio
import json
import random
import sys
import time
from collections import defaultdict
from typing import Any

import httpx2

READS_SECONDS = (1.0, 4.0)
"""How long somebody looks at a page before opening the next."""
_PATIENCE_SECONDS = 30


async def _browse(asked: dict[str, Any], visitor: int, met: dict[str, list[Any]], until: float) -> None:
    chance = random.Random(visitor)
    names = list(asked["pages"])
    cookies = {"millrace_session": asked["sessions"][visitor]}
    async with httpx2.AsyncClient(base_url=asked["url"], cookies=cookies, timeout=_PATIENCE_SECONDS) as client:
        await asyncio.sleep(chance.uniform(0, READS_SECONDS[1]))
        while time.monotonic() < until:
            name = chance.choice(names)
            path = chance.choice(asked["pages"][name])
            headers = {"hx-request": "true"} if name == "step panel" else {}
            began = time.monotonic()
            try:
                answer = await client.get(path, headers=headers)
                status = answer.status_code
            except httpx2.HTTPError as error:
                status = type(error).__name__
            met[name].append((time.monotonic() - began, status))
            await asyncio.sleep(chance.uniform(*READS_SECONDS))


async def main(asked: dict[str, Any]) -> dict[str, list[Any]]:
    """Let all browse at once for as long as was asked; the seconds and the status of every answer, by page."""
    met: dict[str, list[Any]] = defaultdict(list)
    until = time.monotonic() + asked["seconds"]
    await asyncio.gather(*(_browse(asked, visitor, met, until) for visitor in range(len(asked["sessions"]))))
    return met


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(json.loads(sys.stdin.read())))))
