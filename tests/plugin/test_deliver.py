"""Webhooks posted into the application under test."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask, request

from localfax.faxcloud import FaxCloud


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


@pytest.mark.parametrize("make", [flask_application, asgi_application])
def test_webhooks_come_into_the_application_with_their_retries(faxcloud: FaxCloud, make: Any):
    heard: list[Any] = []
    faxcloud.deliver_to(make(heard, [500, 500]), "/hooks/fax", vendor="ifax")
    faxcloud.send("ifax", "+12125550123")
    faxcloud.settle()
    webhook = faxcloud.assert_webhook(vendor="ifax", state="delivered")
    assert [post.status for post in webhook.attempts] == [500, 500, 200]
    assert heard == ["delivered"] * 3


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
