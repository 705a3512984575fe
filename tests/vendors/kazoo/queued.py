"""Jobs in a list, for tests."""

from __future__ import annotations

from typing import Any

from tests.vendors.kazoo.client import NUMBER, Kazoo

URL = {"document": {"url": "http://127.0.0.1:1/x"}, "from_number": NUMBER}


def queue(kazoo: Kazoo, count: int, **more: Any) -> list[str]:
    """Queue jobs; gives their ids, newest first."""
    ids = [
        kazoo.put("/faxes", {**URL, "to_number": f"1212555{number:04}", **more})["id"]
        for number in range(count)
    ]
    return ids[::-1]


def rows(jobs: list[str], created: int) -> list[dict[str, Any]]:
    """Give the rows of jobs, newest first, which were queued by `queue` at an instant."""
    last = len(jobs) - 1
    return [
        {
            "created": created,
            "from": NUMBER,
            "id": job,
            "status": "pending",
            "to": f"1212555{last - place:04}",
        }
        for place, job in enumerate(jobs)
    ]


def paging(body: Any) -> dict[str, Any]:
    """Give what a page says of itself."""
    return {name: body[name] for name in ("page_size", "start_key", "next_start_key") if name in body}


def ids(body: Any) -> list[str]:
    return [row["id"] for row in body["data"]]
