"""The client for PHP: its example and its own tests with real PHPUnit under `localfax exec`."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

from tests.cli.conftest import COMMAND, HUNG, variables

PHP = Path(__file__).parents[2] / "clients" / "php"
CLIENT = (PHP / "Localfax.php").read_text(encoding="utf-8")
README = (PHP / "README.md").read_text(encoding="utf-8")


def test_tests_pass_and_their_sandboxes_are_gone() -> None:
    phpunit = "phpunit --do-not-cache-result"
    script = f"{phpunit} example && {phpunit} test && localfax sandbox list --json"
    path = f"{Path(COMMAND).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [COMMAND, "exec", "--", "sh", "-c", script],
        cwd=PHP,
        env=variables({"PATH": path}),
        capture_output=True,
        text=True,
        timeout=HUNG,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said, _, sandboxes = done.stdout.rpartition("\n[\n")
    assert re.findall(r"OK \((\d+) tests", said) == ["3", "5"]
    assert [each["id"] for each in json.loads(f"[{sandboxes}")] == ["default"]


def test_it_is_one_small_file() -> None:
    assert len(CLIENT.splitlines()) <= 150


def test_the_readme_shows_the_test_that_runs_and_every_method() -> None:
    assert f"```php\n{(PHP / 'example' / 'LettersTest.php').read_text(encoding='utf-8')}```" in README
    methods = set(re.findall(r"public (?:static )?function (\w+)", CLIENT)) - {"__construct"}
    assert {name for name in methods if not re.search(rf"`(Sandbox::)?{name}\(", README)} == set()
