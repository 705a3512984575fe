"""Calls that come at one time: one of them wins, the others are told so, and nothing happens twice."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from emulator.app import App
from emulator.config import Config
from emulator.core.errors import Conflict, NotFound
from emulator.vendors.dialect import new_app
from emulator.vendors.mfax import vendor
from tests.vendors.mfax.conftest import Mfax, error

CALLERS = 12


@pytest.fixture(autouse=True)
def _threads_take_turns_often() -> Iterator[None]:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def at_once(call: Callable[[], requests.Response]) -> Counter[int]:
    """Make the same call from many threads and count the statuses."""
    with ThreadPoolExecutor(CALLERS) as callers:
        return Counter(answer.status_code for answer in callers.map(lambda _: call(), range(CALLERS)))


def test_a_number_is_released_once(mfax: Mfax) -> None:
    for _ in range(3):
        (number,) = mfax.post("/v1/numbers/provision", type="toll-free").json()
        path = f"/v1/numbers/{number['uuid']}/release"
        assert at_once(lambda path=path: mfax.delete(path)) == {204: 1, 400: CALLERS - 1}


def test_a_number_is_provisioned_once(mfax: Mfax) -> None:
    for line in range(3):
        form = {"type": "toll-free", "numbers": f"+188855501{line:02d}"}
        statuses = at_once(lambda form=form: mfax.post("/v1/numbers/provision", **form))
        assert statuses == {200: 1, 400: CALLERS - 1}
    assert mfax.get("/v1/numbers").json()["count"] == 4


def test_random_numbers_go_to_one_caller_each(mfax: Mfax) -> None:
    form = {"type": "toll-free", "quantity": "2"}
    assert at_once(lambda: mfax.post("/v1/numbers/provision", **form)) == {200: CALLERS}
    rows = mfax.get("/v1/numbers", limit=100).json()["rows"]
    assert len({row["number"] for row in rows}) == len(rows) == 2 * CALLERS + 1


def test_the_portals_numbers_are_taken_over_once(mfax: Mfax) -> None:
    mfax.control.vendor("mfax", numbers=[f"+1509555010{digit}" for digit in range(5)])
    assert at_once(lambda: mfax.get("/v1/numbers")) == {200: CALLERS}
    assert mfax.get("/v1/numbers").json()["count"] == 5


@pytest.mark.parametrize(
    ("path", "form", "where"),
    [
        ("/v1/users", {"email": "ada@example.com"}, "/v1/users"),
        ("/v1/tag", {"name": "Urgent"}, "/v1/tag"),
        ("/webhooks", {"name": "Mine", "url": "http://127.0.0.1:9/", "events": "{}"}, "/webhooks"),
    ],
)
def test_an_object_is_removed_once(mfax: Mfax, path: str, form: dict[str, str], where: str) -> None:
    uuid = mfax.post(path, **form).json()["uuid"]
    assert at_once(lambda: mfax.delete(f"{where}/{uuid}")) == {200: 1, 404: CALLERS - 1}


def test_the_history_counts_every_call(mfax: Mfax) -> None:
    assert at_once(lambda: mfax.get("/v1/fax/history")) == {200: 8, 429: CALLERS - 8}


@pytest.mark.parametrize(
    ("trouble", "status", "body"),
    [
        (Conflict("again"), 503, error("ServiceUnavailableError", "Please try again later.")),
        (NotFound("no sandbox"), 404, error("NotFoundError", "Object not found.")),
    ],
)
def test_what_the_store_refuses_is_said_in_the_vendors_words(
    trouble: Exception, status: int, body: dict[str, object]
) -> None:
    program = App(Config(seed="tests"))
    app = new_app(vendor, program.player)
    with app.test_request_context("/v1/numbers"):
        answer = app.make_response(app.handle_user_exception(trouble))
    program.close()
    assert (answer.status_code, answer.get_json()) == (status, body)
