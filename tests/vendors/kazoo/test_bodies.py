"""Every endpoint answers its whole body, that of fixtures/kazoo/bodies.yaml and bodies-4.3.yaml.

So do the same paths below a faxbox, below a user, and below the token's own account.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
import requests

from tests.vendors.kazoo.client import ASKED, plain
from tests.vendors.kazoo.conftest import Build
from tests.vendors.kazoo.facts import bodies, endpoint, ids_of, rows
from tests.vendors.kazoo.world import World

LOGINS = ("user-auth", "api-auth")
FAXES, ACCOUNT = "/v2/accounts/{ACCOUNT_ID}/faxes", "/v2/accounts/{ACCOUNT_ID}"
PRINTER = "Kazoo Fax Printer"
FILLED = {"from_name": PRINTER, "fax_identity_name": PRINTER, "faxbox_id": "{FAXBOX_ID}"}
"""What a faxbox fills in where its client says nothing."""
IN_FAXBOX = (
    "create", "create-alias", "outgoing-read", "outbox-list", "outbox-read", "outbox-resubmit",
    "outbox-delete",
)  # fmt: skip


def asked(world: World, name: str) -> requests.Response:
    row, body = endpoint(name), world.envelope(name)
    headers = {} if name in LOGINS else {"X-Auth-Token": world.kazoo.token}
    sent = {} if body is None else {"json": body}
    answer = plain(row["method"], world.url(row), headers=headers, **sent)
    assert answer.status_code == row["success"]["status"], answer.text
    return answer


def compare(world: World, found: Any, body: Any, request_id: str = ASKED) -> None:
    """Compare a body with that of the facts; what was made anew is looked up and must look as it should."""
    new = {"REQUEST_ID": request_id, "NEW_TOKEN": found["auth_token"]}
    if "revision" in found:
        new["HASH"] = found["revision"][-32:]
        assert re.fullmatch(r"[0-9a-f]{32}", new["HASH"])
    if "{NEW_ID}" in str(body):
        new["NEW_ID"] = found["data"]["id"]
        assert re.fullmatch(r"[0-9a-f]{32}", new["NEW_ID"])
    if "{NEW_DOMAIN}" in str(body):
        new["NEW_DOMAIN"] = found["data"]["smtp_email_address"]
        assert re.fullmatch(r"[0-9a-f]{8}\.fax\.kazoo\.io", new["NEW_DOMAIN"])
    if world.kazoo.modern:
        new |= {"NODE": found["node"], "NOW": world.kazoo.control.now()[:19] + "Z"}
        assert re.fullmatch(r"[\w-]{22}", new["NODE"])
    assert found == world.filled(body, **new)


def compare_file(name: str, content: bytes, document: bytes, *, modern: bool = False) -> str:
    """Compare a document: sent ones are as they were uploaded, received ones TIFFs; give its type."""
    if name == "outbox-attachment":
        assert content == document
        return "application/pdf"
    assert content.startswith(b"%PDF-" if modern else b"II*\0")
    return "application/pdf" if modern else "image/tiff"


def walk(world: World, name: str, document: bytes, whole: Any) -> None:
    answer = asked(world, name)
    if endpoint(name)["success"]["body"] == "bytes":
        kind = compare_file(name, answer.content, document, modern=world.kazoo.modern)
        assert answer.headers["Content-Type"] == kind
    else:
        found = answer.json()
        if name == "account-read":  # when it was made is of the real clock
            assert isinstance(found["data"]["created"], int)
            found["data"]["created"] = "now"
        compare(world, found, whole[name])
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["ETag"] == f'"{answer.json()["revision"]}"'
        assert answer.headers["X-Request-ID"] == ASKED


def adapted(place: str, name: str, body: Any) -> Any:
    """Give a body of the facts as it is below a faxbox, which fills in what its faxes leave out."""
    if place == "faxboxes" and name == "outgoing-list":
        faxbox = {"attempts": 0, "faxbox_id": FILLED["faxbox_id"]}
        return {**body, "data": [{**row, **faxbox} for row in body["data"]]}
    if place != "faxboxes" or name not in IN_FAXBOX:
        return body
    data = body["data"]
    filled = [{**FILLED, **row} for row in data] if isinstance(data, list) else {**FILLED, **data}
    return {**body, "data": filled}


PLACES = {"accounts": "", "faxboxes": FAXES, "users": FAXES, "own": ACCOUNT}
"""The paths below which faxes stand, and those of the facts that have their like there."""


@pytest.mark.parametrize("modern", [False, True], ids=["4.2", "4.3"])
@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "PATCH", "DELETE"])
def test_every_endpoint_answers_its_whole_body(
    build: Build, one_page: bytes, method: str, modern: bool
) -> None:
    answers_alike(build, one_page, "accounts", method, modern=modern)


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "PATCH", "DELETE"])
@pytest.mark.parametrize("place", ["faxboxes", "users", "own"])
def test_every_endpoint_answers_the_same_below_its_other_paths(
    build: Build, one_page: bytes, place: str, method: str
) -> None:
    answers_alike(build, one_page, place, method)


def answers_alike(build: Build, one_page: bytes, place: str, method: str, *, modern: bool = False) -> None:
    """Compare what each endpoint of a method answers; reading changes nothing, so one world does for it."""
    whole = {name: adapted(place, name, body) for name, body in bodies(modern=modern).items()}
    world = None
    for row in rows("endpoints"):
        if row["method"] == method and row["path"].startswith(PLACES[place]):
            if world is None or method != "GET":
                world = build(place, modern=modern)
            walk(world, row["id"], one_page, whole)


def test_the_facts_name_every_endpoint_that_is_served(world: World) -> None:
    vendors = world.kazoo.control.call("GET", "/coverage", 200)["vendors"]
    own = next(vendor for vendor in vendors if vendor["vendor"] == "kazoo")
    plain_ones = {row["name"] for row in own["endpoints"] if ":" not in row["name"]}
    nested = {row["name"].split(":")[0] for row in own["endpoints"] if ":" in row["name"]}
    assert plain_ones == set(ids_of("endpoints"))
    assert nested == {"faxbox", "user", "own"}
