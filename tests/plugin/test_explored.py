"""Explored tests: one for each thing that can go wrong with a fax, in a project that has the plugin."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from emulator.vendors import all_vendors
from localfax.explored import list_ordeals
from tests.cli.conftest import HUNG
from tests.conftest import Control
from tests.plugin.test_plugin import WORDS, shows

APPLICATION = """
import requests
from flask import Flask, request

PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABAQAAAAA3bvkkAAAACklEQVR42mNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="

class Faxes:
    def __init__(self, account):
        self.account, self.state, self.mails, self.job = account, "sending", 0, None
        self.app = Flask("app")
        self.app.post("/hook")(self.hook)

    def ask(self, path, **body):
        url, key = f"{self.account.base_url}/v1/customer/{path}", {"accessToken": self.account.access_token}
        answer = requests.post(url, json=body, headers=key, timeout=20)
        answer.raise_for_status()
        return answer.json()["data"]

    def send(self, to):
        self.to, file = to, {"fileName": "a.png", "fileData": PICTURE}
        try:
            self.job = self.ask("fax-send", faxNumber=to, faxData=[file])["jobId"]
        except (requests.RequestException, ValueError, KeyError):
            found = [row["jobId"] for row in self.ask("fax-lists") if row["toNumber"] == to]
            self.job = found[0] if found else None
            if self.job is None:
                self.learn("failed")

    def learn(self, word):
        if word != "sending" and CONDITION:
            self.state = "delivered" if word == "delivered" else "failed"
            self.mails += 1

    def hook(self):
        told = request.get_json(silent=True)
        if told is None or told["toNumber"] != self.to:
            return "", 400
        self.learn(told["faxStatus"])
        return "", 204

    def look(self):
        if self.job and self.state == "sending":
            try:
                self.learn(self.ask("fax-status", jobId=self.job)["faxStatus"])
            except (requests.RequestException, ValueError, KeyError):
                pass
"""

TEST = """
import pytest
from app import Faxes

WORDS = {"cancelled": "failed", "none": "failed", "pending": "sending"}

@pytest.mark.faxcloud(MARKER)
def test_the_word_is_the_truth(faxcloud):
    faxes = Faxes(faxcloud.ifax)
    faxcloud.deliver_to(faxes.app, "/hook")
    faxcloud.polls(faxes.look)
    faxes.send("+12125550123")
    faxcloud.settle()
    faxes.look()
    faxes.look()
    truth = faxcloud.truth
    assert faxes.state == WORDS.get(truth.state, truth.state)
    assert (truth.doubles, faxes.mails) == (0, int(faxes.state != "sending"))
"""

RECEIVES = """
import pytest

@pytest.mark.faxcloud(explore="inbound", vendor="ifax")
def test_a_fax_arrives(faxcloud):
    faxcloud.receive("ifax")
    faxcloud.settle()
    assert faxcloud.truth.state == "arrived"
"""


def explored(place: Path, marker: str, *words: str, condition: str = 'self.state == "sending"') -> str:
    (place / "app.py").write_text(APPLICATION.replace("CONDITION", condition))
    (place / "test_app.py").write_text(TEST.replace("MARKER", marker))
    return run(place, *words)


def run(place: Path, *words: str, **environ: str) -> str:
    command = [sys.executable, "-m", "pytest", *WORDS, *words]
    told = {**os.environ, **environ}
    done = subprocess.run(command, cwd=place, env=told, capture_output=True, text=True, timeout=HUNG)
    return done.stdout + done.stderr


def test_a_test_runs_once_for_each_adversity_smallest_first(tmp_path: Path) -> None:
    said = explored(tmp_path, 'explore="line", vendor="ifax", pairs=False', "-vv")
    ids = re.findall(r"\[(ifax-.+?)\] PASSED", said)
    assert ids == [f"ifax-line:{each}" for each in ("failed", "busy", "partial", "stuck", "cancelled")]


def test_pairs_come_behind_and_inbound_faxes_are_asked_for() -> None:
    every = list_ordeals({"explore": True, "vendor": "ifax"}, environ={})
    names = [each.name for each in every]
    assert names[0] == "submit:cut-after"
    assert "webhook:twice-submit:cut-after" in names
    assert "order:end.webhook.answer.poll" in names
    assert [each.size for each in every] == sorted(each.size for each in every)
    assert not any(each.startswith("inbound") for each in names)
    line = list_ordeals({"explore": "line", "vendor": "ifax"}, environ={})
    assert all("line:" in each.name for each in line)
    assert {each.vendor for each in list_ordeals({"explore": "poll"}, environ={})} == {*all_vendors()}


@pytest.mark.parametrize("words", [(), pytest.param(("-n", "2"), marks=pytest.mark.soak)])
def test_the_smallest_that_fails_is_shown_first(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Also beside xdist, which ends them in any order."""
    marker = 'explore="webhook", vendor="ifax", pairs=False'
    said = explored(tmp_path, marker, *words, "--tb=line", condition="True")
    shows(
        said,
        "*Localfax: smallest first*",
        "test_app.py::test_the_word_is_the_truth does not bear ifax-webhook:twice",
        "  the webhook comes twice",
        "  also failed: ifax-webhook:unheard, ifax-webhook:after-poll, ifax-webhook:at-once",
        "*pytest 'test_app.py::test_the_word_is_the_truth[[]ifax-webhook:twice[]]'",
        "FAILED *ifax-webhook:twice*",
        "FAILED *ifax-webhook:unheard*",
    )


def test_a_server_elsewhere_tells_what_can_go_wrong(tmp_path: Path, server: Control) -> None:
    (tmp_path / "test_app.py").write_text(RECEIVES)
    said = run(tmp_path, "-vv", LOCALFAX_URL=server.url)
    assert re.findall(r"\[ifax-(.+?)\] PASSED", said) == [
        f"inbound:{each}" for each in ("arrives", "twice", "unknown-number", "empty", "gone", "unheard")
    ]


@pytest.mark.parametrize(
    ("marker", "why"),
    [
        ({"explore": "nowhere"}, "explore is True or one of submit, line"),
        ({"explore": True, "vendor": "pigeon"}, "no vendor 'pigeon'; there are openfax"),
    ],
)
def test_a_wrong_place_or_vendor_is_refused(marker: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        list_ordeals(marker, environ={})


EVERYTHING = """
import pytest

WANTED = {
    **dict.fromkeys(("cut-before", "500-before", "limited", "limited-always"), "none"),
    "failed": "failed", "partial": "failed", "stuck": "pending", "cancelled": "cancelled",
}

@pytest.mark.faxcloud(explore=True, pairs=False, auth=True)
def test_it(faxcloud):
    ordeal, receiver = faxcloud.ordeal, faxcloud.webhook_receiver
    sent = faxcloud.send(ordeal.vendor, "+12125550123", pages=2)
    if sent.fax:
        faxcloud.polls(lambda: faxcloud.sandbox.read_status(faxcloud.sandbox.fax(sent.fax)))
    faxcloud.settle()
    place, _, name = ordeal.name.partition(":")
    wanted = WANTED.get(name, "delivered") if place in ("submit", "line") else "delivered"
    assert faxcloud.truth.state == wanted
    if name != "cancelled":
        silent = wanted in ("none", "pending") or name == "lost"
        assert bool(receiver.requests) is not silent
"""


@pytest.mark.soak
def test_every_adversity_is_what_it_says_at_every_vendor(tmp_path: Path) -> None:
    (tmp_path / "test_app.py").write_text(EVERYTHING)
    said = run(tmp_path, "--tb=short")
    assert re.search(r"^\d+ passed", said, re.MULTILINE), said
