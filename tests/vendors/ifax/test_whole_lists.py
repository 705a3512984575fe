"""Lists: whole by default, as the document names no pages; a page at a time in the live profile."""

from __future__ import annotations

from tests.vendors.ifax.client import TO, Ifax

MANY = 230
"""More than a live page, and more than is written in one piece."""


def send_many(ifax: Ifax) -> list[int]:
    """Send faxes that nobody waits for; their jobIds, newest first."""
    ifax.profile(profile="live")  # takes a fax without documents, which is quick
    return [ifax.data("send", faxNumber=TO)["jobId"] for _ in range(MANY)][::-1]


def test_a_list_is_whole_or_a_page_in_the_live_profile(ifax: Ifax) -> None:
    jobs = send_many(ifax)
    pages, last = [], None
    while page := ifax.data("list", **({"lastFaxId": last} if last else {})):
        pages.append([row["jobId"] for row in page])
        last = page[-1]["jobId"]
    assert [len(page) for page in pages] == [100, 100, 30]
    assert [job for page in pages for job in page] == jobs
    ifax.control.vendor("ifax", profile="documented")
    whole = ifax.body("list")
    assert [row["jobId"] for row in whole["data"]] == jobs
    assert (whole["status"], whole["message"]) == (1, "Fax list response")
    assert [row["jobId"] for row in ifax.data("list", lastFaxId=jobs[9])] == jobs[10:]
    assert ifax.data("list", lastFaxId=jobs[-1]) == []
    days = {"startDate": "01/01/2000", "endDate": "12/31/2099"}
    assert [row["jobId"] for row in ifax.data("report", **days)] == jobs
    ifax.profile(page_rows=7)
    assert [row["jobId"] for row in ifax.data("list")] == jobs[:7]


def test_a_received_fax_s_row_of_the_report_has_both_its_ids(ifax: Ifax) -> None:
    received = ifax.receive()
    ifax.send()
    sent, row = ifax.data("report", startDate="01/01/2026", endDate="12/31/2026")
    assert (sent["faxType"], "transactionId" in sent) == ("OB", False)
    ids = {name: row[name] for name in ("jobId", "transactionId")}
    assert ids == {name: received[name] for name in ids}
    assert ifax.data("inbound-download", **ids)
