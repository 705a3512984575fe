"""What a fax shows: files in their order, cover pages, and the ways in which clients write a form."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.vendors.mfax.conftest import NUMBER, Mfax, error, refused, texts

NO_FILES = error("InvalidInputError", "No files and cover page in to send.")


@pytest.mark.parametrize("name", ["encrypted.pdf", "truncated.pdf", "zero-pages.pdf", "not-a-pdf.pdf"])
def test_a_document_that_cannot_be_rendered_fails_later(
    mfax: Mfax, document: Callable[[str], bytes], name: str
) -> None:
    sent = mfax.send(document(name))
    assert (sent["status"], sent["pagesCount"]) == ("processing", 0)
    mfax.control.advance()
    fax = mfax.info(sent["messageId"])
    shown = (fax["status"], fax["resultCode"], fax["resultInfo"], fax["pagesComplete"], fax["duration"])
    assert shown == ("failed", "5200", "Fax Rendering Issue", 0, 0)


def test_files_are_rendered_in_the_order_in_which_they_were_added(
    mfax: Mfax, document: Callable[[str], bytes]
) -> None:
    answer = mfax.upload(
        "/v1/faxes",
        ("a.txt", b"first letter"),
        ("b.pdf", document("three-pages.pdf")),
        ("c.txt", b"last letter"),
        faxNumber=NUMBER,
    )
    assert answer.json()["pagesCount"] == 5
    pages = texts(mfax)
    assert (pages[0].strip(), pages[4].strip()) == ("first letter", "last letter")


@pytest.mark.parametrize("name", ["photo.png", "photo.jpg", "scan.tiff", "letter.txt"])
def test_pictures_and_text_become_pages(mfax: Mfax, document: Callable[[str], bytes], name: str) -> None:
    fax = mfax.send(document(name))
    content = mfax.get(f"/v1/fax/{fax['messageId']}/download").content
    assert content.startswith(b"%PDF-")
    assert fax["pagesCount"] >= 1


def test_a_cover_page_is_drawn_from_the_template(mfax: Mfax, pdf: bytes) -> None:
    fax = mfax.send(
        pdf,
        coverPage="true",
        recipientName="Ada Lovelace",
        senderName="Charles",
        subject="Engines",
        notes="Read this.\nAnd this.",
        callerId="5094570000",
    )
    lines = [line.strip() for line in texts(mfax)[0].splitlines() if line.strip()]
    assert fax["pagesCount"] == 2
    assert lines == [
        "Fax Transmission",
        "To: Ada Lovelace",
        "From: Charles",
        "Fax: +12125550123",
        "Fax: 5094570000",
        "RE: Engines",
        f"Date: {mfax.control.now()[:10]}",
        "Pages: 2",
        "Comments: Read this.",
        "And this.",
    ]


def test_a_cover_page_alone_is_a_fax(mfax: Mfax) -> None:
    answer = mfax.upload("/v1/faxes", faxNumber=NUMBER, coverPage="true", notes="x" * 4000)
    assert (answer.status_code, answer.json()["pagesCount"]) == (200, 1)


def test_a_cover_page_of_the_portal_is_used_by_its_id(mfax: Mfax) -> None:
    uuid = "d1077489-5ea1-4db1-9760-853f175e8288"
    page = {"uuid": uuid, "name": "Short", "template": "For ${tokens.recipientName}${tokens.unknown}!"}
    mfax.control.vendor("mfax", profile={"cover_pages": [page]})
    answer = mfax.upload(
        "/v1/faxes", faxNumber=NUMBER, coverPage="true", coverPageId=uuid, recipientName="Ada"
    )
    assert answer.status_code == 200
    assert texts(mfax)[0].strip() == "For Ada!"
    wrong = mfax.upload("/v1/faxes", faxNumber=NUMBER, coverPage="true", coverPageId=uuid[::-1])
    assert (wrong.status_code, wrong.json()) == (400, error("InvalidInputError", "Cover page not found."))


def test_without_file_and_cover_page_there_is_nothing_to_send(mfax: Mfax) -> None:
    answer = mfax.upload("/v1/faxes", faxNumber=NUMBER, coverPage="false")
    assert (answer.status_code, answer.json()) == (400, NO_FILES)
    assert mfax.control.faxes() == []


def test_the_vendors_own_example_is_accepted(mfax: Mfax, pdf: bytes) -> None:
    """The values of the reference's PHP sample: unknown tags and ids, a date long past."""
    fax = mfax.send(
        pdf,
        "11234567890",
        coverPage="false",
        coverPageId="d1077489-5ea1-4db1-9760-853f175e8288",
        tags="example",
        recipientName="example",
        senderName="example",
        subject="example",
        callerId="example",
        notes="example",
        cf='{"example": "value"}',
        scheduledDate="2020-01-01T00:00:00.000Z",
        webhookId="d1077489-5ea1-4db1-9760-853f175e8288",
    )
    shown = (fax["status"], fax["faxNumber"], fax["faxCallerId"], fax["tags"], fax["cf"])
    assert shown == ("processing", "+11234567890", "example", [], {"example": "value"})


def test_empty_fields_count_as_not_sent(mfax: Mfax, pdf: bytes) -> None:
    empty = (
        "coverPageId",
        "coverPage",
        "tags",
        "notes",
        "cf",
        "scheduledDate",
        "webhookId",
        "async",
        "callerId",
    )
    fax = mfax.send(pdf, **dict.fromkeys(empty, ""))
    assert (fax["tags"], fax["cf"], fax["faxCallerId"]) == ([], {}, "5095550100")


def test_parts_that_claim_to_be_multipart_themselves_are_fields(mfax: Mfax, pdf: bytes) -> None:
    parts = [
        ("faxNumber", (None, NUMBER, "multipart/form-data")),
        ("cf[case]", (None, "7", "multipart/form-data")),
        ("recipientName", (None, "Ada", "multipart/form-data")),
        ("attachments", ("fax.pdf", pdf, "multipart/form-data")),
    ]
    answer = mfax.call("POST", "/v1/faxes", files=parts)
    fax = answer.json()
    assert answer.status_code == 200
    assert (fax["recipientName"], fax["cf"], fax["pagesCount"]) == ("Ada", {"case": "7"}, 1)


@pytest.mark.parametrize("name", ["'attachments'", "letter.pdf", "file"])
def test_a_file_part_of_any_name_is_an_attachment(mfax: Mfax, pdf: bytes, name: str) -> None:
    answer = mfax.upload("/v1/faxes", ("letter.pdf", pdf), part=name, faxNumber=NUMBER)
    assert (answer.status_code, answer.json()["pagesCount"]) == (200, 1)


def test_lists_may_come_in_brackets(mfax: Mfax, pdf: bytes) -> None:
    tags = [mfax.post("/v1/tag", name=name).json() for name in "ab"]
    parts = [("attachments", ("a.pdf", pdf)), ("faxNumber", (None, NUMBER))]
    parts += [("tags[]", (None, tag["uuid"])) for tag in tags]
    assert mfax.call("POST", "/v1/faxes", files=parts).json()["tags"] == tags


def test_a_destination_under_both_its_names_gets_one_fax(mfax: Mfax, pdf: bytes) -> None:
    fax = mfax.send(pdf, "+12125550199", recipientFax=NUMBER)
    assert fax["faxNumber"] == NUMBER
    assert [each["to"] for each in mfax.control.faxes()] == [NUMBER]


def test_a_list_may_be_numbered_as_php_does(mfax: Mfax, pdf: bytes) -> None:
    fields = {"recipientFax[0]": "+12125550124", "recipientFax[1]": NUMBER, "cf[0]": "7"}
    fax = mfax.upload("/v1/faxes", ("a.pdf", pdf), part="attachments[0]", **fields).json()
    assert (fax["faxNumber"], fax["pagesCount"], fax["cf"]) == ("+12125550124", 1, {"0": "7"})
    assert [each["to"] for each in mfax.control.faxes()] == [NUMBER, "+12125550124"]
    named = mfax.upload("/v1/faxes", ("a.pdf", pdf), **{"recipientFax[me]": NUMBER})
    message = "recipientFax: Must be a comma separated list."
    assert (named.status_code, named.json()) == (400, error("InvalidInputError", message))


def test_too_many_files_are_refused(mfax: Mfax) -> None:
    answer = mfax.upload("/v1/faxes", *[("a.txt", b"a")] * 51, faxNumber=NUMBER)
    assert refused(answer) == (400, "InvalidInputError", "attachments: at most 50 files are sent.")
