"""Checks of a drawn stream, one module per family of mistakes that people make; see `check_map`."""
