"""Received faxes: lists, cursor, download, delete; and the numbers that receive them."""

from __future__ import annotations

from base64 import b64decode, b64encode

from tests.vendors.ifax.client import Ifax, document, text_of


def test_a_received_fax_stands_in_the_list(ifax: Ifax) -> None:
    ifax.receive(pages=2)
    answer = ifax.body("inbound-list-all")
    (row,) = answer["data"]
    assert (answer["status"], answer["message"]) == (1, "Fax list response")
    assert list(row)[:3] == ["jobId", "transactionId", "receivedTime"]
    assert row == {
        "jobId": row["jobId"],
        "transactionId": row["transactionId"],
        "receivedTime": row["receivedTime"],
        "fromNumber": "+12125550199",
        "toNumber": "+12125550111",
        "faxTotalPages": 2,
        "faxReceivedPages": 2,
        "faxStatus": "received",
        "message": "NORMAL_CLEARING",
        "code": 0,
        "faxId": row["faxId"],
    }
    assert len(str(row["jobId"])) == 7
    assert len(str(row["transactionId"])) == 8


def test_a_call_that_failed_is_no_received_fax(ifax: Ifax) -> None:
    wanted = {"vendor": "ifax", "to": "+12125550111", "from": "+12125550199", "scenario": "line_error"}
    ifax.control.call("POST", f"/sandboxes/{ifax.control.id}/inbound", 201, json=wanted)
    assert ifax.data("inbound-list-all") == []
    ifax.control.advance()
    assert ifax.data("inbound-list-all") == []


def test_the_list_ends_with_an_empty_page_behind_the_last_fax(ifax: Ifax) -> None:
    jobs = [ifax.receive()["jobId"] for _ in range(3)][::-1]
    assert [row["jobId"] for row in ifax.data("inbound-list-all", sortBy="newest")] == jobs
    assert [row["jobId"] for row in ifax.data("inbound-list-all", lastFaxId=jobs[0])] == jobs[1:]
    assert ifax.data("inbound-list-all", lastFaxId=jobs[-1]) == []


def test_dates_bound_the_list(ifax: Ifax) -> None:
    ifax.receive()
    now = ifax.control.now()
    today = f"{now[5:7]}/{now[8:10]}/{now[:4]}"
    assert len(ifax.data("inbound-list-all", startDate=today, endDate=today)) == 1
    assert ifax.data("inbound-list-all", endDate="01/01/2020") == []
    assert ifax.data("inbound-list-all", startDate="12/31/2999") == []
    assert ifax.code("inbound-list-all", startDate=now[:10]) == 12009
    assert ifax.code("inbound-list-all", startDate=today, endDate="01/01/2020") == -2040


def test_the_list_of_one_number(ifax: Ifax) -> None:
    ifax.control.vendor("ifax", numbers=["+12125550111", "+12125550112"])
    ifax.receive("+12125550112")
    job = ifax.receive("+12125550111")["jobId"]
    number = ifax.data("number-list")[0]
    assert list(number) == ["numberId", "orderId", "faxNumber"]
    asked = {"numberId": number["numberId"], "orderId": number["orderId"]}
    assert [row["jobId"] for row in ifax.data("inbound-list", **asked)] == [job]
    assert ifax.data("inbound-list", **asked, lastFaxId=job) == []
    assert ifax.code("inbound-list", **asked | {"orderId": "1"}) == 12135
    assert ifax.code("inbound-list", orderId="1") == 12123
    assert ifax.code("inbound-list", numberId="1") == 12137


def test_download_gives_the_base64_itself(ifax: Ifax) -> None:
    row = ifax.receive(document=b64encode(document("three-pages.pdf")).decode())
    asked = {"jobId": str(row["jobId"]), "transactionId": str(row["transactionId"])}
    answer = ifax.body("inbound-download", **asked)
    assert (answer["status"], answer["message"]) == (1, text_of(12132))
    assert b64decode(answer["data"]) == document("three-pages.pdf")
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
    assert ifax.body("inbound-download", **asked) == {
        "status": 0,
        "code": 120033,
        "message": "The fax does not exist",
    }


def test_a_sent_fax_is_no_received_one(ifax: Ifax) -> None:
    assert ifax.code("inbound-download", jobId=ifax.send(), transactionId="1") == 12021


def test_an_image_is_not_available_without_file_storage(ifax: Ifax) -> None:
    row = ifax.receive()
    ifax.profile(file_storage=False)
    assert ifax.code("inbound-download", jobId=row["jobId"], transactionId=row["transactionId"]) == -1011


def test_delete_takes_the_fax_from_the_lists(ifax: Ifax) -> None:
    row = ifax.receive()
    asked = {"jobId": row["jobId"], "transactionId": row["transactionId"]}
    assert ifax.body("inbound-delete", **asked) == {"status": 1, "message": text_of(12037)}
    assert ifax.data("inbound-list-all") == []
    assert ifax.code("inbound-delete", **asked) == 12021
    assert ifax.data("report", startDate="01/01/2020", endDate="01/01/2090") == []
