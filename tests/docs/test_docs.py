"""The docs are complete and their links lead somewhere."""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from tools.reference import PAGES as GENERATED
from tools.reference import REFERENCE

from millrace.diagnose.findings.rules.rule import Rules
from millrace.ingest.mapping_file import parse_mapping
from millrace.model.candidates import read_candidates
from millrace.model.frameworks.framework import Framework
from millrace.model.future_file import read_future
from millrace.model.measure import MEASURE_TERMS
from millrace.model.stream_file import parse_stream

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text("utf-8")):
        if link.startswith(("http://", "https://")):
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), f"{link} leads nowhere"
        assert not anchor or anchor in anchors(target), f"{link}: {target.name} has no such heading"


@pytest.mark.parametrize("name", GENERATED)
def test_pages_that_follow_from_the_code_are_up_to_date(name: str) -> None:
    assert (REFERENCE / name).read_text("utf-8") == GENERATED[name](), "run `make docs`"


@pytest.mark.parametrize("measure", MEASURE_TERMS)
def test_every_measure_is_in_the_glossary(measure: str) -> None:
    assert f"\n`{measure}` · " in (DOCS / "reference" / "measures.md").read_text("utf-8")


def test_every_command_is_in_the_readme() -> None:
    names = re.findall(r"^## millrace ([\w-]+)$", (REFERENCE / "commands.md").read_text("utf-8"), re.MULTILINE)
    listed = (ROOT / "README.md").read_text("utf-8")

    assert names
    assert [name for name in names if f"`{name}" not in listed] == []


def test_every_page_is_listed_in_the_index_of_its_folder() -> None:
    for index in DOCS.glob("*/README.md"):
        pages = {page.name for page in index.parent.glob("*.md")} - {"README.md"}
        listed = set(LINK.findall(index.read_text("utf-8")))
        assert pages <= listed, f"{index.parent.name}: not listed {pages - listed}"


def yaml_blocks() -> list[tuple[str, str]]:
    found = [
        (f"{page.stem}-{number}", block)
        for page in PAGES
        for number, block in enumerate(re.findall(r"```yaml\n(.*?)```", page.read_text("utf-8"), re.DOTALL), 1)
    ]
    assert found
    return found


@pytest.mark.parametrize("block", [pytest.param(block, id=place) for place, block in yaml_blocks()])
def test_every_file_shown_is_valid(block: str, tmp_path: Path) -> None:
    if block.startswith("# mapping.yaml"):
        parse_mapping(block)
    elif block.startswith("# framework.yaml"):
        Framework.model_validate(YAML(typ="safe").load(block))
    elif block.startswith("# rules.yaml"):
        Rules.model_validate(YAML(typ="safe").load(block))
    elif block.startswith("# future.yaml"):
        (tmp_path / "future.yaml").write_text(block)
        assert read_future(tmp_path / "future.yaml").moves
    elif block.startswith("# moves.yaml"):
        (tmp_path / "moves.yaml").write_text(block)
        assert read_candidates(tmp_path / "moves.yaml").candidates
    else:
        assert block.startswith("# "), "say in the first line what file it is"
        parse_stream(block)
