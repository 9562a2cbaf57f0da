"""The command line: parse, call the workbench, show."""

from millrace.cli.main import main

__all__ = ["main"]
