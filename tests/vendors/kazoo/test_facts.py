"""Every row of fixtures/kazoo/facts.yaml is reached over HTTP: endpoints, parameters, states, codes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.receiver import Receiver
from tests.vendors.kazoo.client import ASKED, GOOD, GREGORIAN, NUMBER, UNTRIED, Kazoo, check, login, plain
from tests.vendors.kazoo.ends import compare_ends, ended_at
from tests.vendors.kazoo.events import SENT, as_form, common, envelope_of, info, spelt
from tests.vendors.kazoo.expected import STATION, failed, faxed, job, made, sent
from tests.vendors.kazoo.facts import bodies, endpoint, facts, ids_of, rows
from tests.vendors.kazoo.rules import at_least, at_most, one_of, pattern, too_long, typed
from tests.vendors.kazoo.test_tokens import carriers, empty
from tests.vendors.kazoo.world import World


def at_path(body: Any, path: str) -> list[dict[str, Any]]:
    """Give the objects at a JSON path of the facts: `$`, `$.data`, `$.data[]`."""
    found = [body]
    for name in path.removeprefix("$").removeprefix(".").split("."):
        found = [each[name.removesuffix("[]")] for each in found] if name else found
        found = [item for each in found for item in each] if name.endswith("[]") else found
    return found


def test_the_keys_of_the_facts_are_those_of_the_bodies() -> None:
    for row in rows("endpoints"):
        for path, keys in row["success"]["keys"].items():
            found = at_path(bodies()[row["id"]], path)
            assert found
            assert [set(each) for each in found] == [set(keys)] * len(found)


def fax_parameters() -> list[Any]:
    return list(endpoint("create")["parameters"])


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
    target = ",".join(kind) if isinstance(kind, list) else kind
    kazoo.breaks("/faxes", data, {name: typed(target, wrong)})
    for value, broken in beyond(parameter):
        data = GOOD | nested(name, value)
        if name.startswith("document."):
            data["document"] = GOOD["document"] | data["document"]
        kazoo.breaks("/faxes", data, {name: broken})


def beyond(parameter: Any) -> Iterator[tuple[Any, Any]]:
    """Give values just beyond a parameter's limits, each with the rule that it breaks."""
    if "minimum" in parameter:
        yield parameter["minimum"] - 1, at_least(parameter["minimum"], parameter["minimum"] - 1)
        yield parameter["maximum"] + 1, at_most(parameter["maximum"], parameter["maximum"] + 1)
    if "max" in parameter:
        text = "x" * (parameter["max"] + 1)
        yield text, too_long(parameter["max"], text)
    if "enum" in parameter:
        yield "none", one_of(*parameter["enum"], value="none")
    if "pattern" in parameter:
        yield "none", pattern(parameter["pattern"], "none")


def test_every_documented_default_is_filled_in(kazoo: Kazoo) -> None:
    answered = kazoo.put("/faxes", GOOD)
    document = {**GOOD["document"], "method": "get"}
    assert answered == made(answered["id"], document=document)
    for parameter in fax_parameters():
        if "default" in parameter:
            found: Any = answered
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
        body = answer.json()
        assert (answer.status_code, body) == (
            200, {**empty(kazoo, kazoo.token), "revision": body["revision"]}
        )  # fmt: skip


def test_every_t30_result_has_its_text(kazoo: Kazoo, one_page: bytes) -> None:
    texts = {str(row["code"]): row["text"] for row in rows("codes")}

    def result(code: str, to: str, elapsed: int) -> dict[str, Any]:
        if code == "0":
            return faxed(elapsed=elapsed, to=f"+{to}")
        if code == "2":  # no fax machine answered
            return failed(2, texts[code], "NORMAL_CLEARING", elapsed=elapsed)
        return faxed(elapsed=elapsed, to=f"+{to}", code=int(code), text=texts[code], sent=0)

    compare_ends(kazoo, texts, one_page, result)


def test_every_hangup_cause_has_its_sip_status(kazoo: Kazoo, one_page: bytes) -> None:
    causes = {row["cause"]: row["sip"] for row in rows("hangup_causes")}

    def result(cause: str, to: str, elapsed: int) -> dict[str, Any]:
        if cause == "NORMAL_CLEARING":  # hung up in the middle of the call
            return faxed(elapsed=elapsed, to=f"+{to}", code=causes[cause], text=cause, sent=0, good=False)
        return failed(causes[cause], cause, cause, elapsed=elapsed)

    compare_ends(kazoo, causes, one_page, result)


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
    wanted = {code: (result_code, text) for code, result_code, text in worker_codes()}

    def result(code: str, to: str, elapsed: int) -> dict[str, Any]:
        result_code, text = wanted[code]
        text = text.replace("{number}", to if code == "invalid-number" else NUMBER)
        if code not in ("timeout-negotiate", "timeout-send"):
            return failed(result_code, text, elapsed=elapsed)
        return faxed(elapsed=elapsed, to=f"+{to}", code=result_code, text=text, cause=None, sent=0)

    compare_ends(kazoo, wanted, one_page, result)


def test_the_result_has_its_documented_and_observed_keys(kazoo: Kazoo, one_page: bytes) -> None:
    keys = facts()["tx_result_keys"]
    row = kazoo.sent(one_page)
    assert set(keys["documented"]) == set(UNTRIED)
    assert row["tx_result"] == faxed(elapsed=43)
    assert set(keys["documented"] + keys["observed"]) <= set(row["tx_result"])


@pytest.mark.parametrize("sample", rows("samples"), ids=lambda row: row["id"])
def test_the_samples_are_answered_as_they_stand(world: World, sample: Any) -> None:
    row = endpoint(sample["endpoint"])
    asked = {"data": json.dumps(sample["request"])} if "request" in sample else {}
    answer = world.kazoo.call(row["method"], world.url(row), **asked)
    assert answer.status_code == sample["status"]
    body, response = check(answer, world.kazoo.token), sample.get("response")
    if response is None:
        response = bodies()[sample["endpoint"]]
    # The sample's job is as old as its account.
    response = json.loads(json.dumps(response).replace("63626410973", str(world.kazoo.now())))
    made_now = answer.status_code == 201
    fax = body["data"]["id"] if made_now else world.values["FAX_JOB_ID"]
    new = {"FAX_JOB_ID": fax, "NEW_ID": fax, "REVISION": body["revision"], "HASH": body["revision"][-32:]}
    assert body == world.filled(response, **new, REQUEST_ID=ASKED, START_KEY=world.kazoo.account)


def test_ids_are_as_the_facts_say(world: World) -> None:
    patterns = {row["folder"]: row["pattern"] for row in rows("ids")}
    assert re.fullmatch(patterns["outgoing"], world.values["FAX_JOB_ID"])
    for folder in ("outbox", "inbox"):
        assert re.fullmatch(patterns[folder], world.folders[folder])
    assert re.fullmatch(patterns["smtplog"], world.values["ATTEMPT_ID"])


def test_figures_are_as_the_facts_say() -> None:
    from emulator.vendors.kazoo import tables

    assert facts()["gregorian_offset"]["seconds"] == GREGORIAN
    assert facts()["auth"]["token_life"]["seconds"] == tables.TOKEN_LIFE
    assert facts()["redials"]["wait"] == tables.RETRY_AFTER
    assert facts()["size_limit"]["bytes"] == tables.BODY_LIMIT
    assert facts()["diallable"]["pattern"] == tables.DIALLABLE.pattern
    rate = facts()["rate_limit"]
    told = (rate["tokens"], rate["refill_per_second"], rate["call"], rate["login"])
    assert told == (tables.BUCKET, 1000 / tables.PER_TOKEN, tables.CALL_PRICE, tables.LOGIN_PRICE)


def test_every_state_is_shown(kazoo: Kazoo, receiver: Receiver, one_page: bytes) -> None:
    receiver.answer(410, times=None)
    fax, created, seen = kazoo.send(one_page)["id"], kazoo.now(), []
    for word, wait in (("attaching_files", 2.1), ("pending", 4), ("processing", 60)):
        assert kazoo.get(f"/faxes/outgoing/{fax}")["data"] == job(fax, created, word)
        seen.append(word)
        kazoo.control.advance(by=wait)
    whole = sent(f"201603-{fax}", created, faxed(elapsed=43))
    assert kazoo.get(f"/faxes/outbox/201603-{fax}")["data"] == whole
    document = {"url": receiver.url, "method": "get"}
    created, fax = kazoo.now(), kazoo.put("/faxes", GOOD | {"document": document})["id"]
    kazoo.control.advance()
    text = next(state["text_contains"] for state in rows("states") if "text_contains" in state)
    result = failed(0, text.replace("XXX", "410"), elapsed=1, pages=0)
    unfetched = sent(f"201603-{fax}", created, result, document=document)
    assert kazoo.get(f"/faxes/outbox/201603-{fax}")["data"] == unfetched
    seen += [whole["status"], unfetched["status"]]
    assert set(seen) == {row["state"] for row in rows("states")}


def call_of(event: str) -> dict[str, Any]:
    """Give how the call ended whose event this is: well, or cut off before the end of the first page."""
    if not event.endswith("_error"):
        return SENT
    return {**SENT, "code": 48, "text": "Disconnected after permitted retries", "pages_sent": 0}


@pytest.mark.parametrize("hook", ids_of("webhooks"))
def test_every_webhook_event_carries_its_fields(
    kazoo: Kazoo, receiver: Receiver, hook: str, one_page: bytes
) -> None:
    row = next(row for row in rows("webhooks") if row["id"] == hook)
    nested, owner = row["shape"] == "nested", login(kazoo)["data"]["owner_id"]
    data = {"name": "Hook", "uri": receiver.url, "hook": hook}
    if nested:
        kazoo.modernise()
        data["custom_data"] = {"type": "all"}
    kazoo.put("/webhooks", data)
    ends: list[tuple[str, str]] = []
    for event in ("outbound_fax", "outbound_fax_error", "inbound_fax", "inbound_fax_error"):
        kazoo.scenario("delivered" if call_of(event) is SENT else {"line_error": {"pages": 0}})
        ends.append((event, kazoo.sent(one_page)["id"] if "outbound" in event else kazoo.receive()))
        kazoo.control.advance()
    wanted = [event for event in row["events"] if event not in ("all", "outbound_smtp_fax_error")]
    posts = {post["event_name"]: post for post in (dict(each.form()) for each in receiver.wait(len(wanted)))}
    assert sorted(posts) == sorted(wanted)
    at = ended_at(kazoo)
    for number, (event, fax) in enumerate(ends, 1):
        if event in wanted:
            post, outbound = posts[event], event.startswith("outbound")
            call, remote = call_of(event), STATION if outbound else "+12125550123"
            error = {} if call is SENT else {"fax_error": call["text"]}
            known = common(kazoo, event, fax, at[fax], number, **error)
            known |= {} if outbound else {"owner_id": owner}
            told = info(call, remote=remote)
            nests = {name: value for name, value in known.items() if value is not None}
            whole = nests | envelope_of("all", post) | {"fax_info": spelt(told)} if nested else known | told
            assert post == as_form(whole)
            told_of = nests if nested else known
            assert {name for name in row["fields"] if name in told_of} <= set(post)


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
