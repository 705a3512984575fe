"""Every error and rule of fixtures/kazoo/facts.yaml is reached over HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.vendors.kazoo.conftest import GOOD, NUMBER, Kazoo
from tests.vendors.kazoo.facts import World, ids_of, rows
from tests.vendors.kazoo.test_auth import plain

Reach = Callable[[World], Any]
NOWHERE = "e" * 32


def scripted(message: str) -> Reach:
    def reach(world: World) -> Any:
        world.kazoo.scenario(http={"code": message})
        return world.kazoo.call("PUT", "/faxes", json={"data": GOOD})

    return reach


def calling(method: str, path: str, **options: Any) -> Reach:
    return lambda world: world.kazoo.call(method, path, **options)


def acting(folder: str, **envelope: Any) -> Reach:
    def reach(world: World) -> Any:
        path = f"/faxes/{folder}/{world.folders[folder]}"
        if envelope.pop("bare", False):
            world.kazoo.answer("DELETE", f"{path}/attachment")
        return world.kazoo.call("PUT", path, json={"data": {"to_number": NUMBER}, **envelope})

    return reach


def limited(world: World) -> Any:
    world.kazoo.control.vendor("kazoo", profile={"rate_limit": True})
    return [world.kazoo.call("GET", "/faxes/outgoing") for _ in range(101)][-1]


def capped(world: World) -> Any:
    world.kazoo.control.vendor("kazoo", profile={"list_cap": 0})
    return world.kazoo.call("GET", "/faxes/outbox?paginate=false")


def locked(world: World) -> Any:
    world.kazoo.control.vendor("kazoo", active=False)
    return world.kazoo.call("GET", "/faxes/outbox")


def foreign(world: World) -> Any:
    other = Kazoo(world.kazoo.control.create())
    return world.kazoo.call("GET", f"{other.base}/faxes/outbox")


def gone(world: World) -> Any:
    world.kazoo.control.vendor("kazoo", profile={"kazoo.profile": "4.3"})
    path = f"/faxes/outbox/{world.folders['outbox']}/attachment"
    world.kazoo.answer("DELETE", path)
    return world.kazoo.call("GET", path)


REACHED: dict[str, Reach] = {
    "validation": calling("PUT", "/faxes", json={"data": GOOD | {"retries": 9}}),
    "bad-json": calling("PUT", "/faxes", data="{"),
    "credentials-missing": calling("GET", "/faxes/outbox", headers={"X-Auth-Token": ""}),
    "token-unknown": calling("GET", "/faxes/outbox", headers={"X-Auth-Token": "nobody"}),
    "no-credit": calling("PUT", "/faxes", json={"data": GOOD | {"to_number": "15005550006"}}),
    "forbidden": foreign,
    "unknown-document": calling("GET", "/faxes/outbox/none"),
    "bad-account-id": lambda world: world.kazoo.call("GET", f"{world.kazoo.root}/accounts/x/faxes/outbox"),
    "unknown-api-key": lambda world: plain(
        "PUT", f"{world.kazoo.root}/api_auth", json={"data": {"api_key": "8" * 64}}
    ),
    "unknown-path": calling("GET", "/faxes/none"),
    "page-size-too-small": calling("GET", "/faxes/outbox?page_size=0"),
    "page-size-not-a-number": calling("GET", "/faxes/outbox?page_size=x"),
    "method": calling("GET", "/faxes"),
    "not-acceptable": calling("GET", "/faxes/outbox", headers={"Accept": "text/html"}),
    "conflict": scripted("datastore_conflict"),
    "too-large": calling("PUT", "/faxes", data=b" " * 8_000_001),
    "media-type": calling("PUT", "/faxes", data="x", headers={"Content-Type": "text/html"}),
    "range": capped,
    "locked": locked,
    "rate-limit": limited,
    "action-missing": acting("outbox"),
    "action-unknown": acting("outbox", action="burn"),
    "wrong-folder": lambda world: world.kazoo.call("GET", f"/faxes/inbox/{world.folders['outbox']}"),
    "resubmit-failed": acting("outbox", action="resubmit", bare=True),
    "forward-failed": acting("inbox", action="forward", bare=True),
    "datastore-fault": gone,
    "datastore-unreachable": scripted("datastore_unreachable"),
    "datastore-missing": scripted("datastore_missing"),
}

FILLED: dict[str, Any] = {
    "validation": {"retries": {"maximum": {"message": "Value must be at most 4", "target": 4, "value": 9}}},
    "unknown-document": {"cause": "none", "message": "bad identifier"},
    "bad-account-id": {"message": "invalid account_id 'x'"},
    "unknown-api-key": ["8" * 64],
    "wrong-folder": {"message": "document is not in folder inbox"},
}


@pytest.mark.parametrize("error", ids_of("errors"))
def test_every_error_is_reached(world: World, error: str) -> None:
    row = next(row for row in rows("errors") if row["id"] == error)
    answer = REACHED[error](world)
    assert answer.status_code == row["status"]
    if row["error"] is None:
        assert answer.content == b""
        return
    body = answer.json()
    assert body == {
        "data": FILLED.get(error, row["data"]),
        "error": row["error"],
        "message": row["message"].replace("{folder}", "inbox"),
        "status": "error",
        "request_id": body["request_id"],
        "auth_token": body["auth_token"],
        **(
            {key: body[key] for key in ("node", "version", "timestamp")} if error == "datastore-fault" else {}
        ),
    }


def test_every_rule_has_its_wording(kazoo: Kazoo) -> None:
    long = {"url": "http://x", "content": "c" * 257}
    broken = {
        "required": ({}, "from_number"),
        "type": (GOOD | {"retries": []}, "retries"),
        "enum": (GOOD | {"document": {"url": "http://x", "method": "put"}}, "document.method"),
        "pattern": (GOOD | {"document": {"url": "x"}}, "document.url"),
        "minimum": (GOOD | {"retries": -1}, "retries"),
        "maximum": (GOOD | {"retries": 5}, "retries"),
        "maxLength": (GOOD | {"document": long}, "document.content"),
        "wrong_format": (
            GOOD | {"notifications": {"email": {"send_to": "x"}}},
            "notifications.email.send_to",
        ),
    }
    told = {rule: kazoo.put("/faxes", data, 400)[field][rule] for rule, (data, field) in broken.items()}
    told["minLength"] = kazoo.put("/faxboxes", {"name": ""}, 400)["name"]["minLength"]
    window = kazoo.answer("GET", "/faxes/outbox?created_from=5&created_to=4", 400)["data"]
    told["date_range"] = window["created_from"]["date_range"]
    for row in rows("rules"):
        if "field" in row:
            data = {"from_number": NUMBER, "to_number": "x"}
            assert kazoo.put("/faxes", data, 400)[row["field"]] == {row["rule"]: {"message": row["message"]}}
            continue
        if "more than" in row["message"] and row["rule"] == "date_range":
            wide = kazoo.answer("GET", "/faxes/outbox?created_from=5&created_to=9999999", 400)["data"]
            told["date_range"] = wide["created_from"]["date_range"]
        found = told[row["rule"]]
        assert set(row["also"]) <= set(found)
        assert re.fullmatch(re.sub(r"\\\{\w+\\\}", ".+", re.escape(row["message"])), found["message"])
