"""The command line: parse, call the workbench, show."""


def main() -> None:
    """Run the command line."""
    raise SystemExit("not yet")
