"""A state that comes later on the account than here is told as that, and taught."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import yaml

from emulator.app import App
from emulator.outbound.policy import OutboundPolicy
from emulator.server.http_server import in_process
from emulator.traffic.proxy import RecordingProxy
from emulator.traffic.recorder import HarFile
from localfax import Sandbox
from localfax.asking import Document, Order
from localfax.submission import client_of, perform
from tests.cli.conftest import run_command
from tests.comparison.planted import upstream

QUEUE = 90.0
"""Seconds that the account's faxes wait for a line."""


def _with_a_queue(app: App, vendor: str, *waits: float) -> App:
    of_fax, more = dict[str, float](), cycle(waits)
    app.vendors[vendor] = replace(
        app.vendors[vendor], waiting=lambda moment: of_fax.setdefault(moment.fax.id, next(more))
    )
    return app


def record(path: Path, vendor: str, seconds: float = 10, waits: Sequence[float] = (QUEUE,)) -> None:
    """Record a client that sends two faxes and asks for each as often as told."""
    with upstream(lambda app: _with_a_queue(app, vendor, *waits) if waits else app) as (server, _):
        sandbox = server.create(clock={"mode": "manual", "now": "2026-03-04T10:00:00Z"}, seed="up")
        file = HarFile(path)
        proxy = RecordingProxy(
            vendor, file, sandbox.base_url(vendor), policy=OutboundPolicy(), host=f"api.{vendor}.com",
            now=lambda: datetime.fromisoformat(sandbox.clock()["now"]).timestamp(),
        )  # fmt: skip
        with in_process(proxy, 4) as running:
            for to in ("+13107778888", "+14157776666"):
                _one(sandbox, running.url, vendor, to, seconds)
        file.close()


def _one(sandbox: Sandbox, url: str, vendor: str, to: str, seconds: float) -> None:
    account, client = replace(sandbox.account(vendor), base_url=url), client_of(vendor)
    sent = perform(sandbox.connection.session, client.send(Order(account, to, Document.of_pages(1))), "m")
    assert sent.ok, sent.text
    [fax, *_] = sandbox.faxes()
    for _ in range(int(150 / seconds)):
        perform(sandbox.connection.session, client.status(account, fax.data["vendor_view"]["id"]), "m")
        sandbox.advance(seconds)


def compare(*words: object, code: int) -> Any:
    done = run_command("compare", *words, "--no-fit", "--json")
    assert done.returncode == code, done.stdout[-3000:] + done.stderr
    [report] = json.loads(done.stdout)
    return report


@pytest.mark.parametrize(
    ("vendor", "state", "says"),
    [
        ("kazoo", "pending", "processing after 90 to 100 s, not 5 s"),
        ("openfax", "3", "5 after 90 to 100 s, not 3 s"),
    ],
)
def test_state_that_lasts_longer_is_one_finding_and_taught(
    tmp_path: Path, vendor: str, state: str, says: str
) -> None:
    har, overlay = tmp_path / "slow.har", tmp_path / "mine.yaml"
    record(har, vendor)
    report = compare(har, "--teach", overlay, code=4)
    [found] = report["findings"]
    assert (found["kind"], found["says"], found["count"]) == ("timing", says, 2)
    [row] = yaml.safe_load(overlay.read_text())["timings"]
    assert (row["state"], "outcome" in row) == (state, False)
    taught = compare(har, "--overlay", overlay, code=0)
    assert (taught["findings"], taught["equal"]) == ([], taught["exchanges"])


@pytest.mark.parametrize("vendor", ["kazoo", "openfax"])
def test_states_of_the_emulator_itself_are_on_time(tmp_path: Path, vendor: str) -> None:
    record(tmp_path / "same.har", vendor, waits=())
    assert compare(tmp_path / "same.har", code=0)["findings"] == []


def test_states_that_last_now_longer_now_shorter_are_a_matter_of_timing_alone(tmp_path: Path) -> None:
    record(tmp_path / "varied.har", "openfax", waits=(QUEUE, 20.0))
    found = compare(tmp_path / "varied.har", code=4)["findings"]
    assert [(each["kind"], each["path"]) for each in found] == [("timing", "5")]
