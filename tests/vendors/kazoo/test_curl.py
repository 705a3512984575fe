"""The vendor's own command lines, run by curl: with the origin changed, and as they are, intercepted."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from localfax.interception.environment import intercept
from tests.conftest import WAIT, Control
from tests.vendors.kazoo.client import BY_URL
from tests.vendors.kazoo.facts import bodies, endpoint, read, rows
from tests.vendors.kazoo.test_bodies import compare, compare_file
from tests.vendors.kazoo.world import World

CURL = read("curl")
DOCUMENTED = [row["id"] for row in rows("endpoints") if row["evidence"] == "documented"]
SPECIAL = {row["endpoint"] for row in CURL["lines"]}
LINES = [*CURL["lines"], *({"endpoint": name} for name in DOCUMENTED if name not in SPECIAL)]


@pytest.fixture(scope="session")
def intercepted(mail_server: Control, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What `localfax exec --intercept` sets, and nothing else."""
    found = mail_server.call("GET", "/interception", 200)
    folder = tmp_path_factory.mktemp("curl")
    return intercept(folder, mail_server.url, found["hosts"], found["certificate"], {})


def words(world: World, row: Any) -> list[str]:
    """Give the words of a line."""
    known = endpoint(row["endpoint"])
    told = [*CURL["words"], *row.get("more", ()), CURL["origin"] + known["path"]]
    return list(world.filled(told, METHOD=known["method"], FAX_ID=world.fax_of(known)))


def at_own_origin(world: World, line: list[str]) -> list[str]:
    """Change a line's origin to that of the account's server."""
    return [*line[:-1], line[-1].replace(CURL["origin"], world.kazoo.root.removesuffix("/v2"))]


def run(line: list[str], directory: Path, more: Mapping[str, str] = {}) -> tuple[int, str, bytes]:
    """Run a line; give status, request id and body, the first two from curl's -v."""
    # Without the caller's own settings of curl and proxies.
    alone = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(directory), **more}
    done = subprocess.run(line, cwd=directory, env=alone, capture_output=True, timeout=WAIT, check=True)
    head = done.stderr.decode()
    # A slow answer's progress meter stands in front of what -v says, on the same line.
    status = re.findall(r"< HTTP/1\.1 (\d{3})", head)[-1]  # the first is that of a tunnel
    [asked] = re.findall(r"< X-Request-ID: (\w+)", head, re.IGNORECASE)
    return int(status), asked, done.stdout


@pytest.mark.parametrize("verbatim", [False, True], ids=["own origin", "as it is"])
@pytest.mark.parametrize("row", LINES, ids=lambda row: row["endpoint"])
def test_a_line_of_the_reference_document_works(
    world: World, row: Any, one_page: bytes, tmp_path: Path, intercepted: dict[str, str], verbatim: bool
) -> None:
    (tmp_path / "fax.json").write_text(json.dumps({"data": BY_URL}), encoding="utf-8")
    (tmp_path / "fax.pdf").write_bytes(one_page)
    name = row["endpoint"]
    line = words(world, row)
    if verbatim:
        status, asked, content = run(line, tmp_path, intercepted)
    else:
        status, asked, content = run(at_own_origin(world, line), tmp_path)
    success = endpoint(name)["success"]
    assert status == row.get("status", success["status"]), content
    if success["body"] == "bytes":
        compare_file(name, content, one_page)
        return
    body = row.get("body") or bodies()[name]
    compare(world, json.loads(content), {**body, "data": row.get("data", body["data"])}, asked)


def test_there_is_a_line_for_every_documented_endpoint() -> None:
    assert {row["endpoint"] for row in LINES} == set(DOCUMENTED)
    assert (len(DOCUMENTED), len(LINES)) == (18, 19)
