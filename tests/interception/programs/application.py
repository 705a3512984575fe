"""An application that faxes by two vendors, at their own addresses, and hears of it, by a named library."""

from __future__ import annotations

import asyncio
import http.client
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import urlencode, urlsplit

IFAX = "https://api.ifaxapp.com/v1/customer/fax-send"
OPENFAX = "https://api.openfax.com/faxSendSubmit.php"
KEYS = {"accessToken": "live-5f2c9a7be1d04c66"}
PDF = (
    "JVBERi0xLjQKMSAwIG9iajw8L1R5cGUvQ2F0YWxvZy9QYWdlcyAyIDAgUj4+ZW5kb2JqIDIgMCBvYmo8PC9UeXBlL1BhZ2VzL0tpZHNb"
    "MyAwIFJdL0NvdW50IDEvTWVkaWFCb3hbMCAwIDYxMiA3OTJdPj5lbmRvYmogMyAwIG9iajw8L1R5cGUvUGFnZS9QYXJlbnQgMiAwIFI+"
    "PmVuZG9iagp0cmFpbGVyPDwvUm9vdCAxIDAgUj4+CnN0YXJ0eHJlZgowCiUlRU9G"
)
LETTER = {"faxNumber": "+12125550123", "faxData": [{"fileName": "letter.pdf", "fileData": PDF}]}
FORM = {
    "AccountID": "555000111",
    "APIKey": "LiveKeyOfARealAccount",
    "FaxNumber": "12125550123",
    "paperSize": "0",
    "faxResolution": "0",
    "Priority": "Normal",
    "PDF_encode": PDF,
}


def by_requests() -> list[Any]:
    import requests

    session = requests.Session()
    return [
        session.post(IFAX, json=LETTER, headers=KEYS).json()["status"],
        session.post(OPENFAX, data=FORM).json()["Response"],
    ]


def by_requests_alone() -> list[Any]:
    """With nothing of the environment."""
    import requests

    session = requests.Session()
    session.trust_env = False
    return [
        session.post(IFAX, json=LETTER, headers=KEYS).json()["status"],
        session.post(OPENFAX, data=FORM).json()["Response"],
    ]


def by_httpx() -> list[Any]:
    import httpx

    with httpx.Client() as client:
        return [
            client.post(IFAX, json=LETTER, headers=KEYS).json()["status"],
            client.post(OPENFAX, data=FORM).json()["Response"],
        ]


def by_urllib() -> list[Any]:
    from urllib.request import Request, urlopen

    told = Request(IFAX, json.dumps(LETTER).encode(), {**KEYS, "Content-Type": "application/json"})
    return [
        json.load(urlopen(told))["status"],
        json.load(urlopen(OPENFAX, urlencode(FORM).encode()))["Response"],
    ]


def by_http_client() -> list[Any]:
    """By a library that knows no proxies."""
    said = []
    for url, body, headers, key in (
        (IFAX, json.dumps(LETTER), {**KEYS, "Content-Type": "application/json"}, "status"),
        (OPENFAX, urlencode(FORM), {"Content-Type": "application/x-www-form-urlencoded"}, "Response"),
    ):
        parts = urlsplit(url)
        connection = http.client.HTTPSConnection(parts.hostname or "")
        connection.request("POST", parts.path, body, headers)
        said.append(json.load(connection.getresponse())[key])
        connection.close()
    return said


def by_aiohttp() -> list[Any]:
    import aiohttp

    async def send() -> list[Any]:
        async with aiohttp.ClientSession() as session:
            async with session.post(IFAX, json=LETTER, headers=KEYS) as first:
                said = [(await first.json())["status"]]
            async with session.post(OPENFAX, data=FORM) as second:
                return [*said, json.loads(await second.text())["Response"]]

    return asyncio.run(send())


def by_aiohttp_on_uvloop() -> list[Any]:
    import uvloop

    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    return by_aiohttp()


def main(library: str, port: str) -> None:
    heard = threading.Semaphore(0)

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # as the library has it
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            heard.release()

        def log_message(self, *words: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", int(port)), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    said = globals()[f"by_{library}"]()
    told = [heard.acquire(timeout=20) for _ in said]
    server.shutdown()
    server.server_close()
    print(*said, f"heard {sum(told)}")  # noqa: T201  # what the test reads


main(*sys.argv[1:])
