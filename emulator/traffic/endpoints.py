"""Which of a vendor's endpoints a recorded path is, and what its parameters are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.routing.exceptions import RequestRedirect

from emulator.core.dialect.vendor import Endpoint, Vendor
from emulator.vendors import all_vendors


@cache
def _map(vendor: str) -> Map:
    rules = [
        Rule(each.path, endpoint=each.name, methods=each.methods) for each in all_vendors()[vendor].endpoints
    ]
    return Map(rules, strict_slashes=False, merge_slashes=False)


@cache
def _by_name(vendor: str) -> Mapping[str, Endpoint]:
    return {each.name: each for each in all_vendors()[vendor].endpoints}


def endpoint_named(vendor: Vendor, name: str) -> Endpoint | None:
    """Find an endpoint by its name."""
    return _by_name(vendor.name).get(name)


def find_endpoint(vendor: Vendor, method: str, path: str) -> tuple[str | None, Mapping[str, str]]:
    """Find the name of the endpoint that a path leads to, and its parameters; None where there is none."""
    path = "/" + path.lstrip("/")
    for older, newer in vendor.older_paths.items():
        if path.startswith(older):
            path = newer + path.removeprefix(older)
    try:
        return _map(vendor.name).bind("").match(path, method)
    except (HTTPException, RequestRedirect):
        return None, {}


def vendor_of_host(host: str) -> Vendor | None:
    """Find the vendor whose host this is, with or without a port."""
    name = host.partition(":")[0].lower()
    return next((each for each in all_vendors().values() if name in each.hosts), None)
