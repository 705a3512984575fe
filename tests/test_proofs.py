"""A document is drawn before it is faxed: what that shows holds for all, and tells how long a call takes."""

from __future__ import annotations

import io
from base64 import b64encode
from functools import cache

import pytest
from PIL import Image

from emulator.documents import merge, to_pdf
from tests.conftest import Control
from tests.recipes import LOST, make
from tests.sending import VENDORS, pages
from tests.test_recipes import send, show


@cache
def dithered() -> bytes:
    """Give a PDF of a page of dots, and a plain one."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize((1728, 2156)).convert("1").save(out, "PNG")
    return merge([to_pdf(out.getvalue()), pages(1)])


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_page_of_dots_takes_longer_than_a_plain_one(control: Control, vendor: str) -> None:
    for content in (pages(2), dithered(), dithered()):
        send(control, vendor, "a.pdf", content)
    control.advance()
    again, dots, plain = (fax["attempts"][0]["duration"] for fax in control.faxes())
    assert 60 < dots - plain < 300
    assert again == dots


def test_a_page_of_dots_that_comes_in_takes_longer_too(control: Control) -> None:
    for document in (pages(2), dithered()):
        control.receive("faxto", "+12125550123", document=b64encode(document).decode())
    dots, plain = (fax["attempts"][0]["duration"] for fax in control.faxes())
    assert 60 < dots - plain < 300


def test_a_scenario_that_names_a_page_time_wins(control: Control) -> None:
    control.script(name="quick", attempts=[{"delivered": {"per_page": 5}}])
    send(control, "ifax", "a.pdf", dithered())
    control.advance()
    (fax,) = control.faxes()
    assert fax["attempts"][0]["duration"] == 12 + 5 + 4 + 5 + 3.5


@pytest.mark.parametrize("vendor", VENDORS)
def test_what_could_not_be_drawn_once_fails_whoever_sends_it_again(control: Control, vendor: str) -> None:
    for _ in range(2):
        send(control, vendor, "a.pdf", make("damaged")[LOST[0]])
        control.advance()
    found = [(fax["outcome"], fax["document"]["problem"]) for fax in control.faxes()]
    assert found == [("conversion_failed", "broken")] * 2


def test_a_fax_whose_document_was_let_go_goes_on(forgetful: Control) -> None:
    control = forgetful.create()
    send(control, "ifax", "a.pdf", to_pdf(b"Let go before it was drawn"))
    send(control, "kazoo", "a.pdf", bytes(2**20))
    control.advance()
    [*_, fax] = control.faxes()
    assert fax["outcome"] == "delivered"
    assert show(control, fax, "tiff")[0] == 404
