"""Acme: the example of a sixth vendor. Basic auth, the body is the document, 201 with Location."""

from base64 import b64encode

from emulator.vendors.acme.errors import VOICE
from emulator.vendors.acme.faxes import ENDPOINTS, check_key
from emulator.vendors.acme.tables import CODES, TABLES
from emulator.vendors.acme.webhooks import notices
from emulator.vendors.acme.words import view

from emulator.core.dialect.moment import charge_delivered
from emulator.core.dialect.vendor import Vendor
from emulator.core.faxes.outcomes import Outcome
from emulator.core.sandbox import Rates
from localfax.asking import Account, Ask, Client, Order


def _basic(account: Account) -> dict[str, str]:
    pair = f"{account.credentials['user']}:{account.credentials['password']}"
    return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


def _send(order: Order) -> Ask:
    headers = {**_basic(order.account), "Content-Type": order.document.media_type}
    url, query = f"{order.account.base_url}/outbound/faxes", {"faxNumber": order.to}
    return Ask("POST", url, headers, query=query, content=order.document.content)


def _status(account: Account, fax: str) -> Ask:
    return Ask("GET", f"{account.base_url}/outbound/faxes/{fax}", _basic(account))


vendor = Vendor(
    name="acme",
    title="Acme Fax",
    port=6,
    hosts=("api.acmefax.test",),
    credentials={"user": "acme-user", "password": "acme-password"},
    mint=lambda ids: {"user": ids.hex("acme", 0, 12), "password": ids.hex("acme", 1, 20)},
    keys=lambda credentials: (f"{credentials['user']}:{credentials['password']}",),
    view=view,
    client=Client(send=_send, status=_status, resolution="fine"),
    settings={"max_attempts": 3, "rates": Rates(page=50_000)},
    balance=100_000_000,
    redials=frozenset({Outcome.busy, Outcome.no_answer}),
    redial_wait=120.0,
    charge=charge_delivered,
    estimate=lambda moment: moment.settings.rates.page * moment.fax.pages,
    notices=notices,
    codes=CODES,
    endpoints=ENDPOINTS,
    checks=(check_key,),
    voice=VOICE,
    tables=TABLES,
    magic={"21": "HTTP 503"},
    sample="curl {base}/outbound/faxes?faxNumber=12125550123 -u {user}:{password} --data-binary @fax.pdf",
)
