"""Wastes and what helps against them, as data."""
