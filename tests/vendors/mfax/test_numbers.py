"""The account's numbers: what it has, who uses them, and how it gets and gives up some."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.conftest import WAIT
from tests.receiver import Receiver
from tests.vendors.mfax.bodies import ADMIN, BODIES, CUSTOMER, CUSTOMERS, whole
from tests.vendors.mfax.bodies import number as shown_by
from tests.vendors.mfax.cases.numbers import ASSIGNED, MANAGED, PENDING, SECOND, stock
from tests.vendors.mfax.conftest import UNKNOWN, Mfax, error, subscribe

STORAGE = (
    '{"protocol":"ftp", "host":"example.com","outputDirPath":"uploads/","password":"p","user":"u","port":21}'
)


FIRST = BODIES["number"]["uuid"]
WHOLE = shown_by("number-read")
USED = {"users": [BODIES["number_user"]]}
NO_NUMBER, NO_USER = (error("NotFoundError", f"{what} not found.") for what in ("Number", "User"))


def rows(
    *shown: dict[str, Any], limit: int = 30, offset: int = 0, count: int | None = None
) -> dict[str, Any]:
    """Give the body of a list of numbers."""
    return {
        "rows": list(shown),
        "count": len(shown) if count is None else count,
        "limit": limit,
        "offset": offset,
    }


@pytest.fixture(autouse=True)
def _the_portals_number_is_known(mfax: Mfax) -> None:
    mfax.get("/v1/numbers")


@pytest.mark.parametrize("path", ["/v1/numbers", "/v1/numbers/"])
def test_the_portals_numbers_are_listed(mfax: Mfax, path: str) -> None:
    whole(mfax.get(path), rows(shown_by("numbers")))
    mfax.control.vendor("mfax", profile={"faxbridge": True})
    device = {"deviceCode": "210000000000", "name": "FaxBridge"}
    whole(mfax.get(path), rows(shown_by("numbers", faxbridge=device)))


def test_the_list_follows_the_portal(mfax: Mfax) -> None:
    mfax.control.vendor("mfax", numbers=["+15095550100", "+442079460123"])
    abroad = shown_by("numbers", uuid=SECOND, number="442079460123")
    whole(mfax.get("/v1/numbers"), rows(shown_by("numbers"), abroad))
    mfax.control.vendor("mfax", numbers=[])
    whole(mfax.get("/v1/numbers"), rows())


def test_numbers_are_paged_and_filtered_at_once(mfax: Mfax, pdf: bytes) -> None:
    stock(mfax, pdf)
    whole(mfax.get("/v1/numbers"), rows(ASSIGNED, MANAGED, PENDING))
    whole(mfax.get("/v1/numbers", offset=1, limit=1), rows(MANAGED, count=3, limit=1, offset=1))
    whole(mfax.get("/v1/numbers", type="pending", accountId=CUSTOMER["uuid"]), rows())
    whole(mfax.get("/v1/numbers", type="pending", query="0102"), rows(PENDING))


@pytest.mark.parametrize(
    ("query", "status", "name", "message"),
    [
        ({"type": "lost"}, 400, "InvalidInputError", "type: Must be one of: available, assigned, pending."),
        ({"limit": 0}, 400, "InvalidInputError", "limit: Must be a whole number from 1 to 1000."),
        ({"accountId": "x"}, 400, "InvalidInputError", "accountId: Not a valid UUID."),
        ({"accountId": UNKNOWN}, 404, "NotFoundError", "Account not found."),
    ],
)
def test_a_list_that_cannot_be_had_is_said(
    mfax: Mfax, query: dict[str, Any], status: int, name: str, message: str
) -> None:
    whole(mfax.get("/v1/numbers", **query), error(name, message), status)


def test_users_are_added_to_a_number_and_removed(mfax: Mfax) -> None:
    path = f"/v1/numbers/{FIRST}/user/{ADMIN['uuid']}"
    for _ in range(2):
        answer = mfax.call("POST", path, headers={"Content-Type": "application/json"})
        whole(answer, shown_by("number-user-add", **USED))
    whole(mfax.get("/v1/numbers"), rows(shown_by("numbers", **USED)))
    whole(mfax.delete(path), "OK")
    whole(mfax.get("/v1/numbers"), rows(shown_by("numbers")))
    whole(mfax.delete(path), NO_USER, 404)


def test_only_users_of_the_managing_account_are_added(mfax: Mfax) -> None:
    path = f"/v1/numbers/{FIRST}/user/{CUSTOMERS['uuid']}"
    message = "Only users of the account that manages the number can be assigned."
    whole(mfax.post(path), error("NotAllowedError", message), 403)
    mfax.patch(f"/v1/numbers/{FIRST}", managedBy=CUSTOMER["uuid"])
    user = {
        "userId": CUSTOMERS["uuid"],
        **{name: CUSTOMERS[name] for name in ("accountId", "email", "firstName", "lastName")},
        "avatarUrl": None,
    }
    whole(mfax.post(path), shown_by("number-user-add", users=[user], manager=CUSTOMER))


def test_users_of_the_former_manager_lose_the_number(mfax: Mfax) -> None:
    mfax.post(f"/v1/numbers/{FIRST}/user/{ADMIN['uuid']}")
    answer = mfax.patch(f"/v1/numbers/{FIRST}", storage=STORAGE)
    whole(answer, shown_by("number-update", storage=STORAGE, **USED))
    answer = mfax.patch(f"/v1/numbers/{FIRST}", managedBy=CUSTOMER["uuid"])
    whole(answer, shown_by("number-update", storage=STORAGE, manager=CUSTOMER))


def test_a_number_whose_user_was_removed_is_available(mfax: Mfax) -> None:
    user = mfax.post("/v1/users", email="ada@example.com", firstName="Ada")
    whole(user, BODIES["user"])
    mfax.post(f"/v1/numbers/{FIRST}/user/{BODIES['user']['uuid']}")
    whole(mfax.get("/v1/numbers", type="available"), rows())
    mfax.delete(f"/v1/users/{BODIES['user']['uuid']}")
    whole(mfax.get("/v1/numbers", type="available"), rows(shown_by("numbers")))


def test_ids_are_known_in_upper_case_too(mfax: Mfax) -> None:
    path = f"/v1/numbers/{FIRST.upper()}/user/{ADMIN['uuid'].upper()}"
    whole(mfax.post(path), shown_by("number-user-add", **USED))
    whole(mfax.delete(path), "OK")
    whole(mfax.get("/v1/numbers"), rows(shown_by("numbers")))


def test_unknown_numbers_and_users_are_not_found(mfax: Mfax) -> None:
    for method, path in (
        ("POST", f"/v1/numbers/{UNKNOWN}/user/{ADMIN['uuid']}"),
        ("DELETE", f"/v1/numbers/{UNKNOWN}/user/{ADMIN['uuid']}"),
        ("PATCH", f"/v1/numbers/{UNKNOWN}"),
        ("DELETE", f"/v1/numbers/{UNKNOWN}/release"),
        ("GET", f"/v1/numbers/{UNKNOWN}"),
    ):
        whole(mfax.call(method, path), NO_NUMBER, 404)
    for method in ("POST", "DELETE"):
        whole(mfax.call(method, f"/v1/numbers/{FIRST}/user/{UNKNOWN}"), NO_USER, 404)


def test_storage_is_kept_as_it_was_written(mfax: Mfax) -> None:
    path = f"/v1/numbers/{FIRST}"
    whole(mfax.patch(path, storage=STORAGE), shown_by("number-update", storage=STORAGE))
    whole(mfax.get(path), {**WHOLE, "storage": STORAGE})
    wrong = mfax.patch(path, storage="ftp://example.com")
    whole(wrong, error("InvalidInputError", "storage: Not valid JSON."), 400)
    nobody = mfax.patch(path, managedBy=UNKNOWN)
    whole(nobody, error("NotFoundError", "Account not found."), 404)
    whole(mfax.get(path), {**WHOLE, "storage": STORAGE})


def test_a_released_number_is_pending(mfax: Mfax) -> None:
    path = f"/v1/numbers/{FIRST}/release"
    answer = mfax.delete(path)
    assert (answer.status_code, answer.content) == (204, b"")
    pending = {"pendingUntil": BODIES["pending_until"]}
    whole(mfax.get(f"/v1/numbers/{FIRST}"), {**WHOLE, **pending})
    whole(mfax.get("/v1/numbers", type="pending"), rows(shown_by("numbers", **pending)))
    whole(mfax.delete(path), error("InvalidInputError", "The number was released already."), 400)


def test_a_released_number_of_the_portal_receives_nothing_and_leaves_at_its_date(
    mfax: Mfax, receiver: Receiver
) -> None:
    subscribe(mfax, receiver, "fax.inbound", "fax.v1.inbound.init")
    mfax.control.vendor("mfax", numbers=["+15095550100", "+15095550101"])
    mfax.delete(f"/v1/numbers/{FIRST}/release")
    call = {"vendor": "mfax", "to": "+15095550100", "from": "+12125550188"}
    inbound = f"{mfax.control.root}/sandboxes/{mfax.control.id}/inbound"
    assert requests.post(inbound, json=call, timeout=WAIT).status_code == 400
    other = requests.post(inbound, json={**call, "to": "+15095550101"}, timeout=WAIT)
    assert (other.status_code, other.json()["to"]) == (201, "+15095550101")
    mfax.control.advance()
    assert {each["to"] for each in mfax.control.faxes()} == {"+15095550101"}
    mfax.control.call("PATCH", f"/sandboxes/{mfax.control.id}/clock", json={"now": "2026-04-01T12:00:00Z"})
    left = shown_by("numbers", uuid=SECOND, number="5095550101")
    whole(mfax.get("/v1/numbers"), rows(left))
    whole(mfax.get(f"/v1/numbers/{FIRST}"), NO_NUMBER, 404)
    assert mfax.control.vendor("mfax")["numbers"] == ["+15095550101"]
    mfax.control.vendor("mfax", numbers=["+15095550100", "+15095550101"])
    assert [each["number"] for each in mfax.get("/v1/numbers").json()["rows"]] == ["5095550101", "5095550100"]


def test_a_provisioned_number_leaves_the_account_after_its_time_as_pending(mfax: Mfax) -> None:
    own, path = BODIES["provisioned"][0], f"/v1/numbers/{BODIES['provisioned'][0]}"
    mfax.post("/v1/numbers/provision", type="toll-free")
    mfax.delete(f"{path}/release")
    mfax.control.advance(by="719h")
    new = shown_by("numbers", uuid=own, number="8005559721", pendingUntil=BODIES["pending_until"])
    whole(mfax.get("/v1/numbers"), rows(shown_by("numbers"), new))
    mfax.control.advance(by="1h")
    whole(mfax.get("/v1/numbers"), rows(shown_by("numbers")))
    whole(mfax.get(path), NO_NUMBER, 404)
