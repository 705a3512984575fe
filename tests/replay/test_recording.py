"""Everything that happened in a sandbox, played again in a fresh one of the same server."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from hashlib import md5
from pathlib import Path
from typing import Any

import pytest

from emulator.client import Localfax, Sandbox
from emulator.replay.names import Names, own
from emulator.replay.play import Result, fresh, names_of, play
from emulator.replay.recording import recorded, recording
from emulator.scenarios import OWN, read_text, written
from emulator.testing.receiver import Receiver
from emulator.vendors import all_vendors
from tests.cli.conftest import run_command
from tests.conftest import Control
from tests.sending import pages

VENDORS = ("openfax", "kazoo", "ifax", "mfax", "faxto")
NOT_TOLD_AGAIN = ("scenario", "script")
"""Every fax of a replay has a scenario, which says what the rules, files and numbers said."""


@pytest.fixture
def client(server: Control) -> Iterator[Localfax]:
    """The running server, as its client shows it."""
    with Localfax(server.url) as found:
        yield found


@pytest.fixture
def sandbox(client: Localfax, receiver: Receiver) -> Sandbox:
    """A fresh sandbox with a manual clock, whose vendors post to a receiver."""
    hooks = {name: {"outbound": f"{receiver.url}/{name}/out"} for name in VENDORS}
    return client.create(clock={"mode": "manual"}, seed="one", webhooks=hooks)


@pytest.fixture
def repeat(client: Localfax) -> Callable[[Sandbox], tuple[Result, Any]]:
    """Record a sandbox, play the recording in a fresh one; give the result, and what its faxes are like."""

    def run(sandbox: Sandbox) -> tuple[Result, Any]:
        [scenario] = read_text(recording(sandbox), all_vendors(), bounds=OWN)
        with Receiver() as receiver:
            again = fresh(client, written(scenario), receiver)
            result = play(again, written(scenario), "openfax", receiver)
            return result, history(again, names_of(again, receiver))

    return run


def history(sandbox: Sandbox, names: Names) -> Any:
    """Give the faxes with all they went through, and the webhooks with what they were answered."""
    faxes = [{**fax.data, **dict.fromkeys(NOT_TOLD_AGAIN)} for fax in reversed(sandbox.faxes())]
    webhooks = [
        (each.fax, each.event, each.method, each.url, dict(each.fields), _answers(each.attempts))
        for each in reversed(sandbox.webhooks())
    ]
    settings = {name: sandbox.settings(name) for name in sandbox.vendors}
    return json.loads(names.hide(json.dumps([faxes, webhooks, settings])))


def _answers(attempts: Any) -> list[Any]:
    return [(each.at, each.status, bool(each.error)) for each in attempts]


def seen(sandbox: Sandbox, receiver: Receiver) -> Any:
    return history(sandbox, Names({**own(sandbox), "receiver": receiver.url}))


def test_refused_calls_settings_answers_and_redeliveries_are_done_again(
    sandbox: Sandbox, receiver: Receiver, repeat: Callable[[Sandbox], tuple[Result, Any]]
) -> None:
    session, ifax = sandbox.connection.session, sandbox.base_url("ifax")
    key = sandbox.credentials("ifax")
    receiver.answer(500, path="/ifax/out", times=2).answer(503, path="/faxto/out")
    sandbox.settings("openfax", max_attempts=2, balance=3)
    for vendor in VENDORS:
        sandbox.send(vendor, "+15005550004", pages=2)
        sandbox.advance("2.5s")
        assert sandbox.send(vendor, "12").fax is None
        session.get(f"{sandbox.base_url(vendor)}/nowhere/at/all", headers=key)
    assert session.post(f"{ifax}/v1/customer/fax-send", data=b"{", headers=key).json()["status"] == 0
    sandbox.settings("openfax", rates={"page": 0.5}, restricted_numbers=["+12125550177"], lines=1)
    sandbox.send("openfax", "+12125550178")
    sandbox.send("openfax", "+12125550177")
    sandbox.settings("faxto", webhooks={"outbound": {"url": f"{receiver.url}/elsewhere?a=b"}})
    sandbox.receive("mfax", "+12125550100", "+15005550005", pages=3, csid="FAR END")
    sandbox.receive("ifax", "+12125550100", "+13105550123", document=pages(2), scenario="hangup")
    sandbox.advance("90s")
    sandbox.redeliver(sandbox.webhooks()[-1].id)
    sandbox.settle()
    result, again = repeat(sandbox)
    assert result.problems == ()
    assert again == seen(sandbox, receiver)


def test_every_vendors_call_is_repeated_word_for_word(
    sandbox: Sandbox, receiver: Receiver, repeat: Callable[[Sandbox], tuple[Result, Any]]
) -> None:
    for vendor in VENDORS:
        sandbox.send(vendor, "+12125550123", pages=2)
        sandbox.settle()
    steps = recorded(sandbox)["steps"]
    calls = [step["call"] for step in steps if "call" in step]
    assert [(call["vendor"], call["method"], call["status"]) for call in calls] == [
        ("openfax", "POST", 200), ("kazoo", "PUT", 201), ("ifax", "POST", 200), ("mfax", "POST", 200),
        ("faxto", "POST", 200),
    ]  # fmt: skip
    assert calls[0]["body"].startswith("AccountID=<<openfax AccountID>>&APIKey=<<openfax APIKey>>&FaxNumber=")
    assert calls[2]["headers"]["Accesstoken"] == "<<ifax accessToken>>"
    result, again = repeat(sandbox)
    assert result.problems == ()
    assert again == seen(sandbox, receiver)


def test_document_that_was_fetched_is_given_again(
    sandbox: Sandbox, receiver: Receiver, repeat: Callable[[Sandbox], tuple[Result, Any]]
) -> None:
    receiver.answer(200, pages(3), headers={"Content-Type": "application/pdf"}, path="/a%20b/letter.pdf")
    receiver.answer(404, path="/gone.pdf")
    url = f"{sandbox.base_url('ifax')}/v1/customer/fax-send"
    for path in ("/a%20b/letter.pdf", "/gone.pdf"):
        file = {"fileName": "letter.pdf", "fileUrl": receiver.url + path}
        body = {"faxNumber": "+12125550123", "faxData": [file]}
        answer = sandbox.connection.session.post(url, json=body, headers=sandbox.credentials("ifax"))
        assert answer.status_code == 200
    sandbox.settle()
    assert [fax.pages for fax in reversed(sandbox.faxes())] == [3, 0]
    before = seen(sandbox, receiver)
    result, again = repeat(sandbox)
    assert result.problems == ()
    assert _without_addresses(again) == _without_addresses(before)


def _without_addresses(told: Any) -> Any:
    return json.loads(re.sub(r"<<receiver>>[^\"]*", "", json.dumps(told)))


def test_fax_of_many_recipients_and_one_for_later_are_sent_again(
    sandbox: Sandbox, receiver: Receiver, repeat: Callable[[Sandbox], tuple[Result, Any]]
) -> None:
    session, now = sandbox.connection.session, sandbox.clock()["now"]
    sandbox.add_scenarios({"name": "second", "match": {"to": "+12125550124"}, "attempts": ["no_answer"]})
    key = {"Authorization": f"Basic {sandbox.credentials('mfax')['apiKey']}"}
    form = {"recipientFax": ",".join(f"+1212555012{each}" for each in (3, 4, 5))}
    file = {"attachments": ("a.pdf", pages(1), "application/pdf")}
    url = f"{sandbox.base_url('mfax')}/v1/faxes/multiple"
    assert session.post(url, data=form, files=file, headers=key).status_code == 200
    later = {"faxNumber": "+12125550123", "scheduledDate": f"{int(now[:4]) + 1}{now[4:]}"}
    url = f"{sandbox.base_url('mfax')}/v1/faxes"
    assert session.post(url, data=later, files=file, headers=key).status_code == 200
    sandbox.advance("1m")
    sandbox.clear_scenarios()
    states = [fax.state for fax in reversed(sandbox.faxes())]
    assert states == ["delivered", "waiting_redial", "delivered", "scheduled"]
    result, again = repeat(sandbox)
    assert result.problems == ()
    assert again == seen(sandbox, receiver)


def send_by_login(sandbox: Sandbox) -> None:
    """Log in to Kazoo and send with the token that it gives."""
    session, own_keys = sandbox.connection.session, sandbox.credentials("kazoo")
    login = md5(f"{own_keys['user']}:{own_keys['password']}".encode()).hexdigest()
    base = f"{sandbox.base_url('kazoo')}/v2"
    body = {"data": {"credentials": login, "account_name": own_keys["account_name"]}}
    token = session.put(f"{base}/user_auth", json=body).json()["auth_token"]
    data = {"from_number": "12125550100", "to_number": "12125550123"}
    files = [
        ("content", (None, json.dumps({"data": data}), "application/json")),
        ("content", ("a.pdf", pages(1), "application/pdf")),
    ]
    url = f"{base}/accounts/{own_keys['account']}/faxes"
    assert session.put(url, files=files, headers={"X-Auth-Token": token}).status_code == 201


def test_login_that_was_used_is_made_again(
    sandbox: Sandbox, receiver: Receiver, repeat: Callable[[Sandbox], tuple[Result, Any]]
) -> None:
    send_by_login(sandbox)
    sandbox.settle()
    result, again = repeat(sandbox)
    assert result.problems == ()
    assert again == seen(sandbox, receiver)


def test_one_shots_that_are_used_up_are_in_the_recording(
    sandbox: Sandbox, receiver: Receiver, repeat: Callable[[Sandbox], tuple[Result, Any]]
) -> None:
    fault = {"status": 418, "body": {"tea": "pot"}}
    sandbox.add_scenarios({"name": "first", "attempts": ["busy"], "webhook": {"duplicate": 1}}, once=True)
    sandbox.add_scenarios({"name": "refused", "http": fault}, once=True)
    sandbox.add_scenarios({"name": "cut", "http": {"drop": "after"}}, once=True)
    sent = [sandbox.send("ifax", "+12125550123").status for _ in range(3)]
    assert sent == [200, 418, None]
    sandbox.settle()
    calls = [step["call"] for step in recorded(sandbox)["steps"] if "call" in step]
    assert [call["scenarios"] for call in calls] == [
        [{"to": "+12125550123", "name": "first", "attempts": ["busy"], "webhook": {"duplicate": 1}}],
        [{"name": "refused", "http": fault}],
        [{"to": "+12125550123", "name": "cut", "attempts": ["delivered"], "http": {"drop": "after"}}],
    ]
    result, again = repeat(sandbox)
    assert result.problems == ()
    assert again == seen(sandbox, receiver)


def test_long_body_is_kept_whole_unless_the_call_was_refused(sandbox: Sandbox) -> None:
    session, url = sandbox.connection.session, f"{sandbox.base_url('mfax')}/v1/faxes"
    key = {"Authorization": f"Basic {sandbox.credentials('mfax')['apiKey']}"}
    for size in (2**19, 2**20 + 1):
        answer = session.post(url, data=b"x" * size, headers={**key, "Content-Type": "text/plain"})
        assert answer.status_code >= 400
    letter = {"attachments": ("a.txt", b"text\n" * 2**18, "text/plain")}
    sent = session.post(url, data={"faxNumber": "+12125550123"}, files=letter, headers=key)
    assert sent.status_code == 200
    calls = [step["call"] for step in recorded(sandbox)["steps"] if "call" in step]
    assert [len(call["body"]) > 2**20 for call in calls] == [False, True]
    assert calls[0]["body"] == "x" * 2**19


def test_reads_that_a_fax_waited_for_are_done_again(
    sandbox: Sandbox, receiver: Receiver, repeat: Callable[[Sandbox], tuple[Result, Any]]
) -> None:
    sandbox.add_scenarios({"name": "asked", "attempts": [{"busy": {"after": {"polls": 2}}}]})
    sandbox.send("openfax", "+12125550123")
    sandbox.settle()
    for _ in range(2):
        sandbox.read_status(sandbox.fax("fax-1"))
    sandbox.advance("3.5s")
    steps = recorded(sandbox)["steps"]
    assert [next(iter(step)) for step in steps] == ["call", "advance", "call", "call", "advance"]
    result, again = repeat(sandbox)
    assert result.problems == ()
    assert again == seen(sandbox, receiver)


def test_cancel_by_the_portal_and_by_the_vendors_api_are_told_apart(
    sandbox: Sandbox, receiver: Receiver, repeat: Callable[[Sandbox], tuple[Result, Any]]
) -> None:
    key = {"Authorization": f"Basic {sandbox.credentials('mfax')['apiKey']}"}
    for _ in range(2):
        sandbox.send("mfax", "+12125550123")
    sandbox.advance("1s")
    sandbox.cancel("fax-1")
    url = f"{sandbox.base_url('mfax')}/v1/fax/{sandbox.fax('fax-2').vendor_id}/cancel"
    assert sandbox.connection.session.post(url, headers=key).status_code == 200
    steps = recorded(sandbox)["steps"]
    assert [next(iter(step)) for step in steps] == ["call", "call", "advance", "cancel", "call", "advance"]
    result, again = repeat(sandbox)
    assert result.problems == ()
    assert again == seen(sandbox, receiver)


def test_history_of_a_clock_that_ran_is_told_at_its_instants(
    client: Localfax, repeat: Callable[[Sandbox], tuple[Result, Any]], receiver: Receiver
) -> None:
    sandbox = client.create(clock={"speed": 5000}, seed="ran")
    sandbox.settings("openfax", max_attempts=2)
    for vendor in VENDORS:
        sandbox.send(vendor, "+15005550004", pages=2, max_attempts=2)
    sandbox.receive("mfax", "+12125550100", "+13105550123", pages=2)
    sandbox.clock(mode="manual")
    sandbox.settle()
    result, again = repeat(sandbox)
    assert result.problems == ()
    assert again == seen(sandbox, receiver)


def test_fax_whose_call_is_forgotten_is_sent_by_its_record(
    sandbox: Sandbox, receiver: Receiver, repeat: Callable[[Sandbox], tuple[Result, Any]]
) -> None:
    fields = {
        **sandbox.credentials("openfax"), "FaxNumber": "12125550123", "paperSize": "0", "faxResolution": "1",
        "Priority": "Normal", "PDF_encode": b64encode(pages(2)).decode(),
    }  # fmt: skip
    sandbox.connection.session.post(f"{sandbox.base_url('openfax')}/faxSendSubmit.php", data=fields)
    sandbox.receive("ifax", "+12125550100", "+13105550123", document=pages(2))
    sandbox.settle()
    snapshot = sandbox.snapshot()
    snapshot["journals"] = {"beginning": snapshot["journals"]["beginning"]}
    sandbox.load(snapshot)
    result, again = repeat(sandbox)
    assert result.problems == ()
    lives = [(fax["attempts"], fax["document"]["digest"], fax["state"]) for fax in again[0]]
    assert lives == [
        (fax["attempts"], fax["document"]["digest"], fax["state"]) for fax in seen(sandbox, receiver)[0]
    ]
    assert lives[0][0][0]["duration"] > 45


def test_keys_are_named_as_whole_words() -> None:
    names = Names({"key": "12345678", "place": "http://a:1"}, {"http://b:2": "<<place>>/2"})
    text = "x=12345678 +123456789 n%2212345678%22 http%3A%2F%2Fb%3A2%2Fhook"
    hidden = "x=<<key>> +123456789 n%22<<key>>%22 <<place|quoted>>%2F2%2Fhook"
    assert names.hide(text) == hidden
    other = Names({"key": "87654321", "place": "http://c:3"})
    assert other.show(hidden) == "x=87654321 +123456789 n%2287654321%22 http%3A%2F%2Fc%3A3%2F2%2Fhook"
    assert other.show("<</Type /Page>> <<nobody>>") == "<</Type /Page>> <<nobody>>"


def test_replaying_on_a_running_server_gives_the_same_journal_byte_for_byte(
    client: Localfax, sandbox: Sandbox, receiver: Receiver, tmp_path: Path
) -> None:
    receiver.answer(500, times=3)
    send_by_login(sandbox)
    for vendor in VENDORS:
        sandbox.settings(vendor, webhooks={"inbound": {"url": f"{receiver.url}/{vendor}/in"}})
        sandbox.send(vendor, "+15005550004", pages=2)
        sandbox.advance("1s")
        sandbox.send(vendor, "+15005550017")
        sandbox.receive(vendor, "+12125550100", "+13105550123")
        sandbox.read_status(sandbox.faxes(vendor=vendor, direction="outbound")[0])
    sandbox.settle()
    path = tmp_path / "recording.yaml"
    path.write_text(recording(sandbox), encoding="utf-8")
    journals = [tmp_path / name for name in ("one.json", "two.json")]
    for journal in journals:
        done = run_command("replay", path, "--url", client.url, "--journal", journal)
        assert done.returncode == 0, done.stdout + done.stderr
    one, two = (journal.read_text() for journal in journals)
    assert one == two
    assert len(json.loads(one)["requests"]) == 3 * len(VENDORS) + 2
