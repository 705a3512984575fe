"""Faxes that a scenario's `code` ends, and what the whole outbox shows of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from tests.vendors.kazoo.client import GREGORIAN, Kazoo
from tests.vendors.kazoo.expected import listed, sent

Result = Callable[[str, str, int], dict[str, Any]]
"""From the code, the number called and the seconds that the fax took to its tx_result."""


def _instants(kazoo: Kazoo) -> Iterator[tuple[str, float, float]]:
    """Give each fax's id, creation and end, as the control plane saw them."""
    for fax in kazoo.control.faxes():
        begun, ended = (datetime.fromisoformat(fax[name]) for name in ("created_at", "finished_at"))
        yield fax["vendor_view"]["id"], begun.timestamp(), ended.timestamp()


def lasted(kazoo: Kazoo) -> dict[str, int]:
    """Give how many whole seconds each fax took from its creation to its end."""
    return {fax: int(ended - begun) for fax, begun, ended in _instants(kazoo)}


def ended_at(kazoo: Kazoo) -> dict[str, int]:
    """Give the Gregorian second in which each fax ended."""
    return {fax: int(ended) + GREGORIAN for fax, _, ended in _instants(kazoo)}


def month(kazoo: Kazoo) -> str:
    """Give what the ids of faxes begin with that are created now."""
    return kazoo.control.now()[:7].replace("-", "")


def compare_ends(kazoo: Kazoo, codes: Iterable[str], document: bytes, result: Result) -> None:
    """Send a fax for each code, scripted to end with it, and compare the whole list of the outbox."""
    kazoo.control.vendor("kazoo", lines=200)
    created, jobs = kazoo.now(), {}
    for number, code in enumerate(codes):
        kazoo.scenario({"code": code})
        to = f"1212555{number:04}"
        jobs[f"{month(kazoo)}-{kazoo.send(document, to=to)['id']}"] = (code, to)
    kazoo.control.advance()
    took = lasted(kazoo)
    shown = {
        fax: listed(sent(fax, created, result(code, to, took[fax]), to_number=to))
        for fax, (code, to) in jobs.items()
    }
    body = kazoo.get("/faxes/outbox?paginate=false")
    assert sorted(body) == ["auth_token", "data", "request_id", "revision", "status"]
    assert {row["id"]: row for row in body["data"]} == shown
