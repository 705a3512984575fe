"""The catalogue of webhooks, and a sample of each event."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.vendors.kazoo.client import NUMBER, Kazoo, check, plain, refusal, unknown
from tests.vendors.kazoo.facts import bodies

EVENTS = ["outbound_fax", "outbound_fax_error", "inbound_fax", "inbound_fax_error"]


def sample_of(event: str, account: str, name: str, fax: str, at: int) -> dict[str, Any]:
    """Give the sample of an event for an account of that id and name."""
    realm, outbound, failed = f"{name}.sip.localfax.test", event.startswith("outbound"), "error" in event
    ends = {"from_user": NUMBER, "from_realm": realm, "to_user": NUMBER, "to_realm": realm, "owner_id": None}
    busy = {"fax_error": "USER_BUSY", "fax_hangup_code": 486, "fax_hangup_cause": "USER_BUSY"}
    return {
        "account_id": account, "account_db": f"account%2F{account[:2]}%2F{account[2:4]}%2F{account[4:]}",
        "call_id": f"{fax[7:]}-0", "caller_id_name": "Test Fax", "caller_id_number": NUMBER,
        "callee_id_name": "To Name", "callee_id_number": NUMBER, "fax_id": fax, "fax_timestamp": at,
        "fax_timezone": "undefined", "faxbox_id": None, "event_name": event, "fax_success": not failed,
        "fax_total_pages": 1, "fax_transferred_pages": 0 if failed else 1,
        "fax_result_code": 486 if failed else 0, "fax_result_text": "USER_BUSY" if failed else "OK",
        "fax_hangup_code": 200, "fax_hangup_cause": "NORMAL_CLEARING",
        **(busy if failed else {}), **({"fax_jobid": fax} if outbound else ends),
    }  # fmt: skip


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_has_a_sample(kazoo: Kazoo, event: str) -> None:
    [sample] = kazoo.get(f"{kazoo.root}/webhooks/samples/{event}")["data"]
    assert re.fullmatch(r"201603-[0-9a-f]{32}", sample["fax_id"])
    name = kazoo.credentials["account_name"]
    assert sample == sample_of(event, kazoo.account, name, sample["fax_id"], kazoo.now())


def test_the_catalogue_and_the_samples_need_no_token(kazoo: Kazoo) -> None:
    def told(path: str) -> Any:
        return check(plain("GET", f"{kazoo.root}/webhooks{path}"), "")["data"]

    assert told("") == bodies()["webhook-catalogue"]["data"]
    assert told("/samples") == EVENTS
    for event in EVENTS:
        # The account of the default sandbox, whose clock runs.
        [sample] = told(f"/samples/{event}")
        account, fax, at = "0123456789abcdef0123456789abcdef", sample["fax_id"], sample["fax_timestamp"]
        assert sample == sample_of(event, account, "localfax", fax, at)
    refusal(plain("GET", f"{kazoo.root}/webhooks/samples/rain"), *unknown("rain"))
