"""How a client shows its key: in the header, as HTTP authentication, as a parameter."""

from __future__ import annotations

import pytest
import requests

from tests.conftest import WAIT, exchange
from tests.vendors.ifax.client import JOB, Ifax, path_of

WRONG = {"status": 0, "code": 12001, "message": "accessToken invalid"}


def status(ifax: Ifax, **options: object) -> object:
    """Ask for a status without the header."""
    return exchange("POST", ifax.base + path_of("status"), **options).json()


def test_the_key_is_the_user_of_http_authentication(ifax: Ifax) -> None:
    ifax.send()
    # curl -u KEY: -d '{"jobId": …}'
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    shown = status(ifax, auth=(ifax.key, ""), data=f'{{"jobId":{JOB}}}', headers=form)
    assert shown == {"status": 1, "message": "Fax status response", "data": ifax.status(JOB)}
    assert status(ifax, auth=("nobody", ""), json={"jobId": JOB}) == WRONG
    assert status(ifax, auth=("", ifax.key), json={"jobId": JOB}) == WRONG


@pytest.mark.parametrize("place", ["json", "data", "params"])
def test_the_key_is_a_parameter(ifax: Ifax, place: str) -> None:
    ifax.send()
    told = {"accessToken": ifax.key, "jobId": JOB}
    asked = {"params": {"accessToken": ifax.key}, "json": {"jobId": JOB}}
    wanted = asked if place == "params" else {place: told}
    assert status(ifax, **wanted) == {"status": 1, "message": "Fax status response", "data": ifax.status(JOB)}
    nobody = {place: {"accessToken": "nobody", "jobId": JOB}}
    assert status(ifax, **nobody) == WRONG


def test_the_header_comes_before_other_keys(ifax: Ifax) -> None:
    headers = {"accessToken": "nobody"}
    assert status(ifax, headers=headers, json={"accessToken": ifax.key, "jobId": JOB}) == WRONG
    assert status(ifax, json={"accessToken": [ifax.key]}) == WRONG
    url = ifax.base + path_of("status")
    assert requests.post(url, data=b"{", timeout=WAIT).json() == WRONG
