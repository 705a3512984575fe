"""Errors that a scenario, a magic number, the portal or a silent store makes of a call."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.app import App
from emulator.core.errors import Unavailable
from tests.vendors.kazoo.client import (
    FORBIDDEN,
    GOOD,
    Kazoo,
    refusal,
)


@pytest.mark.parametrize(
    ("code", "status", "data"),
    [
        ("validation error", 400, {}),
        ("invalid_credentials", 401, {"message": "invalid credentials"}),
        ("invalid credentials", 401, {}),
        ("no_credit", 402, {}),
        ("accept charges", 402, {}),
        ("forbidden", 403, {"message": "forbidden"}),
        ("bad_identifier", 404, {"message": "bad identifier"}),
        ("bad identifier", 404, {"message": "bad identifier"}),
        ("not_found", 404, {"message": "not found"}),
        ("faulty_request", 404, {"message": "invalid page size"}),
        ("invalid_method", 405, {"message": "method not allowed"}),
        ("datastore_conflict", 409, {"message": "conflicting documents"}),
        ("range not satisfiable", 416, {}),
        ("locked", 423, {}),
        ("too_many_requests", 429, {"message": "too many requests"}),
        ("action required", 500, {"message": "action required"}),
        ("invalid action", 500, {"message": "invalid action"}),
        ("error when resubmitting fax", 500, {"message": "error when resubmitting fax"}),
        ("error when forwarding fax", 500, {"message": "error when forwarding fax"}),
        ("document is not in folder outbox", 500, {"message": "document is not in folder outbox"}),
        ("datastore_fault", 503, {"cause": "no attachment found"}),
        ("datastore_unreachable", 503, {}),
        ("datastore_missing", 503, {}),
    ],
)
def test_a_scenario_names_an_error(kazoo: Kazoo, code: str, status: int, data: dict[str, Any]) -> None:
    kazoo.scenario(http={"code": code})
    kazoo.refused("PUT", "/faxes", (status, code, data), json={"data": GOOD})


@pytest.mark.parametrize(
    ("digits", "error"),
    [
        ("06", (402, "no_credit", {})),
        ("13", FORBIDDEN),
        ("20", (500, "datastore_fault", {"message": "datastore fault"})),
        ("21", (429, "too_many_requests", {"message": "too many requests"})),
    ],
)
def test_magic_numbers_that_are_refused(kazoo: Kazoo, digits: str, error: tuple[int, str, Any]) -> None:
    kazoo.refused("PUT", "/faxes", error, json={"data": GOOD | {"to_number": f"150055500{digits}"}})


def test_a_restricted_number_is_forbidden(kazoo: Kazoo) -> None:
    kazoo.control.vendor("kazoo", restricted_numbers=["+1 888 473 2963"])
    kazoo.refused("PUT", "/faxes", FORBIDDEN, json={"data": GOOD})


def test_a_store_that_cannot_answer_is_unreachable(
    kazoo: Kazoo, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(key: str) -> str | None:
        raise Unavailable("the store is silent")

    monkeypatch.setattr(app.store, "bound", silent)
    answer = kazoo.call("GET", "/faxes/outgoing")
    monkeypatch.undo()
    refusal(answer, 503, "datastore_unreachable", {})
