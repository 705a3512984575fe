"""The mail server of email to fax: takes `<number>@<a faxbox's domain>`."""

from __future__ import annotations

import asyncio
import logging
import socket
from typing import Any

from emulator.core.engine.engine import Engine
from emulator.core.errors import LocalfaxError
from emulator.vendors.kazoo.mail.letters import check_address, receive_mail, world_of
from emulator.vendors.kazoo.tables import BODY_LIMIT, INVALID_ADDRESS

log = logging.getLogger(__name__)

MAIL_LIMIT = BODY_LIMIT * 3 // 2
"""Bytes of a mail: a document of the largest size in base 64, and its letter."""
MOST_RECIPIENTS = 100
TOO_MANY = "452 Too many recipients"
TROUBLE = "451 Requested action aborted: local error in processing"


class MailServer:
    """A listening mail server in a thread of its own. `port` is the one that it got."""

    name = "smtp"

    def __init__(self, engine: Engine, host: str, port: int) -> None:
        """Bind and listen; raise OSError when the port cannot be had."""
        from aiosmtpd.controller import Controller

        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            listening = socket.create_server((host, port), family=family)
        except OSError as wrong:
            text = f"cannot listen on {host} port {port} for mail: {wrong.strerror}"
            raise OSError(wrong.errno, text) from wrong

        class OnSocket(Controller):
            def _create_server(self) -> Any:
                return self.loop.create_server(self._factory_invoker, sock=listening)

        self.engine, self.host, self.port = engine, host, int(listening.getsockname()[1])
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        self._controller = OnSocket(
            self,
            hostname=host,
            port=self.port,
            server_hostname="localfax",
            ident="Localfax",
            data_size_limit=MAIL_LIMIT,
        )
        self._controller.start()

    def close(self) -> None:
        """Stop listening and join the thread."""
        self._controller.stop()

    # what aiosmtpd asks
    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Take a recipient whose domain is a faxbox's and whose number can be dialled."""
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return TOO_MANY
        world = world_of(self.engine, address)
        sender = envelope.mail_from or ""
        error = INVALID_ADDRESS if world is None else check_address(world, sender, address)
        if error is not None:
            return f"550 {error}"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Make a fax for each recipient; refuse the mail when it makes none at all."""
        sender, content = envelope.mail_from or "", envelope.original_content or b""
        errors = [await asyncio.to_thread(self._receive, sender, to, content) for to in envelope.rcpt_tos]
        wrong = [error for error in errors if error is not None]
        if len(wrong) < len(errors):
            return "250 OK"
        return f"554 {wrong[0]}" if wrong else TROUBLE

    def _receive(self, sender: str, to: str, content: bytes) -> str | None:
        world = world_of(self.engine, to)
        return INVALID_ADDRESS if world is None else receive_mail(world, sender, to, content)

    async def handle_exception(self, error: Exception) -> str:
        """Answer what nobody foresaw; what the sandbox says of itself (it is gone) is no fault of ours."""
        if not isinstance(error, LocalfaxError):
            log.error("a mail could not be taken", exc_info=error)
        return TROUBLE
