"""Everything that happened in a sandbox, played again in a fresh one of the same server."""

from __future__ import annotations

import json
import re
from hashlib import md5
from pathlib import Path
from typing import Any

from emulator.replay.names import Names
from emulator.replay.recording import describe_past, write_recording
from localfax import Localfax, Sandbox
from localfax.receiver import Receiver
from tests.cli.conftest import run_command, run_process
from tests.replay.conftest import VENDORS, Repeat, seen
from tests.sending import pages


def test_refused_calls_settings_answers_and_redeliveries_are_done_again(
    sandbox: Sandbox, receiver: Receiver, repeat: Repeat
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
    sandbox.receive("mfax", "+12125550100", "+15005550005", pages=3, csid="FAR END", force=True)
    sandbox.receive("ifax", "+12125550100", "+13105550123", document=pages(2), scenario="hangup")
    sandbox.advance("90s")
    sandbox.redeliver(sandbox.webhooks()[-1].id)
    sandbox.settle()
    result, again = repeat(sandbox)
    assert result.problems == ()
    assert again == seen(sandbox, receiver)


def test_every_vendors_call_is_repeated_word_for_word(
    sandbox: Sandbox, receiver: Receiver, repeat: Repeat
) -> None:
    for vendor in VENDORS:
        sandbox.send(vendor, "+12125550123", pages=2)
        sandbox.settle()
    steps = describe_past(sandbox)["steps"]
    calls = [step["call"] for step in steps if "call" in step]
    assert [(call["vendor"], call["method"], call["status"]) for call in calls] == [
        ("openfax", "POST", 200), ("kazoo", "PUT", 201), ("ifax", "POST", 200), ("mfax", "POST", 200),
        ("faxto", "POST", 200),
    ]  # fmt: skip
    assert calls[0]["body"].startswith("AccountID=<<openfax AccountID>>&APIKey=<<openfax APIKey>>&FaxNumber=")
    assert calls[2]["headers"]["accessToken"] == "<<ifax accessToken>>"
    result, again = repeat(sandbox)
    assert result.problems == ()
    assert again == seen(sandbox, receiver)


def test_document_that_was_fetched_is_given_again(
    sandbox: Sandbox, receiver: Receiver, repeat: Repeat
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
    sandbox: Sandbox, receiver: Receiver, repeat: Repeat
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


def test_login_that_was_used_is_made_again(sandbox: Sandbox, receiver: Receiver, repeat: Repeat) -> None:
    send_by_login(sandbox)
    sandbox.settle()
    result, again = repeat(sandbox)
    assert result.problems == ()
    assert again == seen(sandbox, receiver)


def test_one_shots_that_are_used_up_are_in_the_recording(
    sandbox: Sandbox, receiver: Receiver, repeat: Repeat
) -> None:
    fault = {"status": 418, "body": {"tea": "pot"}}
    sandbox.add_scenarios({"name": "first", "attempts": ["busy"], "webhook": {"duplicate": 1}}, once=True)
    sandbox.add_scenarios({"name": "refused", "http": fault}, once=True)
    sandbox.add_scenarios({"name": "cut", "http": {"drop": "after"}}, once=True)
    sent = [sandbox.send("ifax", "+12125550123").status for _ in range(3)]
    assert sent == [200, 418, None]
    sandbox.settle()
    calls = [step["call"] for step in describe_past(sandbox)["steps"] if "call" in step]
    assert [call["scenarios"] for call in calls] == [
        [{"to": "+12125550123", "name": "first", "attempts": ["busy"], "webhook": {"duplicate": 1}}],
        [{"name": "refused", "http": fault}],
        [{"to": "+12125550123", "name": "cut", "attempts": ["delivered"], "http": {"drop": "after"}}],
    ]
    result, again = repeat(sandbox)
    assert result.problems == ()
    assert again == seen(sandbox, receiver)


def test_reads_that_a_fax_waited_for_are_done_again(
    sandbox: Sandbox, receiver: Receiver, repeat: Repeat
) -> None:
    sandbox.add_scenarios({"name": "asked", "attempts": [{"busy": {"after": {"polls": 2}}}]})
    sandbox.send("openfax", "+12125550123")
    sandbox.settle()
    for _ in range(2):
        sandbox.read_status(sandbox.fax("fax-1"))
    sandbox.advance("3.5s")
    steps = describe_past(sandbox)["steps"]
    assert [next(iter(step)) for step in steps] == ["call", "advance", "call", "call", "advance"]
    result, again = repeat(sandbox)
    assert result.problems == ()
    assert again == seen(sandbox, receiver)


def test_cancel_by_the_portal_and_by_the_vendors_api_are_told_apart(
    sandbox: Sandbox, receiver: Receiver, repeat: Repeat
) -> None:
    key = {"Authorization": f"Basic {sandbox.credentials('mfax')['apiKey']}"}
    for _ in range(2):
        sandbox.send("mfax", "+12125550123")
    sandbox.advance("1s")
    sandbox.cancel("fax-1")
    url = f"{sandbox.base_url('mfax')}/v1/fax/{sandbox.fax('fax-2').vendor_id}/cancel"
    assert sandbox.connection.session.post(url, headers=key).status_code == 200
    steps = describe_past(sandbox)["steps"]
    assert [next(iter(step)) for step in steps] == ["call", "call", "advance", "cancel", "call", "advance"]
    result, again = repeat(sandbox)
    assert result.problems == ()
    assert again == seen(sandbox, receiver)


def test_history_of_a_clock_that_ran_is_told_at_its_instants(
    client: Localfax, repeat: Repeat, receiver: Receiver
) -> None:
    sandbox = client.create(clock={"speed": 5000}, seed="ran")
    sandbox.settings("openfax", max_attempts=2)
    for vendor in VENDORS:
        sandbox.send(vendor, "+15005550004", pages=2, max_attempts=2)
    sandbox.receive("mfax", "+12125550100", "+13105550123", pages=2, force=True)
    sandbox.clock(mode="manual")
    sandbox.settle()
    result, again = repeat(sandbox)
    assert result.problems == ()
    assert again == seen(sandbox, receiver)


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
        sandbox.receive(vendor, "+12125550100", "+13105550123", force=True)
        sandbox.read_status(sandbox.faxes(vendor=vendor, direction="outbound")[0])
    sandbox.settle()
    path = tmp_path / "recording.yaml"
    path.write_text(write_recording(sandbox), encoding="utf-8")
    journals = [tmp_path / name for name in ("one.json", "two.json")]
    for run, journal in zip((run_command, run_process), journals, strict=True):
        done = run("replay", path, "--url", client.url, "--journal", journal)
        assert done.returncode == 0, done.stdout + done.stderr
    one, two = (journal.read_text() for journal in journals)
    assert one == two
    assert len(json.loads(one)["requests"]) == 3 * len(VENDORS) + 2


def test_deleted_fax_is_made_again_but_nothing_is_expected_of_it(sandbox: Sandbox, repeat: Repeat) -> None:
    for number in ("+15005550002", "+12125550123"):
        sandbox.send("ifax", number)
    sandbox.receive("mfax", "+12125550100", "+13105550123", force=True)
    sandbox.settle()
    for fax in ("fax-1", "fax-3"):
        sandbox.call("DELETE", f"/faxes/{fax}")
    told = describe_past(sandbox)
    assert [each.get("state") for each in told["expect"]] == [None, "delivered"]
    assert not any("receive" in step for step in told["steps"])
    result, _ = repeat(sandbox)
    assert result.problems == ()
