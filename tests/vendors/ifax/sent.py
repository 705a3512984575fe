"""What fax-send answers, and what becomes of the fax, for tests."""

from __future__ import annotations

from typing import Any

from tests.vendors.ifax.client import JOB, fax_object

SENT = {"status": 1, "message": "Fax processed for sending", "data": {"jobId": JOB}}
SECONDS = {1: 35, 2: 50, 3: 64, 4: 79}
"""From the send to the end of a fax of so many pages."""


def delivered(pages: int) -> dict[str, Any]:
    """Give the whole fax object of the sandbox's first fax once it is delivered."""
    return fax_object(JOB, "delivered", 0, pages=pages, sent=pages, seconds=SECONDS[pages])
