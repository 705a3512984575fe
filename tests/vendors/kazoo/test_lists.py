"""Lists: order, pages, windows of time, filters, and the narrowed ones of faxboxes and users."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.vendors.kazoo.conftest import NUMBER, Kazoo

URL = {"document": {"url": "http://127.0.0.1:1/x"}, "from_number": NUMBER}


def queue(kazoo: Kazoo, count: int, **more: Any) -> list[str]:
    """Queue jobs; gives their ids, newest first."""
    ids = [
        kazoo.put("/faxes", {**URL, "to_number": f"1212555{number:04}", **more})["id"]
        for number in range(count)
    ]
    return ids[::-1]


def ids(body: Any) -> list[str]:
    return [row["id"] for row in body["data"]]


def test_the_list_of_jobs_is_the_documented_one(kazoo: Kazoo) -> None:
    job = kazoo.put("/faxes", {**URL, "to_number": NUMBER})["id"]
    body = kazoo.get("/faxes/outgoing")
    assert body == {
        "auth_token": kazoo.token,
        "data": [{"created": kazoo.now(), "from": NUMBER, "id": job, "status": "pending", "to": NUMBER}],
        "page_size": 1,
        "request_id": body["request_id"],
        "revision": body["revision"],
        "start_key": [kazoo.account],
        "status": "success",
    }
    assert len(body["revision"]) == 32


def test_pages_come_newest_first_and_follow_one_another(kazoo: Kazoo) -> None:
    jobs = queue(kazoo, 5)
    first = kazoo.get("/faxes/outgoing?page_size=2")
    assert (ids(first), first["page_size"]) == (jobs[:2], 2)
    key = first["next_start_key"]
    assert key[:2] == [kazoo.account, kazoo.now()]
    spellings: list[Any] = [
        {"start_key": json.dumps(key)}, {"start_key": key}, {"start_key[]": key},
    ]  # fmt: skip
    for spelling in spellings:
        second = kazoo.get("/faxes/outgoing", params={"page_size": 2, **spelling})
        assert ids(second) == jobs[2:4]
    last = kazoo.get(
        "/faxes/outgoing", params={"page_size": 2, "start_key": json.dumps(second["next_start_key"])}
    )
    assert (ids(last), last["page_size"]) == (jobs[4:], 1)
    assert "next_start_key" not in last


def test_a_start_key_of_account_and_instant_begins_there(kazoo: Kazoo) -> None:
    old = queue(kazoo, 1)
    at = kazoo.now()
    kazoo.control.advance(by=1)
    new = queue(kazoo, 1)
    assert ids(kazoo.get("/faxes/outgoing")) == new + old
    assert ids(kazoo.get("/faxes/outgoing", params={"start_key": json.dumps([kazoo.account, at])})) == old
    assert ids(kazoo.get("/faxes/outgoing", params={"start_key": json.dumps([kazoo.account])})) == new + old
    assert ids(kazoo.get("/faxes/outgoing", params={"start_key": kazoo.account})) == new + old


def test_a_list_turns_round_on_wish(kazoo: Kazoo) -> None:
    jobs = queue(kazoo, 3)
    for wish in ("ascending=true", "descending=false"):
        first = kazoo.get(f"/faxes/outgoing?{wish}&page_size=2")
        assert ids(first) == jobs[:0:-1]
        key = json.dumps(first["next_start_key"])
        assert ids(kazoo.get(f"/faxes/outgoing?{wish}", params={"start_key": key})) == jobs[:1]
    assert ids(kazoo.get("/faxes/outgoing?descending=true")) == jobs


def test_fifty_rows_are_a_page_and_all_come_without_pages(kazoo: Kazoo) -> None:
    jobs = queue(kazoo, 52)
    body = kazoo.get("/faxes/outgoing")
    assert (ids(body), body["page_size"]) == (jobs[:50], 50)
    whole = kazoo.get("/faxes/outgoing?paginate=false")
    assert (ids(whole), sorted(whole)) == (
        jobs, ["auth_token", "data", "request_id", "revision", "status"]
    )  # fmt: skip


def test_more_rows_than_fit_are_refused_without_pages(kazoo: Kazoo) -> None:
    queue(kazoo, 3)
    kazoo.control.vendor("kazoo", profile={"list_cap": 2})
    body = kazoo.answer("GET", "/faxes/outgoing?paginate=false", 416)
    assert (body["message"], body["data"], body["error"]) == ("range not satisfiable", {}, "416")
    kazoo.control.vendor("kazoo", profile={"list_cap": "few"})
    assert len(kazoo.get("/faxes/outgoing?paginate=false")["data"]) == 3


@pytest.mark.parametrize(
    ("size", "text"),
    [
        ("0", "page size must be at least 1"),
        ("-5", "page size must be at least 1"),
        ("many", "invalid page size"),
        ("", "invalid page size"),
        ("1.5", "invalid page size"),
        ("9" * 40, "invalid page size"),
    ],
)
def test_a_bad_page_size_is_a_faulty_request(kazoo: Kazoo, size: str, text: str) -> None:
    body = kazoo.answer("GET", "/faxes/outgoing", 404, params={"page_size": size})
    assert (body["message"], body["data"]) == ("faulty_request", {"message": text})


@pytest.mark.parametrize(
    "key", ["x", "[1", "[[]]", '["a","b"]', "[-1]", "{}", "!!!!", "g2w", "[" * 5000, "[1e400]", "\x00"]
)
def test_a_start_key_that_is_none_is_refused(kazoo: Kazoo, key: str) -> None:
    body = kazoo.answer("GET", "/faxes/outgoing", 400, params={"start_key": key})
    wrong = {"message": "Field is not in the correct format", "value": key, "format": "start_key"}
    assert body["data"] == {"start_key": {"wrong_format": wrong}}


def test_sent_faxes_are_listed_within_31_days(kazoo: Kazoo, one_page: bytes) -> None:
    old = kazoo.sent(one_page)
    at = old["created"]
    kazoo.control.advance(by="32d")
    new = kazoo.sent(one_page)
    assert ids(kazoo.get("/faxes/outbox")) == [new["id"]]
    window = {"created_from": at - 10, "created_to": at + 10}
    assert ids(kazoo.get("/faxes/outbox", params=window)) == [old["id"]]
    assert ids(kazoo.get("/faxes/outbox", params={"created_to": at})) == [old["id"]]
    assert ids(kazoo.get("/faxes/outbox", params=window | {"ascending": "true"})) == [old["id"]]
    assert ids(kazoo.get("/faxes/outbox", params={"created_to": at - 1})) == []


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(200, 100, "created_to 100 is prior to created_from 200"),
     (100, 2_682_101, "created_to 2682101 is more than 2682000 seconds from created_from 100")],
)  # fmt: skip
@pytest.mark.parametrize("folder", ["outbox", "inbox", "incoming", "smtplog"])
def test_a_window_that_cannot_be_is_refused(
    kazoo: Kazoo, folder: str, low: int, high: int, text: str
) -> None:
    body = kazoo.answer("GET", f"/faxes/{folder}", 400, params={"created_from": low, "created_to": high})
    assert body["data"] == {"created_from": {"date_range": {"message": text, "cause": low}}}


def test_an_instant_that_is_none_is_refused(kazoo: Kazoo) -> None:
    body = kazoo.answer("GET", "/faxes/outbox?created_from=yesterday", 400)
    assert body["data"]["created_from"]["type"]["value"] == "yesterday"
    assert kazoo.get("/faxes/outgoing?created_from=yesterday")["data"] == []


FILTERS = [
    ({"filter_to_number": "12125550001"}, ["b"]),
    ({"filter_not_to_number": "12125550001"}, ["c", "a"]),
    ({"filter_document.method": "post"}, ["a"]),
    ({"filter_retries": "2", "filter_to_name": "b"}, ["b"]),
    ({"filter_tx_result.success": "false"}, ["c", "b", "a"]),
    ({"filter_status": "completed"}, []),
    ({"has_key": "flags"}, ["b"]),
    ({"key_missing": "flags"}, ["c", "a"]),
    ({"has_value": "subject"}, ["a"]),
    ({"missing_value": "subject"}, ["c", "b"]),
    ({"filter_to_number.deeper": "x"}, []),
    ({"modified_from": "99999999999"}, []),
    ({"modified_to": "1"}, []),
    ({"modified_from": "1", "modified_to": "99999999999"}, ["c", "b", "a"]),
    ({"modified_from": "soon"}, ["c", "b", "a"]),
]


@pytest.mark.parametrize(("query", "names"), FILTERS, ids=lambda value: json.dumps(value))
def test_filters_narrow_a_list(kazoo: Kazoo, query: dict[str, str], names: list[str]) -> None:
    posted = {"document": {"url": "http://127.0.0.1:1/x", "method": "post"}}
    kazoo.put("/faxes", {**URL, **posted, "to_number": "12125550000", "to_name": "a", "subject": "s"})
    kazoo.put("/faxes", {**URL, "to_number": "12125550001", "to_name": "b", "retries": 2, "flags": {"x": 1}})
    kazoo.put("/faxes", {**URL, "to_number": "12125550002", "to_name": "c", "subject": ""})
    kazoo.control.advance(by=1)
    jobs = {
        job["id"]: kazoo.get(f"/faxes/outgoing/{job['id']}")["data"]["to_name"]
        for job in kazoo.get("/faxes/outgoing")["data"]
    }
    assert [jobs[job] for job in ids(kazoo.get("/faxes/outgoing", params=query))] == names


def test_filters_and_pages_go_together(kazoo: Kazoo) -> None:
    jobs = queue(kazoo, 6)
    wanted = {"filter_not_to_number": "12125550004", "page_size": "2"}
    first = kazoo.get("/faxes/outgoing", params=wanted)
    assert ids(first) == [jobs[0], jobs[2]]
    second = kazoo.get("/faxes/outgoing", params=wanted | {"start_key": json.dumps(first["next_start_key"])})
    assert ids(second) == jobs[3:5]


def test_faxes_of_a_faxbox_and_of_a_user_are_listed_apart(kazoo: Kazoo, one_page: bytes) -> None:
    box = kazoo.put("/faxboxes", {"name": "Box", "caller_id": NUMBER, "caller_name": "Desk", "retries": 2})[
        "id"
    ]
    user = "ab" * 16
    in_box = kazoo.put(f"/faxboxes/{box}/faxes", {"document": {"url": "http://x.test"}, "to_number": NUMBER})
    of_user = kazoo.put(f"/users/{user}/faxes/outgoing", {**URL, "to_number": NUMBER})
    own = kazoo.put("/faxes", {**URL, "to_number": NUMBER})
    assert (in_box["from_number"], in_box["from_name"], in_box["retries"], in_box["faxbox_id"]) == (
        NUMBER, "Desk", 2, box
    )  # fmt: skip
    assert ids(kazoo.get("/faxes/outgoing")) == [own["id"], of_user["id"], in_box["id"]]
    assert ids(kazoo.get(f"/faxboxes/{box}/faxes/outgoing")) == [in_box["id"]]
    assert ids(kazoo.get(f"/users/{user}/faxes/outgoing")) == [of_user["id"]]
    kazoo.control.advance()
    assert [row[7:] for row in ids(kazoo.get(f"/faxboxes/{box}/faxes/outbox"))] == [in_box["id"]]
    assert [row[7:] for row in ids(kazoo.get(f"/users/{user}/faxes/outbox"))] == [of_user["id"]]
    kept = ids(kazoo.get(f"/faxboxes/{box}/faxes/outbox"))[0]
    assert kazoo.get(f"/faxboxes/{box}/faxes/outbox/{kept}")["data"]["faxbox_id"] == box
    for path in (f"/faxboxes/{'0' * 32}/faxes/outgoing", "/users/short/faxes/outgoing"):
        assert kazoo.answer("GET", path, 404)["message"] == "bad_identifier"


def test_what_the_client_says_goes_before_what_its_faxbox_says(kazoo: Kazoo) -> None:
    box = kazoo.put(
        "/faxboxes",
        {"name": "Box", "caller_id": NUMBER, "fax_header": "Head", "fax_timezone": "Europe/Dublin"},
    )["id"]
    data = {"document": {"url": "http://x.test"}, "to_number": NUMBER, "from_number": "12125550100"}
    made = kazoo.put(f"/faxboxes/{box}/faxes", data)
    assert (made["from_number"], made["fax_identity_name"], made["fax_timezone"]) == (
        "12125550100", "Head", "Europe/Dublin"
    )  # fmt: skip
