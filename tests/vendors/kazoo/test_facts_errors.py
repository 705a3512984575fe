"""Every error and rule of fixtures/kazoo/facts.yaml is reached over HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.vendors.kazoo import rules
from tests.vendors.kazoo.client import GOOD, NUMBER, Kazoo, plain, refusal
from tests.vendors.kazoo.facts import ids_of, rows
from tests.vendors.kazoo.world import World

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
    world.kazoo.modernise()
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


BEFORE_TOKEN = (
    "bad-json", "credentials-missing", "token-unknown", "bad-account-id", "unknown-api-key", "unknown-path",
    "method", "too-large",
)  # fmt: skip
"""Errors that are found before the token is looked at."""


@pytest.mark.parametrize("error", ids_of("errors"))
def test_every_error_is_reached(world: World, error: str) -> None:
    row = next(row for row in rows("errors") if row["id"] == error)
    answer = REACHED[error](world)
    if row["error"] is None:
        assert (answer.status_code, answer.content) == (row["status"], b"")
        return
    assert row["error"] == str(row["status"])
    refusal(
        answer,
        row["status"],
        row["message"].replace("{folder}", "inbox"),
        FILLED.get(error, row["data"]),
        token="" if error in BEFORE_TOKEN else world.kazoo.token,
        modern=world.kazoo.modern,
    )


LONG = "c" * 257
WINDOW = "/faxes/outbox?created_from={}&created_to={}"
BROKEN: dict[str, tuple[dict[str, Any], str, rules.Rule]] = {
    "required": (
        {"to_number": NUMBER, "document": GOOD["document"]},
        "from_number",
        rules.required("from_number"),
    ),
    "type": (GOOD | {"retries": []}, "retries", rules.typed("integer", [])),
    "enum": (
        GOOD | {"document": {"url": "http://x", "method": "put"}},
        "document.method",
        rules.one_of("get", "post", value="put"),
    ),
    "pattern": (GOOD | {"document": {"url": "x"}}, "document.url", rules.pattern("^https?://", "x")),
    "minimum": (GOOD | {"retries": -1}, "retries", rules.at_least(0, -1)),
    "maximum": (GOOD | {"retries": 5}, "retries", rules.at_most(4, 5)),
    "maxLength": (
        GOOD | {"document": {"url": "http://x", "content": LONG}},
        "document.content",
        rules.too_long(256, LONG),
    ),
    "wrong_format": (
        GOOD | {"notifications": {"email": {"send_to": "x"}}},
        "notifications.email.send_to",
        rules.malformed("email", "x"),
    ),
}
"""Rules that a fax can break: by what data, under which key, with which words."""


def test_every_rule_has_its_wording(kazoo: Kazoo) -> None:
    reached = {name: broken for name, (_, _, broken) in BROKEN.items()}
    for data, field, broken in BROKEN.values():
        kazoo.breaks("/faxes", data, {field: broken})
    reached["minLength"] = rules.too_short(1, "")
    kazoo.breaks("/faxboxes", {"name": ""}, {"name": reached["minLength"]})
    for row in rows("rules"):
        if "field" in row:
            others = [each for each in rows("rules") if "field" in each]
            told = {each["field"]: {each["rule"]: rules.rule(each["message"])} for each in others}
            kazoo.breaks("/faxes", {"from_number": NUMBER, "to_number": "x"}, told)
        elif row["rule"] == "date_range":
            words = {"from": 5, "to": 9_999_999 if "seconds" in row["message"] else 4, "seconds": 2_682_000}
            kazoo.control.vendor("kazoo", profile={"list_window": True})
            told = {"created_from": {"date_range": rules.rule(row["message"].format(**words), cause=5)}}
            error = (400, "validation error", told)
            kazoo.refused("GET", WINDOW.format(words["from"], words["to"]), error)
        else:
            [found] = reached[row["rule"]].values()
            assert set(found) == {"message", *row["also"]}
            assert re.fullmatch(re.sub(r"\\\{\w+\\\}", ".+", re.escape(row["message"])), found["message"])
