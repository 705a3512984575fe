"""mFax by Documo (app.drenfax.com, api.documo.com)."""

from __future__ import annotations

from emulator.core.dialect.prices import delivered_pages
from emulator.core.dialect.vendor import Vendor
from emulator.core.faxes.outcomes import Outcome
from emulator.vendors.mfax.api import authenticate, authorise
from emulator.vendors.mfax.client import CLIENT
from emulator.vendors.mfax.coverage import TABLES
from emulator.vendors.mfax.errors import VOICE
from emulator.vendors.mfax.history import in_folders
from emulator.vendors.mfax.inbound import arrive
from emulator.vendors.mfax.letter import assemble
from emulator.vendors.mfax.people import keys, mint, shown
from emulator.vendors.mfax.routes import ENDPOINTS
from emulator.vendors.mfax.tables import CODES, MINUTE
from emulator.vendors.mfax.view import view
from emulator.vendors.mfax.webhooks import OLD_RULES, after_delivery, notices

vendor = Vendor(
    name="mfax",
    title="mFax",
    port=4,
    hosts=("app.drenfax.com", "api.documo.com", "api.sandbox.documo.com"),
    credentials=shown("mfax-test-key", "mfax-test-base-key"),
    mint=mint,
    keys=keys,
    view=view,
    client=CLIENT,
    # The number and, as the vendor names no figures, three calls five minutes apart are assumed.
    settings={"numbers": ("+15095550100",), "max_attempts": 3},
    redials=frozenset({Outcome.busy, Outcome.no_answer, Outcome.circuits_busy}),
    redial_wait=5 * MINUTE,
    charge=delivered_pages,
    amend=in_folders,
    assemble=assemble,
    notices=notices,
    old_rule=OLD_RULES.get,
    after_delivery=after_delivery,
    codes={code.word: code for code in CODES},
    arrive=arrive,
    endpoints=ENDPOINTS,
    checks=(authenticate, authorise),
    voice=VOICE,
    tables=TABLES,
    magic={
        **dict.fromkeys(("03", "05", "07", "08", "09", "10", "11"), "resultCode 6000, Fax Connect Failed"),
        "06": "HTTP 403 NotAllowedError: mFax has no balance, so the plan's pages have run out",
        "13": "HTTP 403 NotAllowedError",
        "21": "HTTP 429",
    },
    sample=(
        "curl -s {base}/v1/faxes -H 'Authorization: Basic {apiKey}' "
        "-F faxNumber=+12125550123 -F coverPage=true -F notes=Hello"
    ),
)
