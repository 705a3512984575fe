"""iFax (api.ifaxapp.com/v1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from emulator.core.ids import Ids
from emulator.core.machine import State
from emulator.core.vendor import Moment, Vendor
from emulator.vendors.ifax.api import create_app
from emulator.vendors.ifax.view import view
from emulator.vendors.ifax.webhooks import RETRIES, notices

CENT = 10_000
"""Micros."""


def _mint(ids: Ids) -> dict[str, str]:
    return {"accessToken": f"live_{ids.hex('ifax', 1)}"}


def _keys(credentials: Mapping[str, str]) -> Sequence[str]:
    return (credentials["accessToken"],)


def _charge(moment: Moment) -> int:
    delivered = moment.ended and moment.fax.state is State.delivered
    return moment.settings.rates.page * moment.fax.pages_sent if delivered else 0


vendor = Vendor(
    name="ifax",
    title="iFax",
    port=3,
    hosts=("api.ifaxapp.com",),
    credentials={"accessToken": "ifax-test-key"},
    mint=_mint,
    keys=_keys,
    view=view,
    create_app=create_app,
    balance=100_000_000,
    cancellable=frozenset(State) - {State.reporting},
    charge=_charge,
    notices=notices,
    retries=RETRIES,
    sample=(
        "curl -s {base}/v1/customer/fax-send -H 'accessToken: {accessToken}' -H 'Content-Type: application/json' "
        """-d '{{"faxNumber":"+12125550123","faxData":[{{"fileName":"hello.txt","fileData":"SGVsbG8="}}]}}'"""
    ),
)
