"""What is checked before a view runs: whose key it is, and what that key may call."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Response, request

from emulator.core.dialect.vendor import Check
from emulator.vendors.dialect import RequestContext, context, enter, enter_default
from emulator.vendors.mfax.account import caller, sign_in, switch
from emulator.vendors.mfax.errors import MfaxError, failure, not_allowed, not_found
from emulator.vendors.mfax.tables import REFUSALS, TRIAL
from emulator.vendors.reading import read_basic


def check_key() -> Response | None:
    """Find the sandbox of the key, and who it belongs to."""
    if request.endpoint == "ping":
        return None
    wrong = unknown = MfaxError(*REFUSALS["unauthorized"])
    keys = _keys(request.headers.get("Authorization", ""))
    for key, lenient in keys:
        if (found := enter(key)) is None:
            continue
        if not lenient or switch(found.settings, "lenient_auth"):
            sign_in(found)
            return None
        wrong = _wrong_way(found, wrong)
    if (named := request.headers.get("X-API-Key")) and (found := enter(named)) is not None:
        wrong = _wrong_way(found, wrong)
    if wrong is unknown and keys and (found := enter_default(keys[0][0])) is not None:
        sign_in(found)
        return None
    return failure(wrong)


def _wrong_way(found: RequestContext, usual: MfaxError) -> MfaxError:
    """Say that a good key comes in a wrong way."""
    return not_found("Resource") if switch(found.settings, "wrong_auth_404") else usual


def _keys(header: str) -> list[tuple[str, bool]]:
    """Read the key as documented, `Basic KEY`, and (True) as the lenient switch takes it too."""
    scheme, _, rest = header.partition(" ")
    key = rest.strip()
    if scheme.lower() == "bearer":
        return [(key, True)]
    if scheme.lower() != "basic":
        return []
    try:
        return [(key, False), (read_basic(key)[0], True)]
    except ValueError:
        return [(key, False)]


def check_rights() -> Response | None:
    """Refuse what the account, its plan, or the key's level does not allow."""
    if request.endpoint in OPEN_ENDPOINTS:
        return None
    here = context()
    wrong = next((text for text, forbids in RIGHTS.items() if forbids(here)), None)
    return failure(not_allowed(wrong)) if wrong else None


OPEN_ENDPOINTS = frozenset({"ping", "me"})
"""What an account without the API may still ask."""

ADMIN_ENDPOINTS = frozenset((
    "number-user-add", "number-user-remove", "provision", "number-update", "number-release",
    "webhook-create", "webhook-list", "webhook-read", "webhook-update", "webhook-delete",
    "user-create", "user-delete", "custom-field-create", "custom-field-update", "custom-field-delete",
))  # fmt: skip
"""Operations that need a key of the admin level (levels are observed, which need it is assumed)."""

RIGHTS: Mapping[str, Callable[[RequestContext], bool]] = {
    "The account is not active.": lambda here: not here.settings.active,
    TRIAL: lambda here: bool(switch(here.settings, "trial")),
    "An API key of the admin level is required.": lambda here: (
        request.endpoint in ADMIN_ENDPOINTS and caller()["userRole"] != "admin"
    ),
}
"""What is said of a call that is not allowed, and when it is not; only the plan's text is observed."""

CHECKS: tuple[Check, ...] = (check_key, check_rights)
