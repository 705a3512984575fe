"""Received faxes: lists, cursor, download, delete; and the numbers that receive them."""

from __future__ import annotations

from base64 import b64encode

from tests.vendors.ifax.client import BEGUN, RECEIVED, Ifax, document, received_row
from tests.vendors.ifax.story import known


def test_a_received_fax_stands_in_the_list(ifax: Ifax) -> None:
    ifax.receive(pages=2)
    row = received_row(pages=2, at=BEGUN + 57)
    assert ifax.body("inbound-list-all") == {"status": 1, "message": "Fax list response", "data": [row]}
    assert [len(str(row[name])) for name in ("jobId", "transactionId")] == [7, 8]


def test_a_call_that_failed_is_no_received_fax(ifax: Ifax) -> None:
    wanted = {"vendor": "ifax", "to": "+12125550111", "from": "+12125550199", "scenario": "line_error"}
    ifax.control.call("POST", f"/sandboxes/{ifax.control.id}/inbound", 201, json=wanted)
    for _ in range(2):
        assert ifax.data("inbound-list-all") == []
        assert ifax.code("status", jobId=RECEIVED) == 12021
        assert ifax.code("ocr", jobId=RECEIVED, direction="inbound") == 12021
        assert ifax.code("archive", jobId=RECEIVED, type="inbound") == 12091
        ifax.control.advance()


def test_the_list_ends_with_an_empty_page_behind_the_last_fax(ifax: Ifax) -> None:
    rows = [ifax.receive() for _ in range(3)][::-1]
    assert [row["jobId"] for row in rows] == [RECEIVED + 2, RECEIVED + 1, RECEIVED]
    assert ifax.data("inbound-list-all", sortBy="newest") == rows
    assert ifax.data("inbound-list-all", sortBy="oldest") == rows[::-1]
    assert ifax.data("inbound-list-all", lastFaxId=rows[0]["jobId"]) == rows[1:]
    assert ifax.data("inbound-list-all", lastFaxId=rows[-1]["jobId"]) == []


def test_the_list_goes_on_behind_a_deleted_fax(ifax: Ifax) -> None:
    newest, *others = [ifax.receive() for _ in range(3)][::-1]
    ifax.body("inbound-delete", jobId=newest["jobId"], transactionId=newest["transactionId"])
    assert ifax.data("inbound-list-all", lastFaxId=newest["jobId"]) == others


def test_dates_bound_the_list(ifax: Ifax) -> None:
    row, today = ifax.receive(), "01/02/2026"
    assert ifax.data("inbound-list-all", startDate=today, endDate=today) == [row]
    assert ifax.data("inbound-list-all", startDate="01/03/2026") == []
    assert ifax.data("inbound-list-all", endDate="01/01/2026") == []
    assert ifax.data("inbound-list-all", endDate="01/01/2020") == []
    assert ifax.data("inbound-list-all", startDate="12/31/2999") == []
    assert ifax.code("inbound-list-all", startDate="2026-01-02") == 12009
    assert ifax.code("inbound-list-all", startDate=today, endDate="01/01/2020") == -2040


def test_the_list_of_one_number(ifax: Ifax) -> None:
    ifax.control.vendor("ifax", numbers=["+12125550111", "+12125550112"])
    ifax.receive("+12125550112")
    ifax.receive("+12125550111")
    asked = {"numberId": "568828636", "orderId": "3940968756838077198"}
    assert ifax.data("number-list")[0] == asked | {"faxNumber": "+12125550111"}
    rows = [received_row(1, at=BEGUN + 74)]
    assert ifax.body("inbound-list", **asked) == {"status": 1, "message": "Fax list response", "data": rows}
    assert ifax.data("inbound-list", **asked, lastFaxId=RECEIVED + 1) == []
    assert ifax.code("inbound-list", **asked | {"orderId": "1"}) == 12135
    assert ifax.code("inbound-list", orderId="1") == 12123
    assert ifax.code("inbound-list", numberId="1") == 12137


def test_download_gives_the_base64_itself(ifax: Ifax) -> None:
    row = ifax.receive(document=b64encode(document("three-pages.pdf")).decode())
    asked = {"jobId": str(row["jobId"]), "transactionId": str(row["transactionId"])}
    pdf = b64encode(document("three-pages.pdf")).decode()
    answer = {"status": 1, "message": "Download Fax Response", "data": pdf}
    assert ifax.body("inbound-download", **asked) == answer
    assert ifax.body("inbound-download", jobId=row["jobId"], transactionId=row["transactionId"]) == answer
    assert ifax.code("inbound-download", **asked, chunkNumber=1) == 12133


def test_download_with_wrong_ids(ifax: Ifax) -> None:
    row = ifax.receive()
    assert ifax.code("inbound-download", jobId=row["jobId"], transactionId="1") == 12021
    assert ifax.code("inbound-download", jobId="12345", transactionId="123123") == 12021
    assert ifax.code("inbound-download", jobId=row["jobId"]) == 11008
    assert ifax.code("inbound-download", transactionId="1") == -1005
    ifax.profile(profile="live")
    asked = {"jobId": "12345", "transactionId": "123123"}
    unknown = {"status": 0, "code": 120033, "message": "The fax does not exist"}
    assert ifax.body("inbound-download", **asked) == unknown
    asked = {"jobId": row["jobId"], "transactionId": row["transactionId"]}
    assert ifax.body("inbound-delete", **asked) == known("inbound-delete")
    assert ifax.body("inbound-delete", **asked) == unknown


def test_a_sent_fax_is_no_received_one(ifax: Ifax) -> None:
    assert ifax.code("inbound-download", jobId=ifax.send(), transactionId="1") == 12021


def test_an_image_is_not_available_without_file_storage(ifax: Ifax) -> None:
    row = ifax.receive()
    ifax.profile(file_storage=False)
    assert ifax.code("inbound-download", jobId=row["jobId"], transactionId=row["transactionId"]) == -1011


def test_delete_takes_the_fax_from_the_lists(ifax: Ifax) -> None:
    row = ifax.receive()
    asked = {"jobId": row["jobId"], "transactionId": row["transactionId"]}
    assert ifax.body("inbound-delete", **asked) == {"status": 1, "message": "Record deleted successfully."}
    assert ifax.data("inbound-list-all") == []
    assert ifax.code("inbound-delete", **asked) == 12021
    assert ifax.data("report", startDate="01/01/2020", endDate="01/01/2090") == []
