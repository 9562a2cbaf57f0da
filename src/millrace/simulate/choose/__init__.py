"""Which moves to make for a budget or a goal: sets of candidates, each simulated as a whole."""
