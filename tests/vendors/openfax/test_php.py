"""The reference's PHP examples, run by PHP: only the host and the account are not the printed ones."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import WAIT, Control
from tests.vendors.openfax.conftest import Openfax

EXAMPLES = Path(__file__).parents[3] / "fixtures" / "openfax" / "php"


@pytest.fixture
def php(control: Control) -> Callable[..., Any]:
    """Give what runs an example for the account of a fresh sandbox, and gives its output."""
    account = control.credentials("openfax")
    own = {
        "HOST": control.base_url("openfax"),
        "ACCOUNT_ID": account["AccountID"],
        "API_KEY": account["APIKey"],
    }

    def run(name: str, **more: str) -> Any:
        command = ["php", "-d", "display_errors=stderr", str(EXAMPLES / name)]
        done = subprocess.run(command, env=own | more, capture_output=True, timeout=WAIT, check=True)
        assert done.stderr == b""
        return json.loads(done.stdout)

    return run


@pytest.mark.parametrize("filler", [0, 2_000_000], ids=["small", "with Expect: 100-continue"])
def test_send_balance_and_report_work(
    openfax: Openfax,
    php: Callable[..., Any],
    document: Callable[[str], bytes],
    tmp_path: Path,
    filler: int,
) -> None:
    pdf = tmp_path / "mydoc.pdf"
    pdf.write_bytes(document("three-pages.pdf") + b"\n" + b"%" * filler)
    sent = php("send.php", PDF=str(pdf))
    [fax] = openfax.control.faxes()
    transaction = int(fax["vendor_view"]["id"])
    assert sent == {"Response": "Success", "OutTransID": transaction}
    openfax.control.advance()
    assert php("balance.php") == [{"AvailableCredit": 99.85}]
    [row] = openfax.history()
    days = {"FROM_DATE": openfax.day(), "TO_DATE": openfax.day()}
    before = row["HistoryOutboundFaxID"] - 1
    assert php("report.php", **days, LAST_HISTORY_ID=str(before)) == [row]
    assert php("report.php", **days, LAST_HISTORY_ID=str(before + 1)) == []
    assert row == {
        "HistoryOutboundFaxID": before + 1,
        "OutTransID": transaction,
        "AccountID": int(openfax.account["AccountID"]),
        "FaxNumber": 15555551212,
        "CurrentState": 8,
        "CallerID": 17205721703,
        "MaxAttempts": 3,
        "RetryCount": 0,
        "ToHeader": "My Customer",
        "FromHeader": "My Company",
        "FaxResolution": 0,
        "RenderStatus": 1,
        "FaxDocURL": row["FaxDocURL"],
        "PageCount": 3,
        "PaperSize": 0,
        "LastStatus": 0,
        "PagesSent": 3,
        "CallDuration": 55,
        "RealCost": 0.15,
    }


@pytest.fixture
def handler() -> Iterator[str]:
    """Give the URL of the example that receives postbacks, served by PHP."""
    command = ["php", "-S", "127.0.0.1:0", str(EXAMPLES / "getPostBack.php")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr
            begun = re.search(r"\((http://127\.0\.0\.1:\d+)\) started", server.stderr.readline())
            assert begun
            yield f"{begun[1]}/path-to-script/getPostBack.php"
        finally:
            server.kill()


def test_receiver_of_the_postback_reads_all_its_fields(openfax: Openfax, handler: str) -> None:
    openfax.control.vendor("openfax", webhooks={"outbound": {"url": handler}})
    transaction = openfax.send(toHeader="My Customer", fromHeader="My Company")
    openfax.control.advance()
    [delivery] = openfax.control.webhooks()
    [attempt] = delivery["attempts"]
    assert (delivery["state"], attempt["status"]) == ("delivered", 200)
    assert json.loads(attempt["response"]["body"]) == {
        "OutTransID": str(transaction),
        "AccountID": openfax.account["AccountID"],
        "From": "My Company",
        "To": "My Customer",
        "PagesSent": "1",
        "CallDuration": "26",
        "LastStatus": "0",
        "RealCost": "0.05",
    }
