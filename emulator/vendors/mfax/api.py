"""Who may call what of mFax."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, request

from emulator.vendors.dialect import enter
from emulator.vendors.mfax import errors, people
from emulator.vendors.mfax.errors import MfaxError, not_allowed
from emulator.vendors.mfax.tables import REFUSALS, TRIAL
from emulator.vendors.mfax.tenant import here
from emulator.vendors.reading import read_basic


def authenticate() -> Response | None:
    """Find the sandbox of the key, and who it belongs to."""
    if request.endpoint == "ping":
        return None
    for key, lenient in _keys(request.headers.get("Authorization", "")):
        if enter(key) is not None and (not lenient or here().switch("lenient_auth")):
            people.sign_in(here(), key)
            return None
    return errors.answer(MfaxError(*REFUSALS["unauthorized"]))


def _keys(header: str) -> list[tuple[str, bool]]:
    """Give the key as documented, `Basic KEY`, and (True) as the lenient switch takes it too."""
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


def authorise() -> Response | None:
    """Refuse what the account, its plan, or the key's level does not allow."""
    if request.endpoint in OPEN:
        return None
    wrong = next((error for fits, error in RIGHTS if fits()), None)
    return errors.answer(wrong) if wrong else None


RIGHTS: tuple[tuple[Callable[[], Any], MfaxError], ...] = (
    (lambda: not here().settings.active, not_allowed("The account is not active.")),
    (lambda: here().switch("trial"), not_allowed(TRIAL)),
    (
        lambda: request.endpoint in ADMIN and not people.is_admin(),
        not_allowed("An API key of the admin level is required."),
    ),
)
"""When a call is refused, and with what; only the plan's text is observed."""

OPEN = frozenset({"ping", "me"})
"""What an account without the API may still ask."""

ADMIN: frozenset[str] = frozenset(
    {
        "number-user-add",
        "number-user-remove",
        "provision",
        "number-update",
        "number-release",
        "webhook-create",
        "webhook-list",
        "webhook-read",
        "webhook-update",
        "webhook-delete",
        "user-create",
        "user-delete",
        "custom-field-create",
        "custom-field-update",
        "custom-field-delete",
    }
)
"""Operations that need a key of the admin level (levels are observed, which need it is assumed)."""
