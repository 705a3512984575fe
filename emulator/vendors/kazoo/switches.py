"""What an account's profile switches: the server's version, the rate limit, the words of a running job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SWITCHES: dict[str, str] = {
    "kazoo.profile": "4.0 (default) or 4.3: node, version and timestamp in envelopes, _read_only, opaque "
    "paging keys, PDF attachments, nested webhooks",
    "rate_limit": "false lets any number of calls through",
    "live_status": "true shows the worker's own words while a job is processing",
    "strict_accept": "true offers only the type of the stored file, as 4.3 does while it sends a PDF",
    "list_cap": "rows beyond which a list without pages answers 416",
}
"""Profile keys to what they do."""

LIST_CAP = 10_000


def is_modern(profile: Mapping[str, Any]) -> bool:
    """Tell a 4.3 server from one of the 4.0 era, which the vendor's document shows."""
    return str(profile.get("kazoo.profile", profile.get("profile", "4.0"))) == "4.3"
