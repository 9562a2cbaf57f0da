"""Commands on designed streams."""
