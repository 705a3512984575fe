"""A body over the limit is answered in each vendor's own dialect."""

from __future__ import annotations

from typing import Any

import requests

from tests.conftest import WAIT, Control

TOO_MUCH = 140 * 2**20


def answer(control: Control, path: str, headers: dict[str, str]) -> tuple[int, str, Any]:
    said = requests.post(
        control.url + path,
        data=b"0" * TOO_MUCH,
        headers={"Content-Type": "application/x-www-form-urlencoded", **headers},
        timeout=WAIT,
    )
    return said.status_code, said.headers["Content-Type"].partition(";")[0], said.json()


def test_mfax_says_413_in_its_error_object(control: Control) -> None:
    headers = {"Authorization": f"Basic {control.credentials('mfax')['apiKey']}"}
    message = "The request is too large."
    error = {"error": {"name": "RequestEntityTooLargeError", "message": message}}
    assert answer(control, "/mfax/v1/faxes", headers) == (413, "application/json", error)


def test_faxto_says_413_as_a_failed_call(control: Control) -> None:
    failed = {"status": "failed", "message": "Request Entity Too Large"}
    headers = {"api_key": control.credentials("faxto")["api_key"]}
    assert answer(control, "/faxto/api/v2/fax", headers) == (413, "application/json", failed)
