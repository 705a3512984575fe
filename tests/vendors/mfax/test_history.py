"""The history: its rows, filters, paging and limit of calls."""

from __future__ import annotations

from typing import Any

import pytest

from tests.vendors.mfax.conftest import NUMBER, Mfax, error, refused

MINUTE = {"by": "60s"}


def found(mfax: Mfax, **query: Any) -> list[str]:
    """Give the numbers of the rows that a query finds, at an instant when the history may be read."""
    mfax.control.advance(**MINUTE)
    answer = mfax.get("/v1/fax/history", **query)
    assert answer.status_code == 200, answer.text
    rows = answer.json()["rows"]
    return [row["faxNumber"][-2:] for row in rows]


def test_a_row_is_the_fax_without_its_people_and_labels(mfax: Mfax, pdf: bytes) -> None:
    tag = mfax.post("/v1/tag", name="Urgent").json()
    contact = mfax.post("/v1/contacts", firstName="Ada", faxNumber=NUMBER).json()
    sent = mfax.upload(
        "/v1/faxes", ("a.pdf", pdf), recipientContacts=contact["uuid"], tags=tag["uuid"], cf='{"case": "7"}'
    ).json()
    mfax.control.advance()
    ended = mfax.info(sent["messageId"])
    # What an application sends that leaves every required parameter empty.
    answer = mfax.get("/v1/fax/history?accountId=&offset=&limit=&direction=&status=")
    row = {
        "accountId": sent["accountId"],
        "channelType": "api",
        "direction": "outbound",
        "createdAt": sent["createdAt"],
        "deletedAt": None,
        "deliveryId": ended["deliveryId"],
        "duration": ended["duration"],
        "faxAttempt": 1,
        "faxbridge": None,
        "faxbridgeId": None,
        "faxCallerId": "5095550100",
        "faxCsid": "mFax",
        "faxDetected": True,
        "faxECM": 256,
        "faxNumber": NUMBER,
        "faxProtocol": 17,
        "faxSpeed": 14400,
        "isArchived": False,
        "isFilePurged": False,
        "isRead": False,
        "messageId": sent["messageId"],
        "messageNumber": ended["messageNumber"],
        "pagesComplete": 1,
        "pagesCount": 1,
        "status": "success",
        "resolvedDate": ended["resolvedDate"],
        "resultCode": "0",
        "resultInfo": "OK",
        "contacts": [],
        "tags": [],
        "users": [],
        "cf": {"case": "7"},
    }
    assert answer.status_code == 200
    assert answer.json() == {"count": "1", "rows": [row], "query": {"limit": 10, "offset": 0}}
    assert list(answer.json()["rows"][0]) == list(row)
    full = mfax.get("/v1/fax/history", include="tags,contacts").json()["rows"]
    assert full == [{**row, "tags": [tag], "contacts": [contact]}]


def test_rows_are_paged_newest_first(mfax: Mfax, pdf: bytes) -> None:
    for number in range(12):
        mfax.send(pdf, f"121255501{number:02d}")
    assert found(mfax) == ["11", "10", "09", "08", "07", "06", "05", "04", "03", "02"]
    assert found(mfax, offset=10, limit=500) == ["01", "00"]
    assert found(mfax, limit=1, order="created_at ASC") == ["00"]
    assert mfax.get("/v1/fax/history", limit=3, offset=4).json()["query"] == {"limit": 3, "offset": 4}
    assert mfax.get("/v1/fax/history", limit=3, query="mfax").json()["count"] == "12"
    assert found(mfax, limit=2, offset=1, query="+1212555010") == ["08", "07"]


def test_faxes_are_filtered_by_direction_and_status(mfax: Mfax, pdf: bytes) -> None:
    mfax.send(pdf, "12125550101")
    mfax.send(pdf, "15005550008")
    body = {"vendor": "mfax", "to": "+15095550102", "from": "+12125550199", "pages": 1}
    mfax.control.call("POST", f"/sandboxes/{mfax.control.id}/inbound", json=body)
    mfax.control.advance()
    mfax.send(pdf, "12125550103")
    mfax.send(pdf, "12125550104", scheduledDate="2099-01-01")
    mfax.control.vendor("mfax", profile={"history_count_number": True})
    wanted = {
        (): ["04", "03", "02", "08", "01"],
        ("all", "all"): ["04", "03", "02", "08", "01"],
        ("outbound", "all"): ["04", "03", "08", "01"],
        ("inbound", "all"): ["02"],
        ("all", "success"): ["03", "02", "01"],
        ("outbound", "success"): ["03", "01"],
        ("all", "scheduled"): ["04"],
        ("all", "failed"): ["08"],
    }
    for query, rows in wanted.items():
        assert found(mfax, **dict(zip(("direction", "status"), query, strict=False))) == rows
    mfax.send(pdf, "12125550105")
    answer = mfax.get("/v1/fax/history", status="processing")
    assert (answer.json()["count"], answer.json()["rows"][0]["faxNumber"]) == (1, "+12125550105")


def test_faxes_are_filtered_by_day(mfax: Mfax, pdf: bytes) -> None:
    clock = f"/sandboxes/{mfax.control.id}/clock"
    for day in (1, 2, 3):
        mfax.control.call("PATCH", clock, json={"now": f"2031-01-0{day}T23:00:00Z"})
        mfax.send(pdf, f"1212555010{day}")
    assert found(mfax, fromDate="2031-01-02") == ["03", "02"]
    assert found(mfax, toDate="2031-01-02") == ["02", "01"]
    assert found(mfax, fromDate="2031-01-02", toDate="2031-01-02") == ["02"]
    assert found(mfax, fromDate="2031-01-04") == []


def test_faxes_are_searched(mfax: Mfax, pdf: bytes) -> None:
    first = mfax.send(pdf, "12125550101", subject="Engines", callerId="5094570000", recipientName="Grace")
    mfax.send(pdf, "12125550102", cf='{"case": "Babbage"}')
    mfax.control.advance()
    for query in ("engine", "50945", "grace", first["messageId"], "+12125550101"):
        assert found(mfax, query=query) == ["01"]
    assert found(mfax, query="babbage") == ["02"]
    assert found(mfax, query="MFAX") == ["02", "01"]
    assert found(mfax, query="nothing like it") == []


def test_faxes_are_filtered_by_user_tag_and_archive(mfax: Mfax, base_user: Mfax, pdf: bytes) -> None:
    tag = mfax.post("/v1/tag", name="Urgent").json()["uuid"]
    first = mfax.send(pdf, "12125550101")["messageId"]
    base_user.send(pdf, "12125550102", tags=tag)
    mfax.patch(f"/v1/fax/{first}", isArchived="true")
    assert found(mfax, userId=base_user.me()["uuid"]) == ["02"]
    assert found(mfax, userId=base_user.me()["uuid"], direction="inbound") == []
    assert found(mfax, tags=f"other,{tag}") == ["02"]
    assert found(mfax, isArchived="true") == ["01"]
    assert found(mfax, isArchived="false") == ["02", "01"]


def test_a_user_of_the_base_level_sees_only_own_faxes(mfax: Mfax, base_user: Mfax, pdf: bytes) -> None:
    of_admin = mfax.send(pdf, "12125550101")["messageId"]
    base_user.send(pdf, "12125550102")
    assert found(base_user) == ["02"]
    assert found(base_user, userId=mfax.me()["uuid"]) == []
    assert found(mfax) == ["02", "01"]
    answer = base_user.get(f"/v1/fax/{of_admin}/info")
    assert refused(answer) == (404, "NotFoundError", "Fax not found.")


def test_a_sub_account_has_a_history_of_its_own(mfax: Mfax, pdf: bytes) -> None:
    mfax.send(pdf)
    own, customer = (row["uuid"] for row in mfax.get("/v1/accounts").json()["rows"])
    assert found(mfax, accountId=own) == ["23"]
    assert found(mfax, accountId=customer) == []
    unknown = mfax.get("/v1/fax/history", accountId="d1077489-5ea1-4db1-9760-853f175e8288")
    assert refused(unknown) == (404, "NotFoundError", "Account not found.")


def test_the_ninth_call_of_a_minute_is_too_many(mfax: Mfax, base_user: Mfax) -> None:
    statuses = [mfax.get("/v1/fax/history").status_code for _ in range(8)]
    assert statuses == [200] * 8
    answer = mfax.get("/v1/fax/history")
    message = "Too many requests, please try again later."
    assert (answer.status_code, answer.json()) == (429, error("TooManyRequestsError", message))
    assert base_user.get("/v1/fax/history").status_code == 200
    mfax.control.advance(by="59s")
    assert mfax.get("/v1/fax/history").status_code == 429
    mfax.control.advance(by="1s")
    assert mfax.get("/v1/fax/history").status_code == 200


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"limit": 501}, "limit: Must be a whole number from 1 to 500."),
        ({"limit": "many"}, "limit: Must be a whole number from 1 to 500."),
        ({"offset": -1}, "offset: Must be a whole number from 0 to 1000000."),
        ({"offset": "9" * 5000}, "offset: Must be a whole number from 0 to 1000000."),
        ({"direction": "up"}, "direction: Must be one of: all, inbound, outbound."),
        (
            {"status": "sent"},
            "status: Must be one of: all, processing, transmitting, scheduled, success, failed, cancelled.",
        ),
        ({"fromDate": "yesterday"}, "fromDate: Must be an ISO date."),
        ({"userId": "me"}, "userId: Not a valid UUID."),
        ({"isArchived": "no"}, "isArchived: Must be true or false."),
        ({"include": "users"}, "include: One or more of the choices you made was not in: contacts, tags."),
        ({"order": "name"}, "order: String does not match expected pattern."),
    ],
)
def test_a_filter_that_cannot_be_taken_is_said(mfax: Mfax, query: dict[str, Any], message: str) -> None:
    answer = mfax.get("/v1/fax/history", **query)
    assert (answer.status_code, answer.json()) == (400, error("InvalidInputError", message))
