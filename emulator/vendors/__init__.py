"""The vendors, one folder each: a folder whose package has a `vendor` is one, and nothing else lists them."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from emulator.core.vendor import Vendor


@cache
def all_vendors() -> dict[str, Vendor]:
    """Give every vendor by name, in the order of their ports."""
    folders = (module.name for module in iter_modules(__path__) if module.ispkg)
    found: list[Vendor] = [import_module(f"{__name__}.{folder}").vendor for folder in folders]
    return {vendor.name: vendor for vendor in sorted(found, key=lambda vendor: vendor.port)}
