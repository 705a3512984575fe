"""The page of explore: its command finds the example's fault, and it tells every adversity."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from emulator.core.scripting.adversities import ADVERSITIES
from tests.bench.process import free_port
from tests.cli.conftest import COMMAND, HUNG, variables
from tests.explore.conftest import EXAMPLES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "explore.md").read_text(encoding="utf-8")


def test_the_command_of_the_page_finds_the_fault(tmp_path: Path) -> None:
    [script] = re.findall(r"```sh\n(.+?)```", PAGE, re.DOTALL)
    script = script.replace("http://127.0.0.1:8000", f"http://127.0.0.1:{(port := free_port())}")
    script = script.replace("--port 8000", f"--port {port}").replace("docs/examples", str(EXAMPLES))
    script = script.replace("flask --app", f"{sys.executable} -m flask --app")
    script = script.replace(
        "--effects .effects", "--effects .effects --no-pairs --only webhook:tw --seed page"
    )
    path = os.pathsep.join([str(Path(COMMAND).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env=variables({"PATH": path}),
        capture_output=True,
        text=True,
        timeout=HUNG,
    )
    assert done.returncode == 4, done.stdout + done.stderr
    assert "effect: its effect happened 2 times, not once" in done.stdout
    assert "explore it alone with: --only webhook:twice --no-pairs\n" in done.stdout
    assert re.search(
        r"localfax replay --wait --url \S+ --sandbox default \S+/webhook.twice.yaml\n", done.stdout
    )
    assert "1 combination: 1 did not hold. Seed page." in done.stdout
    [finding] = (tmp_path / ".localfax" / "explore").iterdir()
    assert finding.name == "webhook.twice.yaml"
    assert "webhook:twice" in (tmp_path / "explore.html").read_text(encoding="utf-8")


def test_every_adversity_is_told() -> None:
    table = PAGE.partition("## What can go wrong")[2].partition("Rows are left out")[0]
    told = re.findall(r"^\| `(\S+)` \| (.+) \|$", table, re.MULTILINE)
    assert told == [(each.id, each.text) for each in ADVERSITIES]
