"""Hosted 2600Hz Kazoo faxes (apps.hostedpbx.ie:8443/v2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from emulator.core.dialect.vendor import Closeable, Vendor
from emulator.core.engine.engine import Engine
from emulator.core.faxes.outcomes import Outcome
from emulator.vendors.kazoo import coverage, folders, sending, tokens, view
from emulator.vendors.kazoo.api import ENDPOINTS
from emulator.vendors.kazoo.checks import CHECKS
from emulator.vendors.kazoo.client import CLIENT
from emulator.vendors.kazoo.envelope import BODY_LIMIT, VOICE
from emulator.vendors.kazoo.notifications import after_change
from emulator.vendors.kazoo.webhooks import OLD_RULES, after_delivery, notices

CREDENTIALS = {
    "account": "0123456789abcdef0123456789abcdef",
    "X-Auth-Token": "kazoo-test-token",
    "api_key": "kazoo-test-api-key".ljust(64, "0"),
    "user": "admin",
    "password": "admin",
    "account_name": "localfax",
}

NOT_REDIALLED = frozenset({Outcome.delivered, Outcome.stuck, Outcome.cancelled, Outcome.no_credit})


def _listeners(engine: Engine, addresses: Mapping[str, tuple[str, int]]) -> Sequence[Closeable]:
    """Listen for mail where an address is given for it."""
    if "smtp" not in addresses:
        return ()
    from emulator.vendors.kazoo.smtp import MailServer

    return (MailServer(engine, *addresses["smtp"]),)


vendor = Vendor(
    name="kazoo",
    title="Kazoo",
    port=2,
    hosts=("apps.hostedpbx.ie",),
    credentials=CREDENTIALS,
    mint=tokens.mint,
    keys=tokens.keys,
    view=view.view,
    client=CLIENT,
    settings={"lines": folders.LINES},
    redials=frozenset(Outcome) - NOT_REDIALLED,
    redial_wait=view.RETRY_AFTER,
    notices=notices,
    limits=folders.limits,
    amend=folders.amend,
    assemble=sending.assemble,
    arrive=folders.arrive,
    old_rule=OLD_RULES.get,
    after_change=after_change,
    after_delivery=after_delivery,
    codes=coverage.CODES,
    endpoints=ENDPOINTS,
    checks=CHECKS,
    voice=VOICE,
    body_limit=BODY_LIMIT,
    tables=coverage.TABLES,
    listeners=_listeners,
    magic={
        "06": "402 no_credit: billing stands in front of other calls of the real server, not of faxes",
        "12": "result_code 0, after the job's tries",
        "13": "403 forbidden: Kazoo has no restricted numbers",
        "20": "500 datastore_fault",
        "21": "429 too_many_requests",
    },
    sample=(
        "curl -s -X PUT {base}/v2/accounts/{account}/faxes -H 'X-Auth-Token: {X-Auth-Token}' "
        '-F \'content={{"data":{{"from_number":"12125550100","to_number":"12125550123"}}}};'
        "type=application/json' "
        "-F 'content=Hello from Localfax;type=text/plain'"
    ),
)
