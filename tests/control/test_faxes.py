"""Faxes on the control plane: found, waited for, cancelled, deleted; their documents."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Control
from tests.control.shown import document, inbound
from tests.receiver import Receiver
from tests.sending import send

Sent = Callable[..., dict[str, Any]]


def found(control: Control, query: str) -> list[str]:
    return [fax["id"] for fax in control.call("GET", f"/sandboxes/{control.id}/faxes?{query}", 200)["faxes"]]


# found
def test_filters_narrow_the_list(control: Control, sent: Sent) -> None:
    sent("+12125550123")
    control.advance(by="1h")
    noon = control.now()
    sent("+15005550002")
    send(control, "mfax", "+13105550123")
    inbound(control)
    queries = {
        "": ["fax-4", "fax-3", "fax-2", "fax-1"],
        "vendor=mfax": ["fax-3"],
        "direction=inbound": ["fax-4"],
        "to=%2B12125550123": ["fax-1"],
        "to=12125550123": ["fax-1"],
        "to=*0123": ["fax-3", "fax-1"],
        "from=%2B13105550123": ["fax-4"],
        "state=failed": ["fax-2"],
        f"since={noon}&direction=outbound": ["fax-3", "fax-2"],
        "state=delivered&vendor=mfax": [],
    }
    assert {query: found(control, query) for query in queries} == queries


def test_filtered_list_goes_on_at_its_cursor(control: Control) -> None:
    for number in range(5):
        send(control, "ifax", f"+1212555012{number % 2}")
    path = f"/sandboxes/{control.id}/faxes?to=*0120&limit=2"
    first = control.call("GET", path, 200)
    second = control.call("GET", f"{path}&after={first['next']}", 200)
    ids = [[fax["id"] for fax in each["faxes"]] for each in (first, second)]
    assert (ids, second["next"]) == ([["fax-5", "fax-3"], ["fax-1"]], None)


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ("state=sent", "state", "unknown word 'sent'"),
        ("wait=2h", "wait", "an answer is held for 60 seconds at most."),
        ("limit=0", "limit", "Must be greater than or equal to 1"),
        ("colour=red", "colour", "unknown key"),
        ("vendor=nope", "vendor", "no vendor nope; there are openfax, kazoo, ifax, mfax, faxto"),
        ("since=noon", "since", "an instant is ISO 8601"),
    ],
)
def test_wrong_filter_is_refused(control: Control, query: str, field: str, message: str) -> None:
    error = control.call("GET", f"/sandboxes/{control.id}/faxes?{query}", 400)["error"]
    assert (error["code"], error["field"]) == ("invalid", field)
    assert error["message"].startswith(message)


# waited for
def test_answer_is_held_until_a_fax_matches(control: Control) -> None:
    answers: list[Any] = []
    path = f"/sandboxes/{control.id}/faxes?state=delivered&wait=60s"  # longer than the client has patience
    waiting = threading.Thread(target=lambda: answers.append(control.call("GET", path, 200)))
    waiting.start()
    send(control, "ifax")
    control.advance()
    waiting.join()
    assert [fax["id"] for fax in answers[0]["faxes"]] == ["fax-1"]


def test_held_answer_ends_empty_when_nothing_comes(control: Control) -> None:
    answer = control.call("GET", f"/sandboxes/{control.id}/faxes?wait=0.05s", 200)
    assert answer == {"faxes": [], "next": None}


# cancelled
def test_fax_is_cancelled_as_in_a_portal(control: Control) -> None:
    send(control, "ifax")
    path = f"/sandboxes/{control.id}/faxes/fax-1/cancel"
    assert control.call("POST", path, 200)["state"] == "cancelled"
    assert control.call("POST", path, 409) == {
        "error": {"code": "illegal", "message": "a fax that is cancelled cannot cancel"}
    }


# documents
def test_document_is_given_in_every_form(control: Control, sent: Sent) -> None:
    from PIL import Image

    fax = sent(count=3)
    pdf = document(control, fax["id"])
    assert (pdf.headers["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert pdf.headers["X-Content-Type-Options"] == "nosniff"
    assert pdf.headers["Content-Disposition"] == 'attachment; filename="fax-1.pdf"'
    tiff = Image.open(io.BytesIO(document(control, fax["id"], format="tiff").content))
    assert (tiff.size[0], tiff.mode, getattr(tiff, "n_frames", 1)) == (1728, "1", 3)
    pages = [document(control, fax["id"], format="png", page=page).content for page in (1, 2)]
    assert pages[0] != pages[1]
    assert Image.open(io.BytesIO(pages[0])).format == "PNG"
    text = document(control, fax["id"], format="text")
    assert text.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert [page.strip() for page in text.text.split("\f")] == ["Page 1", "Page 2", "Page 3"]


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ({"format": "png", "page": 4}, "page", "page 4 of 3"),
        ({"format": "docx"}, "format", "unknown word 'docx'. Known: pdf, tiff, png, text."),
        ({"page": "x"}, "page", "Not a valid integer."),
    ],
)
def test_form_or_page_that_is_not_there_is_refused(
    control: Control, sent: Sent, query: dict[str, Any], field: str, message: str
) -> None:
    answer = document(control, sent(count=3)["id"], **query)
    assert answer.status_code == 400
    assert answer.json() == {"error": {"code": "invalid", "message": message, "field": field}}


def test_unknown_fax_has_no_document(control: Control) -> None:
    answer = document(control, "fax-9")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


def test_fax_that_has_ended_is_deleted_with_its_webhooks(control: Control, receiver: Receiver) -> None:
    control.vendor("ifax", webhooks={"outbound": receiver.url})
    send(control, "ifax")
    where = f"/sandboxes/{control.id}/faxes/fax-1"
    control.call("DELETE", where, 409)
    control.advance()
    control.call("DELETE", where, 204)
    control.call("GET", where, 404)
    assert (control.faxes(), control.webhooks()) == ([], [])
    assert control.call("GET", f"/sandboxes/{control.id}/counts", 200)["total"] == 0
    send(control, "ifax")
    assert [fax["id"] for fax in control.faxes()] == ["fax-2"]


def test_fax_tells_how_its_webhooks_stand(control: Control) -> None:
    control.vendor("ifax", webhooks={"outbound": "http://127.0.0.1:1/hook"})
    send(control, "ifax")
    assert control.call("GET", f"/sandboxes/{control.id}/faxes/fax-1?full=true", 200)["webhooks"] == []
    control.advance()
    [told] = control.call("GET", f"/sandboxes/{control.id}/faxes/fax-1?full=true", 200)["webhooks"]
    [posted] = control.webhooks()
    assert told == {
        "id": posted["id"],
        "event": "fax.sent",
        "state": posted["state"],
        "tries": len(posted["attempts"]),
        "status": None,
        "error": "unreachable",
        "due_at": posted["due_at"],
    }
