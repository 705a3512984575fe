"""`localfax settings`, and the profiles that other commands take."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from localfax import Localfax, Sandbox
from tests.cli.conftest import Run, run_process
from tests.conftest import Control

Read = Callable[..., Any]


def test_settings_are_shown_and_set(localfax: Run, read: Read, sandbox: Sandbox) -> None:
    shown = read("settings", "ifax")
    assert shown == sandbox.settings("ifax")
    made = read(
        "settings", "ifax", "--webhook", "http://127.0.0.1:1/a", "--inbound-webhook", "http://127.0.0.1:1/b",
        "--balance", 7.5, "--numbers", "+12125550100, +12125550101", "--profile", "live", "--inactive",
    )  # fmt: skip
    assert made == shown | {
        "webhooks": {
            "outbound": {"url": "http://127.0.0.1:1/a", "auth": None},
            "inbound": {"url": "http://127.0.0.1:1/b", "auth": None},
        },
        "balance": 7.5, "numbers": ["+12125550100", "+12125550101"], "profile": {"profile": "live"},
        "active": False,
    }  # fmt: skip
    told = localfax("settings", "ifax", "--webhook", "", "--active").stdout.splitlines()
    assert told[:4] == [
        "balance              7.5",
        "active               True",
        "webhook outbound     none",
        "webhook inbound      http://127.0.0.1:1/b",
    ]
    assert "numbers              +12125550100, +12125550101" in told
    assert "profile profile      live" in told


def test_a_profile_tells_every_switch_that_it_sets(localfax: Run) -> None:
    assert "profile              documented" in localfax("settings", "kazoo").stdout.splitlines()
    told = localfax("settings", "kazoo", "--profile", "4.3").stdout.splitlines()
    assert [line for line in told if line.startswith("profile")] == [
        "profile kazoo.profile 4.3",
        "profile list_window  True",
        "profile retries      tries",
    ]


def test_switches_are_set_one_by_one(localfax: Run, read: Read) -> None:
    made = read("settings", "ifax", "--profile", "test_pages=3", "--profile", 'labels=["A"]')
    assert made["profile"] == {"test_pages": 3, "labels": ["A"]}
    both = localfax("settings", "ifax", "--profile", "live", "--profile", "test_pages=3")
    assert (both.returncode, "give the name of one profile" in both.stderr) == (2, True)
    wrong = localfax("settings", "ifax", "--profile", "lives")
    assert (wrong.returncode, "no profile lives of ifax" in wrong.stderr) == (1, True)
    assert localfax("settings", "fax").returncode == 2


def test_a_sandbox_is_made_with_profiles(localfax: Run, read: Read, server: Control) -> None:
    made = read("sandbox", "create", "--profile", "ifax=live", "--profile", "kazoo.live_status=true")
    own = Localfax(server.url).sandbox(made["id"])
    assert own.settings("ifax")["profile"] == {"profile": "live"}
    assert own.settings("kazoo")["profile"] == {"live_status": True}
    assert localfax("sandbox", "create", "--profile", "live").returncode == 2


def test_exec_s_server_has_the_profiles(localfax: Run) -> None:
    script = (
        "import os, requests; from localfax import Localfax; "
        "print(Localfax(os.environ['LOCALFAX_URL']).sandbox().settings('ifax')['profile'])"
    )
    done = run_process("exec", "--profile", "ifax=live", "--", sys.executable, "-c", script)
    assert done.stdout == "{'profile': 'live'}\n", done.stderr
    wrong = localfax("exec", "--profile", "ifax=lives", "--", "true")
    assert (wrong.returncode, "no profile lives of ifax" in wrong.stderr) == (2, True)
