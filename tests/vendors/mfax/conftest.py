"""A client of mFax as its users write them: requests, a raw key after `Basic`, forms."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
import requests

from emulator import documents
from tests.conftest import Control, exchange
from tests.receiver import Receiver

if TYPE_CHECKING:
    from tests.vendors.mfax.world import World

pytest.register_assert_rewrite("tests.vendors.mfax.bodies")

NUMBER = "+12125550123"
UNKNOWN = "d1077489-5ea1-4db1-9760-853f175e8288"
"""An id of the vendor's samples that no object has."""


class Mfax:
    """Calls mFax of one sandbox with one of its keys."""

    def __init__(self, control: Control, key: str = "apiKey") -> None:
        self.control = control
        self.base = control.base_url("mfax")
        self.headers = {"Authorization": f"Basic {control.credentials('mfax')[key]}"}

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        headers = self.headers | options.pop("headers", {})
        return exchange(method, self.base + path, headers=headers, **options)

    def get(self, path: str, **query: Any) -> requests.Response:
        return self.call("GET", path, params=query)

    def post(self, path: str, **form: Any) -> requests.Response:
        return self.call("POST", path, data=form)

    def patch(self, path: str, **form: Any) -> requests.Response:
        return self.call("PATCH", path, data=form)

    def delete(self, path: str) -> requests.Response:
        return self.call("DELETE", path)

    def upload(
        self, path: str, *files: tuple[str, bytes], part: str = "attachments", **form: Any
    ) -> requests.Response:
        """Post a multipart form with file parts of that name, in order."""
        parts: list[Any] = [(part, each) for each in files]
        parts += [(name, (None, value)) for name, value in form.items()]
        return self.call("POST", path, files=parts)

    def send(self, content: bytes, to: str = NUMBER, **form: Any) -> dict[str, Any]:
        """Send a fax and give the answer."""
        answer = self.upload("/v1/faxes", ("fax.pdf", content), faxNumber=to, **form)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def info(self, message: str) -> dict[str, Any]:
        answer = self.get(f"/v1/fax/{message}/info")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def me(self) -> dict[str, Any]:
        return dict(self.get("/v1/me").json())


@pytest.fixture
def control(server: Control) -> Control:
    """A fresh sandbox whose ids and instants are the same each time: answers can be written down."""
    from tests.vendors.mfax.bodies import BODIES

    return server.create(**BODIES["sandbox"])


@pytest.fixture
def mfax(control: Control) -> Mfax:
    """mFax of a fresh sandbox, with the admin's key."""
    return Mfax(control)


@pytest.fixture
def base_user(mfax: Mfax) -> Mfax:
    """The same sandbox with the key of the base level."""
    return Mfax(mfax.control, "baseApiKey")


@pytest.fixture
def pdf(document: Callable[[str], bytes]) -> bytes:
    """A PDF of one page."""
    return document("one-page.pdf")


@pytest.fixture
def world(mfax: Mfax, pdf: bytes) -> World:
    """A sandbox in which every operation has something to work on."""
    from tests.vendors.mfax.world import World

    return World(mfax, pdf)


def texts(mfax: Mfax) -> list[str]:
    """Give the text of each page of the newest fax, as its client downloads it."""
    message = mfax.control.faxes()[0]["vendor_view"]["id"]
    return documents.text_of(mfax.get(f"/v1/fax/{message}/download").content)


def subscribe(
    mfax: Mfax, receiver: Receiver, *events: str, path: str = "/hook", **form: str
) -> dict[str, Any]:
    """Make a webhook for these events."""
    wanted = json.dumps(dict.fromkeys(events, True))
    answer = mfax.post("/webhooks", name="Mine", url=receiver.url + path, events=wanted, **form)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


NOWHERE = "Resource not found."
"""What is said of a path that does not exist."""


TOO_MANY = (
    "Too many requests: 8 a minute. Try again in {seconds} seconds of the sandbox's clock, which stands."
)
"""What is said of a ninth call of the history within a minute."""


def error(name: str, message: str) -> dict[str, Any]:
    """Give the body of an error."""
    return {"error": {"name": name, "message": message}}


def refused(answer: requests.Response) -> tuple[int, str, str]:
    """Give status, name and message of an error; its body has nothing else."""
    body = answer.json()
    assert list(body) == ["error"]
    assert list(body["error"]) == ["name", "message"]
    return answer.status_code, body["error"]["name"], body["error"]["message"]
