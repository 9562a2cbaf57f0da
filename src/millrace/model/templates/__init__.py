"""Streams to begin with: one YAML file each."""
