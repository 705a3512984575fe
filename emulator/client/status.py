"""A fax's status read through a vendor's own API, as the smallest client of that vendor would."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from emulator.client.submission import CALL_HEADER, PATIENCE

if TYPE_CHECKING:
    import requests

Ask = dict[str, Any]
Credentials = Mapping[str, str]


def read_status(
    session: requests.Session, vendor: str, base_url: str, credentials: Credentials, fax: str, mark: str
) -> int:
    """Read the status of a fax by the vendor's id; give the HTTP status."""
    ask = ASKS[vendor](base_url, credentials, fax)
    headers = {**ask.pop("headers", {}), CALL_HEADER: mark}
    return session.request(ask.pop("method", "GET"), **ask, headers=headers, timeout=PATIENCE).status_code


def _openfax(base_url: str, credentials: Credentials, fax: str) -> Ask:
    days = {"FromDate": "2000-01-01", "ToDate": "2100-01-01", "DetailType": "1"}
    return {"url": f"{base_url}/outboundDetailsbyDate.php", "params": {**credentials, **days}}


def _kazoo(base_url: str, credentials: Credentials, fax: str) -> Ask:
    url = f"{base_url}/v2/accounts/{credentials['account']}/faxes/outgoing/{fax}"
    return {"url": url, "headers": {"X-Auth-Token": credentials["X-Auth-Token"]}}


def _ifax(base_url: str, credentials: Credentials, fax: str) -> Ask:
    url = f"{base_url}/v1/customer/fax-status"
    headers = {"accessToken": credentials["accessToken"]}
    return {"method": "POST", "url": url, "json": {"jobId": fax}, "headers": headers}


def _mfax(base_url: str, credentials: Credentials, fax: str) -> Ask:
    url = f"{base_url}/v1/faxes/{fax}/info"
    return {"url": url, "headers": {"Authorization": f"Basic {credentials['apiKey']}"}}


def _faxto(base_url: str, credentials: Credentials, fax: str) -> Ask:
    return {"url": f"{base_url}/api/v2/fax/{fax}/status", "params": dict(credentials)}


ASKS: Mapping[str, Callable[[str, Credentials, str], Ask]] = {
    "openfax": _openfax,
    "kazoo": _kazoo,
    "ifax": _ifax,
    "mfax": _mfax,
    "faxto": _faxto,
}
"""How each vendor's status call is written."""
