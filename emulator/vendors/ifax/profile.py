"""The profile switches of a sandbox's iFax account; see SWITCHES."""

from __future__ import annotations

from emulator.core.sandboxes.sandbox import Settings
from emulator.vendors.dialect import call

SWITCHES = {
    "profile": "`documented` (default), or `live`: answers as the real service was observed to give them",
    "ifax.profile": "another spelling of profile",
    "test_key": "true: the live key counts as a test key",
    "test_pages": "pages that a test key may send",
    "free_trial": "pages that an account on its free trial may send; absent: no trial",
    "designated_number": "a developer account's only destination",
    "professional_plan": "false: the plan lacks the API, every call answers 12004",
    "file_storage": "false: files are gone when their fax has ended",
    "upfront_cost": "true: numbers have an upfront cost, so that buying one answers 12136",
    "labels": "names of the account's labels",
}
"""Switch to what it does."""


def is_live(settings: Settings | None = None) -> bool:
    """Tell whether the sandbox answers as the real service was observed to, and not as its document says."""
    profile = (settings or call().settings).profile
    return (profile.get("profile") or profile.get("ifax.profile")) == "live"
