"""Sent faxes after they were accepted: cancel, resend, forward, download, lists, delete, archive."""

from __future__ import annotations

from base64 import b64decode

import pytest

from tests.vendors.ifax.client import BEGUN, JOB, TO, Ifax, attachment, document, fax_object, text_of
from tests.vendors.ifax.story import known


def test_a_fax_can_wait_for_reads_of_its_status(ifax: Ifax) -> None:
    ifax.scenario(attempts=[{"busy": {}, "after": {"polls": 2}}])
    job = ifax.send()
    ifax.control.advance()
    assert [ifax.status(job) for _ in range(2)] == [
        fax_object(JOB, "sending", -3),
        fax_object(JOB, "failed", 263, seconds=2),
    ]


def test_cancel_ends_the_fax(ifax: Ifax) -> None:
    job = ifax.send()
    answer = ifax.body("cancel", jobId=job)
    assert answer == {"status": 1, "message": "Fax canceled.", "data": {"jobId": job}}
    assert ifax.finish(job) == fax_object(JOB, "canceled", 403, seconds=0)


def test_cancel_while_transmitting_keeps_the_pages_that_were_sent(ifax: Ifax) -> None:
    job = ifax.send(TO, attachment("three-pages.pdf"))
    ifax.control.advance(by="35s")
    assert ifax.control.faxes()[0]["state"] == "transmitting"
    assert ifax.body("cancel", jobId=str(job)) == known("cancel") | {"data": {"jobId": JOB}}
    assert ifax.finish(job) == fax_object(JOB, "canceled", 403, pages=3, sent=1, seconds=35)


def test_cancel_twice_is_refused(ifax: Ifax) -> None:
    job = ifax.send()
    ifax.body("cancel", jobId=job)
    assert ifax.code("cancel", jobId=job) == 9030


def test_cancel_after_the_end_is_refused(ifax: Ifax) -> None:
    job = ifax.send()
    ifax.finish(job)
    assert ifax.code("cancel", jobId=job) == -162


def test_cancel_when_the_call_is_over_is_refused(ifax: Ifax) -> None:
    job = ifax.send()
    ifax.control.advance(until={"fax": ifax.control.faxes()[0]["id"], "state": "reporting"})
    assert ifax.code("cancel", jobId=job) == -162


def test_resend_makes_a_new_attempt_with_an_id_of_its_own(ifax: Ifax) -> None:
    numbers = {"to": "+15005550002", "sender": "+12125550100"}
    job = ifax.send(numbers["to"], attachment("three-pages.pdf"), callerId=numbers["sender"], faxQuality="HD")
    first = fax_object(JOB, "failed", 263, **numbers, pages=3, seconds=7)
    assert ifax.finish(job) == first
    sent = {"status": 1, "message": "Fax processed for sending", "data": {"id": JOB + 1}}
    assert ifax.body("resend", jobId=job) == sent
    again = fax_object(JOB + 1, "sending", -11, **numbers, pages=3, begun=BEGUN + 7)
    assert [ifax.status(JOB), ifax.status(JOB + 1)] == [first, again]
    assert [each["document"]["name"] for each in ifax.control.faxes()] == ["three-pages.pdf"] * 2


def test_resend_while_sending_is_refused(ifax: Ifax) -> None:
    assert ifax.code("resend", jobId=ifax.send()) == 12107


def test_resend_without_a_stored_file_is_refused(ifax: Ifax) -> None:
    ifax.profile(file_storage=False)
    job = ifax.send()
    assert ifax.finish(job) == fax_object(JOB, "delivered", 0, sent=1, seconds=35)
    assert ifax.code("resend", jobId=job) == 12094
    assert ifax.code("download", jobId=job) == 12092
    assert ifax.code("forward", jobId=job, faxNumber=TO, callerId=TO) == 12092


def test_resend_of_a_url_that_gave_nothing_is_refused(ifax: Ifax) -> None:
    job = ifax.send(TO, {"fileName": "a.pdf", "fileUrl": "http://127.0.0.1:9/a.pdf"})
    assert ifax.finish(job) == fax_object(JOB, "failed", -1004, pages=0, seconds=1)
    assert ifax.code("resend", jobId=job) == 12094


def test_forward_sends_the_document_to_another_number(ifax: Ifax) -> None:
    job = ifax.send(TO, attachment("three-pages.pdf"))
    sent = {"status": 1, "message": "Fax processed for sending", "data": {"jobId": JOB + 1}}
    assert ifax.body("forward", jobId=job, faxNumber="+12125550124", callerId="+12125550100") == sent
    assert ifax.finish(JOB + 1) == fax_object(
        JOB + 1, "delivered", 0, to="+12125550124", sender="+12125550100", pages=3, sent=3, seconds=64
    )


def test_download_gives_the_pdf_in_base64(ifax: Ifax) -> None:
    job = ifax.send(TO, attachment("three-pages.pdf"))
    assert ifax.body("download", jobId=job) == known("download")
    assert b64decode(ifax.data("download", jobId=job)) == document("three-pages.pdf")


def test_download_by_chunk(ifax: Ifax) -> None:
    whole = ifax.send(TO, attachment("three-pages.pdf"))
    content = ifax.data("download", jobId=whole)
    assert ifax.data("download", jobId=whole, chunkNumber=0) == {
        "chunkNumber": 0,
        "chunkCount": 1,
        "chunk": content,
    }
    assert ifax.code("download", jobId=whole, chunkNumber=1) == 12133
    assert ifax.code("download", jobId=whole, chunkNumber="") == 12131
    assert ifax.code("download", jobId=whole, chunkNumber="first") == 12131


def test_an_image_is_downloaded_as_pdf(ifax: Ifax) -> None:
    assert b64decode(ifax.data("download", jobId=ifax.send(TO, attachment("photo.png")))).startswith(b"%PDF-")


def test_the_list_holds_fax_objects_and_their_fax_ids(ifax: Ifax) -> None:
    jobs = [ifax.send(), ifax.send()]
    rows = [fax_object(job, "sending", -11) | {"faxId": 10**8 + job} for job in (JOB + 1, JOB)]
    assert ifax.body("list") == {"status": 1, "message": "Fax list response", "data": rows}
    assert jobs == [JOB, JOB + 1]


def test_the_list_goes_on_behind_a_cursor(ifax: Ifax) -> None:
    jobs = [ifax.send() for _ in range(101)][::-1]
    rows = [fax_object(job, "sending", -11) | {"faxId": 10**8 + job} for job in jobs]
    assert ifax.data("list") == rows
    assert ifax.data("list", lastFaxId=jobs[99]) == rows[100:]
    assert ifax.data("list", lastFaxId=jobs[-1]) == []
    assert ifax.data("list", sortBy="oldest") == rows[::-1]
    assert ifax.code("list", lastFaxId=1) == 12130


def test_delete_takes_the_fax_from_every_answer(ifax: Ifax) -> None:
    job = ifax.send()
    assert ifax.code("delete", jobId=job) == 12100
    ifax.finish(job)
    assert ifax.body("delete", jobId=job) == {"status": 1, "message": text_of(12037)}
    assert ifax.data("list") == []
    for operation in ("status", "cancel", "resend", "download", "delete"):
        assert ifax.code(operation, jobId=job) == 12021
    assert len(ifax.control.faxes()) == 1


def test_archive_and_unarchive_move_a_fax_out_of_the_list_and_back(ifax: Ifax) -> None:
    job = ifax.send()
    assert ifax.code("unarchive", type="outbound", jobId=job) == 12006
    assert ifax.body("archive", type="outbound", jobId=job) == {"status": 1, "message": "processed"}
    assert ifax.data("list") == []
    assert ifax.code("archive", type="outbound", jobId=job) == 12006
    assert ifax.body("unarchive", type="outbound", jobId=job) == {"status": 1, "message": "processed"}
    assert ifax.data("list") == [fax_object(JOB, "sending", -11) | {"faxId": 10**8 + JOB}]
    assert ifax.finish(job) == fax_object(JOB, "delivered", 0, sent=1, seconds=35)


def test_archive_of_a_received_fax(ifax: Ifax) -> None:
    row = ifax.receive()
    job = row["jobId"]
    assert ifax.code("archive", type="outbound", jobId=job) == 12091
    assert ifax.body("archive", type="inbound", jobId=job) == known("archive")
    assert ifax.data("inbound-list-all") == []
    assert ifax.body("unarchive", type="inbound", jobId=job) == known("unarchive")
    assert ifax.data("inbound-list-all") == [row]


def test_archive_of_the_document_puts_the_file_away(ifax: Ifax) -> None:
    job = ifax.send()
    ifax.finish(job)
    assert ifax.body("archive", type="document", jobId=job) == known("archive")
    assert ifax.code("download", jobId=job) == 12092
    assert ifax.code("resend", jobId=job) == 12094
    assert ifax.body("unarchive", type="document", jobId=job) == known("unarchive")
    assert ifax.body("resend", jobId=job) == known("resend") | {"data": {"id": JOB + 1}}


def test_the_report_holds_both_directions(ifax: Ifax) -> None:
    ifax.send()
    got = ifax.receive()
    sent_row = fax_object(JOB, "delivered", 0, sent=1, seconds=35) | {"faxId": 10**8 + JOB}
    rows = [
        ifax.status(got["jobId"])
        | {"faxId": got["faxId"], "faxType": "IB", "labelId": ""}
        | {"transactionId": got["transactionId"]},
        sent_row | {"faxType": "OB", "labelId": ""},
    ]
    wanted = {"startDate": "01/01/2020", "endDate": "01/02/2026"}
    assert ifax.body("report", **wanted) == {"status": 1, "message": "Fax list response", "data": rows}
    assert ifax.data("report", **wanted, direction="OB") == rows[1:]
    assert ifax.data("report", **wanted, direction="IB") == rows[:1]
    assert ifax.data("report", startDate="2020-01-01", endDate="2020-12-31") == []
    assert ifax.code("report", startDate="02/01/2020", endDate="01/01/2020") == -2040
    assert ifax.code("report", startDate="1 May", endDate="01/01/2020") == 12009


@pytest.mark.parametrize("operation", ["status", "cancel", "resend", "download", "delete"])
def test_an_unknown_job_does_not_exist(ifax: Ifax, operation: str) -> None:
    assert ifax.code(operation, jobId=12345) == 12021
    assert ifax.code(operation, jobId="12345") == 12021
    assert ifax.code(operation) == -1005


def test_a_received_fax_has_a_status_but_is_no_sent_fax(ifax: Ifax) -> None:
    got = ifax.receive()
    numbers = {"to": got["toNumber"], "sender": got["fromNumber"]}
    assert ifax.status(got["jobId"]) == fax_object(
        got["jobId"], "received", 0, **numbers, sent=1, seconds=got["receivedTime"] - BEGUN
    )
    assert ifax.code("cancel", jobId=got["jobId"]) == 12021


def test_text_extraction_gives_what_the_document_says(ifax: Ifax) -> None:
    job = ifax.send(TO, attachment("three-pages.pdf"))
    asked = {"jobId": str(job), "direction": "outbound"}
    assert ifax.code("ocr-result", **asked, type="OCR") == 12093
    answer = known("ocr")
    assert answer["data"]["text"].startswith("Page 1 of 3\nDear Sir or Madam,")
    assert ifax.body("ocr", **asked) == answer
    assert ifax.body("ocr-result", **asked, type="OCR") == answer
    assert ifax.code("ocr-result", **asked, type="NLP") == 12093


def test_nlp_gives_a_structure(ifax: Ifax) -> None:
    got = ifax.receive(pages=1)
    asked = {"jobId": got["jobId"], "direction": "inbound", "type": "NLP"}
    entities = {"emails": [], "numbers": ["+12125550199", "+12125550111"], "dates": [], "amounts": []}
    shown = asked | {"text": "Fax from +12125550199 to +12125550111\nPage 1 of 1", "entities": entities}
    assert ifax.body("ocr", **asked) == {"status": 1, "message": "processed", "data": shown}
    assert ifax.body("ocr-result", **asked) == {"status": 1, "message": "processed", "data": shown}


def test_text_extraction_of_what_is_not_there(ifax: Ifax) -> None:
    assert ifax.code("ocr", jobId=1, direction="outbound") == 12021
    assert ifax.code("ocr", jobId=ifax.send(), direction="inbound") == 12021
    job = ifax.send(TO, attachment("encrypted.pdf"))
    assert ifax.code("ocr", jobId=job, direction="outbound") == 12092
