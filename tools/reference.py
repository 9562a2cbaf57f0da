"""Write the pages of the reference that follow from the code: `python tools/reference.py`. Tests tell stale ones."""

import ast
import importlib
import inspect
import json
import pkgutil
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import millrace
from millrace.errors import MillraceError
from millrace.ingest.mapping import Mapping
from millrace.model.stream_file import stream_schema
from millrace.report.measures_json import MeasuresJson

REFERENCE = Path(__file__).parent.parent / "docs" / "reference"
SIMPLE = {"string": "text", "integer": "whole number", "number": "number", "boolean": "`true` or `false`"}
GENERATED = "<!-- Written by `make docs` from the code. -->\n\n"


def messages_page() -> str:
    """Every message by its slug: what it means and how it reads."""
    intro = (
        "# Messages\n\nWhat the product says when it cannot go on. Each message has a slug, by which it stands here "
        "and which an exception carries in Python; “…” stands for names and figures of the case at hand.\n"
    )
    entries = [
        f"\n## {slug}\n\n{inspect.getdoc(failure)}\n" + "".join(map(_quoted, sentences(failure)))
        for slug, failure in sorted(failures().items())
    ]
    return GENERATED + intro + "".join(entries)


def _quoted(text: str) -> str:
    return "\n" + "".join(f"> {line}\n" for line in text.splitlines())


def failures() -> dict[str, type[MillraceError]]:
    """Slug → class of every failure that users meet; classes that only group others are left out."""
    for module in pkgutil.walk_packages(millrace.__path__, "millrace."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    leaves = [failure for failure in _subclasses(MillraceError) if not failure.__subclasses__()]
    return {failure.slug: failure for failure in leaves}


def _subclasses(base: type[MillraceError]) -> Iterator[type[MillraceError]]:
    for failure in base.__subclasses__():
        yield failure
        yield from _subclasses(failure)


def sentences(failure: type[MillraceError]) -> list[str]:
    """The sentences that a failure composes, read from its source, with “…” for what it puts in."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(failure)))
    calls = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("__init__")
    ]
    return [text for call in calls for argument in call.args if (text := _as_read(argument)).strip("… ")]


def _as_read(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_as_read(part) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _as_read(node.left) + _as_read(node.right)
    return "…"


def commands_page() -> str:
    """Every command with its options, as its help says them."""
    from millrace.cli import commands, design_commands  # noqa: F401 - importing them adds their commands to `app`
    from millrace.cli.main import app

    return GENERATED + app.generate_docs().strip() + "\n"


def form_page(title: str, intro: str, schema: dict[str, Any], schema_file: str, required: str = "*required*") -> str:
    """A form of file as tables: one for the whole, one for each part that it is made of."""
    parts = {name: part for name, part in schema.get("$defs", {}).items() if part.get("type") == "object"}
    page = f"{GENERATED}# {title}\n\n{intro}\n\nAs a JSON Schema: [`{schema_file}`]({schema_file}).\n"
    page += f"\n## The file\n\n{schema.get('description', '')}\n\n{_table(schema, required)}"
    for name, part in sorted(parts.items()):
        page += f"\n## {name}\n\n{part.get('description', '')}\n\n{_table(part, required)}"
    words = {name: part for name, part in schema.get("$defs", {}).items() if "enum" in part}
    for name, part in sorted(words.items()):
        page += f"\n## {name}\n\n{part.get('description', '')}\n\nOne of {_choices(part)}.\n"
    return page


def _table(part: dict[str, Any], required: str) -> str:
    rows = ["| key | holds | default | meaning |", "|---|---|---|---|"]
    for key, holds in part.get("properties", {}).items():
        default = required if key in part.get("required", ()) else _default(holds)
        meaning = " ".join(str(holds.get("description", "")).split())
        rows.append(f"| `{key}` | {_holds(holds)} | {default} | {meaning} |".replace("  ", " "))
    return "\n".join(rows) + "\n"


def _default(holds: dict[str, Any]) -> str:
    default = holds.get("default")
    return "" if default in (None, "", [], {}) or isinstance(default, dict | list) else f"`{default}`"


def _holds(holds: dict[str, Any]) -> str:
    if "$ref" in holds:
        name = holds["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in holds:
        kinds = [_holds(kind) for kind in holds["anyOf"] if kind.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    if "enum" in holds:
        return _choices(holds)
    if holds.get("type") == "array":
        return f"list of {_holds(holds.get('items', {}))}"
    if holds.get("type") == "object":
        each = holds.get("additionalProperties")
        return f"names, each with {_holds(each) if isinstance(each, dict) else 'a value'}"
    return "day" if holds.get("format") == "date" else SIMPLE.get(holds.get("type", ""), "value")


def _choices(part: dict[str, Any]) -> str:
    return ", ".join(f"`{choice}`" for choice in part["enum"])


def mapping_page() -> str:
    """The mapping file."""
    intro = (
        "What an export’s columns and statuses mean. `millrace inspect` writes a proposal; edited, it goes back in "
        "with `--mapping`. The guide [Your own mapping](../guides/own-mapping.md) shows how."
    )
    return form_page("The mapping file", intro, mapping_schema(), "mapping.schema.json")


def stream_page() -> str:
    """The stream file."""
    intro = (
        "A value stream: from a demand to value, in steps, with the rules that bind it to a log. `millrace discover` "
        "proposes one; the guide [Draw your own stream and bind it](../guides/own-stream.md) shows how to write one."
    )
    return form_page("The stream file", intro, stream_schema(), "value-stream.schema.json")


def measures_page() -> str:
    """The JSON of measures."""
    intro = (
        "What `millrace measure --json` prints. Durations are seconds, ratios lie between 0 and 1, instants are ISO "
        "8601 in UTC. A figure that cannot be known is `null`, and its reason stands under `absent`, by the figure’s "
        "name. Definitions are in [Measures](measures.md). Keys may be added; those that are here stay."
    )
    return form_page("JSON of measures", intro, measures_schema(), "measures.schema.json", required="")


def mapping_schema() -> dict[str, Any]:
    """The JSON Schema of the mapping file."""
    return _titled("Mapping", Mapping.model_json_schema(mode="validation"))


def measures_schema() -> dict[str, Any]:
    """The JSON Schema of what `measure --json` prints."""
    return _titled("Measures", MeasuresJson.model_json_schema(mode="serialization"))


def _titled(title: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": title}


def _json(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands_page,
    "messages.md": messages_page,
    "measures-json.md": measures_page,
    "measures.schema.json": lambda: _json(measures_schema()),
    "mapping.md": mapping_page,
    "mapping.schema.json": lambda: _json(mapping_schema()),
    "value-stream.md": stream_page,
    "value-stream.schema.json": lambda: _json(stream_schema()),
}


if __name__ == "__main__":
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), "utf-8")
