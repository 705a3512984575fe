"""The smallest client of Openfax."""

from __future__ import annotations

from base64 import b64encode

from localfax.asking import Account, Ask, Client, Order, digits


def _send(order: Order) -> Ask:
    content = order.document.content
    pdf = content if content.startswith(b"%PDF") else _to_pdf(content)  # the vendor takes nothing else
    form = {
        **order.account.credentials,
        "FaxNumber": digits(order.to),
        "paperSize": "0",
        "faxResolution": "0",
        "Priority": "Normal",
        "PDF_encode": b64encode(pdf).decode(),
    }
    return Ask("POST", f"{order.account.base_url}/faxSendSubmit.php", form=form)


def _to_pdf(content: bytes) -> bytes:
    try:
        from emulator.documents import to_pdf
    except ImportError:  # this package alone turns nothing into a PDF
        raise ValueError("Openfax takes PDF alone: send a document that is one") from None
    return to_pdf(content)


def _status(account: Account, fax: str) -> Ask:
    """List all faxes: there is no call for one."""
    days = {"FromDate": "2000-01-01", "ToDate": "2100-01-01", "DetailType": "1"}
    return Ask("GET", f"{account.base_url}/outboundDetailsbyDate.php", query={**account.credentials, **days})


# It redials by itself, which most scenarios are about.
CLIENT = Client(_send, _status, usual_for=frozenset({"outbound"}))
