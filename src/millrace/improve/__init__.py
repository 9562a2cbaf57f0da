"""From what could be done to what is done: plans of moves, their effects, and when these can be seen."""
