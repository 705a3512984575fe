"""Faxes that come in: on which number, from whom, and who sees them."""

from __future__ import annotations

from typing import Any

from emulator import documents
from tests.receiver import Receiver
from tests.vendors.mfax.bodies import (
    BASE,
    BODIES,
    CUSTOMER,
    MESSAGES,
    fax,
    inbound,
    listed,
    posted,
    whole,
)
from tests.vendors.mfax.conftest import Mfax, error

FIRST, SECOND, *_ = MESSAGES
HISTORY = "/v1/fax/history"
NUMBER = f"/v1/numbers/{BODIES['number']['uuid']}"
LATER = {"createdAt": "2026-03-02T12:00:57.167Z", "resolvedDate": "2026-03-02T12:01:54.334Z"}
"""When a second fax comes in after the first."""


def arrive(mfax: Mfax, **more: Any) -> str:
    body = {"vendor": "mfax", "to": "+15095550100", "from": "+12125550199", "pages": 2, "csid": "ACME"}
    body |= {"force": True} | more
    fax = mfax.control.call("POST", f"/sandboxes/{mfax.control.id}/inbound", 201, json=body)
    mfax.control.advance()
    return str(fax["vendor_view"]["id"])


def posted_inbound(status: str, **changes: Any) -> dict[str, Any]:
    return posted(1, status, **{**BODIES["inbound"], **changes})


def test_a_fax_arrives_on_the_own_number(mfax: Mfax, receiver: Receiver) -> None:
    mfax.control.vendor("mfax", webhooks={"inbound": f"{receiver.url}/hook"})
    arrive(mfax)
    whole(mfax.get(f"/v1/fax/{FIRST}/info"), inbound("info"))
    whole(mfax.get(HISTORY), listed(inbound("history")))
    (received,) = receiver.requests
    assert received.header("x-webhook-event") == "fax.v1.inbound.complete"
    assert received.json() == posted_inbound("arrived")


def test_a_sender_without_a_station_id_is_known_by_its_number(mfax: Mfax) -> None:
    body = {"vendor": "mfax", "to": "+15095550100", "from": "+12125550199", "pages": 2}
    mfax.control.call("POST", f"/sandboxes/{mfax.control.id}/inbound", 201, json=body)
    mfax.control.advance()
    whole(mfax.get(f"/v1/fax/{FIRST}/info"), inbound("info", faxCsid="+12125550199"))


def test_a_fax_that_rings_is_processing(mfax: Mfax) -> None:
    body = {"vendor": "mfax", "to": "+15095550100", "from": "+12125550199", "pages": 2, "csid": "ACME"}
    mfax.control.call("POST", f"/sandboxes/{mfax.control.id}/inbound", 201, json=body)
    whole(mfax.get(f"/v1/fax/{FIRST}/info"), inbound("info", 1, "processing", messageNumber=None))


def test_a_broken_off_fax_has_failed(mfax: Mfax) -> None:
    arrive(mfax, scenario="hangup")
    whole(mfax.get(f"/v1/fax/{FIRST}/info"), inbound("info", 1, "broken_off"))


def test_the_users_of_the_number_see_it(mfax: Mfax, base_user: Mfax) -> None:
    arrive(mfax)
    mfax.post(f"{NUMBER}/user/{BASE['uuid']}")
    arrive(mfax)
    short = {name: BASE[name] for name in ("uuid", "firstName", "lastName", "email")}
    user = {"userId": short.pop("uuid"), **short}
    whole(base_user.get(f"/v1/fax/{SECOND}/info"), inbound("info", 2, users=[user], **LATER))
    unseen = error("NotFoundError", "Fax not found.")
    whole(base_user.get(f"/v1/fax/{FIRST}/info"), unseen, 404)
    whole(base_user.get(f"/v1/fax/{FIRST}/download"), unseen, 404)
    second = inbound("history", 2, **LATER)
    whole(base_user.get(HISTORY), listed(second))
    whole(mfax.get(HISTORY), listed(second, inbound("history")))
    whole(mfax.get(HISTORY, userId=BASE["uuid"], direction="inbound"), listed(second))


def test_a_released_number_has_no_users_any_more(mfax: Mfax) -> None:
    mfax.post(f"{NUMBER}/user/{mfax.me()['uuid']}")
    mfax.delete(f"{NUMBER}/release")
    arrive(mfax)
    whole(mfax.get(f"/v1/fax/{FIRST}/info"), inbound("info"))


def test_a_fax_to_a_number_of_the_sub_account_belongs_there(mfax: Mfax) -> None:
    mfax.get("/v1/numbers")
    mfax.patch(NUMBER, managedBy=CUSTOMER["uuid"])
    arrive(mfax)
    company = {
        "uuid": CUSTOMER["uuid"],
        "supportCode": CUSTOMER["accountNumber"],
        "companyName": CUSTOMER["accountName"],
    }
    theirs = {"accountId": CUSTOMER["uuid"]}
    whole(mfax.get(f"/v1/fax/{FIRST}/info"), inbound("info", account=company, **theirs))
    whole(mfax.get(HISTORY), listed())
    whole(mfax.get(HISTORY, **theirs), listed(inbound("history", **theirs)))


def test_an_inbound_fax_is_read_once_it_was_downloaded(mfax: Mfax) -> None:
    arrive(mfax)
    path = f"/v1/fax/{FIRST}"
    whole(mfax.patch(path), inbound("update"))
    assert documents.inspect(mfax.get(f"{path}/download").content).pages == 2
    whole(mfax.patch(path), inbound("update", isRead=True))


def test_an_inbound_fax_is_sent_on_only_to_a_number(mfax: Mfax) -> None:
    arrive(mfax)
    answer = mfax.post("/v1/fax/resend", messageId=FIRST)
    needed = "recipientFax: a fax that came in is sent on to a number."
    whole(answer, error("InvalidInputError", needed), 400)
    again = fax("resend", 2, pagesCount=2, createdAt="2026-03-02T12:00:57.167Z")
    answer = mfax.post("/v1/fax/resend", messageId=FIRST, recipientFax="12125550123")
    whole(answer, {"success": [again], "errors": []})
