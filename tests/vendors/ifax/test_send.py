"""fax-send: every way to hand over a document, and what becomes of it."""

from __future__ import annotations

from base64 import b64encode

import pytest
import requests

from tests.conftest import WAIT
from tests.receiver import Receiver
from tests.vendors.ifax.client import JOB, TO, Ifax, attachment, document, fax_object
from tests.vendors.ifax.sent import delivered


def pdf_text(ifax: Ifax) -> str:
    """Give the text of the document of the newest fax, as the receiver has it."""
    fax = ifax.control.faxes()[0]["id"]
    root = f"{ifax.control.root}/sandboxes/{ifax.control.id}"
    answer = requests.get(f"{root}/faxes/{fax}/document", params={"format": "text"}, timeout=WAIT)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_a_sent_fax_is_delivered_with_the_whole_fax_object(ifax: Ifax) -> None:
    answer = ifax.call(
        "send", {"faxNumber": TO, "callerId": "+12125550100", "faxData": [attachment("three-pages.pdf")]}
    )
    assert answer.text == f'{{"status":1,"message":"Fax processed for sending","data":{{"jobId":{JOB}}}}}'
    first = {
        "jobId": JOB,
        "fromNumber": "+12125550100",
        "toNumber": TO,
        "faxCallLength": 0,
        "faxCallStart": 1767323045,
        "faxCallEnd": 0,
        "faxTotalPages": 3,
        "faxTransferredPages": 0,
        "faxStatus": "sending",
        "message": "Pre-processing",
        "code": -11,
    }
    assert ifax.status(JOB) == first
    assert ifax.finish(JOB) == first | {
        "faxCallLength": 64,
        "faxCallEnd": 1767323109,
        "faxTransferredPages": 3,
        "faxStatus": "delivered",
        "message": "NORMAL_CLEARING",
        "code": 0,
    }


def test_a_fax_on_the_line_is_processed_for_sending(ifax: Ifax) -> None:
    job = ifax.send()
    ifax.control.advance(until={"fax": ifax.control.faxes()[0]["id"], "state": "transmitting"})
    assert ifax.status(job) == fax_object(JOB, "sending", -3)


def test_a_partial_send_has_fewer_transferred_than_total_pages(ifax: Ifax) -> None:
    to = "+15005550005"
    fax = ifax.finish(ifax.send(to, attachment("three-pages.pdf")))
    assert fax == fax_object(JOB, "failed", 9009, to=to, pages=3, sent=1, seconds=41)


def test_several_files_and_page_ranges_become_one_document(ifax: Ifax) -> None:
    job = ifax.send(TO, attachment("three-pages.pdf", pages=["2-3", "1"]), attachment(pages=[1]))
    assert ifax.finish(job) == delivered(4)
    text = pdf_text(ifax)
    places = [text.index(f"Page {number} of 3") for number in (2, 3, 1)]
    assert places == sorted(places)


@pytest.mark.parametrize("name", ["photo.png", "photo.jpg", "scan.tiff"])
def test_an_image_is_faxed(ifax: Ifax, name: str) -> None:
    assert ifax.finish(ifax.send(TO, attachment(name))) == delivered(2 if name == "scan.tiff" else 1)


@pytest.mark.parametrize("name", ["encrypted.pdf", "truncated.pdf", "zero-pages.pdf", "not-a-pdf.pdf"])
def test_a_document_that_cannot_be_converted_fails_later(ifax: Ifax, name: str) -> None:
    fax = ifax.finish(ifax.send(TO, attachment(name)))
    assert fax == fax_object(JOB, "failed", 9042, pages=0, seconds=1)


def test_text_under_a_pdf_name_cannot_be_converted(ifax: Ifax) -> None:
    job = ifax.send(TO, attachment("letter.txt") | {"fileName": "letter.pdf"})
    assert ifax.finish(job) == fax_object(JOB, "failed", 9042, pages=0, seconds=1)


def test_no_page_range_is_all_pages(ifax: Ifax) -> None:
    assert ifax.finish(ifax.send(TO, attachment("three-pages.pdf", pages=[]))) == delivered(3)


@pytest.mark.parametrize("pages", [["4"], ["2-9"], ["1-5", "2", "1-10"], ["1", "99999"]])
def test_pages_beyond_the_document_cannot_be_converted(ifax: Ifax, pages: list[str]) -> None:
    assert ifax.finish(ifax.send(TO, attachment("three-pages.pdf", pages=pages))) == fax_object(
        JOB, "failed", 9042, pages=0, seconds=1
    )


def test_pages_beyond_a_document_that_is_fetched_end_alike(ifax: Ifax, receiver: Receiver) -> None:
    receiver.answer(200, document("three-pages.pdf"))
    job = ifax.send(TO, {"fileName": "abc.pdf", "fileUrl": f"{receiver.url}/abc.pdf", "pages": ["3-4"]})
    assert ifax.finish(job) == fax_object(JOB, "failed", 9042, pages=0, seconds=1)


def test_coverage_says_what_becomes_of_pages_beyond_the_document(ifax: Ifax) -> None:
    vendors = ifax.control.call("GET", "/coverage", 200)["vendors"]
    rows = next(each for each in vendors if each["vendor"] == "ifax")["documents"]
    row = next(each for each in rows if each["name"] == "pages beyond the document")
    assert row == {
        "name": "pages beyond the document",
        "text": "the fax is accepted and fails with 9042",
        "evidence": "assumed",
        "source": "a file behind a URL has no known length at submit, and the service accepts unseen content",
    }


def test_the_cover_page_is_drawn_before_the_document(ifax: Ifax) -> None:
    job = ifax.send(
        subject="test subject", from_name="abc", to_name="xyz", message="sample fax", templateId="0000"
    )
    assert ifax.finish(job) == delivered(2)
    cover = pdf_text(ifax).partition("\f")[0]
    for text in ("test subject", "abc", "xyz", "sample fax", TO, "Pages:\n2"):
        assert text in cover


def test_a_forwarded_cover_page_names_its_own_number_and_sender(ifax: Ifax) -> None:
    job = ifax.send(TO, attachment("three-pages.pdf"), subject="test subject")
    other, own = "+12125550124", "+12125550100"
    assert ifax.body("forward", jobId=job, faxNumber=other, callerId=own)["status"] == 1
    cover, *pages = pdf_text(ifax).split("\f")
    assert (other in cover, own in cover, TO in cover) == (True, True, False)
    assert ("test subject" in cover, "Pages:\n4" in cover, len(pages)) == (True, True, 3)


def test_a_template_alone_gives_a_cover_page(ifax: Ifax) -> None:
    assert ifax.finish(ifax.send(templateId="0000")) == delivered(2)


def test_send_at_keeps_the_fax_until_its_time(ifax: Ifax) -> None:
    job = ifax.send(send_at="2027-01-02T00:55:31.820Z")
    ifax.control.advance(by="1h")
    assert ifax.status(job) == fax_object(JOB, "sending", -11)
    assert ifax.control.faxes()[0]["state"] == "scheduled"
    # A year, less 2 h 8 min 33.18 s, and the 35.9 s of the call.
    assert ifax.finish(job) == fax_object(JOB, "delivered", 0, sent=1, seconds=31_528_322)


def test_send_at_in_the_past_sends_at_once(ifax: Ifax) -> None:
    assert ifax.finish(ifax.send(send_at="2019-11-14T00:55:31.820Z")) == delivered(1)


@pytest.mark.parametrize(("quality", "seconds"), [("Low", 10), ("Standard", 10), ("HD", 15)])
def test_a_better_quality_takes_longer(ifax: Ifax, quality: str, seconds: int) -> None:
    ifax.finish(ifax.send(faxQuality=quality))
    call = ifax.control.faxes()[0]["attempts"][0]
    assert int(call["duration"] - 12 - 3.5) == seconds


def test_a_file_is_fetched_by_url(ifax: Ifax, receiver: Receiver) -> None:
    receiver.answer(200, document("three-pages.pdf"))
    url = receiver.url.replace("://", "://user:secret@") + "/abc.pdf"
    job = ifax.send(TO, {"fileName": "abc.pdf", "fileUrl": url})
    assert receiver.requests == []
    assert ifax.finish(job) == delivered(3)
    (fetch,) = receiver.requests
    assert (fetch.method, fetch.path, fetch.auth) == ("GET", "/abc.pdf", "user:secret")


def test_urls_and_data_are_put_together_in_order(ifax: Ifax, receiver: Receiver) -> None:
    receiver.answer(200, document("three-pages.pdf"), path="/a")
    receiver.answer(200, document("photo.png"), path="/c")
    job = ifax.send(
        TO,
        {"fileName": "a.pdf", "fileUrl": f"{receiver.url}/a", "pages": ["3"]},
        attachment("three-pages.pdf", pages=["1"]),
        {"fileName": "c.png", "fileUrl": f"{receiver.url}/c"},
        subject="cover",
    )
    assert ifax.finish(job) == delivered(4)
    text = pdf_text(ifax)
    assert text.index("cover") < text.index("Page 3 of 3") < text.index("Page 1 of 3")


@pytest.mark.parametrize(("status", "body"), [(404, b""), (200, b"<html>no pdf</html>"), (200, b"no pdf")])
def test_a_url_that_gives_no_document_fails_the_fax(
    ifax: Ifax, receiver: Receiver, status: int, body: bytes
) -> None:
    receiver.answer(status, body)
    fax = ifax.finish(ifax.send(TO, {"fileName": "abc.pdf", "fileUrl": f"{receiver.url}/abc.pdf"}))
    assert fax == fax_object(JOB, "failed", -1004 if status == 404 else 9042, pages=0, seconds=1)


def test_word_files_are_taken_by_a_switch(ifax: Ifax, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")  # no converter is installed
    word = {"fileName": "a.docx", "fileData": b64encode(b"PK\x03\x04 word/document.xml: a switch").decode()}
    assert ifax.code("send", faxNumber=TO, faxData=[word]) == 120109
    ifax.control.vendor("ifax", profile={"office_files": True})
    ifax.finish(ifax.send(TO, word))
    (fax,) = ifax.control.faxes()
    assert fax["outcome"] == "conversion_failed"
    assert fax["document"]["problem"] == "no converter for docx here: install LibreOffice"


def test_the_from_number_defaults_to_the_first_of_the_account(ifax: Ifax) -> None:
    ifax.control.vendor("ifax", numbers=["(212) 555-0111"])
    assert ifax.status(ifax.send()) == fax_object(JOB, "sending", -11, sender="+12125550111")


def test_an_account_without_numbers_has_a_from_number_all_the_same(ifax: Ifax) -> None:
    assert ifax.status(ifax.send()) == fax_object(JOB, "sending", -11, sender="+12345678901")
