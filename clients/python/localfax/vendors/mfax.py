"""The smallest client of mFax."""

from __future__ import annotations

from localfax.asking import Account, Ask, Client, Order, digits


def _send(order: Order) -> Ask:
    document = order.document
    form = {"faxNumber": order.to} | ({"callerId": digits(order.sender)[-10:]} if order.sender else {})
    files = (("attachments", (document.name, document.content, document.media_type)),)
    return Ask("POST", f"{order.account.base_url}/v1/faxes", _key(order.account), form=form, files=files)


def _status(account: Account, fax: str) -> Ask:
    return Ask("GET", f"{account.base_url}/v1/fax/{fax}/info", _key(account))


def _key(account: Account) -> dict[str, str]:
    return {"Authorization": f"Basic {account.credentials['apiKey']}"}


CLIENT = Client(_send, _status)
