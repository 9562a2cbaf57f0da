"""The tandem queue in SimPy; runs in SimPy's environment and writes no log. What it cost as JSON."""

import json
import random
import sys
import time
from collections.abc import Iterator
from typing import Any

PEOPLE = (5, 8, 10, 6, 4, 3)
UTILISATION, ITEMS_PER_SECOND = 0.8, 0.01


def main(n_items: int) -> None:
    """Simulate so many items and keep when each began and ended in each step."""
    import simpy

    chance, records = random.Random(1), list[tuple[int, int, float, float]]()
    environment = simpy.Environment()
    teams = [simpy.Resource(environment, n) for n in PEOPLE]
    rates = [ITEMS_PER_SECOND / (UTILISATION * n) for n in PEOPLE]

    def item(number: int) -> Iterator[Any]:
        for step, team in enumerate(teams):
            with team.request() as turn:
                yield turn
                began = environment.now
                yield environment.timeout(chance.expovariate(rates[step]))
            records.append((number, step, began, environment.now))

    def demand() -> Iterator[Any]:
        for number in range(n_items):
            environment.process(item(number))
            yield environment.timeout(chance.expovariate(ITEMS_PER_SECOND))

    environment.process(demand())
    began = time.process_time()
    environment.run()
    print(json.dumps({"n_items": n_items, "cpu": time.process_time() - began, "n_records": len(records)}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
