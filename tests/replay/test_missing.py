"""Recordings of what is not kept whole: they say how much is missing, and send the faxes all the same."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import Any

import pytest

from emulator.app import App
from emulator.config import Config
from emulator.replay.recording import describe_past
from emulator.server.http_server import in_process
from emulator.vendors.journal import MOST_KEPT
from localfax import Localfax, Sandbox
from localfax.receiver import Receiver
from tests.replay.conftest import Repeat, seen
from tests.sending import pages

TOLD = "What happened once in a sandbox."


def calls_of(recording: dict[str, Any]) -> list[dict[str, Any]]:
    return [step["call"] for step in recording["steps"] if "call" in step]


def post(sandbox: Sandbox, **options: Any) -> int:
    """Send a fax by mFax."""
    key = {"Authorization": f"Basic {sandbox.credentials('mfax')['apiKey']}"}
    url = f"{sandbox.base_url('mfax')}/v1/faxes"
    headers = {**key, **options.pop("headers", {})}
    return int(sandbox.connection.session.post(url, headers=headers, **options).status_code)


def letter(size: int = 0) -> dict[str, Any]:
    """Give a call's parts that are a little longer than `size`."""
    form = {"faxNumber": "+12125550123", "padding": "x" * size}
    return {"data": form, "files": {"attachments": ("a.pdf", pages(1), "application/pdf")}}


def test_body_is_kept_whole_up_to_its_bound(sandbox: Sandbox, receiver: Receiver, repeat: Repeat) -> None:
    plain = {"Content-Type": "text/plain"}
    assert post(sandbox, data=b"x" * MOST_KEPT, headers=plain) == 400
    assert post(sandbox, data=b"x" * (MOST_KEPT + 1), headers=plain) == 400
    assert post(sandbox, **letter(MOST_KEPT - 10_000)) == 200
    assert post(sandbox, **letter(MOST_KEPT)) == 200
    sandbox.settle()
    told = describe_past(sandbox)
    first, second = calls_of(told)
    assert first["body"] == "x" * MOST_KEPT
    assert b64decode(second["base64"]).count(b"x" * (MOST_KEPT - 10_000)) == 1
    assert [next(iter(step)) for step in told["steps"]] == ["call", "call", "send", "advance"]
    assert told["purpose"] == f"{TOLD} Not word for word, as their bodies were too long to keep: 2 calls."
    result, again = repeat(sandbox)
    assert result.problems == ()
    before = seen(sandbox, receiver)
    assert [fax["attempts"] for fax in again[0]] == [fax["attempts"] for fax in before[0]]


def test_fax_whose_call_is_forgotten_is_sent_by_its_record(
    sandbox: Sandbox, receiver: Receiver, repeat: Repeat
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


@pytest.fixture
def small() -> Iterator[Localfax]:
    """A server that keeps a megabyte of documents and three entries of each journal."""
    program = App(Config(seed="small", journal=3, documents_mb=1))
    with in_process(program) as running, Localfax(running.url) as client:
        yield client
    program.close()


def test_documents_are_never_let_go_to_make_room_for_whole_bodies(small: Localfax) -> None:
    sandbox = small.create(clock={"mode": "manual"})
    assert [post(sandbox, **letter(2**18)) for _ in range(6)] == [200] * 6
    kept = sandbox.snapshot()["documents"]
    assert {fax.data["document"]["digest"] for fax in sandbox.faxes()} <= set(kept)
    assert sum(len(content) for content in kept.values()) < 2**20 * 4 / 3
    metrics = small.connection.raw("GET", "/metrics").text
    assert "localfax_documents_dropped_total 0.0" in metrics


def test_what_the_journals_forgot_is_counted_everywhere(small: Localfax) -> None:
    sandbox = small.create(clock={"mode": "manual"})
    for balance in range(5):
        sandbox.settings("ifax", balance=balance + 1)
    for _ in range(4):
        sandbox.send("ifax", "+12125550123")
    assert sandbox.snapshot()["dropped"] == {"acts": 2, "requests": 1}
    assert describe_past(sandbox)["purpose"] == f"{TOLD} Forgotten by the journals: 2 acts, 1 requests."
    metrics = small.connection.raw("GET", "/metrics").text
    assert 'localfax_journal_dropped_total{journal="acts"} 2.0' in metrics
    assert 'localfax_journal_dropped_total{journal="requests"} 1.0' in metrics
    steps = [next(iter(step)) for step in describe_past(sandbox)["steps"]]
    assert (steps.count("call"), steps.count("send")) == (3, 1)
