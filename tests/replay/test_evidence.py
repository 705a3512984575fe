"""What a run leaves: no more sandboxes than are asked for, and the page says when there are more."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from emulator.app import App
from emulator.replay.evidence import write_evidence
from emulator.server.http_server import in_process
from localfax import Localfax


@pytest.mark.parametrize(("most", "cut"), [(1, True), (1000, False)])
def test_the_page_says_when_sandboxes_are_left_out(tmp_path: Path, most: int, cut: bool) -> None:
    with closing(App()) as app, in_process(app) as own, Localfax(own.url) as client:
        for _ in range(2):
            client.create().send("ifax", "+12125550123")
        write_evidence(client, tmp_path, "a run", {}, most)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert ("Only 1 of the sandboxes" in page) is cut
    assert (len([*tmp_path.glob("*.yaml")]) == 1) is cut
