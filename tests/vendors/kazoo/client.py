"""A client of one Kazoo account, which compares the whole envelope of every answer that it reads."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import requests

from tests.conftest import Control, exchange

NUMBER = "18884732963"
UNTRIED = {
    "error_message": "",
    "fax_bad_rows": 0,
    "fax_error_correction": False,
    "fax_receiver_id": "",
    "fax_speed": 0,
    "pages_sent": 0,
    "success": False,
    "time_elapsed": 0,
}
GREGORIAN = 62_167_219_200
GOOD = {"document": {"url": "http://x.test/a.pdf"}, "from_number": NUMBER, "to_number": NUMBER}
BY_URL = {"from_number": NUMBER, "to_number": NUMBER}
ASKED = "asked by a test"
"""The request id that the client asks for, so that it is known what every answer has to echo."""
REVISION = re.compile(r"([1-9][0-9]*-)?[0-9a-f]{32}")
OPAQUE = re.compile(r"g2w[\w-]+")

UNKNOWN_TOKEN = (401, "invalid credentials", {})
NO_TOKEN = (401, "invalid_credentials", {"message": "invalid credentials"})
FORBIDDEN = (403, "forbidden", {"message": "forbidden"})
NOT_FOUND = (404, "not_found", {"message": "not found"})
INVALID_METHOD = (405, "invalid_method", {"message": "method not allowed"})
VALIDATION = "validation error"
BAD_JSON = (400, VALIDATION, {"json": {"invalid": {"message": "All JSON must be valid", "target": "body"}}})
NO_DATA = (
    400,
    VALIDATION,
    {"data": {"required": {"message": "Field is required but missing", "value": "data"}}},
)


def unknown(identifier: str) -> tuple[int, str, dict[str, Any]]:
    """Give the error of an id that nothing has."""
    return 404, "bad_identifier", {"cause": identifier, "message": "bad identifier"}


def own_fault(message: str) -> tuple[int, str, dict[str, Any]]:
    """Give the error that the server takes for its own."""
    return 500, message, {"message": message}


def plain(method: str, url: str, **options: Any) -> requests.Response:
    """Call without a token; the request id is the known one."""
    headers = {"X-Request-ID": ASKED, **options.pop("headers", {})}
    return exchange(method, url, headers=headers, **options)


def check(answer: requests.Response, token: str, *, modern: bool = False) -> Any:
    """Compare all of an answer but `data`, an error's `message` and the keys of pages; give its body."""
    body = answer.json()
    whole = {"data": body["data"], "request_id": ASKED, "auth_token": token}
    if answer.ok:
        assert REVISION.fullmatch(body["revision"])
        assert answer.headers["ETag"] == f'"{body["revision"]}"'
        paging = {name: body[name] for name in ("start_key", "next_start_key") if name in body}
        if paging:
            paging["page_size"] = len(body["data"])
        whole |= {"status": "success", "revision": body["revision"], **paging}
    else:
        whole |= {"status": "error", "error": str(answer.status_code), "message": body["message"]}
    if modern:
        assert re.fullmatch(r"[\w-]{22}", body["node"])
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", body["timestamp"])
        whole |= {"node": body["node"], "version": "4.3.142", "timestamp": body["timestamp"]}
    assert body == whole
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["X-Request-ID"] == ASKED
    assert answer.headers["Expires"] == "Fri, 01 Jan 1999 00:00:00 GMT"
    return body


def refusal(
    answer: requests.Response,
    status: int,
    message: str,
    data: Any,
    *,
    token: str = "",
    modern: bool = False,
) -> None:
    """Compare the whole of an error; `token` is what the call was let in with."""
    assert answer.status_code == status, answer.text
    body = check(answer, token, modern=modern)
    assert (body["message"], body["data"]) == (message, data)


class Kazoo:
    """Calls one account with its own token; paths are those below `/v2/accounts/{account}`."""

    def __init__(self, control: Control) -> None:
        self.control = control
        self.credentials = control.credentials("kazoo")
        self.account = self.credentials["account"]
        self.token = self.credentials["X-Auth-Token"]
        self.root = control.base_url("kazoo") + "/v2"
        self.base = f"{self.root}/accounts/{self.account}"
        self.modern = False

    def modernise(self, **switches: Any) -> None:
        """Move the account to a 4.3 server."""
        self.control.vendor("kazoo", profile={"kazoo.profile": "4.3", **switches})
        self.modern = True

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Call a path of the account, or another URL, with the account's token."""
        headers = {"X-Auth-Token": self.token, **options.pop("headers", {})}
        url = path if path.startswith("http") else self.base + path
        return plain(method, url, headers=headers, **options)

    def get(self, path: str, **options: Any) -> Any:
        return self.answer("GET", path, **options)

    def answer(self, method: str, path: str, status: int = 200, **options: Any) -> Any:
        """Call and give the body of a success, its envelope compared."""
        answer = self.call(method, path, **options)
        assert answer.status_code == status, answer.text
        return check(answer, self.token, modern=self.modern)

    def refused(
        self, method: str, path: str, error: tuple[int, str, Any], *, token: str | None = None, **options: Any
    ) -> None:
        """Call and compare the whole error: status, message, data."""
        token = self.token if token is None else token
        refusal(self.call(method, path, **options), *error, token=token, modern=self.modern)

    def put(self, path: str, data: Any, **beside: Any) -> Any:
        """PUT an envelope with this data and give the answer's data."""
        return self.answer("PUT", path, 201, json={"data": data, **beside})["data"]

    def breaks(self, path: str, data: Any, rules: Any, method: str = "PUT", **beside: Any) -> None:
        """Send an envelope with data that breaks these rules, which are the whole of the answer's data."""
        self.refused(method, path, (400, VALIDATION, rules), json={"data": data, **beside})

    def send(self, content: bytes = b"Hello", to: str = NUMBER, kind: str | None = None, **more: Any) -> Any:
        """Upload a document, under its own type if none is said, and give the data of the answer."""
        kind = kind or ("text/plain" if content == b"Hello" else "application/pdf")
        meta = {"data": {"from_number": NUMBER, "to_number": to, **more}}
        return self.answer("PUT", "/faxes", 201, files=parts(meta, content, kind))["data"]

    def sent(self, *arguments: Any, **more: Any) -> Any:
        """Upload a document, let everything happen, and give it as the outbox shows it."""
        job = self.send(*arguments, **more)["id"]
        self.control.advance()
        return self.ended(job)

    def status(self, job: str) -> str:
        """Give the word that a job in the queue shows."""
        return str(self.get(f"/faxes/outgoing/{job}")["data"]["status"])

    def ended(self, job: str) -> Any:
        """Give the row of the outbox that a job has become."""
        return next(row for row in self.get("/faxes/outbox")["data"] if row["id"].endswith(job))

    def scenario(self, *attempts: Any, **more: Any) -> None:
        """Queue a scenario for the next fax."""
        body = {"match": {"vendor": "kazoo"}, "attempts": list(attempts) or ["delivered"], **more}
        self.control.call("POST", f"/sandboxes/{self.control.id}/scenarios/next", 201, json=body)

    def receive(self, **more: Any) -> str:
        """Let somebody fax us; gives the fax's id here."""
        body = {"vendor": "kazoo", "to": NUMBER, "from": "12125550123", **more}
        told = self.control.call("POST", f"/sandboxes/{self.control.id}/inbound", 201, json=body)
        return str(told["vendor_view"]["id"])

    def told(self) -> list[dict[str, Any]]:
        """Give the e-mails and text messages that were written down, oldest first, without id and instant."""
        page = self.control.call("GET", f"/sandboxes/{self.control.id}/notifications", 200)
        rows = page["notifications"][::-1]
        return [{key: value for key, value in row.items() if key not in ("id", "at")} for row in rows]

    def now(self) -> int:
        """Give the sandbox's instant in Gregorian seconds."""
        return int(datetime.fromisoformat(self.control.now()).timestamp()) + GREGORIAN


def parts(meta: Mapping[str, Any], content: bytes, kind: str = "application/pdf") -> list[Any]:
    """Give the two parts of a multipart create."""
    return [
        ("content", ("fax.json", json.dumps(meta), "application/json")),
        ("content", ("fax.pdf", content, kind)),
    ]


def digest(kazoo: Kazoo, method: str = "md5") -> str:
    """Give what a login shows for user and password."""
    text = f"{kazoo.credentials['user']}:{kazoo.credentials['password']}"
    return hashlib.new(method, text.encode()).hexdigest()


def log_in(kazoo: Kazoo, **data: Any) -> requests.Response:
    """Call user_auth with the account's own words but for those in `data`; None leaves one out."""
    wanted = {"credentials": digest(kazoo), "account_name": kazoo.credentials["account_name"]} | data
    wanted = {key: value for key, value in wanted.items() if value is not None}
    return plain("PUT", f"{kazoo.root}/user_auth", json={"data": wanted})


def login(kazoo: Kazoo, **data: Any) -> Any:
    """Log in and give the whole body, its envelope compared."""
    answer = log_in(kazoo, **data)
    assert answer.status_code == 201, answer.text
    return check(answer, answer.json()["auth_token"], modern=kazoo.modern)
