"""Every row of fixtures/kazoo/facts.yaml is reached over HTTP: endpoints, parameters, states, codes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.receiver import Receiver
from tests.vendors.kazoo.conftest import GOOD, GREGORIAN, NUMBER, UNTRIED, Kazoo
from tests.vendors.kazoo.facts import World, facts, ids_of, rows
from tests.vendors.kazoo.test_auth import carriers, plain


def at_path(body: Any, path: str) -> list[dict[str, Any]]:
    """Give the objects at a JSON path of the facts: `$`, `$.data`, `$.data[]`."""
    found = [body]
    for name in path.removeprefix("$").removeprefix(".").split("."):
        found = [each[name.removesuffix("[]")] for each in found] if name else found
        found = [item for each in found for item in each] if name.endswith("[]") else found
    return found


@pytest.mark.parametrize("endpoint", ids_of("endpoints"))
def test_every_endpoint_answers_with_its_status_and_keys(world: World, endpoint: str) -> None:
    row = next(row for row in rows("endpoints") if row["id"] == endpoint)
    method, url = row["method"], world.kazoo.root.removesuffix("/v2") + world.path(row)
    body = world.body(endpoint)
    options = {} if row.get("anonymous") else {"headers": {"X-Auth-Token": world.kazoo.token}}
    answer = plain(method, url, **options, **({"json": body} if body is not None else {}))
    assert answer.status_code == row["success"]["status"], answer.text
    if row["success"].get("body") == "bytes":
        assert answer.headers["Content-Type"] in row["success"]["types"]
        return
    for path, keys in row["success"]["keys"].items():
        for found in at_path(answer.json(), path):
            assert set(keys) <= set(found), path
    if row["evidence"] == "documented" and endpoint in ("create", "outgoing-read"):
        assert set(answer.json()["data"]) == set(row["success"]["keys"]["$.data"])


def fax_parameters() -> list[Any]:
    create = next(row for row in rows("endpoints") if row["id"] == "create")
    return list(create["parameters"])


def nested(path: str, value: Any) -> dict[str, Any]:
    first, _, rest = path.partition(".")
    return {first: nested(rest, value) if rest else value}


WRONG = {"string": 5, "integer": "x", "object": 5, "boolean": "x"}


@pytest.mark.parametrize("parameter", fax_parameters(), ids=lambda row: row["name"])
def test_every_parameter_is_checked_by_its_type_and_limits(kazoo: Kazoo, parameter: Any) -> None:
    name, kind = parameter["name"], parameter["type"]
    wrong = 5 if isinstance(kind, list) else WRONG[kind]
    data = json.loads(json.dumps(GOOD)) | nested(name, wrong)
    if name.startswith("document."):
        data["document"] = {"url": "http://x.test"} | data["document"]
    told = kazoo.put("/faxes", data, 400)
    target = ",".join(kind) if isinstance(kind, list) else kind
    assert told == {
        name: {
            "type": {"message": f"Value did not match type(s): {target}", "target": target, "value": wrong}
        }
    }
    for limit, rule, beyond in (("minimum", "minimum", -1), ("maximum", "maximum", 1)):
        if limit in parameter:
            told = kazoo.put("/faxes", GOOD | {name: parameter[limit] + beyond}, 400)
            assert list(told[name]) == [rule]


def test_every_documented_default_is_filled_in(kazoo: Kazoo) -> None:
    made = kazoo.put("/faxes", GOOD)
    for parameter in fax_parameters():
        if "default" in parameter:
            found: Any = made
            for name in parameter["name"].split("."):
                found = found[name]
            assert found == parameter["default"], parameter["name"]


@pytest.mark.parametrize("carrier", facts()["auth"]["carriers"], ids=str)
def test_every_carrier_of_a_token(kazoo: Kazoo, carrier: Any) -> None:
    place = {"X-Auth-Token": ["header"], "Authorization": ["bearer", "basic"]}.get(
        carrier.get("header"), [carrier["in"]]
    )
    for name in place:
        answer = plain("GET", f"{kazoo.base}/faxes/outgoing", **carriers(kazoo.token)[name])
        assert answer.status_code == 200


def test_every_state_is_shown(kazoo: Kazoo, receiver: Receiver, one_page: bytes) -> None:
    seen = set()
    job = kazoo.send(one_page)["id"]
    for wait in (0, 2.1, 4):
        kazoo.control.advance(by=wait)
        seen.add(kazoo.get(f"/faxes/outgoing/{job}")["data"]["status"])
    receiver.answer(410, times=None)
    kazoo.put("/faxes", GOOD | {"document": {"url": receiver.url}})
    kazoo.control.advance()
    for row in kazoo.get("/faxes/outbox")["data"]:
        seen.add(row["status"])
        if row["status"] == "failed":
            wanted = next(state["text_contains"] for state in rows("states") if "text_contains" in state)
            assert row["tx_result"]["error_message"] == wanted.replace("XXX", "410")
    assert seen == {row["state"] for row in rows("states")}


def outcomes_of(kazoo: Kazoo, codes: list[str], document: bytes) -> dict[str, Any]:
    """Send a fax for each code, scripted to end with it; gives code to row of the outbox."""
    kazoo.control.vendor("kazoo", lines=200)
    jobs = {}
    for number, code in enumerate(codes):
        kazoo.scenario({"code": code})
        jobs[kazoo.send(document, to=f"1212555{number:04}")["id"]] = code
    kazoo.control.advance()
    listed = kazoo.get("/faxes/outbox?paginate=false")["data"]
    return {jobs[row["id"][7:]]: row for row in listed}


def test_every_t30_result_has_its_text(kazoo: Kazoo, one_page: bytes) -> None:
    found = outcomes_of(kazoo, [str(row["code"]) for row in rows("codes")], one_page)
    told = {code: row["tx_result"]["result_text"] for code, row in found.items()}
    assert told == {str(row["code"]): row["text"] for row in rows("codes")}
    assert {code for code, row in found.items() if row["status"] == "completed"} == {"0"}


def test_every_hangup_cause_has_its_sip_status(kazoo: Kazoo, one_page: bytes) -> None:
    found = outcomes_of(kazoo, [row["cause"] for row in rows("hangup_causes")], one_page)
    told = {
        code: (row["tx_result"]["result_cause"], row["tx_result"]["result_code"])
        for code, row in found.items()
    }
    assert told == {row["cause"]: (row["cause"], row["sip"]) for row in rows("hangup_causes")}


def worker_codes() -> Iterator[tuple[str, int, str]]:
    names = {
        "document answered with an error": "HTTP 404",
        "document host not reached": "no-connection",
        "destination not diallable": "invalid-number",
        "caller id not owned": "invalid-cid",
        "worker crashed": "crash",
    }
    for row in rows("worker_results"):
        for stage in row.get("stages", [""]):
            code = names.get(row["when"], f"timeout-{stage}")
            yield (
                code,
                row["result_code"],
                row["result_text"].replace("{stage}", stage).replace("{status}", "404"),
            )


def test_every_result_of_the_worker_is_reached(kazoo: Kazoo, one_page: bytes) -> None:
    wanted = list(worker_codes())
    found = outcomes_of(kazoo, [code for code, _, _ in wanted], one_page)
    for code, result_code, text in wanted:
        row = found[code]
        number = row["to_number"] if code == "invalid-number" else NUMBER
        shown = row["tx_result"]
        assert (shown["result_code"], shown["result_text"]) == (result_code, text.replace("{number}", number))


def test_the_result_has_its_documented_and_observed_keys(kazoo: Kazoo, one_page: bytes) -> None:
    keys = facts()["tx_result_keys"]
    assert set(keys["documented"]) == set(UNTRIED)
    assert set(keys["documented"] + keys["observed"]) <= set(kazoo.sent(one_page)["tx_result"])


def test_the_samples_are_answered_as_they_stand(world: World) -> None:
    for sample in rows("samples"):
        endpoint = next(row for row in rows("endpoints") if row["id"] == sample["endpoint"])
        url = world.kazoo.root.removesuffix("/v2") + world.path(endpoint)
        body = {"data": json.dumps(sample["request"])} if "request" in sample else {}
        answer = world.kazoo.call(endpoint["method"], url, **body)
        assert answer.status_code == sample["status"]
        if "response" in sample:
            assert set(answer.json()) == set(sample["response"])
            assert types_of(answer.json()["data"]) == types_of(sample["response"]["data"])


def types_of(value: Any) -> Any:
    """Give the shape of a value: its keys and the types of its leaves, of a list that of its first item."""
    if isinstance(value, dict):
        return {key: types_of(each) for key, each in value.items()}
    return [types_of(value[0])] if isinstance(value, list) else type(value).__name__


def test_ids_are_as_the_facts_say(world: World) -> None:
    patterns = {row["folder"]: row["pattern"] for row in rows("ids")}
    assert re.fullmatch(patterns["outgoing"], world.job)
    for folder in ("outbox", "inbox"):
        assert re.fullmatch(patterns[folder], world.folders[folder])


def test_figures_are_as_the_facts_say() -> None:
    from emulator.vendors.kazoo import bucket, envelope, sending, tokens, view

    assert facts()["gregorian_offset"]["seconds"] == GREGORIAN
    assert facts()["auth"]["token_life"]["seconds"] == tokens.LIFE
    assert facts()["redials"]["wait"] == view.RETRY_AFTER
    assert facts()["size_limit"]["bytes"] == envelope.BODY_LIMIT
    assert facts()["diallable"]["pattern"] == sending.DIALLABLE.pattern
    rate = facts()["rate_limit"]
    told = (rate["tokens"], rate["refill_per_second"], rate["call"], rate["login"])
    assert told == (bucket.ROOM, 1000 / bucket.PER_TOKEN, bucket.CALL, bucket.LOGIN)


@pytest.mark.parametrize("hook", ids_of("webhooks"))
def test_every_webhook_event_carries_its_fields(
    kazoo: Kazoo, receiver: Receiver, hook: str, one_page: bytes
) -> None:
    row = next(row for row in rows("webhooks") if row["id"] == hook)
    data = {"name": "Hook", "uri": receiver.url, "hook": hook}
    if hook == "notifications":
        kazoo.control.vendor("kazoo", profile={"kazoo.profile": "4.3"})
        data["custom_data"] = {"type": "all"}
    kazoo.put("/webhooks", data)
    kazoo.sent(one_page)
    kazoo.sent(one_page, to="15005550005")
    kazoo.receive()
    kazoo.receive(scenario="line_error")
    kazoo.control.advance()
    wanted = [event for event in row["events"] if event not in ("all", "outbound_smtp_fax_error")]
    posts = [dict(post.form()) for post in receiver.wait(len(wanted))]
    assert sorted(post["event_name"] for post in posts) == sorted(wanted)
    for post in posts:
        outbound = post["event_name"].startswith("outbound")
        failed = post["event_name"].endswith("_error")
        shape = "fax_info[{}]" if row["shape"] == "nested" else "{}"
        absent = {"fax_info", "fax_notifications"} | (set() if failed else {"fax_error"})
        absent |= set() if outbound else {"fax_jobid"}
        assert set(row["fields"]) - absent <= set(post)
        assert {shape.format(name) for name in row["fax_info"]} <= set(post)


def test_coverage_lists_all_that_is_documented(kazoo: Kazoo) -> None:
    vendors = kazoo.control.call("GET", "/coverage", 200)["vendors"]
    own = next(vendor for vendor in vendors if vendor["vendor"] == "kazoo")
    documented = {row["id"] for row in rows("endpoints") if row["evidence"] == "documented"}
    listed = {row["name"] for row in own["endpoints"] if row["evidence"] == "documented"}
    assert listed == documented
    assert {row["name"] for row in own["endpoints"]} >= set(ids_of("endpoints"))
    assert {row["name"] for row in own["parameters"]} == {row["name"] for row in fax_parameters()}
    assert {row["name"] for row in own["states"]} == {row["state"] for row in rows("states")}
    texts = {row["text"] for row in own["codes"]}
    assert texts >= {row["text"] for row in rows("codes")} | {row["cause"] for row in rows("hangup_causes")}
    errors = {row["name"] for row in own["errors"]}
    assert errors >= {
        row["message"] for row in rows("errors") if row["message"] and "{" not in row["message"]
    }
    assert {row["name"] for row in own["rules"]} >= {row["rule"] for row in rows("rules")}
    for table in ("parameters", "states"):
        assert {row["evidence"] for row in own[table]} == {"documented"}
