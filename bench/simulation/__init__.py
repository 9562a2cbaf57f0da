"""How fast streams are simulated, beside SimPy, which lives in an environment of its own."""
