"""Email to fax: a real mail server takes mail for a number at a faxbox's domain, and logs good and bad."""

from __future__ import annotations

import re
import smtplib
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import pytest

from emulator.app import App
from tests.vendors.kazoo.conftest import Kazoo

TO = "18884732963"
FROM = "me@acme.test"


def mail(*files: tuple[bytes, str, str], subject: str = "Report") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["Subject"] = FROM, subject
    message.set_content("See the file.")
    for content, kind, name in files:
        main, _, sub = kind.partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message


def post(port: int, to: str | list[str], content: bytes, sender: str = FROM) -> dict[str, tuple[int, bytes]]:
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        return client.sendmail(sender, to, content)


def faxbox(kazoo: Kazoo, **more: Any) -> Any:
    return kazoo.put("/faxboxes", {"name": "Box", "caller_id": "12125550100"} | more)


def test_a_mail_becomes_a_job_and_a_log_entry(mailing: Kazoo, port: int, three_pages: bytes) -> None:
    box = faxbox(mailing, retries=2)
    domain = box["smtp_email_address"]
    post(port, f"{TO}@{domain}", mail((three_pages, "application/pdf", "report.pdf")).as_bytes(policy=SMTP))
    [row] = mailing.get("/faxes/outgoing")["data"]
    assert (row["status"], row["to"], row["from"]) == ("attaching_files", TO, "12125550100")
    job = mailing.get(f"/faxes/outgoing/{row['id']}")["data"]
    assert (job["from_name"], job["retries"], job["faxbox_id"], job["subject"]) == (
        "Kazoo Fax Printer", 2, box["id"], "Report"
    )  # fmt: skip
    listed = mailing.get("/faxes/smtplog")
    [entry] = listed["data"]
    assert entry == {
        "id": entry["id"], "from": FROM, "to": f"{TO}@{domain}", "error": None, "created": mailing.now()
    }  # fmt: skip
    assert (listed["page_size"], listed["start_key"]) == (1, [mailing.account])
    assert re.fullmatch(r"\d{6}-[0-9a-f]{32}", entry["id"])
    data = mailing.get(f"/faxes/smtplog/{entry['id']}")["data"]
    assert data == {
        "id": entry["id"], "to": f"{TO}@{domain}", "from": FROM, "original_number": TO,
        "translated_number": "+18884732963", "faxbox_domain": domain, "faxbox_id": box["id"],
        "faxbox_owner_id": data["faxbox_owner_id"], "faxbox_owner_email": None, "account_id": mailing.account,
        "content_type": "application/pdf", "filename": "report.pdf", "errors": [], "faxdoc_id": row["id"],
        "faxdoc_db": "faxes", "created": mailing.now(),
    }  # fmt: skip
    owner = data["faxbox_owner_id"]
    for path in (f"/faxboxes/{box['id']}", f"/users/{owner}"):
        assert mailing.get(f"{path}/faxes/smtplog")["data"] == [entry]
    assert mailing.get(f"/users/{'0' * 32}/faxes/smtplog")["data"] == []
    mailing.control.advance()
    [sent] = mailing.get("/faxes/outbox")["data"]
    assert (sent["status"], sent["tx_result"]["pages_sent"]) == ("completed", 3)
    assert mailing.get(f"/faxboxes/{box['id']}/faxes/outbox")["data"][0]["id"] == sent["id"]


def test_a_custom_domain_takes_mail_and_a_file_is_known_by_its_content(
    mailing: Kazoo, port: int, document: Any
) -> None:
    domain = f"{mailing.account[:8]}.acme.test"
    faxbox(mailing, custom_smtp_email_address=f"fax@{domain.upper()}")
    files = [
        (b"GIF89a", "image/gif", "logo.gif"),
        (document("scan.tiff"), "application/octet-stream", "scan.bin"),
    ]
    post(port, f"{TO}@{domain}", mail(*files).as_bytes(policy=SMTP))
    [entry] = mailing.get("/faxes/smtplog")["data"]
    data = mailing.get(f"/faxes/smtplog/{entry['id']}")["data"]
    assert (data["errors"], data["content_type"], data["filename"]) == ([], "image/tiff", "scan.bin")


def refused(port: int, to: str, content: bytes, sender: str = FROM) -> tuple[int, str]:
    with pytest.raises((smtplib.SMTPDataError, smtplib.SMTPRecipientsRefused)) as caught:
        post(port, to, content, sender)
    wrong = caught.value
    code, text = next(iter(wrong.recipients.values())) if hasattr(wrong, "recipients") else wrong.args
    return code, text.decode()


def logged(kazoo: Kazoo) -> list[str]:
    return [entry["error"] for entry in kazoo.get("/faxes/smtplog")["data"]]


def test_a_mail_without_a_document_is_refused_and_logged(mailing: Kazoo, port: int) -> None:
    domain = faxbox(mailing)["smtp_email_address"]
    assert refused(port, f"{TO}@{domain}", mail().as_bytes(policy=SMTP)) == (554, "no fax documents to save")
    text = mail((b"a,b", "text/csv", "a.csv"), (b"what", "application/octet-stream", "b.pdf"))
    assert refused(port, f"{TO}@{domain}", text.as_bytes(policy=SMTP)) == (554, "no fax documents to save")
    assert logged(mailing) == ["no fax documents to save"] * 2
    assert mailing.get("/faxes/outgoing")["data"] == []


@pytest.mark.parametrize(
    "content",
    [b"\r\nno headers at all", b"Content-Type: multipart/mixed; boundary=x\r\n\r\nno parts",
     b"Content-Type: multipart/mixed\r\n\r\nno boundary", b"Subject: x\r\nno colon here\r\n\r\nbody"],
)  # fmt: skip
def test_a_mail_that_cannot_be_decoded_is_refused_and_logged(
    mailing: Kazoo, port: int, content: bytes
) -> None:
    domain = faxbox(mailing)["smtp_email_address"]
    assert refused(port, f"{TO}@{domain}", content) == (554, "Message decode failed")
    assert logged(mailing) == ["Message decode failed"]


def test_an_address_that_is_no_number_is_refused_and_logged(mailing: Kazoo, port: int) -> None:
    domain = faxbox(mailing)["smtp_email_address"]
    assert refused(port, f"desk@{domain}", b"x") == (550, "invalid address")
    realm = f"{mailing.credentials['account_name']}.sip.localfax.test"
    assert refused(port, f"{TO}@{realm}", b"x") == (550, "invalid address")
    assert logged(mailing) == ["invalid address"] * 2
    entry = mailing.get("/faxes/smtplog?filter_faxbox_domain=" + realm)["data"][0]
    data = mailing.get(f"/faxes/smtplog/{entry['id']}")["data"]
    assert (data["faxbox_id"], data["to"], data["errors"]) == (None, f"{TO}@{realm}", ["invalid address"])


def test_a_domain_that_nobody_has_is_refused(mailing: Kazoo, port: int) -> None:
    assert refused(port, f"{TO}@nobody.test", b"x") == (550, "invalid address")
    gone = faxbox(mailing)
    mailing.answer("DELETE", f"/faxboxes/{gone['id']}")
    assert refused(port, f"{TO}@{gone['smtp_email_address']}", b"x") == (550, "invalid address")
    assert logged(mailing) == ["invalid address"]


@pytest.mark.parametrize(
    ("pattern", "sender", "permitted"),
    [
        ("me@acme.test", FROM, True),
        ("^.*@acme\\.test$", FROM, True),
        (".*", "x@y.test", True),
        ("me@.*", "you@acme.test", False),
        (".*@acme.test", "me@evil.test", False),
        ("(a+)+$", "a" * 60 + "!@x.test", False),
    ],
)
def test_a_faxbox_permits_the_senders_on_its_list(
    mailing: Kazoo, port: int, one_page: bytes, pattern: str, sender: str, permitted: bool
) -> None:
    domain = faxbox(mailing, smtp_permission_list=["other@acme.test", pattern])["smtp_email_address"]
    content = mail((one_page, "application/pdf", "a.pdf")).as_bytes(policy=SMTP)
    if permitted:
        assert post(port, f"{TO}@{domain}", content, sender) == {}
    else:
        assert refused(port, f"{TO}@{domain}", content, sender) == (554, "sender not permitted")
    assert logged(mailing) == [None if permitted else "sender not permitted"]


def test_a_mail_to_two_numbers_makes_two_faxes(mailing: Kazoo, port: int, one_page: bytes) -> None:
    domain = faxbox(mailing)["smtp_email_address"]
    wrong = post(
        port,
        [f"{TO}@{domain}", f"12125550123@{domain}", f"nobody@{domain}"],
        mail((one_page, "application/pdf", "a.pdf")).as_bytes(policy=SMTP),
    )
    assert {address: code for address, (code, _) in wrong.items()} == {f"nobody@{domain}": 550}
    assert [row["to"] for row in mailing.get("/faxes/outgoing")["data"]] == ["12125550123", TO]


def test_a_number_that_a_scenario_refuses_is_logged(mailing: Kazoo, port: int, one_page: bytes) -> None:
    domain = faxbox(mailing)["smtp_email_address"]
    content = mail((one_page, "application/pdf", "a.pdf")).as_bytes(policy=SMTP)
    assert refused(port, f"15005550006@{domain}", content) == (554, "no_credit")
    assert logged(mailing) == ["no_credit"]


def test_a_broken_document_is_taken_and_fails_later(mailing: Kazoo, port: int, document: Any) -> None:
    domain = faxbox(mailing)["smtp_email_address"]
    files = mail((document("truncated.pdf"), "application/pdf", "a.pdf"))
    post(port, f"{TO}@{domain}", files.as_bytes(policy=SMTP))
    mailing.control.advance()
    assert [row["status"] for row in mailing.get("/faxes/outbox")["data"]] == ["failed"]


def test_a_mail_for_a_faxbox_tells_whom_the_faxbox_names(
    mailing: Kazoo, mail_app: App, port: int, one_page: bytes
) -> None:
    told = {"outbound": {"email": {"send_to": "boss@acme.test"}}}
    domain = faxbox(mailing, notifications=told)["smtp_email_address"]
    post(port, f"{TO}@{domain}", mail((one_page, "application/pdf", "a.pdf")).as_bytes(policy=SMTP))
    mailing.control.advance()
    entries = [entry for _, entry in mail_app.store.journal(mailing.control.id, "notifications").entries]
    assert [(entry["kind"], entry["to"]) for entry in entries] == [("email", ["boss@acme.test"])]


def test_hostile_commands_get_a_mail_servers_answer(mailing: Kazoo, port: int) -> None:
    domain = faxbox(mailing)["smtp_email_address"]
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
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


def test_a_faxbox_that_a_snapshot_brought_takes_mail(mailing: Kazoo, port: int, one_page: bytes) -> None:
    control = mailing.control
    domains = [f"{mailing.account[8:16]}.acme.test", faxbox(mailing)["smtp_email_address"]]
    faxbox(mailing, custom_smtp_email_address=domains[0])
    snapshot = control.call("GET", f"/sandboxes/{control.id}/snapshot", 200)
    control.call("DELETE", f"/sandboxes/{control.id}", 204)
    elsewhere = Kazoo(control.create())
    content = mail((one_page, "application/pdf", "a.pdf")).as_bytes(policy=SMTP)
    assert refused(port, f"{TO}@{domains[0]}", content) == (550, "invalid address")
    elsewhere.control.call("POST", f"/sandboxes/{elsewhere.control.id}/snapshot", 200, json=snapshot)
    for domain in domains:
        assert post(port, f"{TO}@{domain}", content) == {}
    assert logged(elsewhere) == [None, None]


def test_a_mail_that_makes_no_fax_is_no_event_of_a_4_0_server(mailing: Kazoo, port: int) -> None:
    control = mailing.control
    control.vendor("kazoo", webhooks={"outbound": "http://127.0.0.1:9/hook"})
    assert refused(port, f"desk@{faxbox(mailing)['smtp_email_address']}", b"x") == (550, "invalid address")
    assert control.call("GET", f"/sandboxes/{control.id}/webhooks", 200)["webhooks"] == []
