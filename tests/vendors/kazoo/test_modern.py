"""The switch to a 4.3 server: what its envelopes, pages and attachments have more or other."""

from __future__ import annotations

from typing import Any

import pytest

from tests.receiver import Receiver
from tests.vendors.kazoo.client import NUMBER, OPAQUE, Kazoo, unknown
from tests.vendors.kazoo.expected import faxed, sent

URL = {"document": {"url": "http://127.0.0.1:1/x"}, "from_number": NUMBER}


def test_envelopes_have_node_version_and_timestamp(modern: Kazoo) -> None:
    good = modern.get("/faxes/outgoing")
    modern.refused("GET", "/faxes/outgoing/x", unknown("x"))
    assert (good["version"], good["timestamp"]) == ("4.3.142", "2016-03-28T19:02:53Z")
    assert modern.get("/faxes/outgoing")["node"] == good["node"]


@pytest.mark.parametrize("value", ["4.3", 4.3])
@pytest.mark.parametrize("name", ["kazoo.profile", "profile"])
def test_the_switch_is_text_or_number_under_either_name(kazoo: Kazoo, name: str, value: Any) -> None:
    for switch in (value, "4.0"):
        kazoo.control.vendor("kazoo", profile={name: switch})
        kazoo.modern = switch != "4.0"
        assert kazoo.get("/faxes/outgoing")["data"] == []


def test_pages_follow_one_another_by_opaque_keys(modern: Kazoo) -> None:
    jobs = [modern.put("/faxes", {**URL, "to_number": NUMBER})["id"] for _ in range(3)][::-1]
    common = {"attempts": 0, "created": modern.now(), "from": NUMBER, "status": "pending"}
    rows = [{**common, "id": job, "to": NUMBER} for job in jobs]
    first = modern.get("/faxes/outgoing?page_size=2")
    assert first["data"] == rows[:2]
    for key in (first["start_key"], first["next_start_key"]):
        assert OPAQUE.fullmatch(key)
    second = modern.get("/faxes/outgoing", params={"start_key": first["next_start_key"]})
    assert second["data"] == rows[2:]
    assert second["start_key"] == first["next_start_key"]
    assert "next_start_key" not in second
    assert OPAQUE.fullmatch(modern.get("/faxes/inbox")["start_key"])


def test_the_observed_key_is_read(modern: Kazoo) -> None:
    from emulator.vendors.kazoo.lists.paging import _read_opaque

    assert _read_opaque("g2wAAAACbgUAvn1W1A5tAAAACDk4MDE2ODAwag") == (63_691_980_222, 98_016_800)


def test_what_is_finished_keeps_its_system_fields_apart(modern: Kazoo, one_page: bytes) -> None:
    created, fax = modern.now(), modern.sent(one_page)["id"]
    seal = {"created": created, "status": "completed"}
    whole = sent(fax, created, faxed(elapsed=43))
    path = f"/faxes/outbox/{fax}"
    assert modern.get(path)["data"] == {**whole, "_read_only": seal}
    assert modern.answer("DELETE", path)["data"] == {**whole, "_read_only": {**seal, "deleted": True}}


@pytest.mark.parametrize(
    ("call", "stage", "elapsed"),
    [
        ({"delivered": {"ring": 121}}, "originate", 126),
        ({"delivered": {"setup": 121}}, "negotiate", 132),
        ({"delivered": {"per_page": 301}}, "send", 324),
    ],
)
def test_a_worker_of_4_3_has_its_own_patience(
    modern: Kazoo, one_page: bytes, call: dict[str, Any], stage: str, elapsed: int
) -> None:
    modern.scenario(call)
    created, text = modern.now(), f"fax job timed out - {stage}"
    result = faxed(code=500, text=text, cause=None, elapsed=elapsed, sent=0)
    fax = modern.sent(one_page)["id"]
    seal = {"_read_only": {"created": created, "status": "failed"}}
    assert modern.get(f"/faxes/outbox/{fax}")["data"] == sent(fax, created, result, **seal)


def test_attachments_are_pdf_by_name_and_type(modern: Kazoo, document: Any) -> None:
    row = modern.sent(document("scan.tiff"), kind="image/tiff")
    answer = modern.call("GET", f"/faxes/outbox/{row['id']}/attachment")
    assert (answer.headers["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    name = "attachment; filename=fax_document_2016-03-28_19:02:53.pdf"
    assert answer.headers["Content-Disposition"] == name
    fax = modern.receive()
    modern.control.advance()
    answer = modern.call("GET", f"/faxes/inbox/{fax}/attachment")
    assert answer.headers["Content-Type"] == "application/pdf"
    tiff = modern.call("GET", f"/faxes/inbox/{fax}/attachment", headers={"Accept": "image/tiff"})
    assert tiff.headers["Content-Type"] == "image/tiff"
    assert modern.get(f"/faxes/inbox/{fax}")["data"]["from_name"] == "12125550123"


def test_the_strict_server_offers_the_stored_type_and_sends_a_pdf(modern: Kazoo, document: Any) -> None:
    modern.modernise(strict_accept=True)
    row = modern.sent(document("scan.tiff"), kind="image/tiff")
    path = f"/faxes/outbox/{row['id']}/attachment"
    answer = modern.call("GET", path, headers={"Accept": "application/pdf"})
    assert (answer.status_code, answer.content) == (406, b"")
    assert modern.call("GET", path).content[:5] == b"%PDF-"


GONE = (503, "datastore_fault", {"cause": "no attachment found"})


def test_a_deleted_document_is_a_fault_of_the_store(modern: Kazoo, one_page: bytes) -> None:
    fax = modern.sent(one_page)
    path = f"/faxes/outbox/{fax['id']}/attachment"
    gone = modern.answer("DELETE", path)["data"]
    assert gone == {"id": None, "_read_only": {"created": fax["created"], "status": "completed"}}
    modern.refused("GET", path, GONE)


def by_url(kazoo: Kazoo, receiver: Receiver, **document: Any) -> str:
    """Send a fax by URL and delete its document; gives the attachment's path."""
    wanted = {**URL, "document": {"url": f"{receiver.url}/fax.pdf", **document}, "to_number": NUMBER}
    job = kazoo.put("/faxes", wanted)["id"]
    kazoo.control.advance()
    path = f"/faxes/outbox/201603-{job}/attachment"
    kazoo.answer("DELETE", path)
    return path


def test_a_deleted_document_is_fetched_anew_from_its_url_and_kept(
    modern: Kazoo, receiver: Receiver, one_page: bytes, three_pages: bytes
) -> None:
    receiver.answer(200, body=one_page).answer(200, body=three_pages)
    path = by_url(modern, receiver, method="post", content="id=7", content_type="text/csv")
    assert len(receiver.requests) == 1
    for _ in range(2):
        answer = modern.call("GET", path)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
        assert answer.content == three_pages
    first, second = receiver.requests
    asked = [(each.method, each.path, each.body, each.header("Content-Type")) for each in (first, second)]
    assert asked == [("POST", "/fax.pdf", b"id=7", "text/csv")] * 2


@pytest.mark.parametrize(
    ("status", "name"), [(404, "one-page.pdf"), (500, "one-page.pdf"), (200, "not-a-pdf.pdf")]
)
def test_a_deleted_document_whose_url_gives_none_is_a_fault_of_the_store(
    modern: Kazoo, receiver: Receiver, document: Any, status: int, name: str
) -> None:
    receiver.answer(200, body=document("one-page.pdf")).answer(status, body=document(name), times=None)
    path = by_url(modern, receiver)
    for _ in range(2):
        modern.refused("GET", path, GONE)
    assert len(receiver.requests) == 3


def test_the_workers_own_words_are_shown_on_wish(kazoo: Kazoo, three_pages: bytes) -> None:
    kazoo.control.vendor("kazoo", profile={"live_status": True})
    job = kazoo.send(three_pages)["id"]
    seen = []
    for _ in range(180):
        answer = kazoo.call("GET", f"/faxes/outgoing/{job}")
        if not answer.ok:
            break
        word = answer.json()["data"]["status"]
        seen += [word] if seen[-1:] != [word] else []
        kazoo.control.advance(by=0.5)
    assert seen == [
        "attaching_files",
        "pending",
        "preparing",
        "negotiating",
        "Fax negotiated at 14400",
        "Sent Page 1 of 3",
        "Sent Page 2 of 3",
        "Sent Page 3 of 3",
        "not available",
    ]
