"""Forms where no script sends them: the server does what they ask, and refuses what a program may not do."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
import requests

from tests.conftest import WAIT, Control
from tests.sending import pages


def post(control: Control, path: str, data: dict[str, str], **options: object) -> requests.Response:
    """Post a form as a browser does without a script, and do not go where it sends one."""
    headers = {"Accept": "text/html", "Referer": f"{control.url}/sandboxes/{control.id}/connect?as=php"}
    return requests.post(
        f"{control.url}/form/{path.replace('{box}', f'sandboxes/{control.id}')}",
        data=data,
        headers={**headers, **options.pop("headers", {})},  # type: ignore[dict-item]
        allow_redirects=False,
        timeout=WAIT,
        **options,  # type: ignore[arg-type]
    )


def said(answer: requests.Response) -> str:
    return unquote(answer.cookies["localfax-said"])


def test_account_is_set_as_by_the_script(control: Control) -> None:
    given = {
        "webhooks.outbound": "http://127.0.0.1:1/x", "webhooks.inbound": "", "balance": "12.5",
        "numbers": "+12125550100\r\n+12125550101\r\n",
    }  # fmt: skip
    answer = post(control, "PATCH/{box}/vendors/ifax", given)
    assert (answer.status_code, said(answer)) == (303, "+Done.")
    assert answer.headers["Location"] == f"/sandboxes/{control.id}/connect?as=php"
    own = control.vendor("ifax")
    assert own["webhooks"]["outbound"]["url"] == "http://127.0.0.1:1/x"
    assert (float(own["balance"]), own["active"]) == (12.5, False)  # no tick, not active
    assert own["numbers"] == ["+12125550100", "+12125550101"]


def test_outcome_is_queued_and_a_document_received(control: Control) -> None:
    post(control, "POST/{box}/scenarios/next", {"match.to": "", "match.vendor": "mfax", "attempts[]": "busy"})
    queue = control.call("GET", f"/sandboxes/{control.id}/scenarios")["queue"]
    assert [(each["match"], each["attempts"]) for each in queue] == [({"vendor": "mfax"}, ["busy"])]
    call = {"vendor": "ifax", "to": "+12125550100", "from": "+13105550123", "force": "true", "pages": "9"}
    answer = post(
        control, "POST/{box}/inbound?then=/{box}/faxes/{id}", call,
        files={"document": ("x.pdf", pages(2), "application/pdf")},
    )  # fmt: skip
    assert answer.headers["Location"] == f"/sandboxes/{control.id}/faxes/fax-1"
    assert control.fax("fax-1")["pages"]["total"] == 2


def test_refusal_is_said_on_the_page_that_it_came_from(control: Control) -> None:
    answer = post(control, "POST/{box}/clock/advance", {"by": "<b>never</b>"})
    assert answer.headers["Location"] == f"/sandboxes/{control.id}/connect?as=php"
    assert said(answer).startswith("-")
    page = requests.get(f"{control.url}{answer.headers['Location']}", cookies=answer.cookies, timeout=WAIT)
    assert "<b>never" not in page.text
    assert "Max-Age=0" in page.headers["Set-Cookie"]


CLASHING = {
    "a|" * 5000: "[" * 5000,
    "pages": "[" * 5000,
    "a": "x",
    "a.b": "y",
    ".": "z",
    "balance": "9" * 5000,
}
HOSTILE = (
    ("GET/{box}", 404), ("PUT/{box}", 404), ("POST/{box}/nothing", 303), ("POST/%00", 303),
    ("POST/..%2f..", 303), ("POST/{box}/reset?then=//evil.example", 303),
    ("POST/{box}/reset?then=https://evil.example", 303),
)  # fmt: skip


@pytest.mark.parametrize(("path", "status"), HOSTILE)
def test_nobody_is_led_elsewhere(control: Control, path: str, status: int) -> None:
    answer = post(control, path, CLASHING, headers={"Referer": "https://evil.example/x"})
    assert (answer.status_code, answer.headers.get("Location")) == (status, "/" if status == 303 else None)


def test_page_of_another_origin_sends_no_form(control: Control) -> None:
    answer = post(control, "POST/{box}/reset", {}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
