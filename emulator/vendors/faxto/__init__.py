"""Fax.to (fax.to/api/v2)."""

from __future__ import annotations

from emulator.core.dialect.vendor import Vendor
from emulator.core.sandbox import Rates
from emulator.vendors.faxto import inbound
from emulator.vendors.faxto.checks import CHECKS
from emulator.vendors.faxto.errors import VOICE
from emulator.vendors.faxto.faxes import charge
from emulator.vendors.faxto.recorded import RECORDED
from emulator.vendors.faxto.routes import ENDPOINTS
from emulator.vendors.faxto.shapes import REFUSAL, answer_of
from emulator.vendors.faxto.tables import CODES, MAGIC, OWN_NUMBER, REDIAL_WAIT, REDIALS, TABLES
from emulator.vendors.faxto.webhooks import OLD_RULES, notices
from emulator.vendors.faxto.words import absence, view
from localfax.vendors.faxto import CLIENT

vendor = Vendor(
    name="faxto",
    title="Fax.to",
    port=5,
    hosts=("fax.to", "api.fax.to"),
    credentials={"api_key": "f@x2r0ckkz"},
    mint=lambda ids: {"api_key": ids.uuid("faxto", 0)},
    keys=lambda credentials: (credentials["api_key"],),
    view=view,
    absence=absence,
    client=CLIENT,
    recorded=RECORDED,
    settings={"rates": Rates(page=100_000), "numbers": (OWN_NUMBER,)},
    balance=100_000_000,
    redials=REDIALS,
    redial_wait=REDIAL_WAIT,
    notices=notices,
    notions=frozenset({"retries"}),
    charge=charge,
    prepaid=True,
    amend=inbound.amend,
    old_rule=OLD_RULES.get,
    codes=CODES,
    arrive=inbound.arrive,
    endpoints=ENDPOINTS,
    checks=CHECKS,
    voice=VOICE,
    tables=TABLES,
    magic=MAGIC,
    answers=answer_of,
    refusal=REFUSAL,
    security=(
        {"api_key": {"type": "apiKey", "in": "query", "name": "api_key"}},
        {"api_key_header": {"type": "apiKey", "in": "header", "name": "api_key"}},
    ),
    sample=(
        "printf 'Hello' | curl -s '{base}/api/v2/fax?api_key={api_key}' -F fax_number=+12125550123 "
        "-F 'file=@-;filename=hello.txt'"
    ),
)
