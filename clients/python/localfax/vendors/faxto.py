"""The smallest client of Fax.to."""

from __future__ import annotations

from localfax.asking import Account, Ask, Client, Order


def _send(order: Order) -> Ask:
    document = order.document
    return Ask(
        "POST",
        f"{order.account.base_url}/api/v2/fax",
        query=order.account.credentials,
        form={"fax_number": order.to} | ({"tsi_number": order.sender} if order.sender else {}),
        files=(("file", (document.name, document.content, document.media_type)),),
    )


def _status(account: Account, fax: str) -> Ask:
    return Ask("GET", f"{account.base_url}/api/v2/fax/{fax}/status", query=account.credentials)


CLIENT = Client(_send, _status, resolution="fine")
