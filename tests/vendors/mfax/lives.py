"""A fax in each status, for tests."""

from __future__ import annotations

from tests.vendors.mfax.bodies import MESSAGES, WEBHOOKS
from tests.vendors.mfax.conftest import Mfax

FIRST = MESSAGES[0]
OUTBOUND = [name for each in WEBHOOKS.values() for name in each["events"] if "outbound" in name]
NOWHERE = "15005550008"
"""A number that does not exist: the fax fails at its first call."""


def processing(mfax: Mfax, pdf: bytes) -> None:
    mfax.send(pdf)


def scheduled(mfax: Mfax, pdf: bytes) -> None:
    mfax.send(pdf, scheduledDate="2026-03-03")


def transmitting(mfax: Mfax, pdf: bytes) -> None:
    mfax.send(pdf)
    mfax.control.advance(until={"fax": mfax.control.faxes()[0]["id"], "state": "transmitting"})


def success(mfax: Mfax, pdf: bytes) -> None:
    mfax.send(pdf)
    mfax.control.advance()


def failed(mfax: Mfax, pdf: bytes) -> None:
    mfax.send(pdf, NOWHERE)
    mfax.control.advance()


def cancelled(mfax: Mfax, pdf: bytes) -> None:
    mfax.send(pdf)
    mfax.post(f"/v1/fax/{FIRST}/cancel")
    mfax.control.advance()


def unrendered(mfax: Mfax, pdf: bytes) -> None:
    mfax.send(b"\0\1\2")
    mfax.control.advance()


STATUSES = {each.__name__: each for each in (processing, transmitting, scheduled, success, failed, cancelled)}
LIVES = {**STATUSES, "unrendered": unrendered}
