"""Everything that fixtures/mfax/facts.yaml says of the vendor, reached over HTTP."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.conftest import WAIT
from tests.vendors.mfax.bodies import BODIES, BRIDGE, MESSAGES, fax, listed, number, offer, whole
from tests.vendors.mfax.conftest import NUMBER, TOO_MANY, Mfax, error
from tests.vendors.mfax.facts import ENDPOINTS, FACTS, parts_at
from tests.vendors.mfax.world import World

PARAMETERS = [(name, each) for name, known in ENDPOINTS.items() for each in known.get("parameters", ())]

ORDERS = "Must be name, email, faxNumber, phoneNumber, createdAt or updatedAt, and asc or desc."
WRONG = {
    "uuid": ("no-uuid", "Not a valid UUID."),
    "boolean": ("perhaps", "Must be true or false."),
    "date": ("soon", "Must be an ISO date."),
    "instant": ("soon", "Must be an ISO date."),
    "json object": ("{", "Not valid JSON."),
    "url": ("nowhere", "Must be an http or https address."),
    "order": ("size", ORDERS),
    "email": ("nobody", "Not a valid email address."),
}
"""A value that a type does not allow, and what is said of it."""
RANGES = {
    ("history", "limit"): (1, 500),
    ("numbers", "limit"): (1, 1000),
    ("provision", "quantity"): (1, 1000),
    ("number-search", "limit"): (1, 1000),
    ("tags", "limit"): (1, 500),
    ("contacts", "limit"): (1, 500),
    ("custom-fields", "limit"): (1, 500),
}
"""Least and most of a number; those of all others are OFFSETS."""
OFFSETS = (0, 1_000_000)
LIST_OF = "One or more of the choices you made was not in: {}."
STATUSES = "all, processing, transmitting, scheduled, success, failed, cancelled"
"""Words that the history takes: clients send all of them, the reference has four."""


def refusals(name: str, known: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Give values that a parameter's type, words or bound do not allow, with what is said of each."""
    parameter, kind = known["name"], known["type"]
    if kind in WRONG:
        yield WRONG[kind]
    if kind == "integer":
        least, most = RANGES.get((name, parameter), OFFSETS)
        for wrong in ("many", str(least - 1), str(most + 1)):
            yield wrong, f"Must be a whole number from {least} to {most}."
    if "enum" in known:
        words = STATUSES if parameter == "status" else ", ".join(known["enum"])
        yield "lost", (LIST_OF if kind == "comma list" else "Must be one of: {}.").format(words)
    if "max" in known:
        named = parameter == "label" or (known["required"] and parameter == "name")
        text = "Length must be between 1 and {}." if named else "Longer than maximum length {}."
        yield "x" * (known["max"] + 1), text.format(known["max"])
    if "digits" in known:
        yield "1" * (known["digits"] + 1), "Must be three digits that begin with 2 to 9."
    if "pattern" in known:
        yield "red", "Must be a colour: #rrggbb."


REFUSING = [
    pytest.param(name, known, id=f"{name}-{known['name']}")
    for name, known in PARAMETERS
    if list(refusals(name, known))
]


@pytest.mark.parametrize(("name", "known"), REFUSING)
def test_a_value_that_is_not_allowed_is_refused(world: World, name: str, known: dict[str, Any]) -> None:
    endpoint, call = ENDPOINTS[name], world.call(name)
    for wrong, message in refusals(name, known):
        answer = call.having(**{known["name"]: wrong}).make(world.mfax, endpoint["method"], endpoint["path"])
        whole(answer, error("InvalidInputError", f"{known['name']}: {message}"), 400)


REQUIRED = {
    (name, each["name"]): each
    for name, each in PARAMETERS
    if each["required"] and each.get("enforced") is not False
}
NO_FILES = "No files and cover page in to send."
LACK = {
    ("send", "recipientFax"): "recipientFax: at least one fax number is required.",
    ("send-multiple", "recipientFax"): "recipientFax: at least one fax number is required.",
    ("fax-send", "recipientFax"): "recipientFax: at least one fax number is required.",
    ("send", "attachments"): NO_FILES,
    ("preview", "attachments"): NO_FILES,
    ("blast", "recipient"): "recipient: an Excel file with the recipients is required.",
}
"""What is said of the lack of what is not an ordinary field."""
INSTEAD = {"recipientFax": ("faxNumber", "recipientContacts"), "attachments": ("attachmentUrls", "coverPage")}
"""What may stand in for a required parameter."""


@pytest.mark.parametrize(("name", "parameter"), REQUIRED)
def test_the_lack_of_a_required_parameter_is_said(world: World, name: str, parameter: str) -> None:
    endpoint, lacking = ENDPOINTS[name], world.call(name).without(parameter)
    for other in INSTEAD.get(parameter, ()):
        lacking = lacking.without(other)
    answer = lacking.make(world.mfax, endpoint["method"], endpoint["path"])
    if name in ("send-multiple", "fax-send") and parameter == "attachments":
        each = f"InvalidInputError: {NO_FILES}"
        wrong = [{"error": each, "recipientFax": written} for written in (NUMBER, "12", NUMBER)]
        whole(answer, {"success": [], "errors": wrong})
        return
    usual = f"{parameter}: Missing data for required field."
    whole(answer, error("InvalidInputError", LACK.get((name, parameter), usual)), 400)


def test_good_calls_carry_every_parameter(world: World) -> None:
    for name, known in ENDPOINTS.items():
        parameters = known.get("parameters", ())
        also = {other for each in parameters for other in each.get("also", ())}
        assert {each["name"] for each in parameters} | also <= world.call(name).names, name


@pytest.mark.parametrize("name", ["history", "numbers"])
@pytest.mark.parametrize("value", ["", None])
def test_defaults_hold_when_parameters_are_empty_or_not_there(
    world: World, name: str, value: str | None
) -> None:
    message, known = world.fax(), ENDPOINTS[name]
    query = {each["name"]: value for each in known["parameters"]}
    row = number("numbers", users=[BODIES["number_user"]], faxbridge=BRIDGED)
    body = {
        "history": listed(fax("history", **BRIDGE)),
        "numbers": {"rows": [row], "count": 1, "limit": 30, "offset": 0},
    }
    assert message == MESSAGES[0]
    whole(world.mfax.get(known["path"], **query), body[name])
    defaults = {(each["name"], each["default"]) for each in known["parameters"] if "default" in each}
    assert defaults == DEFAULTS[name]


DEFAULTS = {
    "history": {
        ("accountId", "own account"),
        ("offset", 0),
        ("limit", 10),
        ("direction", "all"),
        ("status", "all"),
    },
    "numbers": {("offset", 0), ("limit", 30)},
}
BRIDGED = {"deviceCode": "210000000000", "name": "FaxBridge"}


def test_the_history_is_limited_as_documented(world: World) -> None:
    limit = ENDPOINTS["history"]["rate_limit"]
    for _ in range(limit["calls"]):
        whole(world.mfax.get("/v1/fax/history"), listed())
    message = TOO_MANY.format(seconds=limit["within"])
    whole(world.mfax.get("/v1/fax/history"), error("TooManyRequestsError", message), 429)
    world.mfax.control.advance(by=f"{limit['within']}s")
    whole(world.mfax.get("/v1/fax/history"), listed())


def test_provisioning_is_limited_as_documented(world: World) -> None:
    limits = ENDPOINTS["provision"]["limits"]
    number = world.offered()
    world.mfax.control.advance(by=f"{limits['seen_in_search_within'] + 1}s")
    answer = world.mfax.post("/v1/numbers/provision", type="order", numbers=number)
    unseen = f"numbers: {number} was in no search of the last 24 hours."
    whole(answer, error("InvalidInputError", unseen), 400)
    many = ",".join(f"+1702555{line:04d}" for line in range(limits["numbers"] + 1))
    answer = world.mfax.post("/v1/numbers/provision", type="local", numbers=many)
    most = "numbers: at most 1000 numbers are provisioned per call."
    whole(answer, error("InvalidInputError", most), 400)


FOUND = {
    "npa": [offer(BODIES["offers"][0]), offer(BODIES["offers"][1])],
    "city": [offer(BODIES["offers"][0]), offer("+17255551495")],
    "zipcode": [offer(BODIES["offers"][0]), offer("+17255551495")],
}


@pytest.mark.parametrize("name", ENDPOINTS["number-search"]["at_least_one"])
def test_one_of_three_suffices_for_a_search(world: World, name: str) -> None:
    call, endpoint = world.call("number-search").having(limit="2"), ENDPOINTS["number-search"]
    for other in set(endpoint["at_least_one"]) - {name}:
        call = call.without(other)
    body = {"result": FOUND[name], "limit": 2}
    whole(call.without("nxx").make(world.mfax, endpoint["method"], endpoint["path"]), body)
    answer = call.without(name).make(world.mfax, endpoint["method"], endpoint["path"])
    message = "At least one of npa, city, zipcode is required."
    whole(answer, error("InvalidInputError", message), 400)


@pytest.mark.parametrize("form", [FACTS["auth"], *FACTS["auth"]["lenient"]], ids=lambda each: each["form"])
def test_every_form_of_the_key_is_known(mfax: Mfax, form: dict[str, str]) -> None:
    key = mfax.control.credentials("mfax")["apiKey"]
    mfax.control.vendor("mfax", profile={"lenient_auth": True})
    coded = b64encode(f"{key}:".encode()).decode()
    value = form["form"].replace("base64({key}:)", coded).replace("{key}", key)
    header = FACTS["auth"]["header"]
    whole(requests.get(f"{mfax.base}/v1/me", headers={header: value}, timeout=WAIT), BODIES["me"])


@pytest.mark.parametrize("sample", FACTS["samples"], ids=lambda sample: sample["id"])
def test_every_sample_is_answered_in_its_shape(world: World, sample: dict[str, Any]) -> None:
    """The request of a sample with ids that exist; the answer has the sample's keys and types."""
    known = ENDPOINTS[sample["endpoint"]]
    profile = {"resend_short": sample["id"] == "resend-observed"}
    world.mfax.control.vendor("mfax", profile=profile)
    call = world.call(sample["endpoint"])
    if sample["id"] == "send-async":
        call = call.having(**{"async": "true"})
    if sample["endpoint"] in ("send", "preview"):
        own = {name: value for name, value in sample.get("request", {}).items() if isinstance(value, str)}
        call = call.having(**own)
    answer = call.make(world.mfax, known["method"], known["path"])
    assert answer.status_code == sample["status"], answer.text
    if isinstance(sample.get("response"), str):
        assert answer.text == sample["response"]
    elif "response" in sample:
        assert_same_shape(sample["response"], answer.json(), "$")
    for path, keys in sample.get("keys", {}).items():
        assert {tuple(each) for each in parts_at(answer.json(), path)} == {tuple(keys)}


def assert_same_shape(sample: Any, given: Any, path: str) -> None:
    """Same keys in the same order, and where neither is null the same type; free keys only inside `cf`."""
    if sample is None or given is None:
        return
    assert type(sample) is type(given), path
    if isinstance(sample, dict) and not path.endswith(".cf"):
        assert list(sample) == list(given), path
        for key, value in sample.items():
            assert_same_shape(value, given[key], f"{path}.{key}")
    if isinstance(sample, list) and sample and given:
        assert_same_shape(sample[0], given[0], f"{path}[]")
