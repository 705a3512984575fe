"""Faxes that are asked for by mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from emulator.core.engine.engine import Engine
from emulator.vendors import Closeable, HostPort


def listen_for_mail(engine: Engine, addresses: Mapping[str, HostPort]) -> Sequence[Closeable]:
    """Listen for mail where an address is given for it."""
    if "smtp" not in addresses:
        return ()
    from emulator.vendors.kazoo.mail.smtp import MailServer

    return (MailServer(engine, *addresses["smtp"]),)
