"""The vendors, one folder each: a folder whose package has a `vendor` is one, and nothing else lists them."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from emulator.core.dialect.vendor import Vendor


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
