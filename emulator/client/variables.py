"""A sandbox as environment variables: LOCALFAX_URL, LOCALFAX_IFAX_BASE_URL, LOCALFAX_IFAX_ACCESS_TOKEN."""

from __future__ import annotations

import re

from emulator.client.sandbox import Sandbox

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+")


def snake(name: str) -> str:
    """Give the words of a credential's name in lower case: X-Auth-Token is x_auth_token, APIKey api_key."""
    return "_".join(_WORD.findall(name)).lower()


def variables(url: str, sandbox: Sandbox) -> dict[str, str]:
    """Give what an application needs to find a sandbox."""
    found = {"LOCALFAX_URL": url, "LOCALFAX_SANDBOX": sandbox.id}
    for vendor in sandbox.vendors:
        prefix = f"LOCALFAX_{vendor.upper()}"
        found[f"{prefix}_BASE_URL"] = sandbox.base_url(vendor)
        own = sandbox.credentials(vendor).items()
        found |= {f"{prefix}_{snake(name).upper()}": value for name, value in own}
    return found
