"""Check what no linter knows: the size and names of modules and classes, and texts that must not be in the project."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
MOST_LINES = 400
VAGUE_CLASS = re.compile(r".(Manager|Helper|Handler|Processor|Info|Data|Utils?)$")
VAGUE_MODULES = {"utils", "util", "helpers", "helper", "common", "misc"}
NOT_OURS = re.compile(r"--(extra-)?index-url|--find-links|(?<![\w.])/(home|Users|opt|work|root|tmp)/\w")
"""Addresses of package indexes and paths of one machine."""
BINARY = {".png", ".woff2", ".ttf", ".parquet", ".xlsx", ".gz", ".npz"}


def tracked_files() -> list[Path]:
    """Every file under version control, or about to be, that still exists."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [path for line in listed.stdout.splitlines() if (path := ROOT / line).is_file()]


def breaches(path: Path) -> Iterator[str]:
    """Sentences on what a file does against the rules."""
    if path.suffix in BINARY or path == Path(__file__):
        return
    text = path.read_text("utf-8", errors="replace")
    for number, line in enumerate(text.splitlines(), 1):
        if found := NOT_OURS.search(line):
            yield f"line {number}: “{found[0]}” belongs to one machine"
    if path.suffix == ".py" and "src" in path.parts:
        yield from module_breaches(path, text)


def module_breaches(path: Path, text: str) -> Iterator[str]:
    """Sentences on the size and names of a module of the product."""
    n_lines = text.count("\n")
    if n_lines > MOST_LINES:
        yield f"{n_lines} lines; a module has at most {MOST_LINES}"
    if path.stem in VAGUE_MODULES:
        yield "a module bears the term of what it holds"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef) and VAGUE_CLASS.search(node.name):
            yield f"line {node.lineno}: class {node.name} says too little; name what it is"


def main() -> int:
    """Print every breach; 1 where there is any."""
    found = [f"{path.relative_to(ROOT)}: {breach}" for path in tracked_files() for breach in breaches(path)]
    print("\n".join(found) or "house rules kept")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
