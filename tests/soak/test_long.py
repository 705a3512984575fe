"""A server that many test runners share for two hours is as small and as quick then as it was.

The short form runs with all tests; the long one is asked for by name (make soak).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.soak.long import Size, judge, run, serving, wait_for_expiry

SHORT, LONG = Size(2.0, runners=3, pace=0.02), Size(7200.0)


def test_runners_get_what_they_were_promised_while_others_attack(tmp_path: Path) -> None:
    with serving("redis", tmp_path, SHORT) as (server, redis):
        watch = run(server, redis, SHORT)
    assert watch.load.wrong == []
    assert watch.load.counts["lives"] >= SHORT.runners
    assert server.killed


@pytest.mark.soak
@pytest.mark.parametrize("store", ["memory", "redis"])
def test_two_hours_leave_a_server_as_it_was(
    store: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    with serving(store, tmp_path, LONG) as (server, redis):
        watch = run(server, redis, LONG)
        wait_for_expiry(watch, LONG)
    record_property("counts", dict(watch.load.counts))
    record_property("samples", [asdict(each) for each in watch.samples])
    assert watch.load.wrong == []
    assert watch.expired
    judge(watch.samples[:-1])
