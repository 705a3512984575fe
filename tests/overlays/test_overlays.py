"""Overlays: a strict grammar, what they change, and whose they are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from emulator.app import App
from emulator.config import Config
from emulator.overlays.file import load_overlays, read_overlays
from emulator.overlays.json_schema import overlay_json_schema
from emulator.scenarios.mistakes import ScenarioError
from emulator.server.http_server import in_process
from emulator.vendors import all_vendors
from localfax import Localfax, Refusal
from localfax.local_server import run_server
from tests.cli.conftest import run_command

TEXT = """\
overlay: 1
vendor: ifax
recorded: {day: "2026-03-04", digest: abc, exchanges: 3}
profile: {profile: live}
answers:
  - endpoint: status
    when: {status: 200, says: sending}
    rename: {data.jobId: id}
    remove: [data.faxCallLength]
    add: {data.queue: {name: a, place: 3}}
    type: {data.faxTotalPages: text}
    say: {data.faxStatus: {sending: in_progress}, data.code: {-11: -12}}
  - endpoint: send
    when: {says: null}
    status: 202
    headers: {X-Own: "yes", Content-Type: null}
  - endpoint: list
    reverse: [data]
webhooks:
  - event: fax.sent
    say: {faxStatus: {delivered: sent}}
    headers: {X-Own: "yes"}
    retries: {after: [1m, 90s], last: true}
timings:
  - {outcome: delivered, pace: 2}
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Localfax]:
    with run_server() as running:
        yield running


def ask(sandbox: Any, operation: str, **body: Any) -> Any:
    url = f"{sandbox.base_url('ifax')}/v1/customer/{operation}"
    own = {"accessToken": sandbox.credentials("ifax")["accessToken"]}
    return sandbox.connection.session.post(url, json=body, headers=own)


def test_sandbox_answers_by_its_overlay_and_others_do_not(server: Localfax) -> None:
    taught = server.create(overlay=TEXT, clock={"mode": "manual"})
    plain = server.create(clock={"mode": "manual"}, profiles={"ifax": "live"})
    for sandbox, status, kind in ((taught, 202, None), (plain, 200, "application/json")):
        sent = ask(sandbox, "fax-send", faxNumber="+12125550123")
        assert (sent.status_code, sent.headers.get("Content-Type")) == (status, kind)
    job = json.loads(ask(taught, "fax-send", faxNumber="+12125550124").text)["data"]["jobId"]
    data = ask(taught, "fax-status", jobId=job).json()["data"]
    assert list(data) == [
        "id", "fromNumber", "toNumber", "faxCallStart", "faxCallEnd", "faxTotalPages", "faxTransferredPages",
        "faxStatus", "message", "code", "queue",
    ]  # fmt: skip
    assert (data["faxStatus"], data["code"], data["queue"]) == ("in_progress", -12, {"name": "a", "place": 3})
    assert isinstance(data["faxTotalPages"], str)
    taught.settle()
    assert ask(taught, "fax-status", jobId=job).json()["data"]["faxStatus"] == "failed"
    rows = [row["jobId"] for row in ask(taught, "fax-lists").json()["data"]]
    assert rows == sorted(rows)


def test_webhooks_and_their_retries_follow_the_overlay(server: Localfax) -> None:
    url = "http://127.0.0.1:9/hook"
    sandbox = server.create(
        overlay=TEXT, clock={"mode": "manual"}, webhooks={"ifax": {"outbound": {"url": url}}}
    )
    sandbox.send("ifax", "+12125550123")
    sandbox.settle()
    [webhook] = sandbox.webhooks()
    request = webhook.data["request"]
    assert (request["fields"]["faxStatus"], request["headers"]) == ("sent", {"X-Own": "yes"})
    at = [datetime.fromisoformat(each["at"]).timestamp() for each in webhook.data["attempts"]]
    assert [round(later - earlier) for earlier, later in pairwise(at)] == [60, 90]
    assert sandbox.faxes()[0].attempts[0].duration == pytest.approx(2 * 25.986, abs=0.01)


def test_overlay_lasts_through_profiles_snapshots_and_goes_with_null(server: Localfax) -> None:
    sandbox = server.create(overlay=yaml.safe_load(TEXT), clock={"mode": "manual"})
    sandbox.settings("ifax", profile="documented")
    other = server.create(clock={"mode": "manual"})
    other.load(sandbox.snapshot())
    for each in (sandbox, other):
        assert each.send("ifax", "+12125550123").status == 202
        each.settings("ifax", profile={"overlay": None})
        assert each.send("ifax", "+12125550123").status == 200


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("rename:", "renam:", ":8: answers[0].renam: unknown key; did you mean rename?"),
        ("endpoint: send", "endpoint: sent", ":13: answers[1].endpoint: no endpoint sent; did you mean"),
        ("vendor: ifax", "vendor: ifux", ":2: vendor: no vendor ifux; did you mean ifax?"),
        ("profile: live", "prof: live", ":4: profile.prof: no switch prof"),
        ("profile: live", "profile: lve", ":4: profile.profile: the switch profile of ifax"),
        ("data.jobId: id", "data..jobId: id", ":8: answers[0].rename: a path is written"),
        ("faxTotalPages: text", "faxTotalPages: texte", "unknown word 'texte'; did you mean text?"),
        ("status: 202", "status: 99", ":15: answers[1].status: Must be greater than or equal to 200"),
        ("pace: 2", "pace: 0", ":25: timings[0].pace"),
        ("pace: 2", "longer: 2", ":25: timings[0]: outcome and pace, or state and longer, are wanted"),
        ("outcome: delivered, pace", "state: sendin, longer", ":25: timings[0].state: no state sendin"),
        ("Content-Type: null", "Content-Length: '3'", "no header that can be set: 'Content-Length'"),
        ("Content-Type: null", '"A\\r\\nB": c', "no header that can be set"),
        ('X-Own: "yes"', 'X-Own: "a\\r\\nb"', "answers[1].headers.X-Own"),
        ("overlay: 1", "overlay: 2", ":1: overlay"),
        ("[1m, 90s]", "[1 week]", ":23: webhooks[0].retries.after[0]: a duration is seconds"),
        ("answers:", "answers: [", "not YAML"),
    ],
)  # fmt: skip
def test_mistake_is_told_with_file_and_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(TEXT.replace(old, new, 1))
    with pytest.raises(ScenarioError) as wrong:
        load_overlays([str(path)], all_vendors())
    assert str(wrong.value).startswith(str(path))
    assert said in str(wrong.value)


def test_sandbox_refuses_a_mistake(server: Localfax) -> None:
    with pytest.raises(Refusal, match="no endpoint sent; did you mean send"):
        server.create(overlay=TEXT.replace("endpoint: send", "endpoint: sent"))


def test_two_overlays_of_a_vendor_are_refused() -> None:
    with pytest.raises(ScenarioError, match="two overlays of ifax"):
        read_overlays(f"{TEXT}---\n{TEXT}", all_vendors())


def test_json_schema_takes_what_the_grammar_takes() -> None:
    valid = jsonschema_rs.validator_for(overlay_json_schema())
    data = yaml.safe_load(TEXT.replace("-11: -12", "'-11': -12"))
    assert list(valid.iter_errors(data)) == []
    wrong = (("answers", [{"endpoint": "send", "renam": {}}]), ("overlay", 2), ("more", 1))
    for key, value in wrong:
        assert list(valid.iter_errors({**data, key: value})) != []


def test_server_does_not_start_with_a_broken_overlay(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("overlay: 1\nvendor: nofax\n")
    with pytest.raises(ValueError, match=r"broken\.yaml:2: vendor: no vendor nofax"):
        App(Config(overlay=(str(path),)))


def test_overlay_commands(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(TEXT)
    done = run_command("overlay", "check", path)
    assert (done.returncode, done.stdout) == (0, "1 overlays are right, 0 problems.\n")
    path.write_text(TEXT.replace("rename:", "renam:"))
    done = run_command("overlay", "check", path)
    assert (done.returncode, "mine.yaml:8: answers[0].renam" in done.stdout) == (4, True)
    assert json.loads(run_command("overlay", "schema").stdout) == overlay_json_schema()


def test_sandbox_is_made_with_an_overlay(server: Localfax, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(TEXT)
    done = run_command("sandbox", "create", "--manual", "--overlay", path, "--json", "--url", server.url)
    assert server.sandbox(json.loads(done.stdout)["id"]).send("ifax", "+12125550123").status == 202


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no JSON", "an overlay is kept as JSON text"),
        (3, "an overlay is kept as JSON text"),
        ('{"overlay":1,"vendor":"mfax"}', "this is no overlay of ifax"),
        ('{"overlay":1,"vendor":"ifax","more":1}', "more: unknown key"),
    ],
)
def test_snapshot_with_a_broken_overlay_is_refused(server: Localfax, text: Any, said: str) -> None:
    sandbox = server.create(overlay=TEXT, clock={"mode": "manual"})
    snapshot = sandbox.snapshot()
    own = next(item for item in snapshot["items"] if item["kind"] == "settings" and item["id"] == "ifax")
    own["profile"]["overlay"] = text
    with pytest.raises(Refusal, match=re.escape(said)):
        sandbox.load(snapshot)


def test_server_without_overlays_looks_for_none(tmp_path: Path) -> None:
    app = App(Config(log="off"))
    try:
        with in_process(app, 4) as running, Localfax(running.url) as plain:
            snapshot = plain.create(clock={"mode": "manual"})
            assert not app.engine.heeds_overlays
            snapshot.settings("ifax", profile={"overlay": yaml.safe_load(TEXT)})
            assert app.engine.heeds_overlays
            assert snapshot.send("ifax", "+12125550123").status == 202
    finally:
        app.close()
