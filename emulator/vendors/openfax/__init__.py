"""Openfax (api.openfax.com)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from emulator.core.dialect.vendor import Vendor
from emulator.core.faxes.machine import Event
from emulator.core.sandbox import Ids
from emulator.vendors.openfax.account import RATES, charge, estimate, hold
from emulator.vendors.openfax.checks import CHECKS
from emulator.vendors.openfax.errors import VOICE
from emulator.vendors.openfax.history import amend
from emulator.vendors.openfax.inbound import arrive
from emulator.vendors.openfax.recorded import RECORDED
from emulator.vendors.openfax.routes import ENDPOINTS
from emulator.vendors.openfax.shapes import REFUSAL, answer_of
from emulator.vendors.openfax.tables import (
    CALLER_ID,
    MAGIC,
    REDIAL_WAIT,
    REDIALLED,
    REDIALS,
    RESULTS,
    RETRY_ELIGIBLE,
    TABLES,
)
from emulator.vendors.openfax.webhooks import notices, old_rule
from emulator.vendors.openfax.words import absence, view
from localfax.vendors.openfax import CLIENT

BLANK_PAGE = (
    "JVBERi0xLjQKMSAwIG9iajw8L1R5cGUvQ2F0YWxvZy9QYWdlcyAyIDAgUj4+ZW5kb2JqIDIgMCBvYmo8PC9UeXBlL1BhZ2VzL0tp"
    "ZHNbMyAwIFJdL0NvdW50IDEvTWVkaWFCb3hbMCAwIDYxMiA3OTJdPj5lbmRvYmogMyAwIG9iajw8L1R5cGUvUGFnZS9QYXJlbnQg"
    "MiAwIFI+PmVuZG9iagp0cmFpbGVyPDwvUm9vdCAxIDAgUj4+CnN0YXJ0eHJlZgowCiUlRU9G"
)
"""A PDF of one empty page, for the sample."""


def _mint(ids: Ids) -> dict[str, str]:
    return {"AccountID": str(ids.serial("openfax", 0, 9))[-9:], "APIKey": ids.hex("openfax", 1, 15)}


def _keys(credentials: Mapping[str, str]) -> Sequence[str]:
    return (f"{credentials['AccountID']}/{credentials['APIKey']}",)


vendor = Vendor(
    name="openfax",
    title="Openfax",
    port=1,
    hosts=("api.openfax.com",),
    credentials={"AccountID": "123456789", "APIKey": "IEYRtw2cd8aGa54"},
    mint=_mint,
    keys=_keys,
    view=view,
    absence=absence,
    client=CLIENT,
    recorded=RECORDED,
    settings={"max_attempts": 1 + REDIALS, "rates": RATES, "numbers": (CALLER_ID,)},
    balance=100_000_000,
    redials=REDIALLED,
    redial_wait=REDIAL_WAIT,
    retry_eligible=RETRY_ELIGIBLE,
    on_no_credit=Event.unfunded,
    hold=hold,
    notices=notices,
    charge=charge,
    estimate=estimate,
    amend=amend,
    old_rule=old_rule,
    codes=RESULTS,
    arrive=arrive,
    endpoints=ENDPOINTS,
    checks=CHECKS,
    voice=VOICE,
    tables=TABLES,
    magic=MAGIC,
    answers=answer_of,
    refusal=REFUSAL,
    security=({name: {"type": "apiKey", "in": "query", "name": name} for name in ("AccountID", "APIKey")},),
    sample=(
        "curl -s {base}/faxSendSubmit.php -d AccountID={AccountID} -d APIKey={APIKey} "
        "-d FaxNumber=12125550123 -d paperSize=0 -d faxResolution=0 -d Priority=Normal "
        f"--data-urlencode PDF_encode={BLANK_PAGE}"
    ),
)
