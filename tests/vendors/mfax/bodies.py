"""Whole bodies: what fixtures/mfax/bodies.yaml holds, with the keys that facts.yaml has for an operation."""

from __future__ import annotations

import json
from typing import Any

import requests

from tests.conftest import read_yaml
from tests.vendors.mfax.facts import ENDPOINTS, WEBHOOKS

BODIES: dict[str, Any] = read_yaml("mfax/bodies.yaml")
NOW: str = BODIES["now"]
MASTER, CUSTOMER = BODIES["master"], BODIES["customer"]
ADMIN, BASE, CUSTOMERS = BODIES["users"]
MESSAGES: list[str] = BODIES["messages"]
TAG, CONTACT, WEBHOOK = BODIES["tag"], BODIES["contact"], BODIES["webhook"]
BRIDGE = {"faxbridgeId": 210000000000, "faxbridge": BODIES["device"]}
"""What the profile switch `faxbridge` changes in a fax."""

PLACES = {
    "send-multiple": "$.success[]",
    "fax-send": "$.success[]",
    "resend": "$.success[]",
    "history": "$.rows[]",
}
"""Where in an operation's answer its faxes stand; `$` in all others."""
LIKE = {"blast": "send-multiple", "fax-tag": "update"}
"""Operations whose answer is not published, and that which has the same."""
PEOPLE = {"send": {"users": BODIES["people"]["send"]}, "info": {"users": BODIES["people"]["info"]}}
PEOPLE["info"]["account"] = BODIES["company"]


def keys(operation: str) -> list[str]:
    """Name the keys of the faxes in an operation's answer, in order."""
    name = LIKE.get(operation, operation)
    return list(ENDPOINTS[name]["success"]["keys"][PLACES.get(name, "$")])


def values(number: int, status: str) -> dict[str, Any]:
    """Give everything that may be shown of the `number`-th fax of the sandbox."""
    changes = BODIES["statuses"][status]
    ended = changes.get("resolvedDate") is not None
    serials = {name: str(int(first) + number - 1) for name, first in BODIES["serials"].items()}
    own = {"messageId": MESSAGES[number - 1], **(serials if ended else {})}
    return {**BODIES["fax"], **own, **changes}


def fax(operation: str, number: int = 1, status: str = "processing", **changes: Any) -> dict[str, Any]:
    """Give the object that an operation shows of the `number`-th fax, of one page, sent just now."""
    shown = {**values(number, status), **PEOPLE.get(operation, {}), **changes}
    return {key: shown[key] for key in keys(operation)}


def inbound(operation: str, number: int = 1, status: str = "arrived", **changes: Any) -> dict[str, Any]:
    """Give the object that an operation shows of a fax of two pages that came in."""
    return fax(operation, number, status, **{**BODIES["inbound"], "users": [], **changes})


def listed(*rows: dict[str, Any], limit: int = 10, offset: int = 0, count: int | None = None) -> Any:
    """Give the body of a history; its count is text."""
    shown = str(len(rows) if count is None else count)
    return {"count": shown, "rows": list(rows), "query": {"limit": limit, "offset": offset}}


def posted(number: int = 1, status: str = "processing", **changes: Any) -> dict[str, Any]:
    """Give what a new webhook posts."""
    new = WEBHOOKS["new"]
    shown = {**values(number, status), **changes}
    return {key: shown[key] for key in (*new["fields"], *(each["name"] for each in new["more_fields"]))}


def posted_legacy(number: int = 1, status: str = "processing", **changes: Any) -> dict[str, Any]:
    """Give what the data part of a legacy webhook holds: what a send shows, in another order."""
    shown = {**values(number, status), **PEOPLE["send"], **changes}
    first = WEBHOOKS["legacy"]["data_begins"]["keys"]
    return {key: shown[key] for key in (*first, *(key for key in keys("send") if key not in first))}


def number(operation: str, **changes: Any) -> dict[str, Any]:
    """Give the object that an operation shows of the first number."""
    places = {"numbers": "$.rows[]", "provision": "$[]"}
    shown = {**BODIES["number"], **changes}
    wanted = ENDPOINTS[operation]["success"]["keys"].get(places.get(operation, "$"), BODIES["number"])
    return {key: shown[key] for key in wanted}


def offer(e164: str, place: str = "LAS VEGAS", state: str = "NV") -> dict[str, Any]:
    """Give a number as a search offers it."""
    where = {"country_iso": "US", "rate_center": place, "state": state}
    return {"number_e164": e164, "regional_data": where, "preferable": True}


def whole(answer: requests.Response, body: Any, status: int = 200) -> None:
    """Compare a whole answer: its status, its JSON with the order of its keys, or its text."""
    assert answer.status_code == status, answer.text
    if isinstance(body, str):
        assert (answer.headers["Content-Type"], answer.text) == ("text/plain; charset=utf-8", body)
        return
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json() == body
    assert json.dumps(answer.json()) == json.dumps(body)
