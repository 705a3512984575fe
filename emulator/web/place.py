"""Where the reader is: the sandbox that the page shows, and the way to the control plane."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import current_app, g

from emulator.core.dialect.vendor import Vendor
from emulator.core.engine.sandboxes import DEFAULT
from emulator.web.plane import ROOT, Plane

LISTED = 30
"""Sandboxes in the menu that switches between them."""


@dataclass(frozen=True)
class Place:
    """A sandbox as the control plane shows it."""

    sandbox: Mapping[str, Any]

    @property
    def id(self) -> str:
        return str(self.sandbox["id"])

    @property
    def clock(self) -> Mapping[str, Any]:
        clock: Mapping[str, Any] = self.sandbox["clock"]
        return clock

    @property
    def root(self) -> str:
        """Give the path below which the sandbox's own pages are."""
        return f"/sandboxes/{self.id}"

    @property
    def control(self) -> str:
        """Give the path of the sandbox on the control plane."""
        return f"{ROOT}{self.root}"


View = Callable[..., Any]


def in_sandbox(view: View) -> View:
    """Have a view called with the sandbox of its path, the default one where the path names none."""

    @wraps(view)
    def answered(sandbox: str = DEFAULT, **parts: str) -> Any:
        g.here = Place(plane().read(f"/sandboxes/{sandbox}"))
        return view(g.here, **parts)

    return answered


def here() -> Place | None:
    """Give the sandbox that is being shown, None on a page of no sandbox."""
    found: Place | None = g.get("here")
    return found


def plane() -> Plane:
    """Give the way to the control plane."""
    found: Plane = current_app.extensions["plane"]
    return found


def vendors() -> Mapping[str, Vendor]:
    """Give the vendors by name."""
    found: Mapping[str, Vendor] = current_app.extensions["vendors"]
    return found


def sandboxes() -> Any:
    """Give the first sandboxes to switch to."""
    return plane().read("/sandboxes", limit=LISTED)
