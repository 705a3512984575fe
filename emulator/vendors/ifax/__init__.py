"""iFax (api.ifaxapp.com/v1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from emulator.core.dialect.vendor import Vendor
from emulator.core.faxes.outcomes import Outcome
from emulator.core.sandboxes.ids import Ids
from emulator.core.sandboxes.sandbox import Rates
from emulator.vendors.ifax.account import charge, check_key, estimate
from emulator.vendors.ifax.answers import VOICE
from emulator.vendors.ifax.api import ENDPOINTS
from emulator.vendors.ifax.body import check_verb
from emulator.vendors.ifax.client import CLIENT
from emulator.vendors.ifax.coverage import CODES, MAGIC, TABLES
from emulator.vendors.ifax.inbound import amend, arrive
from emulator.vendors.ifax.letter import assemble
from emulator.vendors.ifax.tables import BODY_BYTES, PAGE_PRICE
from emulator.vendors.ifax.view import view
from emulator.vendors.ifax.webhooks import OLD_RULES, notices


def _mint(ids: Ids) -> dict[str, str]:
    return {"accessToken": f"live_{ids.hex('ifax', 1)}", "testAccessToken": f"test_{ids.hex('ifax', 2)}"}


def _keys(credentials: Mapping[str, str]) -> Sequence[str]:
    return tuple(credentials.values())


vendor = Vendor(
    name="ifax",
    title="iFax",
    port=3,
    hosts=("api.ifaxapp.com",),
    credentials={"accessToken": "ifax-test-key", "testAccessToken": "test_ifax-test-key"},
    mint=_mint,
    keys=_keys,
    view=view,
    client=CLIENT,
    settings={"rates": Rates(page=PAGE_PRICE)},
    balance=100_000_000,
    # No redial is documented, so one call is made unless a scenario or max_attempts asks for more.
    redials=frozenset(
        {Outcome.busy, Outcome.no_answer, Outcome.circuits_busy, Outcome.line_error, Outcome.hangup}
    ),
    redial_wait=300.0,
    charge=charge,
    estimate=estimate,
    amend=amend,
    assemble=assemble,
    notices=notices,
    old_rule=OLD_RULES.get,
    codes=CODES,
    arrive=arrive,
    endpoints=ENDPOINTS,
    checks=(check_key, check_verb),
    voice=VOICE,
    body_limit=BODY_BYTES,
    tables=TABLES,
    magic=MAGIC,
    sample=(
        "curl -s {base}/v1/customer/fax-send -H 'accessToken: {accessToken}' "
        """-H 'Content-Type: application/json' -d '{{"faxNumber":"+12125550123","""
        """"faxData":[{{"fileName":"hello.png","fileData":"""
        """"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABAQAAAAA3bvkkAAAACklEQVR42mNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="}}]}}'"""
    ),
)
