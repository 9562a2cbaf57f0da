"""A visitor with a real browser: opens pages, and notes what is wrong with them."""

from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Response

DESKTOP, PHONE = 1200, 390
_HEIGHT = 900


@dataclass
class Visitor:
    """Somebody who looks at pages. `complaints` are what the browser's console said against them."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen to the console, where broken rules on content and failed scripts are told."""
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def opens(self, path: str, *, width: int = DESKTOP) -> Page:
        """The page at `path` in a window of `width`. Fails where the server does."""
        self.page.set_viewport_size({"width": width, "height": _HEIGHT})
        answer: Response | None = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status < 500, f"{path} answers {answer.status}"
        return self.page

    def finds_it_sound(self) -> None:
        """Nobody is shut out of the page as it stands, it does not run over sideways, the console is silent."""
        found = Axe().run(self.page)
        assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{self.page.url} runs {wide} px over sideways at {self.page.viewport_size}"
        assert self.complaints == []
