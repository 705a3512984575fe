"""A walk over everything that is known of iFax: operations, parameters, states, errors, samples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Control
from tests.vendors.ifax.client import TO, Ifax, attachment, checked, facts, text_of

ENDPOINTS = {row["id"]: row for row in facts()["endpoints"]}


class World:
    """A sandbox with one of everything, and for each operation parameters that succeed."""

    def __init__(self, control: Control) -> None:
        control.vendor("ifax", numbers=["+12125550111"])
        self.ifax = ifax = Ifax(control)
        self.job = ifax.send(TO, attachment("three-pages.pdf"))
        self.received = ifax.receive()
        self.fresh = ifax.send()
        own = ifax.data("number-list")[0]
        self.ids = {"numberId": own["numberId"], "orderId": own["orderId"]}
        fax = {"faxId": ifax.data("list", lastFaxId=self.fresh)[0]["faxId"], "faxType": "OB"}
        text = {"jobId": self.job, "direction": "outbound", "type": "OCR"}
        got = {"jobId": str(self.received["jobId"]), "transactionId": str(self.received["transactionId"])}
        days = {"startDate": "01/01/2020", "endDate": "12/31/2099"}
        self.parameters: dict[str, dict[str, Any]] = {
            "send": {"faxNumber": TO, "faxData": [attachment(pages=["1"])], "callerId": "+12125550111"}
            | {"templateId": "0000", "subject": "s", "from_name": "f", "to_name": "t", "message": "m"}
            | {"send_at": "2019-11-14T00:55:31.820Z", "faxQuality": "Standard"},
            "resend": {"jobId": self.job},
            "forward": {"jobId": self.job, "faxNumber": "+12125550124", "callerId": "+12125550111"},
            "status": {"jobId": self.job},
            "cancel": {"jobId": self.fresh},
            "download": {"jobId": self.job},
            "list": {},
            "delete": {"jobId": self.job},
            "archive": {"type": "outbound", "jobId": self.job},
            "unarchive": {"type": "outbound", "jobId": self.job},
            "inbound-list": {**self.ids, **days},
            "inbound-list-all": {**days, "sortBy": "newest"},
            "inbound-download": got,
            "inbound-delete": got,
            "ocr": text,
            "ocr-result": text,
            "number-list": {},
            "country-list": {},
            "area-list": {"abbreviation": "US"},
            "numbers": {"id": "1212"},
            "search": {"faxNumber": "+12125550100"},
            "buy": {"faxNumber": "+12125550100", "addLicense": False},
            "number-delete": self.ids,
            "report": {**days, "direction": "OB"},
            "label-list": {},
            "label-assign": {**fax, "labelId": "1,2"},
            "label-remove": {**fax, "labelId": "1"},
            "custom-fields": fax,
            "custom-fields-update": {**fax, "custom_fields": [{"name": "a", "value": "b"}]},
            "label-update": {**fax, "labelId": "3"},
        }
        self.before = {"unarchive": "archive", "ocr-result": "ocr"}

    def prepare(self, operation: str) -> dict[str, Any]:
        """Do what must come before an operation; give its parameters."""
        if earlier := self.before.get(operation):
            self.ifax.body(earlier, **self.parameters[earlier])
        return dict(self.parameters[operation])


@pytest.fixture
def world(control: Control) -> World:
    return World(control)


def test_every_operation_is_walked(world: World) -> None:
    assert set(world.parameters) == set(ENDPOINTS)
    assert len(ENDPOINTS) == 30


@pytest.mark.parametrize("operation", ENDPOINTS)
def test_an_operation_answers_with_the_known_keys(world: World, operation: str) -> None:
    known = ENDPOINTS[operation]["success"]
    answer = world.ifax.body(operation, **world.prepare(operation))
    assert answer["status"] == 1, answer
    keys = known["keys"]
    assert list(answer) == keys["$"]
    if "$.data" in keys:
        assert list(answer["data"]) == keys["$.data"]
    if "$.data[]" in keys:
        wanted = keys["$.data[]"]
        assert answer["data"]
        assert all(list(row)[: len(wanted)] == wanted for row in answer["data"])
    if "message_code" in known:
        assert answer["message"] == text_of(known["message_code"])


def cases(choose: Callable[[dict[str, Any]], bool]) -> list[Any]:
    """List operation and top-level parameter pairs of the facts."""
    return [
        pytest.param(operation, each["name"], id=f"{operation}-{each['name']}")
        for operation, row in ENDPOINTS.items()
        for each in row["parameters"]
        if "[]" not in each["name"] and choose(each)
    ]


@pytest.mark.parametrize(("operation", "name"), cases(lambda each: bool(each["required"])))
def test_a_required_parameter_is_required(world: World, operation: str, name: str) -> None:
    parameters = world.prepare(operation)
    del parameters[name]
    world.ifax.code(operation, **parameters)


@pytest.mark.parametrize(("operation", "name"), cases(lambda each: not each["required"]))
def test_an_optional_parameter_is_optional(world: World, operation: str, name: str) -> None:
    parameters = world.prepare(operation)
    parameters.pop(name, None)
    assert world.ifax.body(operation, **parameters)["status"] == 1


@pytest.mark.parametrize(("operation", "name"), cases(lambda each: each["name"] != "addLicense"))
def test_a_parameter_of_a_wrong_type_is_refused(world: World, operation: str, name: str) -> None:
    parameters = world.prepare(operation)
    for wrong in ({"a": 1}, [[1]], 1.5, True):
        world.ifax.code(operation, **parameters | {name: wrong})


@pytest.mark.parametrize(("operation", "name"), cases(lambda each: "enum" in each))
def test_each_word_of_a_choice_is_taken_and_no_other(world: World, operation: str, name: str) -> None:
    parameters = world.prepare(operation)
    (words,) = (each["enum"] for each in ENDPOINTS[operation]["parameters"] if each["name"] == name)
    for word in words:
        answer = world.ifax.body(operation, **parameters | {name: word})
        assert answer["status"] == 1 or checked(answer) not in (12009, 11008)
    assert world.ifax.code(operation, **parameters | {name: "else"}) == 12009


def test_every_state_is_reached(ifax: Ifax) -> None:
    seen = {ifax.status(ifax.send())["faxStatus"], ifax.receive()["faxStatus"]}
    for number in ("+15005550001", "+15005550002"):
        seen.add(ifax.finish(ifax.send(number))["faxStatus"])
    job = ifax.send()
    ifax.body("cancel", jobId=job)
    seen.add(ifax.status(job)["faxStatus"])
    assert seen == {row["state"] for row in facts()["states"]}


def test_each_state_shows_its_code(ifax: Ifax) -> None:
    for row in facts()["states"]:
        assert row["state"] in ("sending", "delivered", "canceled", "failed", "received")
    shown = {row["code"]: row["state"] for row in facts()["state_codes"]}
    job = ifax.send()
    first = ifax.status(job)
    ifax.control.advance(until={"fax": ifax.control.faxes()[0]["id"], "state": "queued"})
    second = ifax.status(job)
    cancelled = ifax.send()
    ifax.body("cancel", jobId=cancelled)
    faxes = (first, second, ifax.finish(job), ifax.status(cancelled))
    assert {fax["code"]: fax["faxStatus"] for fax in faxes} == shown


def _wanted(**changes: Any) -> dict[str, Any]:
    wanted = {"faxNumber": TO, "faxData": [attachment()], **changes}
    return {key: value for key, value in wanted.items() if value is not None}


def _bad_key(ifax: Ifax) -> dict[str, Any]:
    return Ifax(ifax.control, "nobody").body("send", **_wanted())


def _blocked(ifax: Ifax) -> dict[str, Any]:
    ifax.control.vendor("ifax", active=False)
    return ifax.body("send", **_wanted())


def _switched(**switches: Any) -> Callable[[Ifax], dict[str, Any]]:
    def occasion(ifax: Ifax) -> dict[str, Any]:
        ifax.profile(**switches)
        return ifax.body("send", **_wanted())

    return occasion


def _sent(**changes: Any) -> Callable[[Ifax], dict[str, Any]]:
    return lambda ifax: ifax.body("send", **_wanted(**changes))


def _unverified(ifax: Ifax) -> dict[str, Any]:
    ifax.control.vendor("ifax", numbers=["+12125550111"])
    return ifax.body("send", **_wanted(callerId="+12125550100"))


def _no_credit(ifax: Ifax) -> dict[str, Any]:
    ifax.control.vendor("ifax", balance=0)
    return ifax.body("send", **_wanted())


def _abroad(ifax: Ifax) -> dict[str, Any]:
    return ifax.with_test_key().body("send", **_wanted(faxNumber="+442079460123"))


def _on(*operations: str, end: bool = False) -> Callable[[Ifax], dict[str, Any]]:
    def occasion(ifax: Ifax) -> dict[str, Any]:
        job = ifax.send()
        if end:
            ifax.finish(job)
        return [ifax.body(operation, jobId=job) for operation in operations][-1]

    return occasion


def _resend_without_file(ifax: Ifax) -> dict[str, Any]:
    ifax.profile(file_storage=False)
    return _on("resend", end=True)(ifax)


OCCASIONS: dict[str, Callable[[Ifax], dict[str, Any]]] = {
    "bad key": _bad_key,
    "user blocked": _blocked,
    "faxNumber missing": _sent(faxNumber=None),
    "faxNumber invalid": _sent(faxNumber="12"),
    "destination not US or CA with a test key": _abroad,
    "callerId invalid": _sent(callerId="x"),
    "callerId not verified": _unverified,
    "free trial used up": _switched(free_trial=0),
    "test key used up": _switched(test_key=True, test_pages=0),
    "fileName invalid": _sent(faxData=[attachment() | {"fileName": "a/b"}]),
    "fileUrl invalid": _sent(faxData=[{"fileName": "a.pdf", "fileUrl": "x"}]),
    "file format invalid": _sent(faxData=[attachment("letter.txt")]),
    "no faxData": _sent(faxData=None),
    "no credit": _no_credit,
    "unknown outbound fax": lambda ifax: ifax.body("status", jobId=1),
    "unknown inbound fax": lambda ifax: ifax.body("inbound-download", jobId=1, transactionId=1),
    "cancel after the end": _on("cancel", end=True),
    "cancel twice": _on("cancel", "cancel"),
    "resend while sending": _on("resend"),
    "resend without a stored file": _resend_without_file,
    "wrong verb": lambda ifax: dict(ifax.call("send", method="GET").json()),
}


@pytest.mark.parametrize("row", facts()["errors"], ids=lambda row: row["when"])
def test_an_error_has_its_documented_code(ifax: Ifax, row: dict[str, Any]) -> None:
    answer = OCCASIONS[row["when"]](ifax)
    text = row.get("text", text_of(row["documented"]))
    assert answer == {"status": 0, "code": row["documented"], "message": text}


@pytest.mark.parametrize("row", facts()["errors"], ids=lambda row: row["when"])
def test_an_error_has_its_live_code(ifax: Ifax, row: dict[str, Any]) -> None:
    ifax.profile(profile="live")
    answer = OCCASIONS[row["when"]](ifax)
    if row.get("live_accepts"):
        assert answer["status"] == 1
    elif row["when"] == "user blocked":
        assert answer == {"status": 0, "code": 12001, "message": "accessToken invalid"}
    else:
        assert checked(answer) == (row["live"] or row["documented"])


@pytest.mark.parametrize(
    "sample",
    [
        row
        for row in facts()["samples"]
        if row["id"].startswith("send-without") or row["id"].endswith("unknown")
    ],
    ids=lambda row: row["id"],
)
def test_an_observed_answer_is_given_byte_for_byte(ifax: Ifax, sample: dict[str, Any]) -> None:
    ifax.profile(profile="live")
    body = {"faxData": []}
    if sample["id"] == "send-without-credit":
        ifax.control.vendor("ifax", balance=0)
        body = {"faxNumber": TO}
    answer = ifax.call(sample["endpoint"], sample.get("request", body))
    assert (answer.status_code, answer.json()) == (sample["status"], sample["response"])


def test_the_sample_request_is_taken(ifax: Ifax) -> None:
    sample = next(row for row in facts()["samples"] if row["id"] == "send")
    request = sample["request"] | {"faxData": []}
    for given in sample["request"]["faxData"]:
        request["faxData"].append(
            attachment("three-pages.pdf", pages=["1-2", "2", "1-3"]) | {"fileName": given["fileName"]}
        )
    answer = ifax.body("send", **request)
    assert answer == sample["response"] | {"data": {"jobId": answer["data"]["jobId"]}}
    assert ifax.finish(answer["data"]["jobId"])["faxTransferredPages"] == 13
