"""iFax (api.ifaxapp.com/v1)."""

from __future__ import annotations

from emulator.core.dialect.vendor import Vendor
from emulator.core.sandbox import Rates
from emulator.vendors.ifax.account import charge, estimate
from emulator.vendors.ifax.checks import CHECKS
from emulator.vendors.ifax.errors import VOICE
from emulator.vendors.ifax.folders import amend
from emulator.vendors.ifax.inbound import arrive
from emulator.vendors.ifax.letter import assemble
from emulator.vendors.ifax.recorded import RECORDED
from emulator.vendors.ifax.routes import ENDPOINTS
from emulator.vendors.ifax.shapes import REFUSAL, answer_of
from emulator.vendors.ifax.tables import (
    CODES,
    MAGIC,
    MOST_BYTES,
    PAGE_PRICE,
    PROFILES,
    REDIAL_WAIT,
    REDIALLED,
    TABLES,
)
from emulator.vendors.ifax.webhooks import RULES, notices
from emulator.vendors.ifax.words import absence, view
from localfax.vendors.ifax import CLIENT

vendor = Vendor(
    name="ifax",
    title="iFax",
    port=3,
    hosts=("api.ifaxapp.com",),
    credentials={"accessToken": "ifax-test-key", "testAccessToken": "test_ifax-test-key"},
    mint=lambda ids: {
        "accessToken": f"live_{ids.hex('ifax', 1)}",
        "testAccessToken": f"test_{ids.hex('ifax', 2)}",
    },
    keys=lambda credentials: tuple(credentials.values()),
    view=view,
    absence=absence,
    client=CLIENT,
    recorded=RECORDED,
    settings={"rates": Rates(page=PAGE_PRICE)},
    balance=100_000_000,
    redials=REDIALLED,
    redial_wait=REDIAL_WAIT,
    charge=charge,
    estimate=estimate,
    amend=amend,
    assemble=assemble,
    notices=notices,
    notions=frozenset({"retries"}),
    old_rule=RULES.get,
    codes=CODES,
    arrive=arrive,
    endpoints=ENDPOINTS,
    checks=CHECKS,
    voice=VOICE,
    body_limit=2 * MOST_BYTES,
    tables=TABLES,
    magic=MAGIC,
    profiles=PROFILES,
    answers=answer_of,
    refusal=REFUSAL,
    security=(
        {"accessToken": {"type": "apiKey", "in": "header", "name": "accessToken"}},
        {"key": {"type": "http", "scheme": "basic"}},
    ),
    sample=(
        "curl -s {base}/v1/customer/fax-send -H 'accessToken: {accessToken}' "
        """-H 'Content-Type: application/json' -d '{{"faxNumber":"+12125550123","""
        """"faxData":[{{"fileName":"hello.png","fileData":"""
        """"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABAQAAAAA3bvkkAAAACklEQVR42mNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="}}]}}'"""
    ),
)
