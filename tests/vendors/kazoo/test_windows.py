"""Windows of time: which a list takes, and how their instants are read."""

from __future__ import annotations

from typing import Any

import pytest

from tests.vendors.kazoo.client import Kazoo
from tests.vendors.kazoo.expected import faxed, listed, sent
from tests.vendors.kazoo.rules import typed


def test_sent_faxes_are_listed_within_31_days_where_the_switch_says_so(kazoo: Kazoo, one_page: bytes) -> None:
    kazoo.control.vendor("kazoo", profile={"list_window": True})
    at, old = kazoo.now(), kazoo.sent(one_page)
    kazoo.control.advance(by="32d")
    later, new = kazoo.now(), kazoo.sent(one_page)
    assert old == listed(sent(old["id"], at, faxed(elapsed=43)))
    assert new == listed(sent(new["id"], later, faxed(elapsed=43)))
    windows: list[tuple[dict[str, Any], list[Any]]] = [
        ({}, [new]),
        ({"created_from": at - 10, "created_to": at + 10}, [old]),
        ({"created_from": at - 10, "created_to": at + 10, "ascending": "true"}, [old]),
        ({"created_from": at, "created_to": at}, [old]),
        ({"created_to": at}, [old]),
        ({"created_to": at - 1}, []),
        ({"created_from": later}, [new]),
        ({"created_from": later + 1}, []),
        ({"created_from": at + 1, "created_to": at + 2_682_001}, []),
    ]
    for window, found in windows:
        assert kazoo.get("/faxes/outbox", params=window)["data"] == found
    # 31 days and an hour reach back to what was created at that very second.
    assert kazoo.get("/faxes/outbox", params={"created_to": at + 2_682_000})["data"] == [old]
    assert kazoo.get("/faxes/outbox", params={"created_to": at + 2_682_001})["data"] == []


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(200, 100, "created_to 100 is prior to created_from 200"),
     (100, 2_682_101, "created_to 2682101 is more than 2682000 seconds from created_from 100")],
)  # fmt: skip
@pytest.mark.parametrize("folder", ["outbox", "inbox", "incoming", "smtplog"])
def test_a_window_that_cannot_be_is_refused(
    kazoo: Kazoo, folder: str, low: int, high: int, text: str
) -> None:
    kazoo.control.vendor("kazoo", profile={"list_window": True})
    error = (400, "validation error", {"created_from": {"date_range": {"message": text, "cause": low}}})
    kazoo.refused("GET", f"/faxes/{folder}", error, params={"created_from": low, "created_to": high})


def test_a_window_without_an_end_ends_now(kazoo: Kazoo) -> None:
    kazoo.control.vendor("kazoo", profile={"list_window": True})
    now, widest = kazoo.now(), 2_682_000
    assert kazoo.get(f"/faxes/outbox?created_from={now - widest}")["data"] == []
    low = now - widest - 1
    text = f"created_to {now} is more than {widest} seconds from created_from {low}"
    error = (400, "validation error", {"created_from": {"date_range": {"message": text, "cause": low}}})
    kazoo.refused("GET", f"/faxes/outbox?created_from={low}", error)


def test_an_instant_that_is_none_is_refused(kazoo: Kazoo) -> None:
    error = (400, "validation error", {"created_from": typed("integer", "yesterday")})
    kazoo.refused("GET", "/faxes/outbox?created_from=yesterday", error)
    assert kazoo.get("/faxes/outgoing?created_from=yesterday")["data"] == []


@pytest.mark.parametrize(
    ("fraction", "found"), [("0.4", True), ("0.49999", True), ("0.5", False), ("0.9", False)]
)
def test_an_instant_with_a_fraction_is_rounded(
    kazoo: Kazoo, one_page: bytes, fraction: str, found: bool
) -> None:
    at, fax = kazoo.now(), kazoo.sent(one_page)
    rows = kazoo.get("/faxes/outbox", params={"created_from": f"{at}{fraction[1:]}"})["data"]
    assert [row["id"] for row in rows] == ([fax["id"]] if found else [])
