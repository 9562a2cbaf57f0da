"""Kinds of signals, one module each. They do not know each other."""
