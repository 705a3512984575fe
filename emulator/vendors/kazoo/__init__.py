"""Hosted 2600Hz Kazoo faxes (apps.hostedpbx.ie:8443/v2)."""

from __future__ import annotations

from emulator.core.dialect.vendor import Vendor
from emulator.vendors.kazoo import faxes, inbound, webhooks, worker
from emulator.vendors.kazoo.account import tokens
from emulator.vendors.kazoo.checks import CHECKS
from emulator.vendors.kazoo.choices import PROFILES
from emulator.vendors.kazoo.codes import CODES
from emulator.vendors.kazoo.errors import VOICE
from emulator.vendors.kazoo.mail import listen_for_mail
from emulator.vendors.kazoo.recorded import RECORDED
from emulator.vendors.kazoo.routes import ENDPOINTS
from emulator.vendors.kazoo.shapes import REFUSAL, SILENT, answer_of
from emulator.vendors.kazoo.tables import BODY_LIMIT, LINES, MAGIC, REDIALLED, RETRY_AFTER, TABLES
from emulator.vendors.kazoo.words import absence, view
from localfax.vendors.kazoo import CLIENT

CREDENTIALS = {
    "account": "0123456789abcdef0123456789abcdef",
    "X-Auth-Token": "kazoo-test-token",
    "api_key": "kazoo-test-api-key".ljust(64, "0"),
    "user": "admin",
    "password": "admin",
    "account_name": "localfax",
    "account_realm": "localfax.sip.localfax.test",
}


vendor = Vendor(
    name="kazoo",
    title="Kazoo",
    port=2,
    hosts=("apps.hostedpbx.ie",),
    credentials=CREDENTIALS,
    mint=tokens.mint,
    keys=tokens.keys,
    view=view,
    absence=absence,
    client=CLIENT,
    recorded=RECORDED,
    settings={"lines": LINES},
    redials=REDIALLED,
    redial_wait=RETRY_AFTER,
    notices=webhooks.notices,
    notions=frozenset({"retries"}),
    limits=worker.limits,
    amend=worker.amend,
    assemble=faxes.assemble,
    arrive=inbound.arrive,
    old_rule=webhooks.OLD_RULES.get,
    after_change=webhooks.after_change,
    after_delivery=webhooks.after_delivery,
    codes=CODES,
    endpoints=ENDPOINTS,
    checks=CHECKS,
    voice=VOICE,
    body_limit=BODY_LIMIT,
    tables=TABLES,
    magic=MAGIC,
    profiles=PROFILES,
    answers=answer_of,
    refusal=REFUSAL,
    silent=SILENT,
    browsers=True,
    older_paths={"/v1/": "/v2/"},
    security=(
        {"X-Auth-Token": {"type": "apiKey", "in": "header", "name": "X-Auth-Token"}},
        {"auth_token": {"type": "apiKey", "in": "query", "name": "auth_token"}},
        {"bearer": {"type": "http", "scheme": "bearer"}},
    ),
    sample=(
        "curl -s -X PUT {base}/v2/accounts/{account}/faxes -H 'X-Auth-Token: {X-Auth-Token}' "
        '-F \'content={{"data":{{"from_number":"12125550100","to_number":"12125550123"}}}};'
        "type=application/json' "
        "-F 'content=Hello from Localfax;type=text/plain'"
    ),
)

listen = listen_for_mail
