"""What holds for every vendor, whoever it is: words, refusals, magic numbers, webhooks, coverage, OpenAPI."""

from __future__ import annotations

from base64 import b64encode

import pytest
import requests
import schemathesis

from emulator.app import App
from emulator.core.dialect.vendor import Vendor
from emulator.core.dialect.words import Evidence
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import FINAL, MACHINES, Direction, State
from emulator.core.faxes.outcomes import Outcome
from emulator.core.faxes.plan import REFUSALS, HttpFault, Plan
from emulator.core.scripting.scenario import Scenario, enqueue
from emulator.core.webhooks.delivery import Delivery
from tests.conformance.conftest import NAMES, SIXTH
from tests.conftest import WAIT, Control
from tests.contract.test_magic import ENDS, REASONS
from tests.receiver import Receiver
from tests.sending import read, send
from tests.test_openapi import World, fuzz

pytestmark = pytest.mark.usefixtures("vendors")
every_vendor = pytest.mark.parametrize("name", NAMES)

CLOSED = "http://127.0.0.1:1/"
"""Where nothing listens."""


def test_a_folder_is_all_that_a_sixth_vendor_takes(six: Control, vendors: dict[str, Vendor]) -> None:
    assert list(vendors) == list(NAMES)
    by_prefix = requests.get(f"{six.url}/{SIXTH}/outbound/faxes/1", timeout=WAIT)
    by_host = requests.get(f"{six.url}/outbound/faxes/1", headers={"Host": "api.acmefax.test"}, timeout=WAIT)
    wanted = (401, {"code": -1003, "message": "Authentication error"})
    assert [(each.status_code, each.json()) for each in (by_prefix, by_host)] == [wanted] * 2


def test_the_sixth_vendor_answers_as_it_says(control: Control) -> None:
    taken = send(control, SIXTH, count=2)
    [fax] = control.faxes()
    own = fax["vendor_view"]["id"]
    place = f"{control.base_url(SIXTH)}/outbound/faxes/{own}"
    assert (taken.status_code, taken.json(), taken.headers["Location"]) == (201, {"id": own}, place)
    assert read(control, SIXTH, fax["id"]).json() == {
        "id": own,
        "status": "sending",
        "code": None,
        "pagesSent": 0,
    }
    control.advance()
    assert read(control, SIXTH, fax["id"]).json() == {
        "id": own,
        "status": "sent",
        "code": "0",
        "pagesSent": 2,
    }
    assert control.vendor(SIXTH)["balance"] == 99.9


@every_vendor
def test_every_state_and_every_outcome_has_a_word(control: Control, program: App, name: str) -> None:
    send(control, name)
    control.advance()
    control.receive(name, "+12125550199")
    world, view = program.engine.world(control.id), program.vendors[name].view
    scene = world.scene(name)
    sent, received = world.fax("fax-1"), world.fax("fax-2")
    for fax, direction in ((sent, Direction.outbound), (received, Direction.inbound)):
        assert fax.direction == direction
        assert [
            state for state in MACHINES[direction] if not view(scene.of(standing(fax, state))).state
        ] == []
    failed = [sent.evolve(state=State.failed, outcome=outcome) for outcome in set(Outcome) - {Outcome.stuck}]
    said = [view(scene.of(fax)) for fax in failed if fax.outcome is not Outcome.delivered]
    assert all(each.state and each.code and each.text for each in said), said


def standing(fax: Fax, state: State) -> Fax:
    """The fax as it might stand in a state."""
    return (
        fax
        if state is fax.state
        else fax.evolve(
            state=state,
            outcome=fax.outcome if state in FINAL else None,
            finished_at=fax.finished_at if state in FINAL else None,
        )
    )


@every_vendor
def test_every_refusal_is_said_in_the_vendors_voice(control: Control, program: App, name: str) -> None:
    for word in REFUSALS:
        enqueue(program.engine.world(control.id), Scenario("refused", Plan(http=HttpFault(refusal=word))))
        answer = send(control, name)
        assert (answer.status_code >= 500) <= (word in ("server_error", "rate_limited")), word
        assert answer.text
        assert spoken(answer.headers["Content-Type"], answer.text), word
    assert control.faxes() == []


@every_vendor
def test_what_http_refuses_is_said_in_the_vendors_voice(control: Control, name: str) -> None:
    base = control.base_url(name)
    for method, path in (("GET", "/no/such/path"), ("PATCH", "/"), ("TRACE", "/no/such/path")):
        answer = requests.request(method, base + path, timeout=WAIT)
        assert 400 <= answer.status_code < 500 or answer.status_code == 200
        assert spoken(answer.headers.get("Content-Type", ""), answer.text), (method, answer.text)


def spoken(content_type: str | None, text: str) -> bool:
    """Whether an answer is a vendor's and no page of the framework's; one without a body says enough."""
    return not text or ("html" not in (content_type or "") and "<!doctype" not in text.lower())


@every_vendor
def test_every_magic_number_does_what_it_says(control: Control, name: str) -> None:
    for digits in sorted({*ENDS, *REASONS}):
        if digits == "22":
            with pytest.raises(requests.ConnectionError):
                send(control, name, "+15005550022", count=2)
        else:
            send(control, name, f"+150055500{digits}", count=2)
    control.advance()
    faxes = control.client.call("GET", "/faxes?limit=100")["faxes"]
    ended = {fax["to"][-2:]: (fax["state"], fax["outcome"], fax["pages"]["sent"]) for fax in faxes}
    assert ended == ENDS
    calls = control.client.call("GET", "/requests?limit=100")["requests"]
    refused = {
        each["matched"]["scenario"]: each["matched"]["fault"] for each in calls if each["matched"]["fault"]
    }
    refused.pop("magic-22")
    assert refused == {f"magic-{digits}": {"refusal": reason} for digits, reason in REASONS.items()}


@every_vendor
def test_a_webhook_is_sent_and_retried(six: Control, program: App, receiver: Receiver, name: str) -> None:
    control = six.create(webhooks={name: {"outbound": CLOSED}})
    send(control, name)
    control.advance()
    for delivery in program.engine.world(control.id).list(Delivery, Delivery.kind):
        assert len(delivery.attempts) == 1 + delivery.rule.retries
        assert delivery.state == "failed"
    assert control.webhooks()
    control.vendor(name, webhooks={"outbound": receiver.url})
    send(control, name)
    control.advance()
    assert [each.path for each in receiver.requests] != []
    assert {each["state"] for each in control.webhooks() if each["fax"] == "fax-2"} == {"delivered"}


@every_vendor
def test_coverage_cites(control: Control, name: str) -> None:
    [own] = [each for each in control.call("GET", "/coverage")["vendors"] if each["vendor"] == name]
    tables = [rows for key, rows in own.items() if isinstance(rows, list)]
    assert {"endpoints", "states", "codes", "errors"} <= own.keys()
    rows = [row for table in tables for row in table]
    assert {row["evidence"] for row in rows} <= set(Evidence)
    assert [row["name"] for row in rows if not row["source"]] == []


def test_the_sixth_vendors_openapi_is_true_whatever_is_sent(control: Control) -> None:
    described = control.call("GET", f"/openapi/{SIXTH}.json")
    send(control, SIXTH)
    known = {"fax": str(control.fax("fax-1")["vendor_view"]["id"])}
    keys = control.credentials(SIXTH)
    pair = b64encode(f"{keys['user']}:{keys['password']}".encode()).decode()
    failures: list[str] = []
    for result in schemathesis.openapi.from_dict(described).get_all_operations():
        world = World(control, known, {})
        failures += fuzz(
            result.ok(), world, described["servers"][0]["url"], {"Authorization": f"Basic {pair}"}
        )
    assert failures == []
