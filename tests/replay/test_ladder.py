"""The ladder: a fax's life as text."""

from __future__ import annotations

from typing import Any

import pytest

from localfax.ladder import ladder, ladders, span
from localfax.things import fax_of


def entry(second: float, kind: str, what: str, **detail: Any) -> dict[str, Any]:
    at = f"2030-01-01T00:00:{second:06.3f}Z"
    return {"at": at, "kind": kind, "what": what, "fax": "fax-1", **detail}


def fax(*timeline: dict[str, Any], **changes: Any) -> Any:
    """Make a fax as the control plane tells it."""
    data = {
        "id": "fax-1",
        "vendor": "ifax",
        "direction": "inbound",
        "to": "+12125550100",
        "from": "+13105550123",
        "state": "arrived",
        "outcome": "delivered",
        "pages": {"total": 2, "sent": 2},
        "scenario": None,
        "script": None,
        "attempts": [],
        "created_at": "2030-01-01T00:00:00.000Z",
        "finished_at": None,
        "cost": 0.0,
        "vendor_view": {"id": "7", "state": "received", "code": None, "text": None},
        "timeline": list(timeline),
    }
    return fax_of(data | changes)


def test_inbound_fax_climbs_from_ring_to_webhook() -> None:
    posted = {"attempt": 2, "status": None, "error": "timeout", "url": "http://127.0.0.1:9/in"}
    life = fax(
        entry(0, "state", "ringing"),
        entry(6, "state", "receiving", speed=9600, ecm=False, csid=""),
        entry(20, "call", "page", page=1, of=2),
        entry(41.25, "state", "arrived"),
        entry(42, "webhook", "fax.received", **posted),
    )
    assert ladder(life).splitlines() == [
        "fax-1  ifax inbound from +13105550123 to +12125550100  arrived, 2 of 2 pages, 0 calls",
        "  00:00:00.000         +0s  ringing",
        "  00:00:06.000         +6s    call 1: answered, trained at 9600 bit/s without ECM, station id none",
        "  00:00:20.000        +20s    call 1: page 1 of 2",
        "  00:00:41.250      +41.2s  arrived",
        "  00:00:42.000        +42s      fax.received, try 2: timeout (127.0.0.1:9 gave no answer in time) <- http://127.0.0.1:9/in",
    ]


def test_failed_fax_says_why() -> None:
    said = ladder(fax(state="failed", outcome="no_credit", direction="outbound", scenario="magic-06"))
    assert (
        said == "fax-1  ifax outbound to +12125550100  failed (no_credit), 2 of 2 pages, 0 calls  (magic-06)"
    )


def test_faxes_stand_in_the_order_in_which_they_were_made() -> None:
    text = ladders([fax(id="fax-10"), fax(id="fax-9")])
    assert [line.split()[0] for line in text.splitlines() if line] == ["fax-9", "fax-10"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (0.5, "0.5s"),
        (59.94, "59.9s"),
        (60, "1m"),
        (304, "5m 4s"),
        (7800, "2h 10m"),
        (172_800, "2d"),
    ],
)
def test_durations_are_short(seconds: float, text: str) -> None:
    assert span(seconds) == text
