"""The vendors, one folder each: a folder whose package has a `vendor` is one, and nothing else lists them.

One that offers something beside HTTP has a `listen` too.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol

from emulator.core.dialect.vendor import Vendor
from emulator.core.engine.engine import Engine

HostPort = tuple[str, int]
"""A host and a port, 0 for any free one."""


class Closeable(Protocol):
    """Something that listens beside HTTP: `name` says what for, `port` where."""

    name: str
    port: int

    def close(self) -> None:
        """Stop listening."""


def listen_beside(engine: Engine, addresses: Mapping[str, HostPort]) -> list[Closeable]:
    """Start what vendors offer beside HTTP, by protocol, where an address is given for it.

    Raises OSError for a port that cannot be had.
    """
    packages = (import_module(f"{__name__}.{name}") for name in _folders())
    starts = [package.listen for package in packages if hasattr(package, "listen")]
    return [each for listen in starts for each in listen(engine, addresses)]


@cache
def all_vendors() -> dict[str, Vendor]:
    """Every vendor by name, in the order of their ports."""
    found = map(the_vendor, _folders())
    return {vendor.name: vendor for vendor in sorted(found, key=lambda vendor: vendor.port)}


def the_vendor(name: str) -> Vendor:
    """One vendor, whose folder has its name, without importing the others; raise LookupError."""
    if name not in _folders():
        raise LookupError(f"no vendor {name}; there are {', '.join(all_vendors())}")
    found: Vendor = import_module(f"{__name__}.{name}").vendor
    return found


@cache
def _folders() -> tuple[str, ...]:
    return tuple(module.name for module in iter_modules(__path__) if module.ispkg)
