"""mFax by Documo (app.drenfax.com, api.documo.com)."""

from __future__ import annotations

from emulator.core.dialect.moment import charge_delivered
from emulator.core.dialect.vendor import Vendor
from emulator.vendors.mfax.account import keys, mint, name_keys
from emulator.vendors.mfax.checks import CHECKS
from emulator.vendors.mfax.coverage import list_parameters
from emulator.vendors.mfax.errors import VOICE
from emulator.vendors.mfax.inbound import arrive
from emulator.vendors.mfax.letter import assemble
from emulator.vendors.mfax.messages import leave_time_to_cancel, wait_to_be_cancelled
from emulator.vendors.mfax.objects.numbers import active_numbers
from emulator.vendors.mfax.recorded import RECORDED
from emulator.vendors.mfax.routes import ENDPOINTS
from emulator.vendors.mfax.shapes import ANSWERS, REFUSAL
from emulator.vendors.mfax.tables import MAGIC, MOST_ATTEMPTS, REDIAL_WAIT, REDIALLED, RESULTS, TABLES
from emulator.vendors.mfax.webhooks import WEBHOOK_RULE, after_delivery, notices
from emulator.vendors.mfax.words import absence, amend, view
from localfax.vendors.mfax import CLIENT

vendor = Vendor(
    name="mfax",
    title="mFax",
    port=4,
    hosts=("app.drenfax.com", "api.documo.com", "api.sandbox.documo.com"),
    credentials=name_keys("mfax-test-key", "mfax-test-base-key"),
    mint=mint,
    keys=keys,
    view=view,
    absence=absence,
    client=CLIENT,
    recorded=RECORDED,
    settings={"numbers": ("+15095550100",), "max_attempts": MOST_ATTEMPTS},  # the number is assumed
    redials=REDIALLED,
    waiting=wait_to_be_cancelled,
    beginning=leave_time_to_cancel,
    redial_wait=REDIAL_WAIT,
    charge=charge_delivered,
    amend=amend,
    assemble=assemble,
    notices=notices,
    notions=frozenset({"retries", "stages"}),
    old_rule={"outbound": WEBHOOK_RULE}.get,
    after_delivery=after_delivery,
    codes=RESULTS,
    arrive=arrive,
    numbers=active_numbers,
    endpoints=ENDPOINTS,
    checks=CHECKS,
    voice=VOICE,
    tables={"parameters": tuple(list_parameters(ENDPOINTS)), **TABLES},
    magic=MAGIC,
    answers=ANSWERS.get,
    refusal=REFUSAL,
    security=({"Authorization": {"type": "apiKey", "in": "header", "name": "Authorization"}},),
    sample=(
        "curl -s {base}/v1/faxes -H 'Authorization: Basic {apiKey}' "
        "-F faxNumber=+12125550123 -F coverPage=true -F notes=Hello"
    ),
)
