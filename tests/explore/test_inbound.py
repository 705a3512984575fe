"""Received faxes are explored where the user says what the application calls one."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask, jsonify, request

from localfax import Localfax
from tests.cli.conftest import run_command
from tests.conftest import Control


def inbox(once: bool) -> Flask:
    """An application that files the faxes that come, each once or as often as it hears of it."""
    app, filed = Flask("inbox"), dict[str, list[str]]()

    @app.post("/hook")
    def hook() -> Any:
        faxes = filed.setdefault(request.form["fromNumber"].lstrip("+"), [])
        if not (once and request.form["jobId"] in faxes):
            faxes.append(request.form["jobId"])
        return ""

    @app.get("/faxes")
    def show() -> Any:
        faxes = filed.get(request.args["from"], [])
        return jsonify(state="filed" if faxes else "nothing", effects=len(faxes))

    return app


def explored(server: Control, app: Flask) -> dict[str, Any]:
    sandbox = server.create().client
    with Localfax(server.url).serve(app) as url:
        sandbox.settings("ifax", webhooks={"outbound": {"url": None}, "inbound": {"url": f"{url}/hook"}})
        where = ("--url", server.url, "--sandbox", sandbox.id, "--vendor", "ifax", "--patience", "0.2")
        state = f"curl -sf '{url}/faxes?from={{from}}'"
        words = ("--word", "arrived=.state:filed", "--effects", ".effects", "--json")
        done = run_command("explore", *where, "--state", state, *words)
    return {each["name"]: each for each in json.loads(done.stdout)["combinations"]}


def test_an_inbox_that_files_once_bears_everything(server: Control) -> None:
    found = explored(server, inbox(once=True))
    assert {name: each["verdict"] for name, each in found.items()} == {
        f"inbound:{name}": "held"
        for name in ("arrives", "twice", "unknown-number", "empty", "gone", "unheard")
    }


def test_an_inbox_that_files_twice_is_found_out(server: Control) -> None:
    found = explored(server, inbox(once=False))
    assert [name for name, each in found.items() if each["problems"]] == ["inbound:twice"]
    assert found["inbound:twice"]["problems"][0]["text"] == "its effect happened 2 times, not once"
    assert found["inbound:unheard"]["implied_by"] == "inbound:twice"
