"""A typing mistake in an assertion never passes green."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any

import pytest

from emulator.core.faxes.machine import State
from emulator.core.faxes.numbers import normalise as normalise_there
from emulator.core.faxes.outcomes import Outcome
from emulator.core.webhooks.delivery import DeliveryState
from localfax.connection import Refusal
from localfax.faxcloud import FaxCloud
from localfax.numbers import normalise
from localfax.words import DELIVERY_STATES, OUTCOMES, STATES, check_markers

Act = Callable[[FaxCloud], Any]


@pytest.mark.parametrize(
    ("act", "kind", "said"),
    [
        (lambda cloud: cloud.assert_no_fax(state="deliverd"), ValueError, "did you mean delivered?"),
        (lambda cloud: cloud.assert_fax(outcome="bussy"), ValueError, "did you mean busy?"),
        (lambda cloud: cloud.assert_no_fax(vendor="ifx"), ValueError, "did you mean ifax?"),
        (lambda cloud: cloud.assert_no_fax(stat="failed"), TypeError, "Fax has no stat; did you mean state?"),
        (lambda cloud: cloud.faxes.where(direction="out"), ValueError, "there are outbound, inbound"),
        (lambda cloud: cloud.assert_webhook(state="sent"), ValueError, "no webhooks can have state='sent'"),
        (lambda cloud: cloud.assert_request(statuss=200), TypeError, "Request has no statuss; did you mean"),
        (lambda cloud: cloud.when(vendor="ifx"), ValueError, "did you mean ifax?"),
        (lambda cloud: cloud.send("ifx", "+12125550123"), ValueError, "no vendor 'ifx'; there are openfax"),
        (lambda cloud: cloud.receive("ifx"), ValueError, "no vendor 'ifx'; there are openfax"),
        (lambda cloud: cloud.webhook_reciever, AttributeError, "did you mean webhook_receiver?; its vendors"),
        (lambda cloud: cloud.ifax.acess_token, AttributeError, "did you mean access_token?; it has"),
        (lambda cloud: cloud.when().bussy(), AttributeError, "no word 'bussy'; did you mean busy?"),
        (lambda cloud: cloud.when().jammed(), AttributeError, "no word 'jammed'; there are delivered, busy,"),
        (lambda cloud: cloud.when().busy().than, AttributeError, "no word 'than'; did you mean then?"),
        (lambda cloud: cloud.when(too="+12125550123"), TypeError, "takes no too; did you mean to?"),
        (lambda cloud: cloud.when(to="abc").busy(), Refusal, "match.to: a number has digits"),
        (lambda cloud: cloud.receive("ifax", scenario="lin_error"), Refusal, "did you mean line_error?"),
        (lambda cloud: cloud.deliver_to("app"), TypeError, "takes a WSGI or ASGI application"),
        (lambda cloud: cloud.webhook_receiver.answer("503"), TypeError, "a number like 503, not '503'"),
        (
            lambda cloud: cloud.send("ifax", "1", document="a.pdf"),
            TypeError,
            "the bytes of a PDF, or Document",
        ),
        (lambda cloud: cloud.webhooks.where(fax="fax-9"), ValueError, "no fax fax-9; there are fax-1"),
        (lambda cloud: cloud.assert_webhook(fax="fax-9"), ValueError, "no fax fax-9; there are fax-1"),
        (lambda cloud: cloud.assert_request(fax="fax-9"), ValueError, "no fax fax-9; there are fax-1"),
        (lambda cloud: cloud.sandbox.webhooks(fax="fax-9"), Refusal, "no fax fax-9; there are fax-1"),
        (lambda cloud: cloud.sandbox.requests(fax="fax-9"), Refusal, "no fax fax-9; there are fax-1"),
        (lambda cloud: cloud.sandbox.webhooks(fx="fax-1"), Refusal, "did you mean fax?"),
    ],
)
def test_a_word_that_nothing_can_have_is_refused(
    faxcloud: FaxCloud, act: Act, kind: type[Exception], said: str
):
    faxcloud.send("ifax", "+12125550123")
    with pytest.raises(kind, match=said.replace("?", r"\?")):
        act(faxcloud)


def test_a_marker_that_is_nearly_the_plugins_own_is_refused():
    check_markers("faxcloud", ["faxcloud", "parametrize", "fax"])
    with pytest.raises(ValueError, match=r"no marker faxclod; did you mean faxcloud\?"):
        check_markers("faxcloud", ["slow", "faxclod"])


def test_the_bytes_of_a_pdf_are_a_document(faxcloud: FaxCloud):
    letter = faxcloud.receive("ifax", pages=2)
    faxcloud.settle()
    faxcloud.send("openfax", "+12125550123", document=faxcloud.sandbox.document(letter.id))
    faxcloud.settle()
    assert faxcloud.assert_fax(vendor="openfax", state="delivered").pages == 2


def test_right_words_and_patterns_are_taken(faxcloud: FaxCloud):
    faxcloud.send("ifax", "+12125550123")
    faxcloud.settle()
    faxcloud.assert_fax(state="deliv*", vendor="ifax", direction="outbound", outcome="delivered")
    faxcloud.assert_no_fax(state="failed")
    faxcloud.assert_no_fax(outcome=None)


@pytest.mark.parametrize(
    ("words", "kind"), [(STATES, State), (OUTCOMES, Outcome), (DELIVERY_STATES, DeliveryState)]
)
def test_the_client_knows_the_words_of_the_server(words: tuple[str, ...], kind: type[Enum]):
    assert words == tuple(each.value for each in kind)


def test_an_empty_list_says_what_it_may_come_from(faxcloud: FaxCloud):
    faxcloud.send("ifax", "+12125550123")
    said = repr(faxcloud.webhooks)
    assert said.startswith(
        "no webhooks\nifax has no webhook URL: set one with faxcloud.ifax.webhooks_to(URL)"
    )
    assert "the test's clock stands still" in said
    with pytest.raises(AssertionError, match="ifax has no webhook URL"):
        faxcloud.webhooks.only(vendor="ifax")


@pytest.mark.parametrize("number", ["12125550123", "+1 212 555-0123", "(212) 555-0123", "001 212 555 0123"])
def test_a_number_is_found_however_it_is_written(faxcloud: FaxCloud, number: str):
    faxcloud.send("ifax", "+12125550123")
    assert faxcloud.assert_fax(to=number).to == "+12125550123"
    assert normalise(number) == normalise_there(number)
    with pytest.raises(AssertionError):
        faxcloud.assert_no_fax(to=number)


@pytest.mark.parametrize(
    "number", ["+44 (0)20 7946 0958", "0044 20 7946 0958", "fax", "", "+12125550123", "42"]
)
def test_the_client_reads_numbers_as_the_server_does(number: str):
    assert normalise(number) == normalise_there(number)
