"""The smallest client of iFax."""

from __future__ import annotations

from base64 import b64encode

from localfax.asking import Account, Ask, Client, Order


def _send(order: Order) -> Ask:
    file = {"fileName": order.document.name, "fileData": b64encode(order.document.content).decode()}
    body = {"faxNumber": order.to, "faxData": [file]} | ({"callerId": order.sender} if order.sender else {})
    return Ask("POST", f"{order.account.base_url}/v1/customer/fax-send", _token(order.account), json=body)


def _status(account: Account, fax: str) -> Ask:
    url = f"{account.base_url}/v1/customer/fax-status"
    return Ask("POST", url, _token(account), json={"jobId": fax})


def _token(account: Account) -> dict[str, str]:
    return {"accessToken": account.credentials["accessToken"]}


# It posts the faxes that it receives.
CLIENT = Client(_send, _status, usual_for=frozenset({"inbound"}))
