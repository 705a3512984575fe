"""Every error of the vendor, on every operation that has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import requests

from tests.conftest import WAIT
from tests.vendors.mfax.bodies import whole
from tests.vendors.mfax.conftest import NUMBER, TOO_MANY, UNKNOWN, Mfax, error
from tests.vendors.mfax.facts import ENDPOINTS, FACTS, parts_at
from tests.vendors.mfax.world import World

SAID = {
    "no key or a bad one": error(
        "UnauthorizedError", "Unauthorized: send the key as it is, Authorization: Basic API_KEY."
    ),
    "feature not in plan": error("NotAllowedError", "Non trial mFax plan required."),
    "no file and no cover page": error("InvalidInputError", "No files and cover page in to send."),
    "bad number or field": error("InvalidInputError", "Invalid fax number."),
    "unknown id": error("NotFoundError", "Fax not found."),
    "cancel refused": error("InvalidInputError", "Only processing or scheduled faxes can be cancelled."),
    "history called too often": error("TooManyRequestsError", TOO_MANY.format(seconds=60)),
}
"""The whole body of each error; names and texts that nobody knows are the emulator's own."""


@pytest.mark.parametrize("row", FACTS["errors"], ids=lambda row: row["when"])
def test_every_error_is_reached(world: World, row: dict[str, Any]) -> None:
    mfax, cancelled = world.mfax, world.fax()
    mfax.post(f"/v1/fax/{cancelled}/cancel")

    def trial() -> requests.Response:
        mfax.control.vendor("mfax", profile={"trial": True})
        return mfax.get("/v1/numbers")

    reached: dict[str, Callable[[], requests.Response]] = {
        "no key or a bad one": lambda: requests.get(f"{mfax.base}/v1/me", timeout=WAIT),
        "feature not in plan": trial,
        "no file and no cover page": lambda: mfax.post("/v1/faxes", faxNumber=NUMBER),
        "bad number or field": lambda: mfax.post("/v1/faxes", faxNumber="x", coverPage="true"),
        "unknown id": lambda: mfax.get(f"/v1/fax/{UNKNOWN}/info"),
        "cancel refused": lambda: mfax.post(f"/v1/fax/{cancelled}/cancel"),
        "history called too often": lambda: [mfax.get("/v1/fax/history") for _ in range(9)][-1],
    }
    body = SAID[row["when"]]
    whole(reached[row["when"]](), body, row["status"])
    known = {"name": row["name"], "message": row["message"]}
    assert body["error"] | {name: text for name, text in known.items() if text} == body["error"]
    for path, keys in FACTS["error_keys"]["keys"].items():
        assert [list(each) for each in parts_at(body, path)] == [keys]


WITH_KEY = [name for name, known in ENDPOINTS.items() if not known.get("anonymous")]


@pytest.mark.parametrize("name", WITH_KEY)
def test_every_operation_asks_for_a_key(mfax: Mfax, name: str) -> None:
    known = ENDPOINTS[name]
    answer = requests.request(known["method"], mfax.base + at_unknown(known["path"]), timeout=WAIT)
    whole(answer, SAID["no key or a bad one"], 401)


@pytest.mark.parametrize("name", [name for name, codes in FACTS["refusals"].items() if 403 in codes])
def test_every_operation_but_me_asks_for_a_plan(mfax: Mfax, name: str) -> None:
    mfax.control.vendor("mfax", profile={"trial": True})
    known = ENDPOINTS[name]
    whole(mfax.call(known["method"], at_unknown(known["path"])), SAID["feature not in plan"], 403)


THINGS = {
    "messageId": "Fax",
    "numberId": "Number",
    "tagId": "Tag",
    "contactId": "Contact",
    "customFieldId": "Custom field",
    "webhookId": "Webhook",
    "userId": "User",
}


@pytest.mark.parametrize("name", [name for name, known in ENDPOINTS.items() if "{" in known["path"]])
def test_every_operation_says_of_an_unknown_id_what_is_not_there(world: World, name: str) -> None:
    known, call = ENDPOINTS[name], world.call(name)
    for variable in call.at:
        elsewhere = replace(call, at={**call.at, variable: UNKNOWN})
        answer = elsewhere.make(world.mfax, known["method"], known["path"])
        whole(answer, error("NotFoundError", f"{THINGS[variable]} not found."), 404)


def at_unknown(path: str) -> str:
    """Fill the variables of a path with an id that nothing has."""
    for variable in THINGS:
        path = path.replace(f"{{{variable}}}", UNKNOWN)
    return path


def test_every_listed_error_is_reached(world: World) -> None:
    multiple, resend = (row["item"] for row in FACTS["listed_errors"])
    answer = world.mfax.post("/v1/faxes/multiple", recipientFax=multiple["recipientFax"])
    whole(answer, {"success": [], "errors": [multiple]})
    world.mfax.control.vendor("mfax", profile={"international": False})
    abroad = {"faxNumber": "+442079460123"}
    answer = world.mfax.post("/v1/fax/resend", messageId=world.fax(), recipientFax=abroad["faxNumber"])
    whole(answer, {"success": [], "errors": [{**resend, "input": abroad}]})
