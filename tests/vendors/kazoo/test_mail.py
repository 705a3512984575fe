"""Email to fax: a real mail server takes mail for a number at a faxbox's domain, and logs good and bad."""

from __future__ import annotations

from email.policy import SMTP
from typing import Any

import pytest

from tests.vendors.kazoo.client import Kazoo, login
from tests.vendors.kazoo.expected import failed, faxed, job, listed, sent
from tests.vendors.kazoo.letters import (
    FROM,
    TO,
    compare_log,
    entry_of,
    faxbox,
    filled,
    logged,
    mail,
    post,
    refused,
)


def test_a_mail_becomes_a_job_and_a_log_entry(mailing: Kazoo, port: int, three_pages: bytes) -> None:
    box, created = faxbox(mailing, retries=2), mailing.now()
    domain = box["smtp_email_address"]
    post(port, f"{TO}@{domain}", mail((three_pages, "application/pdf", "report.pdf")).as_bytes(policy=SMTP))
    [row] = mailing.get("/faxes/outgoing")["data"]
    fax, owner = row["id"], login(mailing)["data"]["owner_id"]
    shown = {"created": created, "from": "12125550100", "id": fax, "status": "attaching_files", "to": TO}
    assert row == shown | {"attempts": 0, "faxbox_id": box["id"]}
    whole = job(fax, created, "attaching_files", **filled(box))
    assert mailing.get(f"/faxes/outgoing/{fax}")["data"] == whole
    document = {"content_type": "application/pdf", "filename": "report.pdf"}
    entry = entry_of(mailing, domain, box["id"], faxdoc_id=fax, faxdoc_db="faxes", **document)
    for path in ("", f"/faxboxes/{box['id']}", f"/users/{owner}"):
        compare_log(mailing, entry, path=path)
    compare_log(mailing, path=f"/users/{'0' * 32}")
    mailing.control.advance()
    result = faxed(elapsed=83, pages=3, sender="+12125550100")
    ended = sent(f"201603-{fax}", created, result, **filled(box))
    for path in ("", f"/faxboxes/{box['id']}", f"/users/{owner}"):
        assert mailing.get(f"{path}/faxes/outbox")["data"] == [listed(ended)]


def test_a_custom_domain_takes_mail_and_a_file_is_known_by_its_content(
    mailing: Kazoo, port: int, document: Any
) -> None:
    domain = f"{mailing.account[:8]}.acme.test"
    box = faxbox(mailing, custom_smtp_email_address=f"fax@{domain.upper()}")
    files = [
        (b"GIF89a", "image/gif", "logo.gif"),
        (document("scan.tiff"), "application/octet-stream", r"C:\scans\scan.bin"),
    ]
    post(port, f"{TO}@{domain}", mail(*files).as_bytes(policy=SMTP))
    [row] = mailing.get("/faxes/outgoing")["data"]
    told = {"content_type": "image/tiff", "filename": "scan.bin", "faxdoc_id": row["id"]}
    compare_log(mailing, entry_of(mailing, domain, box["id"], faxdoc_db="faxes", **told))


def test_a_mail_without_a_document_is_refused_and_logged(mailing: Kazoo, port: int) -> None:
    box = faxbox(mailing)
    domain = box["smtp_email_address"]
    assert refused(port, f"{TO}@{domain}", mail().as_bytes(policy=SMTP)) == (554, "no fax documents to save")
    text = mail((b"a,b", "text/csv", "a.csv"), (b"what", "application/octet-stream", "b.pdf"))
    assert refused(port, f"{TO}@{domain}", text.as_bytes(policy=SMTP)) == (554, "no fax documents to save")
    wrong = entry_of(mailing, domain, box["id"], errors=["no fax documents to save"])
    compare_log(mailing, wrong, wrong)
    assert mailing.get("/faxes/outgoing")["data"] == []


@pytest.mark.parametrize(
    "content",
    [b"\r\nno headers at all", b"Content-Type: multipart/mixed; boundary=x\r\n\r\nno parts",
     b"Content-Type: multipart/mixed\r\n\r\nno boundary", b"Subject: x\r\nno colon here\r\n\r\nbody"],
)  # fmt: skip
def test_a_mail_that_cannot_be_decoded_is_refused_and_logged(
    mailing: Kazoo, port: int, content: bytes
) -> None:
    box = faxbox(mailing)
    domain = box["smtp_email_address"]
    assert refused(port, f"{TO}@{domain}", content) == (554, "Message decode failed")
    compare_log(mailing, entry_of(mailing, domain, box["id"], errors=["Message decode failed"]))


def test_an_address_that_is_no_number_is_refused_and_logged(mailing: Kazoo, port: int) -> None:
    box = faxbox(mailing)
    domain = box["smtp_email_address"]
    assert refused(port, f"desk@{domain}", b"x") == (550, "invalid address")
    realm = f"{mailing.credentials['account_name']}.sip.localfax.test"
    assert refused(port, f"{TO}@{realm}", b"x") == (550, "invalid address")
    desk = {"original_number": "desk", "to": f"desk@{domain}", "translated_number": "desk"}
    wrong = ["invalid address"]
    nowhere = entry_of(mailing, realm, None, errors=wrong)
    compare_log(mailing, nowhere, entry_of(mailing, domain, box["id"], errors=wrong, **desk))
    rows = mailing.get("/faxes/smtplog")["data"]
    assert mailing.get(f"/faxes/smtplog?filter_faxbox_domain={realm}")["data"] == rows[:1]


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
        ("me@acme.test", "ME@Acme.test", True),
        ("acme", FROM, True),  # found anywhere
        ("@(acme|zenith)\\.test$", FROM, True),
        ("^[a-z]{2}@", FROM, True),
        ("^acme", FROM, False),
        ("*acme*", FROM, False),  # no expression
        ("(m|e)+@(?!evil)", FROM, False),  # one that looks ahead is none here
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
        assert refused(port, f"{TO}@{domain}", content, sender) == (554, "not allowed")
    [box] = mailing.get("/faxboxes")["data"]
    text = f"address {sender} is not allowed on faxbox {box['id']}"
    assert logged(mailing) == [None if permitted else text]


def test_an_empty_list_lets_nobody_in_unless_the_switch_says_so(
    mailing: Kazoo, port: int, one_page: bytes
) -> None:
    domain = faxbox(mailing, smtp_permission_list=[])["smtp_email_address"]
    content = mail((one_page, "application/pdf", "a.pdf")).as_bytes(policy=SMTP)
    assert refused(port, f"{TO}@{domain}", content) == (554, "not allowed")
    assert logged(mailing) == ["faxbox permissions is empty and policy doesn't allow it"]
    mailing.control.vendor("kazoo", profile={"smtp_open": True})
    assert post(port, f"{TO}@{domain}", content) == {}


def test_a_picture_in_a_mail_is_converted(mailing: Kazoo, port: int, document: Any) -> None:
    domain = faxbox(mailing)["smtp_email_address"]
    for name, kind in (("photo.png", "image/png"), ("photo.jpg", "application/octet-stream")):
        post(port, f"{TO}@{domain}", mail((document(name), kind, name)).as_bytes(policy=SMTP))
    mailing.control.advance()
    assert [(fax["state"], fax["pages"]["sent"]) for fax in mailing.control.faxes()] == [("delivered", 1)] * 2


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.odt", "application/vnd.oasis.opendocument.text"),
        ("a.doc", "application/msword"),
        ("a.xls", "application/vnd.ms-excel"),
        ("a.ppt", "application/vnd.ms-powerpoint"),
    ],
)
def test_an_office_file_in_a_mail_makes_a_job(mailing: Kazoo, port: int, name: str, kind: str) -> None:
    domain = faxbox(mailing)["smtp_email_address"]
    assert post(port, f"{TO}@{domain}", mail((b"x", kind, name)).as_bytes(policy=SMTP)) == {}
    assert logged(mailing) == [None]
    assert len(mailing.get("/faxes/outgoing")["data"]) == 1


def test_a_faxbox_without_a_caller_id_faxes_from_the_account_s_number(
    mailing: Kazoo, port: int, one_page: bytes
) -> None:
    box = mailing.put("/faxboxes", {"name": "Bare", "smtp_permission_list": ["acme"]})
    content = mail((one_page, "application/pdf", "a.pdf")).as_bytes(policy=SMTP)
    address = f"{TO}@{box['smtp_email_address']}"
    post(port, address, content)
    mailing.control.vendor("kazoo", numbers=["+12125550111"])
    post(port, address, content)
    rows = mailing.get("/faxes/outgoing")["data"]
    assert [row["from"] for row in rows] == ["+12125550111", "0000000000"]


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
    box, created = faxbox(mailing), mailing.now()
    files = mail((document("truncated.pdf"), "application/pdf", "a.pdf"))
    post(port, f"{TO}@{box['smtp_email_address']}", files.as_bytes(policy=SMTP))
    mailing.control.advance()
    [row] = mailing.get("/faxes/outbox")["data"]
    result = failed(0, "TIFF/F file cannot be opened", elapsed=1, pages=0)
    assert row == listed(sent(row["id"], created, result, **filled(box)))


def test_a_mail_for_a_faxbox_tells_whom_the_faxbox_names(mailing: Kazoo, port: int, one_page: bytes) -> None:
    told = {"outbound": {"email": {"send_to": "boss@acme.test"}}}
    domain = faxbox(mailing, notifications=told)["smtp_email_address"]
    post(port, f"{TO}@{domain}", mail((one_page, "application/pdf", "a.pdf")).as_bytes(policy=SMTP))
    mailing.control.advance()
    assert mailing.told() == [
        {
            "vendor": "kazoo", "fax": "fax-1", "kind": "email", "to": ["boss@acme.test"],
            "event": "outbound_fax", "subject": "Fax to +18884732963 was sent",
        }
    ]  # fmt: skip


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
