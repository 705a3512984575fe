"""Every view at every width, light and dark, with none, a few, many and very many faxes; kept to be seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from playwright.sync_api import Browser

from emulator.app import App
from tests.conftest import Control
from tests.receiver import Receiver
from tests.web.conftest import Tab, fill
from tests.web.lived import SCHEMES, live

SCREENS = {1440: 900, 1024: 768, 390: 844}
COUNTS = (0, 5, 500, 50_000)
VIEWS = {
    "fax": "/faxes/fax-2",
    "requests": "/requests",
    "request": "/requests/1",
    "webhooks": "/webhooks",
    "webhook": "/webhooks/delivery-1",
    "connect": "/connect",
    "act": "/act",
    "magic": "/reference",
    "coverage": "/reference/coverage",
    "api": "/reference/api",
}
WHOLE = (
    "[document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]"
)
"""How much wider and higher than the window a page is."""
LARGE = 720
"""Pixels of a width from which on the window never scrolls, only what is in it."""


SHORT = ("list-5", "fax", "webhooks")
"""The views whose pictures are made each time, before one looks at all of them (`make soak`)."""


def filled(app: App, server: Control, hooks: Receiver, count: int) -> Control:
    """Give a sandbox that holds so many faxes."""
    control = server.create()
    if count:
        live(control, hooks)
        control.call(
            "POST", f"/sandboxes/{control.id}/inbound", 201,
            json={"vendor": "kazoo", "to": "+12095550100", "from": "+13105550123", "force": True},
        )  # fmt: skip
        fill(app, control, count)
    return control


def pictured(browser: Browser, views: Iterable[tuple[str, Control, str]]) -> None:
    """Keep a picture of each view on every screen, light and dark; none may be larger than its window."""
    with browser.new_context() as context:
        page = context.new_page()
        for name, control, path in views:
            tab = Tab(page, control)
            tab.open(path, live=False)
            for width, height in SCREENS.items():
                page.set_viewport_size({"width": width, "height": height})
                for scheme in SCHEMES:
                    page.emulate_media(color_scheme=scheme)
                    tab.picture(f"{name}-{width}-{scheme}")
                wider, higher = page.evaluate(WHOLE)
                assert wider <= 0, (name, width)
                assert higher <= 0 or width < LARGE, (name, width)


@pytest.fixture
def hooks() -> Iterator[Receiver]:
    """A receiver whose first answer is a failure."""
    with Receiver() as running:
        running.answer(500, "not now")
        yield running


def test_what_is_looked_at_most_fits_every_screen(
    app: App, server: Control, hooks: Receiver, browser: Browser
) -> None:
    few = filled(app, server, hooks, 5)
    views = {"list-5": "", **VIEWS}
    pictured(browser, [(name, few, views[name]) for name in SHORT])


@pytest.mark.soak
def test_every_view_fits_every_screen(app: App, server: Control, hooks: Receiver, browser: Browser) -> None:
    counted = {count: filled(app, server, hooks, count) for count in COUNTS}
    views = [(f"list-{count}", counted[count], "") for count in COUNTS]
    pictured(browser, [*views, *((name, counted[5], path) for name, path in VIEWS.items())])
