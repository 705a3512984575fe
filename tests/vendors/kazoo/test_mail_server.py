"""The mail server itself: commands, limits, its port."""

from __future__ import annotations

import smtplib
from email.policy import SMTP

import pytest

from emulator.app import App
from tests.conftest import WAIT, Control
from tests.test_cli import serving
from tests.vendors.kazoo.client import Kazoo
from tests.vendors.kazoo.letters import TO, compare_log, entry_of, faxbox, mail, post


def test_hostile_commands_get_a_mail_servers_answer(mailing: Kazoo, port: int) -> None:
    domain = faxbox(mailing)["smtp_email_address"]
    with smtplib.SMTP("127.0.0.1", port, timeout=WAIT) as client:
        assert client.docmd("BLAH")[0] == 500
        client.helo("me")
        assert client.docmd("MAIL", "FROM:<>")[0] == 250
        assert client.docmd("RCPT", "TO:<@>")[0] >= 500
        assert client.docmd("RCPT", f"TO:<{'9' * 300}@{domain}>")[0] == 550
        codes = [client.docmd("RCPT", f"TO:<{TO}@{domain}>")[0] for _ in range(101)]
        assert codes == [250] * 100 + [452]
        assert client.docmd("RSET")[0] == 250


def test_a_mail_that_is_too_large_is_refused(mailing: Kazoo, port: int) -> None:
    domain = faxbox(mailing)["smtp_email_address"]
    with pytest.raises(smtplib.SMTPSenderRefused) as caught:
        post(port, f"{TO}@{domain}", b"x\r\n" * 4_100_000)
    assert caught.value.smtp_code == 552


def test_a_port_that_is_taken_is_said(mail_app: App, port: int) -> None:
    from emulator.config import Config

    with pytest.raises(OSError, match=f"cannot listen on 127.0.0.1 port {port} for mail"):
        App(Config(smtp_port=port))


def test_the_port_is_a_setting_and_there_is_no_mail_server_without_it(app: App) -> None:
    from emulator.config import load

    assert app.listeners == []
    assert load({"smtp_port": "2525"}, environ={}).smtp_port == 2525
    assert load({}, environ={"LOCALFAX_SMTP_PORT": "26"}).smtp_port == 26
    with pytest.raises(ValueError, match="smtp_port must be a whole number from 0 to 65,535"):
        load({"smtp_port": "mail"}, environ={})


def test_the_command_takes_mail_on_the_port_that_it_tells(one_page: bytes) -> None:
    with serving("--port", "0", "--smtp-port", "0") as (_, lines):
        [said] = [line.split() for line in lines if line.startswith("  mail")]
        host, _, taken = said[1].partition(":")
        assert (host, said[2:]) == ("127.0.0.1", ["(email", "to", "fax)"])
        made = Control(lines[0].split()[3].rstrip(".")).create()
        account = Kazoo(made)
        box = faxbox(account)
        domain = box["smtp_email_address"]
        content = mail((one_page, "application/pdf", "a.pdf")).as_bytes(policy=SMTP)
        assert post(int(taken), f"{TO}@{domain}", content) == {}
        [row] = account.get("/faxes/outgoing")["data"]
        told = {"content_type": "application/pdf", "filename": "a.pdf", "faxdoc_id": row["id"]}
        compare_log(account, entry_of(account, domain, box["id"], faxdoc_db="faxes", **told))
