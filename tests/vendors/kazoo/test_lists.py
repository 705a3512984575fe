"""Lists: order, pages, filters, and the narrowed ones of faxboxes and users."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.vendors.kazoo.client import ASKED, NUMBER, Kazoo, unknown
from tests.vendors.kazoo.expected import made
from tests.vendors.kazoo.queued import URL, ids, paging, queue, rows
from tests.vendors.kazoo.rules import malformed


def test_the_list_of_jobs_is_the_documented_one(kazoo: Kazoo) -> None:
    job = kazoo.put("/faxes", {**URL, "to_number": NUMBER})["id"]
    body = kazoo.get("/faxes/outgoing")
    assert body == {
        "auth_token": kazoo.token,
        "data": [{"created": kazoo.now(), "from": NUMBER, "id": job, "status": "pending", "to": NUMBER}],
        "page_size": 1,
        "request_id": ASKED,
        "revision": body["revision"],
        "start_key": [kazoo.account],
        "status": "success",
    }
    assert list(body) == sorted(body)


def test_a_lists_revision_stands_for_its_rows(kazoo: Kazoo) -> None:
    queue(kazoo, 1)
    first = kazoo.get("/faxes/outgoing")["revision"]
    assert re.fullmatch(r"[0-9a-f]{32}", first)
    assert kazoo.get("/faxes/outgoing")["revision"] == first
    queue(kazoo, 1)
    assert kazoo.get("/faxes/outgoing")["revision"] != first


def test_pages_come_newest_first_and_follow_one_another(kazoo: Kazoo) -> None:
    jobs, at = queue(kazoo, 5), kazoo.now()
    whole, account = rows(jobs, at), kazoo.account
    first = kazoo.get("/faxes/outgoing?page_size=2")
    assert first["data"] == whole[:2]
    key = [account, at, 3]
    assert paging(first) == {"page_size": 2, "start_key": [account], "next_start_key": key}
    spellings: list[tuple[Any, Any]] = [
        ({"start_key": json.dumps(key)}, key), ({"start_key": key}, [account, str(at), "3"]),
        ({"start_key[]": key}, [account, str(at), "3"]),
    ]  # fmt: skip
    for spelling, shown in spellings:
        second = kazoo.get("/faxes/outgoing", params={"page_size": 2, **spelling})
        assert second["data"] == whole[2:4]
        assert paging(second) == {"page_size": 2, "start_key": shown, "next_start_key": [account, at, 1]}
    key = second["next_start_key"]
    last = kazoo.get("/faxes/outgoing", params={"page_size": 2, "start_key": json.dumps(key)})
    assert (last["data"], paging(last)) == (whole[4:], {"page_size": 1, "start_key": key})


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
    jobs, at = queue(kazoo, 52), kazoo.now()
    body = kazoo.get("/faxes/outgoing")
    assert body["data"] == rows(jobs, at)[:50]
    key = [kazoo.account, at, 2]
    assert paging(body) == {"page_size": 50, "start_key": [kazoo.account], "next_start_key": key}
    whole = kazoo.get("/faxes/outgoing?paginate=false")
    assert (whole["data"], paging(whole)) == (rows(jobs, at), {})


def test_more_rows_than_fit_are_refused_without_pages(kazoo: Kazoo) -> None:
    jobs, path = queue(kazoo, 3), "/faxes/outgoing?paginate=false"
    kazoo.control.vendor("kazoo", profile={"list_cap": 2})
    kazoo.refused("GET", path, (416, "range not satisfiable", {}))
    kazoo.control.vendor("kazoo", profile={"list_cap": None})
    assert kazoo.get(path)["data"] == rows(jobs, kazoo.now())


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
    error = (404, "faulty_request", {"message": text})
    kazoo.refused("GET", "/faxes/outgoing", error, params={"page_size": size})


@pytest.mark.parametrize(
    "key", ["x", "[1", "[[]]", '["a","b"]', "[-1]", "{}", "!!!!", "g2w", "[" * 5000, "[1e400]", "\x00"]
)
def test_a_start_key_that_is_none_is_refused(kazoo: Kazoo, key: str) -> None:
    error = (400, "validation error", {"start_key": malformed("start_key", key)})
    kazoo.refused("GET", "/faxes/outgoing", error, params={"start_key": key})


def test_lists_say_all_by_default(kazoo: Kazoo, one_page: bytes) -> None:
    at, old = kazoo.now(), kazoo.sent(one_page)
    kazoo.control.advance(by="40d")
    new = kazoo.sent(one_page)
    assert [row["id"] for row in kazoo.get("/faxes/outbox")["data"]] == [new["id"], old["id"]]
    for window, found in (
        ({"created_from": at}, [new, old]),
        ({"created_from": 1, "created_to": at + 10**9}, [new, old]),
        ({"created_to": at}, [old]),
        ({"created_to": at - 1}, []),
    ):
        rows = kazoo.get("/faxes/outbox", params=window)["data"]
        assert [row["id"] for row in rows] == [each["id"] for each in found], window


def test_a_start_key_comes_in_php_s_array_form(kazoo: Kazoo) -> None:
    jobs = queue(kazoo, 5)
    first = kazoo.get("/faxes/outgoing?page_size=2")
    assert ids(first) == jobs[:2]
    # http_build_query(['start_key' => $next])
    key = {f"start_key[{place}]": str(part) for place, part in enumerate(first["next_start_key"])}
    assert ids(kazoo.get("/faxes/outgoing", params=key)) == jobs[2:]
    account = {"start_key[0]": kazoo.account}
    assert ids(kazoo.get("/faxes/outgoing", params=account)) == jobs


@pytest.mark.parametrize(
    "key",
    [
        {"start_key[0]": "ACCOUNT", "start_key[1]": "yesterday"},
        {"start_key[0]": "0" * 32, "start_key[1]": "63626410973"},
        {"start_key": '["another", 63626410973]'},
        {"start_key": "[1.5]"},
        {"start_key": '[{"a": 1}]'},
        {"start_key": "[1, 2, 3]"},
        {"start_key": ""},
        {"start_key[created]": "63626410973"},
        {"start_key[-1]": "63626410973"},
        {"start_key[0][0]": "ACCOUNT", "start_key[0][1]": "63626410973"},
        {"start_key[0]": "ACCOUNT", "start_key[9999]": "63626410973"},
    ],
    ids=str,
)
def test_a_cursor_that_cannot_be_read_is_never_the_first_page(kazoo: Kazoo, key: dict[str, str]) -> None:
    queue(kazoo, 1)
    asked = {name: text.replace("ACCOUNT", kazoo.account) for name, text in key.items()}
    answer = kazoo.call("GET", "/faxes/outgoing", params=asked)
    assert (answer.status_code, answer.json()["message"]) == (400, "validation error")
    assert list(answer.json()["data"]) == ["start_key"]


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
    document = {"url": "http://x.test", "method": "get"}
    wanted = {"document": {"url": "http://x.test"}, "to_number": NUMBER}
    in_box = kazoo.put(f"/faxboxes/{box}/faxes", wanted)
    filled = {"from_name": "Desk", "retries": 2, "fax_identity_name": "Kazoo Fax Printer", "faxbox_id": box}
    assert in_box == made(in_box["id"], document=document, **filled)
    of_user = kazoo.put(f"/users/{user}/faxes/outgoing", {**wanted, "from_number": NUMBER})
    assert of_user == made(of_user["id"], document=document)
    own = kazoo.put("/faxes", {**URL, "to_number": NUMBER})
    assert ids(kazoo.get("/faxes/outgoing")) == [own["id"], of_user["id"], in_box["id"]]
    assert ids(kazoo.get(f"/faxboxes/{box}/faxes/outgoing")) == [in_box["id"]]
    assert ids(kazoo.get(f"/users/{user}/faxes/outgoing")) == [of_user["id"]]
    kazoo.control.advance()
    assert [row[7:] for row in ids(kazoo.get(f"/faxboxes/{box}/faxes/outbox"))] == [in_box["id"]]
    assert [row[7:] for row in ids(kazoo.get(f"/users/{user}/faxes/outbox"))] == [of_user["id"]]
    kept = ids(kazoo.get(f"/faxboxes/{box}/faxes/outbox"))[0]
    assert kazoo.get(f"/faxboxes/{box}/faxes/outbox/{kept}")["data"]["faxbox_id"] == box
    nobody = "0" * 32
    kazoo.refused("GET", f"/faxboxes/{nobody}/faxes/outgoing", unknown(nobody))
    kazoo.refused("GET", "/users/short/faxes/outgoing", unknown("short"))
