"""What a run leaves: no more sandboxes than are asked for, and the page says when there are more."""

from __future__ import annotations

from pathlib import Path

import pytest

from emulator.replay.evidence import write_evidence
from localfax import Localfax
from tests.conftest import Control


@pytest.mark.parametrize(("most", "cut"), [(1, True), (1000, False)])
def test_the_page_says_when_sandboxes_are_left_out(
    server: Control, tmp_path: Path, most: int, cut: bool
) -> None:
    with Localfax(server.url) as client:
        for _ in range(2):
            client.create().send("ifax", "+12125550123")
        write_evidence(client, tmp_path, "a run", {}, most)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert ("Only 1 of the sandboxes" in page) is cut
    assert (len([*tmp_path.glob("*.yaml")]) == 1) is cut
