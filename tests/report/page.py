"""Reads a page as a strict reader would, and says what is wrong with it."""

import re
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "img", "input", "hr", "col"}
CLOSES_P = {"div", "p", "table", "ul", "dl", "section", "figure", "details", "h1", "h2", "h3", "pre"}
ONLY_IN = {"li": {"ul", "ol"}, "tr": {"thead", "tbody"}, "td": {"tr"}, "th": {"tr"}, "dt": {"div", "dl"}}


class Page(HTMLParser):
    """Elements with their attributes in order, visible text, and `faults` against the standard."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.faults: list[str] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag in self._open]
        ids = [attributes["id"] for _, attributes in self.elements if "id" in attributes]
        self.faults += [f"id {name} stands twice" for name in {name for name in ids if ids.count(name) > 1}]

    @property
    def text(self) -> str:
        return re.sub("[ \n\t]+", " ", " ".join(self.texts))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.faults.append(f"<{tag}> has an attribute twice")
        if tag in CLOSES_P and "p" in self._open:
            self.faults.append(f"<{tag}> inside <p>")
        if tag in ONLY_IN and self._open[-1] not in ONLY_IN[tag]:
            self.faults.append(f"<{tag}> inside <{self._open[-1]}>")
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if "svg" not in self._open:
            self.faults.append(f"<{tag}/> is not HTML")
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1] != tag:
            self.faults.append(f"</{tag}> closes <{self._open[-1] if self._open else ''}>")
        else:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.texts.append(data)
