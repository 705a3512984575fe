"""An application with a vendor's address built in, tested in its own process with nothing of it changed."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import aiohttp
import httpx
import pytest
import requests
import urllib3

from localfax import FaxCloud
from localfax.interception.process import intercepting
from tests.bench.process import free_port
from tests.cli.conftest import HUNG
from tests.vendors.test_any_credentials import SENDS

IFAX = "https://api.ifaxapp.com/v1/customer/fax-send"
LETTER = SENDS["ifax"][1]["json"]
BEFORE = httpx.Client()
"""A client that was made before any test: with the machine's authorities, and without a proxy."""


def by_requests(headers: dict[str, str]) -> Any:
    return requests.post(IFAX, json=LETTER, headers=headers, timeout=30).json()


def by_a_client_that_was_there(headers: dict[str, str]) -> Any:
    return BEFORE.post(IFAX, json=LETTER, headers=headers).json()


def by_urllib3(headers: dict[str, str]) -> Any:
    with urllib3.PoolManager() as pool:
        return json.loads(pool.request("POST", IFAX, json=LETTER, headers=headers).data)


def by_urllib(headers: dict[str, str]) -> Any:
    body = Request(IFAX, json.dumps(LETTER).encode(), headers | {"Content-Type": "application/json"})
    with urlopen(body, timeout=30) as answer:
        return json.load(answer)


def by_http_client(headers: dict[str, str]) -> Any:
    connection = http.client.HTTPSConnection("api.ifaxapp.com", timeout=30)
    connection.request("POST", "/v1/customer/fax-send", json.dumps(LETTER), headers)
    try:
        return json.load(connection.getresponse())
    finally:
        connection.close()


def in_a_loop_of_its_own(work: Coroutine[Any, Any, Any]) -> Any:
    """Run it in a thread: a browser that other tests keep open has its loop run in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def by_aiohttp(headers: dict[str, str]) -> Any:
    async def send() -> Any:
        async with (
            aiohttp.ClientSession(headers=headers, trust_env=False) as session,
            session.post(IFAX, json=LETTER) as answer,
        ):
            return await answer.json()

    return in_a_loop_of_its_own(send())


def by_a_stream(headers: dict[str, str]) -> Any:
    async def send() -> Any:
        reader, writer = await asyncio.open_connection("api.ifaxapp.com", 443, ssl=True)
        body = json.dumps(LETTER).encode()
        head = f"POST {IFAX} HTTP/1.1\r\nHost: api.ifaxapp.com\r\nConnection: close\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = await reader.read()
        writer.close()
        return json.loads(answer.partition(b"\r\n\r\n")[2])

    return in_a_loop_of_its_own(send())


def by_a_child(headers: dict[str, str]) -> Any:
    words = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = ["curl", "-sS", IFAX, "-H", "Content-Type: application/json", *words, "-d", json.dumps(LETTER)]
    return json.loads(subprocess.run(command, capture_output=True, check=True, timeout=HUNG).stdout)


WAYS = [
    by_requests, by_a_client_that_was_there, by_urllib3, by_urllib, by_http_client, by_aiohttp, by_a_stream,
    by_a_child,
]  # fmt: skip


@pytest.mark.parametrize("send", WAYS)
@pytest.mark.faxcloud(intercept=True)
def test_a_fixed_host_is_answered_by_the_test_s_own_cloud(faxcloud: FaxCloud, send: Any) -> None:
    assert send({"accessToken": faxcloud.ifax.access_token})["status"] == 1
    faxcloud.settle()
    faxcloud.assert_fax(vendor="ifax", to="+12125550123", state="delivered")


def test_a_fixture_does_the_same(faxcloud_intercept: FaxCloud) -> None:
    cloud = faxcloud_intercept
    assert by_requests({"accessToken": cloud.ifax.access_token})["status"] == 1
    assert len(cloud.faxes) == 1


def test_a_scripted_failure_comes_by_the_fixed_host_too(faxcloud_intercept: FaxCloud) -> None:
    faxcloud_intercept.when(to="+12125550123").submit(status=503)
    headers = {"accessToken": faxcloud_intercept.ifax.access_token}
    assert requests.post(IFAX, json=LETTER, headers=headers, timeout=30).status_code == 503


def test_nothing_stays_behind(faxcloud: FaxCloud) -> None:
    before, looks, connects = dict(os.environ), socket.getaddrinfo, socket.socket.connect
    wraps = ssl.SSLContext.wrap_socket
    for _ in range(2):
        with intercepting(faxcloud.server):
            assert os.environ["HTTPS_PROXY"] == faxcloud.url
            assert socket.getaddrinfo is not looks
            place = os.environ["SSL_CERT_FILE"]
            assert os.path.exists(place)  # noqa: PTH110  # as a library would look
    assert dict(os.environ) == before
    assert (socket.getaddrinfo, socket.socket.connect, ssl.SSLContext.wrap_socket) == (looks, connects, wraps)
    assert not os.path.exists(place)  # noqa: PTH110
    assert not [each for each in sys.meta_path if "AfterImport" in type(each).__name__]


def test_urlopen_forgets_the_proxy(faxcloud: FaxCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("urllib.request._opener", None)  # as in a process that has not called it
    with intercepting(faxcloud.server):
        by_urllib({"accessToken": faxcloud.ifax.access_token})
    with pytest.raises(URLError, match="refused") as wrong:  # the proxy would answer it, with a 502
        urlopen(f"http://127.0.0.1:{free_port()}/", timeout=30)
    assert not isinstance(wrong.value, HTTPError)


def test_a_name_that_is_a_vendor_s_leads_nowhere_else(faxcloud_intercept: FaxCloud) -> None:
    for name in ("api.ifaxapp.com", "API.iFaxApp.com.", b"fax.to"):
        [found, *_] = socket.getaddrinfo(name, 443)
        assert found[4][0].startswith("127.83.29.")
    assert socket.gethostbyname("fax.to").startswith("127.83.29.")
    client = socket.socket()
    assert client.connect_ex(("fax.to", 80)) == 0
    client.close()
