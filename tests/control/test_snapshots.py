"""A sandbox exported as one document, and loaded again."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from tests.conftest import FIXTURES, Control
from tests.receiver import Receiver
from tests.sending import VENDORS, pages, read, send
from tests.vendors.kazoo.client import Kazoo
from tests.vendors.mfax.conftest import Mfax


def snapshot(control: Control) -> Any:
    return control.call("GET", f"/sandboxes/{control.id}/snapshot", 200)


def load(control: Control, data: Any, status: int = 200) -> Any:
    return control.call("POST", f"/sandboxes/{control.id}/snapshot", status, json=data)


def test_loaded_sandbox_is_as_the_exported_one(server: Control, receiver: Receiver) -> None:
    one = server.create(webhooks={"ifax": {"outbound": receiver.url}}, balance=7)
    for vendor in VENDORS:
        send(one, vendor, count=2)
    one.advance(by="20s")
    one.call("POST", f"/sandboxes/{one.id}/scenarios", 201, json={"name": "rule", "attempts": ["busy"]})
    one.call("POST", f"/sandboxes/{one.id}/scenarios/next", 201, json={"name": "shot"})
    data = snapshot(one)
    other = server.create()
    assert load(other, data) == {"items": len(data["items"]), "documents": len(data["documents"])}
    assert snapshot(other) | {"sandbox": None} == data | {"sandbox": None}
    views: list[Callable[[Control], Any]] = [
        lambda each: each.faxes(),
        lambda each: [each.vendor(vendor) for vendor in VENDORS],
        lambda each: each.call("GET", f"/sandboxes/{each.id}/scenarios", 200)["queue"],
        lambda each: each.now(),
        lambda each: each.advance()["timeline"],
        lambda each: [fax["state"] for fax in each.faxes()],
    ]
    for view in views:
        assert view(other) == view(one)
    ifax = next(fax for fax in other.faxes() if fax["vendor"] == "ifax")
    assert read(other, "ifax", ifax["id"]).json()["status"] == 1
    assert len(receiver.requests) == 2


def test_new_faxes_after_a_load_have_ids_of_their_own(control: Control) -> None:
    send(control, "ifax")
    load(control, snapshot(control))
    send(control, "ifax")
    assert [fax["id"] for fax in control.faxes()] == ["fax-2", "fax-1"]


def test_running_clock_goes_on_from_the_snapshots_instant(server: Control) -> None:
    one = server.create(clock={"mode": "running", "speed": 0, "now": "2030-01-01T00:00:00Z"})
    other = server.create()
    load(other, snapshot(one))
    assert other.now() == "2030-01-01T00:00:00.000Z"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda data: data.update(format=3), "format"),
        (lambda data: data.pop("items"), "items"),
        (lambda data: data["items"].append({"kind": "nothing"}), "items[7].kind"),
        (lambda data: data["items"].append(data["items"][-1]), "items"),
        (lambda data: data["items"].pop(0), "items"),
        (lambda data: data["items"][-1].update(state="flying"), "items[6].state"),
        (lambda data: data["items"][-1].update(vendor="nobody"), "items[6]"),
        (lambda data: data["items"][-1].update(state="dialing"), "items[6]"),
        (lambda data: data["items"][-1].update(plan={"attempts": []}), "items[6]"),
        (lambda data: data["items"][-1].pop("to"), "items[6].to"),
        (lambda data: data["items"][-1].update(pages=10**400), "items[6].pages"),
        (lambda data: data["items"][-1].update(created_at=10**400), "items[6].created_at"),
        (lambda data: data["items"][-1].update(created_at=1e12), "items[6].created_at"),
        (lambda data: data["items"][0].update(base=1e12), "items[0].base"),
        (lambda data: data["items"][0].update(speed=-1), "items[0].speed"),
        (lambda data: data["items"][-1].update(pages=2**40), "items[6].pages"),
        (
            lambda data: data["items"][-1].update(plan={"attempts": [{"pace": 1e9}]}),
            "items[6].plan.attempts[0].pace",
        ),
        (lambda data: data["items"][-1].update(details={}), "items"),
        (lambda data: data["items"][1].update(max_attempts=0), "items[1].max_attempts"),
        (lambda data: data["journals"].update(requests=[{}]), "items"),
        (lambda data: data["counters"].update(call=2**50), "counters.call"),
        (lambda data: data["counters"].update(fax="x"), "counters.fax.value"),
        (lambda data: data["counters"].update(fax=10**400), "counters.fax.value"),
        (lambda data: data["documents"].update(x="%"), "documents.x.value"),
    ],
)
def test_wrong_snapshot_is_refused_and_changes_nothing(
    control: Control, change: Callable[[Any], Any], field: str
) -> None:
    send(control, "ifax")
    data = snapshot(control)
    data["items"].sort(key=lambda item: item["kind"] == "fax")
    before = snapshot(control)
    change(data)
    error = load(control, data, 400)["error"]
    assert (error["code"], error["field"].removesuffix(".value")) == ("invalid", field.removesuffix(".value"))
    assert snapshot(control) == before


def standing(control: Control) -> dict[str, str]:
    """Give in a line what became of each fax and of each webhook so far."""
    faxes = {fax["id"]: (fax["vendor"], *ended(fax), fax["finished_at"]) for fax in control.faxes()}
    webhooks = {
        row["id"]: (row["vendor"], row["event"], *tried(row), row["due_at"]) for row in control.webhooks()
    }
    return {name: " ".join(map(str, line)) for name, line in (faxes | webhooks).items()}


def ended(fax: dict[str, Any]) -> tuple[Any, ...]:
    return fax["state"], fax["outcome"], len(fax["attempts"])


def tried(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["state"], row["fault"], len(row["attempts"]), row["attempts"][-1]["at"]


def test_snapshot_of_format_1_is_loaded_and_plays_on_to_its_end(server: Control, receiver: Receiver) -> None:
    old, wanted = FIXTURES / "snapshots/format-1.json", FIXTURES / "snapshots/format-1.yaml"
    becomes = yaml.safe_load(wanted.read_text(encoding="utf-8"))
    control = server.create(seed="format-1")
    load(control, json.loads(old.read_text(encoding="utf-8").replace("http://receiver.test", receiver.url)))
    assert standing(control) == becomes["loaded"]
    assert snapshot(control)["counters"] == json.loads(old.read_text(encoding="utf-8"))["counters"]
    pdf = {"Content-Type": "application/pdf"}
    receiver.answer(200, pages(1), headers=pdf, path="/document.pdf", times=None)
    receiver.answer(404, path="/none.pdf", times=None)
    receiver.answer(behaviour="drop", path="/kazoo/outbound", times=None)
    for vendor, times in (("openfax", None), ("ifax", None), ("mfax", None), ("faxto", 10)):
        receiver.answer(503, path=f"/{vendor}/outbound", times=times)
    control.advance()
    assert standing(control) == becomes["ended"]
    assert {vendor: control.vendor(vendor)["balance"] for vendor in VENDORS} == becomes["balances"]
    assert control.call("GET", f"/sandboxes/{control.id}/scenarios", 200)["queue"] == becomes["queue"]
    rules = control.call("GET", f"/sandboxes/{control.id}/scenarios", 200)["scenarios"]
    assert rules == becomes["rules"]
    kazoo, [hook] = Kazoo(control), Mfax(control).get("/webhooks").json()["rows"]
    named = [each["name"] for shelf in ("webhooks", "faxboxes") for each in kazoo.get(f"/{shelf}")["data"]]
    assert (named, hook["url"]) == (["Mine", "Box"], f"{receiver.url}/mine")


@pytest.mark.parametrize(
    ("snapshot_format", "rule", "field"),
    [
        (1, "weekly", "items[0].rule"),
        (2, {"retries": 1}, "items[0]"),
        (2, {"retries": 1, "delays": [-1.0]}, "items[0].rule.delays[0]"),
        (2, {"accepts": "3xx"}, "items[0].rule.accepts"),
    ],
)
def test_a_retry_rule_that_cannot_be_followed_is_refused(
    control: Control, snapshot_format: int, rule: Any, field: str
) -> None:
    data = json.loads((FIXTURES / "snapshots/format-1.json").read_text(encoding="utf-8"))
    [first, *_] = [each for each in data["items"] if each["kind"] == "delivery" and each["vendor"] == "ifax"]
    data |= {
        "format": snapshot_format,
        "items": [first | {"rule": rule}, *(each for each in data["items"] if each["kind"] != "delivery")],
    }
    assert load(control, data, 400)["error"]["field"] == field
