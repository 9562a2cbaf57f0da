"""The kinds of findings, one module each. They do not know each other."""
