"""Write the pages of the reference that follow from the code: `python tools/reference.py`. Tests tell stale ones."""

import ast
import importlib
import inspect
import json
import pkgutil
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import millrace
from millrace.diagnose.findings.rules.rule import Rules
from millrace.diagnose.map_checks import drift
from millrace.diagnose.map_checks.check_map import FAMILIES
from millrace.errors import MillraceError
from millrace.ingest.mapping import Mapping
from millrace.ingest.records_mapping import RecordsMapping
from millrace.model.crosswalk import known_terms
from millrace.model.frameworks.framework import SHIPPED, Framework, load_framework
from millrace.model.stream_file import stream_schema
from millrace.model.templates.template import templates
from millrace.report.choice_form import choice_schema
from millrace.report.future_form import future_schema
from millrace.report.measures_json import MeasuresJson
from millrace.web.api.api import description
from tools.api_reference import api_page
from tools.findings_reference import JSON_INTRO, findings_page, findings_schema

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
    ours = [failure for failure in _subclasses(MillraceError) if failure.__module__.startswith("millrace.")]
    leaves = [failure for failure in ours if not failure.__subclasses__()]
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
    from millrace.cli.main import app, load_commands

    load_commands()

    with patch("sys.argv", ["millrace"]):  # usage lines name the program that runs: not this one
        return GENERATED + app.generate_docs().strip() + "\n"


def map_checks_page() -> str:
    """Every rule of `millrace check` by the pitfall that it guards against: what should hold, and what to do."""
    n_rules, n_of_log = sum(len(family.CHECKS) for family in FAMILIES), len(drift.CHECKS)
    intro = (
        f"# Map checks\n\nThe {n_rules} rules of `millrace check`, by the mistake that they guard against. "
        f"{n_of_log} of them look only with `--log`, marked “log”. An *error* contradicts itself or has no meaning, a "
        "*warning* misleads, a *note* is worth a thought. “…” stands for names of the case at hand. The guides "
        "[Design a stream](../guides/design-a-stream.md) and [Find out where map and reality part]"
        "(../guides/map-and-reality.md) use them.\n"
    )
    page = GENERATED + intro
    for pitfall in dict.fromkeys(family.PITFALL for family in FAMILIES):
        rows = [
            (
                f"`{check.name}`",
                f"{check.severity}{' · log' * (family is drift)}",
                check.title,
                " Or: ".join(remedies(check.look)),
            )
            for family in FAMILIES
            if pitfall == family.PITFALL
            for check in family.CHECKS
        ]
        page += f"\n## {pitfall.capitalize()}\n"
        page += _rows_under(("rule", "severity", "what should hold", "what to do"), rows)
    return page


def _rows_under(headers: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    headers = tuple(headers)
    lines = [headers, ["---"] * len(headers), *rows]
    return "\n" + "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)


def remedies(look: Callable[..., Any]) -> list[str]:
    """What a rule tells to do, read from its source: the second argument of whatever it finds."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(look)))
    closure = inspect.getclosurevars(look)
    names = {**closure.globals, **closure.nonlocals}
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "Found"]
    texts = [text for call in found for text in _alternatives(call.args[1], tree, names)]
    return list(dict.fromkeys(re.sub(r"…+$", "…", text).replace(".…", ".") for text in texts))


def _alternatives(node: ast.expr, tree: ast.AST, names: dict[str, Any]) -> list[str]:
    """The texts that an expression may come to: both branches of a choice, what a name was given, a value known."""
    if isinstance(node, ast.IfExp):
        return [text for branch in (node.body, node.orelse) for text in _alternatives(branch, tree, names)]
    if isinstance(node, ast.Name):
        given = [each.value for each in ast.walk(tree) if isinstance(each, ast.Assign) and _sets(each, node.id)]
        return [text for value in given for text in _alternatives(value, tree, names)]
    if isinstance(node, ast.Attribute):
        return [str(eval(ast.unparse(node), names))]
    return [_as_read(node)]


def _sets(assignment: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in assignment.targets)


FRAMEWORKS_INTRO = """# Frameworks

What the steps of a stream may refer to: value chain activities and practices. A framework is a file, not code. Shipped
are {shipped}; a stream names one with `framework: itil5`, and the first is taken where it names none. Names are those
of the framework, descriptions are Millrace’s own. `millrace practices` and `millrace crosswalk` show the same in the
terminal; `millrace check` tells names that a framework does not have, and what they became.
"""
OWN_FRAMEWORK = """
## A framework of your own

A file beside the stream’s, named by it: `framework: house.yaml`. With `practices_from`, it takes over the practices of
a shipped one; with practices of its own it need not.

```yaml
# framework.yaml
name: house
title: How we work
value_chain_activities:
  - name: Understand
    purpose: Know what the caller needs.
    aliases: [intake]
  - name: Restore
    purpose: Make it work again.
practices_from: itil4
```

`aliases` are other spellings that are understood; case and signs make no difference anyway. `millrace practices
--framework house.yaml` shows what was read.
"""


def frameworks_page() -> str:
    """Activities and practices that are shipped, the crosswalk, the templates, and the form of a framework file."""
    page = GENERATED + FRAMEWORKS_INTRO.format(shipped=" and ".join(f"`{name}`" for name in SHIPPED))
    for framework in map(load_framework, SHIPPED):
        page += f"\n## {framework.title}\n\n{framework.note}\n"
        activities = [(each.name, each.purpose) for each in framework.value_chain_activities]
        page += _rows_under(("activity", "purpose"), activities)
        if framework.practices_from is None:
            practices = [(each.name, each.group, each.purpose) for each in framework.practices]
            page += _rows_under(("practice", "group", "purpose"), practices)
    page += "\n## Crosswalk\n\nWhat older and other words became; and why, where there is no single successor.\n"
    terms = [
        (each.term, each.origin, ", ".join(each.practices), each.judgement or "")
        for each in sorted(known_terms(), key=lambda each: each.term.casefold())
    ]
    page += _rows_under(("term", "known as", "practices", "why"), terms)
    page += "\n## Templates\n\nStreams to begin with: `millrace new hr-access -o stream.yaml`.\n"
    shipped = [(f"`{each.name}`", each.title, each.description, each.n_steps) for each in templates()]
    page += _rows_under(("name", "stream", "from demand to value", "steps"), shipped) + OWN_FRAMEWORK
    schema = Framework.model_json_schema()
    for title, part in (("The framework file", schema), *sorted(schema["$defs"].items())):
        page += f"\n### {title}\n\n{part.get('description', '')}\n\n{_table(part, '*required*')}"
    return page


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


def records_mapping_page() -> str:
    """The mapping of several record files."""
    intro = (
        "What several record files mean together: which holds records of which type, and where the links between them "
        "come from. It goes in with `--mapping`; the guide [One stream across record types]"
        "(../guides/linked-records.md) shows how."
    )
    return form_page("The mapping of record files", intro, records_mapping_schema(), "records-mapping.schema.json")


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


def rules_page() -> str:
    """The file of rules."""
    intro = (
        "What you look for yourself: findings of your own, for `millrace findings --rules`. The guide "
        "[Findings of your own](../guides/own-findings.md) shows how."
    )
    return form_page("The file of rules", intro, rules_schema(), "rules.schema.json")


def rules_schema() -> dict[str, Any]:
    """The JSON Schema of a file of rules."""
    return _titled("Rules", Rules.model_json_schema(mode="validation"))


def findings_json_page() -> str:
    """The JSON of findings."""
    return form_page("JSON of findings", JSON_INTRO, findings_schema(), "findings.schema.json", required="")


def future_json_page() -> str:
    """The JSON that a simulated future state is written as."""
    intro = (
        "What `millrace simulate` writes as `comparison.json`, and prints with `--json`. Durations are seconds, ratios "
        "lie between 0 and 1, money is in the currency of the rates. A figure that cannot be known is `null`, and its "
        "reason stands under `absent`. Keys may be added; those that are here stay."
    )
    return form_page("JSON of a simulated future state", intro, future_schema(), "future.schema.json", required="")


def choice_json_page() -> str:
    """The JSON that a choice among moves is written as."""
    intro = (
        "What `millrace optimise` writes as `choice.json`, and prints with `--json`. Durations are seconds, ratios lie "
        "between 0 and 1, money is in the currency of the costs; a gain is more than 0 where the measure gets better. "
        "A figure that cannot be known is `null`. Keys may be added; those that are here stay."
    )
    return form_page("JSON of a choice among moves", intro, choice_schema(), "choice.schema.json", required="")


def mapping_schema() -> dict[str, Any]:
    """The JSON Schema of the mapping file."""
    return _titled("Mapping", Mapping.model_json_schema(mode="validation"))


def records_mapping_schema() -> dict[str, Any]:
    """The JSON Schema of the mapping of several record files."""
    return _titled("Mapping of record files", RecordsMapping.model_json_schema(mode="validation"))


def measures_schema() -> dict[str, Any]:
    """The JSON Schema of what `measure --json` prints."""
    return _titled("Measures", MeasuresJson.model_json_schema(mode="serialization"))


def _titled(title: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": title}


def _json(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands_page,
    "rest-api.md": lambda: GENERATED + api_page(),
    "openapi.json": lambda: _json(description()),
    "messages.md": messages_page,
    "measures-json.md": measures_page,
    "findings.md": lambda: GENERATED + findings_page(),
    "findings-json.md": findings_json_page,
    "findings.schema.json": lambda: _json(_titled("Findings", findings_schema())),
    "future-json.md": future_json_page,
    "future.schema.json": lambda: _json(_titled("A future state beside today", future_schema())),
    "choice-json.md": choice_json_page,
    "choice.schema.json": lambda: _json(choice_schema()),
    "measures.schema.json": lambda: _json(measures_schema()),
    "mapping.md": mapping_page,
    "mapping.schema.json": lambda: _json(mapping_schema()),
    "records-mapping.md": records_mapping_page,
    "records-mapping.schema.json": lambda: _json(records_mapping_schema()),
    "value-stream.md": stream_page,
    "map-checks.md": map_checks_page,
    "frameworks.md": frameworks_page,
    "rules.md": rules_page,
    "rules.schema.json": lambda: _json(rules_schema()),
    "value-stream.schema.json": lambda: _json(stream_schema()),
}


if __name__ == "__main__":
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), "utf-8")
