"""A thousand documents of 8 MB pass through a server, which then is as small as it was."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Control, exchange
from tests.sending import pages

pytestmark = pytest.mark.soak

DOCUMENTS, SIZE = 1000, 8 * 2**20
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
SECONDS = 10.0
"""How long the server may take to give its memory back."""


@pytest.fixture
def serving() -> Iterator[tuple[Control, int]]:
    """A server of its own that keeps at most 64 MB of documents, and its process id."""
    options = ("--port", "0", "--documents-mb", "64", "--log", "off")  # nobody reads its lines
    command = [sys.executable, "-m", "emulator.cli", "serve", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            addresses = (ADDRESS.search(line) for line in process.stdout)
            url = next(found[0] for found in addresses if found)
            yield Control(url).create(clock={"mode": "running", "speed": "max"}), process.pid
        finally:
            process.terminate()


def resident(pid: int) -> int:
    """Give the kilobytes that a process has in memory."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])


def test_memory_comes_back_after_a_thousand_large_documents(serving: tuple[Control, int]) -> None:
    control, pid = serving
    small, filler = pages(1), os.urandom(SIZE).replace(b"\n", b" ").replace(b"\r", b" ")
    end = small.rindex(b"startxref")
    send(control, small)
    start = resident(pid)
    for number in range(DOCUMENTS):
        send(control, small[:end] + b"%%%d " % number + filler + b"\n" + small[end:])
    control.call("POST", f"/sandboxes/{control.id}/reset", json={})
    assert settled(pid, 1.5 * start) < 1.5 * start


def settled(pid: int, bound: float) -> int:
    """Give the kilobytes once they are below the bound, or when the time for that is over."""
    until = time.monotonic() + SECONDS
    while (now := resident(pid)) >= bound and time.monotonic() < until:
        time.sleep(0.1)
    return now


def send(control: Control, content: bytes) -> None:
    answer = exchange(
        "POST",
        f"{control.base_url('mfax')}/v1/faxes",
        headers=control.credentials("mfax"),
        data={"faxNumber": "+12125550123"},
        files={"attachments": ("a.pdf", content, "application/pdf")},
    )
    assert answer.ok, answer.text
