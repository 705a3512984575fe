"""A real browser on the page: Debian's Chromium without a screen, driven by Playwright."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

from emulator.app import App
from emulator.core.faxes.fax import Fax
from emulator.core.item import Add
from tests.conftest import Control
from tests.receiver import Receiver

ROOT = Path(__file__).parent.parent.parent
BUILD = ROOT / "build"
SCREENSHOTS = BUILD / "screenshots"
AXE = BUILD / "axe-core" / "axe.min.js"
CHROMIUM = which("chromium-headless-shell") or which("chromium")
"""The shell has no window to keep up, and costs a quarter of the processor's time."""
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--renderer-process-limit=1",
)
VIEWPORT = ViewportSize(width=1280, height=800)
PATIENCE = 15_000
"""Milliseconds after which something that should show is taken for missing."""


class Tab:
    """One page of the browser on one sandbox."""

    def __init__(self, page: Page, control: Control) -> None:
        self.page, self.control = page, control
        self.problems: list[str] = []
        self.refused = False
        """Whether the server was to refuse something, which the browser notes."""
        page.on("console", lambda line: self._heard(line.type, line.text))
        page.on("pageerror", lambda wrong: self.problems.append(str(wrong)))

    def open(self, path: str = "", *, live: bool = True) -> Page:
        """Go to a page of the sandbox and, if `live`, wait until it follows the events."""
        self.page.goto(f"{self.control.url}/sandboxes/{self.control.id}{path}")
        if live:
            self.listens()
        return self.page

    def listens(self) -> None:
        """Wait until the page follows the events of its sandbox."""
        self.page.locator("body[data-listening]").wait_for(state="attached")

    def drops(self, target: Locator, file: Path) -> None:
        """Drop a file on something, as from a folder's window."""
        target.scroll_into_view_if_needed()
        box = target.bounding_box()
        assert box is not None
        where = {"x": box["x"] + box["width"] / 2, "y": box["y"] + 5}
        data = {"items": [], "files": [str(file)], "dragOperationsMask": 1}
        devtools = self.page.context.new_cdp_session(self.page)
        for kind in ("dragEnter", "dragOver", "drop"):
            devtools.send("Input.dispatchDragEvent", {"type": kind, **where, "data": data})

    def said(self) -> str:
        """Give what the page told after an action."""
        self.page.locator("#said:not(:empty)").wait_for()
        return self.page.locator("#said").inner_text()

    def picture(self, name: str) -> None:
        """Keep what is to be seen in build/screenshots."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")

    def _heard(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.problems.append(text)


def time_of_day(instant: str, *, more: str = "") -> re.Pattern[str]:
    """Give what the page says for an instant: its day and minute, if midnight has passed since."""
    return re.compile(rf"^(\d+ \w+ {instant[11:16]}|{instant[11:19]}){more}$")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS])
        yield running
        running.close()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Give contexts, a profile each, that are closed at the test's end."""
    made: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(**{"viewport": VIEWPORT, **options})
        context.set_default_timeout(PATIENCE)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture(scope="session")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """The profile of all tabs: nothing of a sandbox stays in it, and a page of one site starts soon."""
    made = browser.new_context(viewport=VIEWPORT)
    made.set_default_timeout(PATIENCE)
    yield made
    made.close()


@pytest.fixture
def new_tab(context: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Callable[[Control], Tab]]:
    """Give tabs on sandboxes; a failure leaves their screenshots, and the browser may not complain."""
    made: list[Tab] = []
    failed = request.session.testsfailed

    def make(control: Control) -> Tab:
        made.append(Tab(context.new_page(), control))
        return made[-1]

    yield make
    for tab in made:
        if request.session.testsfailed > failed:
            tab.picture(re.sub(r"\W+", "-", request.node.name).strip("-"))
        tab.page.close()
        noted = "Failed to load resource" if tab.refused else "\0"
        assert [each for each in tab.problems if not each.startswith(noted)] == []


@pytest.fixture
def tab(control: Control, new_tab: Callable[[Control], Tab]) -> Tab:
    """A tab on a fresh sandbox."""
    return new_tab(control)


@pytest.fixture
def hooks(control: Control, receiver: Receiver) -> Receiver:
    """A receiver to which the sandbox's vendors post."""
    post_to(receiver, control)
    return receiver


def post_to(receiver: Receiver, control: Control) -> None:
    """Have all vendors of a sandbox post to a receiver."""
    hooks = {"outbound": f"{receiver.url}/sent", "inbound": f"{receiver.url}/came"}
    for vendor in control.sandbox["vendors"]:
        control.vendor(vendor, webhooks=hooks)


def fill(app: App, control: Control, last: int) -> None:
    """Put copies of the newest fax into the store, up to so many faxes."""
    store, newest = app.store.of(control.id), control.faxes()[0]["id"]
    one = store.get(Fax, newest)
    assert one is not None
    for start in range(one.sequence + 1, last + 1, 1000):
        rows = [
            one.evolve(id=f"fax-{row}", version=1, sequence=row, names=(), folders=())
            for row in range(start, min(start + 1000, last + 1))
        ]
        store.commit(rows, adds=[Add(one.counter, len(rows)), Add(Fax.kind, len(rows))])


@pytest.fixture(scope="module")
def lived(server: Control) -> Iterator[Control]:
    """A sandbox with a failed, a delivered, a received and a waiting fax, and webhooks tried twice."""
    from tests.web.lived import live

    with Receiver() as hooks:
        hooks.answer(500, "not now")
        yield live(server.create(), hooks)


@pytest.fixture(scope="session")
def axe() -> str:
    """The text of axe-core, fetched from the npm registry when it is missing."""
    if not AXE.exists():
        subprocess.run([ROOT / "scripts" / "install-axe", AXE], check=True)
    return AXE.read_text(encoding="utf-8")
