"""`localfax snapshot` and `localfax webhooks resend`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from localfax import Localfax, Sandbox
from localfax.receiver import Receiver
from tests.cli.conftest import Run, run_command
from tests.conftest import Control


def test_a_sandbox_is_saved_and_put_into_another_one(
    localfax: Run, server: Control, sandbox: Sandbox, tmp_path: Path
) -> None:
    file = tmp_path / "kept.json"
    sandbox.send("ifax", "+12125550123")
    sandbox.settle()
    saved = localfax("snapshot", "save", file)
    assert (saved.returncode, saved.stdout) == (0, f"Sandbox {sandbox.id} is saved in {file}.\n")
    with Localfax(server.url) as client:
        other = client.create()
        loaded = run_command("snapshot", "load", file, "--url", server.url, "--sandbox", other.id)
        assert (loaded.returncode, loaded.stdout) == (0, f"Sandbox {other.id} is as saved in {file}.\n")
        assert [fax.data for fax in other.faxes()] == [fax.data for fax in sandbox.faxes()]
        assert other.credentials("ifax") != sandbox.credentials("ifax")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "no snapshot: Expecting property name"),
        ("[]", "no snapshot, as `localfax snapshot save` writes it"),
        ("{}", "no snapshot, as `localfax snapshot save` writes it"),
        ('{"format": 99}', "Missing data for required field"),
    ],
)
def test_what_is_no_snapshot_is_refused_and_nothing_is_lost(
    localfax: Run, sandbox: Sandbox, tmp_path: Path, text: str, said: str
) -> None:
    sandbox.send("ifax", "+12125550123")
    (tmp_path / "odd.json").write_text(text, encoding="utf-8")
    done = localfax("snapshot", "load", tmp_path / "odd.json")
    assert (done.returncode, done.stdout, said in done.stderr) == (1, "", True), done.stderr
    assert len(sandbox.faxes()) == 1


def test_a_file_that_is_not_there_is_named(localfax: Run, tmp_path: Path) -> None:
    missing = tmp_path / "no" / "such.json"
    assert localfax("snapshot", "load", missing).returncode == 2
    done = localfax("snapshot", "save", missing)
    assert (done.returncode, done.stderr) == (1, f"Error: {missing}: No such file or directory\n")


def test_a_webhook_is_sent_again(localfax: Run, read: Callable[..., Any], sandbox: Sandbox) -> None:
    with Receiver() as receiver:
        sandbox.settings("ifax", webhooks={"outbound": {"url": receiver.url}})
        sandbox.send("ifax", "+12125550123")
        sandbox.settle()
        before = len(receiver.requests)
        done = localfax("webhooks", "resend", "delivery-1")
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("<ifax delivery-1 fax.sent of fax-1")
        assert read("webhooks", "resend", "delivery-1")["state"] == "delivered"
        assert len(receiver.requests) == before + 2
    gone = localfax("webhooks", "resend", "delivery-1")
    assert (gone.returncode, "pending" in gone.stdout) == (4, True), gone.stdout


def test_a_webhook_that_is_not_there_and_options_that_come_too_early_are_refused(localfax: Run) -> None:
    gone = localfax("webhooks", "resend", "delivery-9")
    assert (gone.returncode, gone.stderr) == (
        1,
        "Error: no delivery delivery-9; `localfax webhooks` shows those there are\n",
    )
    early = localfax("webhooks", "--limit", 3, "resend", "delivery-1")
    assert early.returncode == 2
    assert early.stderr.endswith("Error: options stand after resend\n")
