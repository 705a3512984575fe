"""Webhooks posted into the application under test."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from flask import Flask, request

from localfax import FaxCloud, Localfax
from tests.conftest import Control


def flask_application(heard: list[Any], fails: list[int]) -> Any:
    app = Flask("under-test")

    @app.post("/hooks/fax")
    def take() -> tuple[str, int]:
        heard.append(request.get_json()["faxStatus"])
        return "", fails.pop() if fails else 200

    return app


def asgi_application(heard: list[Any], fails: list[int]) -> Any:
    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        assert (scope["method"], scope["path"], scope["type"]) == ("POST", "/hooks/fax", "http")
        assert (b"content-type", b"application/json") in scope["headers"]
        heard.append(json.loads((await receive())["body"])["faxStatus"])
        status = fails.pop() if fails else 200
        await send({"type": "http.response.start", "status": status, "headers": [(b"x-a", b"b")]})
        await send({"type": "http.response.body", "body": b"taken"})

    return app


def fastapi_application(heard: list[Any], fails: list[int]) -> Any:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.lock = asyncio.Lock()  # of the loop in which requests come, too
        yield
        heard.append("ended")

    app = FastAPI(lifespan=lifespan)

    @app.post("/hooks/fax")
    async def take(told: dict[str, Any]) -> Any:
        async with app.state.lock:
            heard.append(told["faxStatus"])
        return PlainTextResponse("taken", fails.pop() if fails else 200)

    return app


@pytest.mark.parametrize("make", [flask_application, asgi_application, fastapi_application])
def test_webhooks_come_into_the_application_with_their_retries(faxcloud: FaxCloud, make: Any):
    heard: list[Any] = []
    faxcloud.deliver_to(make(heard, [500, 500]), "/hooks/fax", vendor="ifax")
    faxcloud.send("ifax", "+12125550123")
    faxcloud.settle()
    webhook = faxcloud.assert_webhook(vendor="ifax", state="delivered")
    assert [post.status for post in webhook.attempts] == [500, 500, 200]
    assert heard == ["delivered"] * 3
    assert webhook.url.endswith(".localfax.test/hooks/fax")  # a name that no resolver knows


def test_an_application_is_started_and_ended_with_the_test(faxcloud: FaxCloud):
    heard: list[Any] = []
    with faxcloud.server.serve(fastapi_application(heard, [])) as url:
        faxcloud.ifax.webhooks_to(f"{url}/hooks/fax")
        faxcloud.send("ifax", "+12125550123")
        faxcloud.settle()
        assert heard == ["delivered"]
    assert heard == ["delivered", "ended"]


def test_what_an_application_raises_is_printed_and_a_refusal(
    faxcloud: FaxCloud, capsys: pytest.CaptureFixture[str]
):
    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        raise LookupError("no such letter")

    faxcloud.deliver_to(app)
    faxcloud.send("faxto", "+12125550123")
    faxcloud.advance("10m")
    assert faxcloud.webhooks[0].attempts[0].status == 500
    assert "LookupError: no such letter" in capsys.readouterr().err


def test_a_server_in_another_process_reaches_it_by_a_port(server: Control):
    heard: list[Any] = []
    elsewhere = Localfax(server.url)
    sandbox = elsewhere.create(clock={"mode": "manual"})
    with elsewhere.serve(flask_application(heard, [])) as url:
        sandbox.settings("ifax", webhooks=f"{url}/hooks/fax")
        sandbox.send("ifax", "+12125550123")
        sandbox.settle()
    assert (heard, url.startswith("http://127.0.0.1:")) == (["delivered"], True)


def test_all_vendors_post_there(faxcloud: FaxCloud):
    paths: list[str] = []

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        paths.append(environ["PATH_INFO"])
        start_response("204 No Content", [])
        return []

    faxcloud.deliver_to(app)
    for vendor in ("ifax", "faxto"):
        faxcloud.send(vendor, "+12125550123")
    faxcloud.settle()
    assert {webhook.vendor for webhook in faxcloud.webhooks} == {"ifax", "faxto"}
    assert set(paths) == {"/"}
