"""The history of calls: fields, kinds of report, cursor, dates, and the document behind FaxDocURL."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import requests
from PIL import Image

from tests.conftest import WAIT, Control
from tests.vendors.openfax.conftest import Openfax, body_of

DOCUMENTED = [
    "HistoryOutboundFaxID",
    "OutTransID",
    "AccountID",
    "FaxNumber",
    "CurrentState",
    "CallerID",
    "MaxAttempts",
    "RetryCount",
    "ToHeader",
    "FromHeader",
    "FaxResolution",
    "RenderStatus",
    "FaxDocURL",
    "PageCount",
    "PaperSize",
]
HEIGHTS = {
    ("0", "0"): 1078,
    ("0", "1"): 2156,
    ("1", "0"): 1372,
    ("1", "1"): 2744,
    ("2", "0"): 1143,
    ("2", "1"): 2287,
}


def test_row_has_the_fifteen_documented_fields_and_those_of_the_postback(openfax: Openfax) -> None:
    transaction = openfax.send(toHeader="Jones Smith", frHeader="Mike T.", paperSize="2", faxResolution="1")
    openfax.control.advance()
    [row] = openfax.history()
    assert list(row) == [*DOCUMENTED, "LastStatus", "PagesSent", "CallDuration", "RealCost"]
    link = f"{openfax.control.base_url('openfax')}/documents/outbound/"
    assert row.pop("FaxDocURL").startswith(link)
    assert isinstance(row.pop("HistoryOutboundFaxID"), int)
    assert row == {
        "OutTransID": transaction,
        "AccountID": int(openfax.account["AccountID"]),
        "FaxNumber": 12125550123,
        "CurrentState": 8,
        "CallerID": 17205721703,
        "MaxAttempts": 3,
        "RetryCount": 0,
        "ToHeader": "Jones Smith",
        "FromHeader": "Mike T.",
        "FaxResolution": 1,
        "RenderStatus": 1,
        "PageCount": 1,
        "PaperSize": 2,
        "LastStatus": 0,
        "PagesSent": 1,
        "CallDuration": 31,
        "RealCost": 0.05,
    }


def test_profile_leaves_out_what_the_reference_does_not_have(openfax: Openfax) -> None:
    openfax.control.vendor("openfax", profile={"history_call_fields": False})
    openfax.send()
    [row] = openfax.history()
    assert list(row) == DOCUMENTED


def test_caller_id_is_the_first_of_the_accounts_numbers(openfax: Openfax) -> None:
    openfax.control.vendor("openfax", numbers=["+1 312 555 0199", "+13125550100"])
    openfax.send()
    openfax.control.vendor("openfax", numbers=[])
    openfax.send()
    assert [row["CallerID"] for row in openfax.history()] == [13125550199, 17205721703]


def test_summary_has_the_last_record_of_finished_faxes_only(openfax: Openfax) -> None:
    first = openfax.send(FaxNumber="15005550004")
    openfax.control.advance()
    openfax.send()
    assert [(row["OutTransID"], row["RetryCount"]) for row in openfax.history(detail=0)] == [(first, 1)]
    assert [row["RetryCount"] for row in openfax.history(detail=1)] == [0, 1, 0]


def test_last_history_id_is_an_exclusive_cursor_and_limit_bounds_a_page(openfax: Openfax) -> None:
    for _ in range(3):
        openfax.send(FaxNumber="15005550002")
    openfax.control.advance()
    numbers = [row["HistoryOutboundFaxID"] for row in openfax.history()]
    assert len(numbers) == 12
    pages: list[int] = []
    after = 0
    while page := openfax.history(LastHistoryID=after, Limit=5):
        assert len(page) <= 5
        pages += [row["HistoryOutboundFaxID"] for row in page]
        after = pages[-1]
    assert pages == numbers
    assert openfax.history(LastHistoryID=10**18) == []
    assert len(openfax.history(LastHistoryID=-1, Limit=10**9)) == 12
    assert len(openfax.history(LastHistoryID="", Limit="")) == 12


def test_number_of_the_account_without_digits_does_not_hide_the_history(openfax: Openfax) -> None:
    openfax.control.vendor("openfax", numbers=["front desk"])
    openfax.send()
    openfax.control.vendor("openfax", numbers=["+1 (720) 572-1703"])
    openfax.send()
    assert [row["CallerID"] for row in openfax.history()] == [0, 17205721703]


def test_pages_join_over_many_faxes_and_days(openfax: Openfax) -> None:
    for _ in range(12):
        for _ in range(20):
            openfax.send(PDF_encode="QUJD")  # no PDF: it fails without a call
        openfax.control.advance(by="12h")
    rows = openfax.history()
    assert len(rows) == 240
    numbers = [row["HistoryOutboundFaxID"] for row in rows]
    assert numbers == sorted(set(numbers))
    days: dict[str, int] = {}
    start = openfax.control.call("GET", f"/sandboxes/{openfax.control.id}")["created_at"]
    assert start
    for fax in openfax.control.call("GET", f"/sandboxes/{openfax.control.id}/faxes?limit=1000")["faxes"]:
        days[fax["created_at"][:10]] = days.get(fax["created_at"][:10], 0) + 1
    for day, count in days.items():
        assert len(openfax.history(FromDate=day, ToDate=day)) == count
    assert sum(days.values()) == 240


def test_dates_are_whole_days_and_both_inclusive(openfax: Openfax) -> None:
    openfax.control.advance(to="2100-05-27T23:59:59.500Z")
    late = openfax.send()
    openfax.control.advance(to="2100-05-28T00:00:00Z")
    early = openfax.send()

    def found(first: str, last: str) -> list[int]:
        return [row["OutTransID"] for row in openfax.history(FromDate=first, ToDate=last)]

    assert found("2100-05-27", "2100-05-27") == [late]
    assert found("2100-05-28", "2100-05-28") == [early]
    assert found("2100-05-27", "2100-05-28") == [late, early]
    assert found("2100-05-26", "2100-05-26") == []
    assert found("2100-05-28", "2100-05-27") == []
    assert found("0001-01-01", "9999-12-31") == [late, early]


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"FromDate": None}, "InvalidMissingValue"),
        ({"ToDate": None}, "InvalidMissingValue"),
        ({"DetailType": None}, "InvalidMissingValue"),
        ({"FromDate": "27/05/2017"}, "Failed"),
        ({"ToDate": "2017-02-30"}, "Failed"),
        ({"DetailType": "2"}, "Failed"),
        ({"LastHistoryID": "x"}, "Failed"),
        ({"LastHistoryID": "9" * 5000}, "Failed"),
        ({"Limit": "0"}, "Failed"),
        ({"Limit": "many"}, "Failed"),
        ({"APIKey": "wrong"}, "InvalidAuthentication"),
    ],
)
def test_report_is_refused_with_an_array_of_one(openfax: Openfax, changes: dict[str, Any], word: str) -> None:
    given = {**openfax.account, "FromDate": "2017-05-27", "ToDate": "2017-05-31", "DetailType": "0"} | changes
    given = {name: value for name, value in given.items() if value is not None}
    assert body_of(openfax.call("outboundDetailsbyDate.php", given)) == [{"Response": word}]


@pytest.mark.parametrize(("paper", "resolution"), HEIGHTS)
def test_document_link_serves_the_fax_as_its_receiver_sees_it(
    openfax: Openfax, encoded: Callable[[str], str], paper: str, resolution: str
) -> None:
    openfax.send(PDF_encode=encoded("three-pages.pdf"), paperSize=paper, faxResolution=resolution)
    openfax.control.advance()
    [row] = openfax.history()
    assert len(row["FaxDocURL"]) <= 255
    answer = requests.get(row["FaxDocURL"], timeout=WAIT)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/tiff")
    with Image.open(io.BytesIO(answer.content)) as image:
        assert image.n_frames == 3
        for frame in range(3):
            image.seek(frame)
            assert (image.mode, image.info["compression"]) == ("1", "group4")
            assert image.size == (1728, HEIGHTS[paper, resolution])
            assert image.info["dpi"] == (204, 196 if resolution == "1" else 98)


def test_document_links_of_others_cannot_be_guessed(openfax: Openfax, server: Control) -> None:
    openfax.send()
    openfax.control.advance()
    url = openfax.history()[0]["FaxDocURL"]
    other = Openfax(server.create(), b"x")
    token = url.split("/")[-2]
    assert len(token) == 32
    for wrong in (
        url.replace(token, "0" * 32),
        url.replace("outbound", "inbound"),
        url.replace(".tif", ".exe"),
    ):
        answer = requests.get(wrong, timeout=WAIT)
        assert (answer.status_code, answer.json()) == (404, {"Response": "Failed"})
    given = {"AccountID": "link", "APIKey": token}
    assert body_of(other.call("getAvailableCredit.php", given)) == [{"Response": "InvalidAuthentication"}]


def test_sandboxes_do_not_see_each_others_faxes(openfax: Openfax, server: Control) -> None:
    openfax.send()
    assert Openfax(server.create(), b"x").history() == []


def test_read_of_the_report_counts_as_a_poll(openfax: Openfax) -> None:
    openfax.control.script(name="polled", attempts=[{"delivered": {"after": {"polls": 2}}}])
    openfax.send()
    openfax.control.advance()
    states = [openfax.history()[0]["CurrentState"] for _ in range(3)]
    openfax.control.advance()
    assert states[0] == 3
    assert openfax.history()[0]["CurrentState"] == 8


AMOUNTS = [8956.6637749994, 0, -3.5, 0.0499999999, -0.0000000001, 999_999.1234567891]


@pytest.mark.parametrize("amount", AMOUNTS)
def test_credit_is_told_in_full_as_it_was_set(openfax: Openfax, amount: float) -> None:
    shown = openfax.control.vendor("openfax", balance=amount)
    assert (shown["balance"], openfax.credit()) == (amount, amount)


def test_credit_of_a_new_sandbox_is_told_in_full(server: Control) -> None:
    made = Openfax(server.create(balance=8956.6637749994), b"")
    answer = made.call("getAvailableCredit.php", made.account)
    assert body_of(answer) == [{"AvailableCredit": 8956.6637749994}]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_credit_moves_with_each_charge(openfax: Openfax, encoded: Callable[[str], str], method: str) -> None:
    openfax.control.vendor("openfax", balance=8956.663775, rates={"page": 0.1, "minute": 0.6})
    openfax.send(PDF_encode=encoded("three-pages.pdf"), faxResolution="1")
    openfax.control.advance()
    [row] = openfax.history()
    assert row["RealCost"] == pytest.approx(0.3 + 0.6 * 71.0 / 60, abs=0.001)
    body = body_of(openfax.call("getAvailableCredit.php", openfax.account, method))
    assert body == [{"AvailableCredit": pytest.approx(8956.663775 - row["RealCost"])}]


def test_price_of_a_fax_is_that_of_its_submit(openfax: Openfax) -> None:
    openfax.send()
    openfax.control.vendor("openfax", rates={"page": 5})
    openfax.control.advance()
    assert openfax.credit() == pytest.approx(99.95)
