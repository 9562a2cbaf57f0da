"""How fast streams are simulated, beside SimPy and Prosimos, which live in an environment of their own."""
