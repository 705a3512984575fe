"""Webhooks: whom they go to, what they say, what counts as taken, and when one is switched off."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from tests.receiver import Behaviour, Receiver
from tests.vendors.kazoo.conftest import NUMBER, Kazoo


def hook(kazoo: Kazoo, receiver: Receiver, **more: Any) -> str:
    data = {"name": "Mine", "uri": f"{receiver.url}/hook", "hook": "outbound_fax"} | more
    return str(kazoo.put("/webhooks", data)["id"])


def test_a_webhook_is_answered_with_its_defaults(kazoo: Kazoo, receiver: Receiver) -> None:
    wanted = {"name": "Mine", "uri": receiver.url, "hook": "outbound_fax"}
    answer = kazoo.call("PUT", "/webhooks", json={"data": wanted})
    made = answer.json()["data"]
    assert answer.status_code == 201
    assert made == {
        **wanted, "http_verb": "post", "format": "form-data", "retries": 2, "enabled": True,
        "include_internal_legs": True, "id": made["id"],
    }  # fmt: skip
    assert answer.headers["Location"].endswith(f"/webhooks/{made['id']}")
    assert kazoo.get(f"/webhooks/{made['id']}")["data"] == made
    listed = kazoo.get("/webhooks")
    assert (listed["data"], listed["page_size"]) == ([made], 1)


def test_a_webhook_is_changed_replaced_and_removed(kazoo: Kazoo, receiver: Receiver) -> None:
    made = hook(kazoo, receiver)
    changed = kazoo.answer("PATCH", f"/webhooks/{made}", json={"data": {"retries": "4"}})
    assert (changed["data"]["retries"], changed["data"]["name"], changed["revision"][:2]) == (4, "Mine", "2-")
    missing = kazoo.answer("POST", f"/webhooks/{made}", 400, json={"data": {"retries": 1}})
    assert missing["data"] == {
        name: {"required": {"message": "Field is required but missing", "value": name}}
        for name in ("hook", "name", "uri")
    }
    whole = {"name": "Other", "uri": receiver.url, "hook": "inbound_fax", "format": "json"}
    replaced = kazoo.answer("POST", f"/webhooks/{made}", json={"data": whole})["data"]
    assert (replaced["name"], replaced["retries"], replaced["format"]) == ("Other", 2, "json")
    assert kazoo.answer("DELETE", f"/webhooks/{made}")["data"] == replaced
    assert kazoo.answer("GET", f"/webhooks/{made}", 404)["data"]["cause"] == made
    assert kazoo.get("/webhooks")["data"] == []


@pytest.mark.parametrize(
    ("change", "field", "rule"),
    [
        ({"name": 5}, "name", "type"),
        ({"uri": "mailto:x"}, "uri", "wrong_format"),
        ({"hook": "rain"}, "hook", "enum"),
        ({"hook": "notifications"}, "hook", "enum"),
        ({"http_verb": "delete"}, "http_verb", "enum"),
        ({"format": "xml"}, "format", "enum"),
        ({"retries": 5}, "retries", "maximum"),
        ({"enabled": "?"}, "enabled", "type"),
        ({"custom_data": {"a": 1}}, "custom_data", "type"),
        ({"custom_data": []}, "custom_data", "type"),
    ],
)
def test_a_webhook_that_breaks_a_rule_is_told_which(
    kazoo: Kazoo, change: dict[str, Any], field: str, rule: str
) -> None:
    data = {"name": "Mine", "uri": "http://x.test", "hook": "outbound_fax"} | change
    told = kazoo.put("/webhooks", data, 400)
    assert {name: list(rules) for name, rules in told.items()} == {field: [rule]}


def test_a_sent_fax_is_told_in_flat_fields(kazoo: Kazoo, receiver: Receiver, three_pages: bytes) -> None:
    made = hook(kazoo, receiver, custom_data={"mine": "yes", "fax_timezone": "mine too"})
    fax = kazoo.sent(three_pages, from_name="From", to_name="To")
    post = receiver.wait(1)[0]
    account = kazoo.account
    assert (post.method, post.path, post.header("Content-Type")) == (
        "POST", "/hook", "application/x-www-form-urlencoded"
    )  # fmt: skip
    assert (post.header("X-Hook-ID"), post.header("X-Account-ID")) == (made, account)
    told = dict(post.form())
    assert told == {
        "account_id": account, "account_db": f"account%2F{account[:2]}%2F{account[2:4]}%2F{account[4:]}",
        "call_id": f"{fax['id'][7:]}-1", "caller_id_name": "From", "caller_id_number": NUMBER,
        "callee_id_name": "To", "callee_id_number": NUMBER, "fax_id": fax["id"], "fax_jobid": fax["id"],
        "fax_timestamp": str(fax["delivered"]), "fax_timezone": "mine too", "faxbox_id": "", "mine": "yes",
        "event_name": "outbound_fax", "fax_success": "true", "fax_total_pages": "3", "fax_result_code": "0",
        "fax_result_text": "OK", "fax_transferred_pages": "3", "fax_hangup_code": "16",
        "fax_hangup_cause": "NORMAL_CLEARING", "fax_transfer_rate": "14400", "fax_bad_rows": "0",
        "fax_ecm_used": "on", "fax_t38_used": "false", "fax_encoding": "3", "fax_encoding_name": "T.6",
        "fax_local_station_id": "+18884732963", "fax_remote_station_id": "+18884732963",
        "fax_image_resolution": "8031x7700", "fax_file_image_resolution": "8031x7700",
    }  # fmt: skip


def test_a_failed_fax_is_told_with_its_error_after_the_last_try(
    kazoo: Kazoo, receiver: Receiver, one_page: bytes
) -> None:
    hook(kazoo, receiver)
    hook(kazoo, receiver, hook="inbound_fax")
    kazoo.sent(one_page, to="15005550002", retries=2)
    [post] = receiver.wait(1)
    told = dict(post.form())
    kept = (
        "event_name",
        "fax_error",
        "fax_success",
        "fax_result_code",
        "fax_hangup_code",
        "fax_hangup_cause",
    )
    assert {key: told[key] for key in kept} == {
        "event_name": "outbound_fax_error", "fax_error": "USER_BUSY", "fax_success": "false",
        "fax_result_code": "486", "fax_hangup_code": "17", "fax_hangup_cause": "USER_BUSY",
    }  # fmt: skip
    assert "fax_transfer_rate" not in told


@pytest.mark.parametrize(("verb", "format_"), [("get", "form-data"), ("put", "json"), ("post", "json")])
def test_verb_and_format_are_as_the_webhook_says(
    kazoo: Kazoo, receiver: Receiver, one_page: bytes, verb: str, format_: str
) -> None:
    hook(kazoo, receiver, http_verb=verb, format=format_)
    fax = kazoo.sent(one_page)
    post = receiver.wait(1)[0]
    assert post.method == verb.upper()
    told = dict(post.parameters()) if verb == "get" else post.json()
    assert (told["fax_id"], str(told["fax_total_pages"])) == (fax["id"], "1")


def test_the_portals_url_is_a_webhook_too(kazoo: Kazoo, receiver: Receiver, one_page: bytes) -> None:
    kazoo.control.vendor("kazoo", webhooks={"outbound": {"url": receiver.url, "auth": "me:secret"}})
    kazoo.sent(one_page)
    post = receiver.wait(1)[0]
    assert (post.auth, dict(post.form())["event_name"]) == ("me:secret", "outbound_fax")


def test_an_answer_that_is_not_200_is_a_failure_and_is_not_tried_again(
    kazoo: Kazoo, receiver: Receiver, one_page: bytes
) -> None:
    receiver.answer(202)
    made = hook(kazoo, receiver, retries=4)
    kazoo.sent(one_page)
    assert len(receiver.wait(1)) == 1
    entry = kazoo.get(f"/webhooks/{made}/attempts")["data"][0]
    assert entry == {
        "hook_id": made, "result": "failure", "timestamp": entry["timestamp"], "retries_left": 3,
        "resp_status_code": 202, "reason": "bad response code",
    }  # fmt: skip
    assert kazoo.control.webhooks()[0]["state"] == "failed"


@pytest.mark.parametrize(("retries", "sends"), [(0, 1), (1, 1), (2, 2), (4, 4)])
def test_silence_is_tried_again_after_two_seconds(
    kazoo: Kazoo, receiver: Receiver, one_page: bytes, retries: int, sends: int
) -> None:
    receiver.answer(behaviour=Behaviour.drop, times=None)
    made = hook(kazoo, receiver, retries=retries)
    kazoo.sent(one_page)
    entries = kazoo.get("/webhooks/attempts")["data"][::-1]
    assert [entry["retries_left"] for entry in entries] == list(range(sends - 1, -1, -1)) or retries == 0
    assert len(entries) == sends
    assert entries[0] == {
        "hook_id": made,
        "result": "failure",
        "timestamp": entries[0]["timestamp"],
        "retries_left": entries[0]["retries_left"],
        "reason": "kazoo http client error",
        "client_error": "unreachable",
    }
    times = [entry["timestamp"] for entry in entries]
    assert [after - before for before, after in pairwise(times)] == [2] * (sends - 1)


def test_a_taken_webhook_is_recorded(kazoo: Kazoo, receiver: Receiver, one_page: bytes) -> None:
    made, other = hook(kazoo, receiver), hook(kazoo, receiver, hook="inbound_fax")
    kazoo.sent(one_page)
    entry = kazoo.get(f"/webhooks/{made}/attempts")["data"][0]
    assert entry == {
        "hook_id": made, "result": "success", "timestamp": entry["timestamp"], "retries_left": 1,
        "resp_status_code": 200,
    }  # fmt: skip
    assert kazoo.get(f"/webhooks/{other}/attempts")["data"] == []


def failing_burst(kazoo: Kazoo, one_page: bytes, count: int) -> None:
    for number in range(count):
        kazoo.send(one_page, to=f"1212555{number:04}")
    kazoo.control.advance()


def test_six_failures_within_a_minute_switch_a_webhook_off(
    kazoo: Kazoo, receiver: Receiver, one_page: bytes
) -> None:
    receiver.answer(500, times=None)
    made = hook(kazoo, receiver)
    failing_burst(kazoo, one_page, 5)
    assert kazoo.get(f"/webhooks/{made}")["data"]["enabled"] is True
    kazoo.control.advance(by=61)
    failing_burst(kazoo, one_page, 6)
    off = kazoo.get(f"/webhooks/{made}")["data"]
    assert (off["enabled"], off["disable_reason"]) == (False, "too many failed attempts")
    kazoo.sent(one_page, to="12125550199")
    assert len(receiver.wait(11)) == 11
    on = kazoo.answer("PATCH", "/webhooks", json={"data": {"re-enable": True}})["data"]
    assert on == [{key: value for key, value in off.items() if key != "disable_reason"} | {"enabled": True}]


@pytest.mark.parametrize(
    ("path", "data"), [("/webhooks", {"re-enable": True}), ("/webhooks/{}", {"enabled": True})]
)
def test_a_webhook_that_is_switched_on_again_has_six_failures_anew(
    kazoo: Kazoo, receiver: Receiver, one_page: bytes, path: str, data: dict[str, Any]
) -> None:
    receiver.answer(500, times=None)
    made = hook(kazoo, receiver)
    enabled = []
    for _ in range(2):
        for _ in range(2):
            failing_burst(kazoo, one_page, 3)
            enabled.append(kazoo.get(f"/webhooks/{made}")["data"]["enabled"])
        kazoo.answer("PATCH", path.format(made), json={"data": data})
    assert enabled == [True, False, True, False]
    assert len(kazoo.get(f"/webhooks/{made}/attempts")["data"]) == 12


def test_six_connections_that_fail_switch_a_webhook_off_too(
    kazoo: Kazoo, receiver: Receiver, one_page: bytes
) -> None:
    receiver.answer(500, times=None)
    dead, other = hook(kazoo, receiver, uri="http://127.0.0.1:9/", retries=3), hook(kazoo, receiver)
    failing_burst(kazoo, one_page, 2)
    assert [kazoo.get(f"/webhooks/{each}")["data"]["enabled"] for each in (dead, other)] == [False, True]


def test_switching_on_needs_the_word(kazoo: Kazoo) -> None:
    assert kazoo.answer("PATCH", "/webhooks", 400, json={"data": {}})["data"] == {
        "re-enable": {"required": {"message": "Field is required but missing", "value": "re-enable"}}
    }


def test_a_webhook_that_is_switched_off_hears_nothing_and_is_switched_on_by_a_change(
    kazoo: Kazoo, receiver: Receiver, one_page: bytes
) -> None:
    made = hook(kazoo, receiver, enabled=False)
    kazoo.sent(one_page)
    kazoo.answer("PATCH", f"/webhooks/{made}", json={"data": {"enabled": True}})
    fax = kazoo.sent(one_page)
    assert [dict(post.form())["fax_id"] for post in receiver.wait(1)] == [fax["id"]]


def test_the_catalogue_and_the_samples_need_no_token(kazoo: Kazoo) -> None:
    import requests

    def told(path: str, status: int = 200) -> Any:
        answer = requests.get(f"{kazoo.root}/webhooks{path}", timeout=10)
        assert answer.status_code == status
        return answer.json()["data"]

    assert [row["id"] for row in told("")] == ["outbound_fax", "inbound_fax"]
    names = told("/samples")
    assert names == ["outbound_fax", "outbound_fax_error", "inbound_fax", "inbound_fax_error"]
    for name in names:
        sample = told(f"/samples/{name}")[0]
        sent = not name.endswith("_error")
        assert (sample["event_name"], sample["fax_success"], sample["fax_transferred_pages"]) == (
            name, sent, int(sent)
        )  # fmt: skip
        assert sample.get("fax_error") == (None if sent else "USER_BUSY")
    assert told("/samples/rain", 404) == {"cause": "rain", "message": "bad identifier"}


@pytest.mark.parametrize(("digits", "count"), [("16", 0), ("17", 2), ("18", 1)])
def test_magic_numbers_of_webhooks(
    kazoo: Kazoo, receiver: Receiver, one_page: bytes, digits: str, count: int
) -> None:
    hook(kazoo, receiver)
    kazoo.send(one_page, to=f"150055500{digits}")
    kazoo.control.advance()
    posts = receiver.wait(count)
    assert [dict(post.form())["event_name"] for post in posts] == ["outbound_fax"] * count
