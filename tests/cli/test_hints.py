"""What a newcomer is told when his application hears nothing."""

from __future__ import annotations

import pytest
import requests

from localfax import Sandbox
from localfax.hints import explain_trouble
from tests.cli.conftest import Run

NONE = "ifax has no webhook URL: set one with `localfax settings ifax --webhook URL`.\n"


@pytest.mark.parametrize("words", [("timeline",), ("webhooks",), ("webhooks", "--fax", "fax-1")])
def test_a_vendor_without_a_webhook_url_is_named_where_somebody_looks(
    localfax: Run, sandbox: Sandbox, words: tuple[str, ...]
):
    sandbox.send("ifax", "+12125550123")
    sandbox.settle()
    assert localfax(*words).stderr == NONE


def test_a_received_fax_names_the_other_option(localfax: Run, sandbox: Sandbox):
    sandbox.receive("faxto", None, "+12125550123")
    sandbox.settle()
    assert localfax("timeline").stderr == (
        "faxto has no webhook URL for received faxes: "
        "set one with `localfax settings faxto --inbound-webhook URL`.\n"
    )


def test_nothing_is_said_where_a_url_is_set(localfax: Run, sandbox: Sandbox):
    sandbox.settings("ifax", webhooks={"outbound": "http://127.0.0.1:9/hook"})
    sandbox.send("ifax", "+12125550123")
    assert localfax("timeline").stderr == ""


def test_a_try_that_cannot_connect_says_why(localfax: Run, sandbox: Sandbox):
    sandbox.settings("ifax", webhooks={"outbound": "http://127.0.0.1:9/hook"})
    sandbox.send("ifax", "+12125550123")
    sandbox.settle()
    why = explain_trouble("unreachable", "http://127.0.0.1:9/hook")
    assert f"unreachable: {why}" in localfax("webhooks").stdout
    assert f"try 1: unreachable ({why}) <- http://127.0.0.1:9/hook" in localfax("timeline").stdout


@pytest.mark.parametrize(
    ("error", "url", "said"),
    [
        (
            "unreachable",
            "http://localhost:3000/hook",
            "nothing listens at localhost:3000; where Localfax runs in a container, that is the container: "
            "try host.docker.internal",
        ),
        ("unreachable", "http://app:3000/hook", "nothing listens at app:3000"),
        (
            "refused",
            "https://hooks.example/a",
            "the outbound policy forbids hooks.example: allow it with --allow-target hooks.example, "
            "or all of the internet with --allow-egress",
        ),
        ("timeout", "https://app.test/a", "app.test:443 gave no answer in time"),
        ("unresolved", "http://no.such/a", "no address is known for no.such"),
        (None, "http://a/b", ""),
    ],
)
def test_each_trouble_is_explained_with_the_way_out(error: str | None, url: str, said: str):
    assert explain_trouble(error, url) == said


def test_a_try_keeps_the_address_that_it_was_sent_to(localfax: Run, sandbox: Sandbox):
    sandbox.settings("ifax", webhooks="http://127.0.0.1:9/first")
    sandbox.send("ifax", "+12125550123")
    sandbox.advance("1s")
    while not sandbox.webhooks() or not sandbox.webhooks()[0].attempts:
        sandbox.advance("10s")
    sandbox.settings("ifax", webhooks="http://localhost:10/second")
    sandbox.settle()
    [webhook] = sandbox.webhooks()
    assert [post.url for post in webhook.attempts][:2] == [
        "http://127.0.0.1:9/first",
        "http://localhost:10/second",
    ]
    listed = localfax("webhooks").stdout
    assert "nothing listens at 127.0.0.1:9;" in listed
    assert "nothing listens at localhost:10;" in listed


def test_a_refusal_with_http_200_shows_what_was_nearly_right(localfax: Run, sandbox: Sandbox):
    own = sandbox.account("ifax")
    requests.post(
        f"{own.base_url}/v1/customer/fax-send", json={"fax_number": "+12125550123"},
        headers={"accessToken": sandbox.credentials("ifax")["accessToken"]}, timeout=30,
    )  # fmt: skip
    assert "faxNumber" in localfax("requests").stdout


def test_a_dropped_webhook_stands_on_the_ladder(localfax: Run, sandbox: Sandbox):
    sandbox.settings("ifax", webhooks="http://127.0.0.1:9/hook")
    sandbox.send("ifax", "+15005550016")
    sandbox.settle()
    [webhook] = sandbox.webhooks()
    shown = localfax("timeline")
    assert f"{webhook.event}: dropped, never sent <- http://127.0.0.1:9/hook" in shown.stdout
    assert shown.stderr == ""
