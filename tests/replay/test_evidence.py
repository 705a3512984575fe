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


def test_of_very_many_faxes_the_newest_are_told_and_no_recording_is_made(tmp_path: Path) -> None:
    said: list[str] = []
    with closing(App()) as app, in_process(app) as own, Localfax(own.url) as client:
        for number in range(3):
            client.create(seed=f"{number}").send("ifax", "+12125550123")
        many = client.create(seed="many")
        for number in range(4):
            many.send("ifax", f"+1212555012{number}")
        write_evidence(client, tmp_path, "a run", {}, most_faxes=2, say=said.append)
    told = (
        "of its 4 faxes, requests and webhooks only the newest 2 are told, and no recording is made; "
        "`localfax record` makes one while the server runs"
    )
    assert said == [f"{many.id}: {told}"]
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert f"O{told[1:]}." in page
    assert len([*tmp_path.glob("*.yaml")]) == 3
    ladders = (tmp_path / "ladders.txt").read_text(encoding="utf-8")
    tail = ladders[ladders.index(f"sandbox {many.id}") :]
    heads = [line.split()[0] for line in tail.splitlines() if line.startswith("fax-")]
    assert heads[:2] == ["fax-3", "fax-4"]
