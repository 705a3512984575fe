"""Every view at every width, light and dark, with none, a few, many and very many faxes; kept to be seen."""

from __future__ import annotations

from collections.abc import Iterator

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


@pytest.fixture
def counted(app: App, server: Control) -> Iterator[dict[int, Control]]:
    """Sandboxes by how many faxes they hold."""
    with Receiver() as hooks:
        hooks.answer(500, "not now")
        found = {0: server.create()}
        for count in COUNTS[1:]:
            found[count] = live(server.create(), hooks)
            found[count].call(
                "POST", f"/sandboxes/{found[count].id}/inbound", 201,
                json={"vendor": "kazoo", "to": "+12095550100", "from": "+13105550123", "force": True},
            )  # fmt: skip
            fill(app, found[count], count)
        yield found


def test_every_view_fits_every_screen(counted: dict[int, Control], browser: Browser) -> None:
    views = [(f"list-{count}", counted[count], "") for count in COUNTS]
    views += [(name, counted[5], path) for name, path in VIEWS.items()]
    for scheme in SCHEMES:
        with browser.new_context(color_scheme=scheme) as context:
            page = context.new_page()
            for name, control, path in views:
                tab = Tab(page, control)
                tab.open(path, live=False)
                for width, height in SCREENS.items():
                    page.set_viewport_size({"width": width, "height": height})
                    tab.picture(f"{name}-{width}-{scheme}")
                    wider, higher = page.evaluate(WHOLE)
                    assert wider <= 0, (name, width)
                    assert higher <= 0 or width < LARGE, (name, width)
