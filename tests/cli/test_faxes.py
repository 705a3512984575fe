"""Sending, receiving and looking at faxes with the installed command."""

from __future__ import annotations

import os
import pty
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from localfax import Localfax, Sandbox
from tests.cli.conftest import COMMAND, HUNG, Run, run_command
from tests.conftest import Control
from tests.sending import pages

VENDORS = ("openfax", "kazoo", "ifax", "mfax", "faxto")


@pytest.fixture
def fast(server: Control) -> Any:
    """The command on a sandbox whose clock runs as fast as it can."""
    with Localfax(server.url) as client:
        made = client.create(clock={"speed": "max"})
        environ = {"LOCALFAX_URL": server.url, "LOCALFAX_SANDBOX": made.id}
        yield lambda *words: run_command(*words, environ=environ)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A PDF file."""
    path = tmp_path / "letter.pdf"
    path.write_bytes(pages(2))
    return path


@pytest.mark.parametrize("vendor", VENDORS)
def test_send_goes_through_the_vendor_and_follows_the_states(fast: Run, vendor: str) -> None:
    done = fast("send", vendor, "--to", "+12125550123", "--pages", 2)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"fax-1  {vendor} outbound to +12125550123  delivered, 2 of 2 pages, 1 call\n"
    states, hint = done.stderr.splitlines()
    assert states.startswith("received > rendering")
    assert states.endswith(" > delivered") or states == "received > rendering"
    assert hint == f"{vendor} has no webhook URL: set one with `localfax settings {vendor} --webhook URL`."


def test_send_takes_a_file(fast: Run, page: Path) -> None:
    assert fast("send", "mfax", page, "--to", "+12125550123").returncode == 0


def test_fax_that_is_not_delivered_ends_with_4(fast: Run) -> None:
    done = fast("send", "ifax", "--to", "+15005550002")
    assert done.returncode == 4
    assert (
        done.stdout
        == "fax-1  ifax outbound to +15005550002  failed (busy), 0 of 1 page, 1 call  (magic-02)\n"
    )


def test_submit_that_is_refused_ends_with_1(fast: Run) -> None:
    done = fast("send", "ifax", "--to", "+15005550020")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: ifax made no fax: 500 ")


def test_unknown_vendor_is_a_usage_error(localfax: Run) -> None:
    done = localfax("send", "carrierpigeon", "--to", "+12125550123")
    assert done.returncode == 2
    assert "no vendor 'carrierpigeon'; there are openfax, kazoo, ifax, mfax, faxto" in done.stderr


def test_send_on_a_clock_that_stands_says_how_to_go_on(localfax: Run) -> None:
    done = localfax("send", "ifax", "--to", "+12125550123")
    assert done.returncode == 0
    assert done.stdout == "fax-1  ifax outbound to +12125550123  received, 0 of 1 page, 0 calls\n"
    assert done.stderr == "received\nThe sandbox's clock stands still: `localfax settle` plays on.\n"


def test_terminal_shows_the_present_state_on_one_line(localfax: Run, sandbox: Sandbox) -> None:
    seen, terminal = pty.openpty()
    words = [COMMAND, "send", "ifax", "--to", "+12125550123"]
    environ = {**os.environ, "LOCALFAX_URL": sandbox.connection.url, "LOCALFAX_SANDBOX": sandbox.id}
    done = subprocess.run(
        words,
        env=environ | {"TERM": "xterm"},
        stdout=subprocess.PIPE,
        stderr=terminal,
        text=True,
        timeout=HUNG,
    )
    os.close(terminal)
    shown = b"".join(iter(lambda: _read(seen), b"")).decode()
    os.close(seen)
    assert done.stdout == "fax-1  ifax outbound to +12125550123  received, 0 of 1 page, 0 calls\n"
    assert "fax-1 received, call 0" in shown


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # all has been read, and nobody holds the other end
        return b""


def test_receive_rings_and_arrives_and_writes_the_document(fast: Run, tmp_path: Path) -> None:
    done = fast("receive", "ifax", "--pages", 3, "--csid", "SENDER", "--output", tmp_path / "got.pdf")
    assert done.returncode == 0, done.stderr
    assert done.stdout == (
        "fax-1  ifax inbound from +13105550123 to +12125550100  arrived, 3 of 3 pages, 1 call\n"
    )
    assert (tmp_path / "got.pdf").read_bytes().startswith(b"%PDF")


def test_receive_of_a_broken_call_ends_with_4(fast: Run, page: Path) -> None:
    done = fast("receive", "faxto", page, "--scenario", "line_error")
    assert done.returncode == 4
    assert " failed (line_error)" in done.stdout


def test_faxes_are_listed_newest_first(localfax: Run, read: Callable[..., Any], sandbox: Sandbox) -> None:
    assert localfax("faxes").stdout == "No faxes.\n"
    for vendor in ("ifax", "mfax"):
        sandbox.send(vendor, "+12125550123")
    assert [fax["vendor"] for fax in read("faxes")] == ["mfax", "ifax"]
    assert [fax["vendor"] for fax in read("faxes", "--vendor", "ifax")] == ["ifax"]
    head, _, *rows = localfax("faxes").stdout.strip().splitlines()
    assert head.split()[:4] == ["fax", "vendor", "direction", "to"]
    assert [row.split()[:2] for row in rows] == [["fax-2", "mfax"], ["fax-1", "ifax"]]


def test_show_tells_all_of_one_fax(localfax: Run, read: Callable[..., Any], sandbox: Sandbox) -> None:
    sandbox.send("openfax", "+15005550004")
    sandbox.settle()
    shown = localfax("show", "fax-1").stdout
    assert "delivered; the vendor says:" in shown
    assert "call 2" in shown
    assert read("show", "fax-1")["state"] == "delivered"
    missing = localfax("show", "fax-9")
    assert (missing.returncode, missing.stderr) == (
        1,
        "Error: no fax fax-9; `localfax faxes` shows those there are\n",
    )


def test_timeline_is_a_ladder(localfax: Run, read: Callable[..., Any], sandbox: Sandbox) -> None:
    sandbox.clock(now="2030-01-01T00:00:00Z")
    sandbox.settings("ifax", max_attempts=2, webhooks={"outbound": {"url": "http://127.0.0.1:9/hook"}})
    sandbox.send("ifax", "+15005550004")
    sandbox.advance("330s")
    assert localfax("timeline").stdout.splitlines()[:-1] == LADDER[:-1]
    assert localfax("timeline", "fax-1").stdout.splitlines()[:2] == LADDER[:2]
    assert [entry["what"] for entry in read("timeline")][:3] == ["received", "rendering", "credit_check"]


LADDER = """\
fax-1  ifax outbound to +15005550004  transmitting, 0 of 1 page, 2 calls  (magic-04)
  00:00:00.000         +0s  received
  00:00:00.500       +0.5s  rendering
  00:00:01.500       +1.5s  credit_check
  00:00:02.000         +2s  waiting_line
  00:00:02.500       +2.5s  queued
  00:00:03.000         +3s    call 1: dial
  00:00:06.000         +6s    call 1: busy
  00:00:07.000         +7s  waiting_redial
  00:05:06.000      +5m 6s  retry_eligible
  00:05:06.000      +5m 6s  waiting_line
  00:05:06.000      +5m 6s  queued
  00:05:06.000      +5m 6s    call 2: dial
  00:05:12.000     +5m 12s    call 2: answered, trained at 14400 bit/s with ECM, station id +15005550004
""".splitlines()
