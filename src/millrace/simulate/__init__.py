"""Logs that nobody recorded: samples now, future states later."""
