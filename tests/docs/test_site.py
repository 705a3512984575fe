"""The documents as a site: built strictly, whole, and with nothing from elsewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from emulator.control.routes import ROUTES
from tests.cli.conftest import HUNG
from tests.docs.pages import PAGES, ROOT


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(place)]
    done = subprocess.run(
        [*command, "--config-file", str(ROOT / "scripts" / "mkdocs.yml")],
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=HUNG,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return place


def test_nothing_comes_from_elsewhere(site: Path) -> None:
    asset = re.compile(r"<(?:link|script|img|iframe|source)\b[^>]*?(?:src|href)=[\"']?(?:https?:)?//[^\s>]*")
    found = [hit for path in site.rglob("*.html") for hit in asset.findall(path.read_text(encoding="utf-8"))]
    assert found == []
    foreign = re.compile(r"url\([\"']?(?:https?:)?//|@import[^;]*//|unpkg|googleapis|gstatic|jsdelivr|cdnjs")
    texts = [path for kind in ("*.css", "*.js") for path in site.rglob(kind)]
    assert [path.name for path in texts if foreign.search(path.read_text(encoding="utf-8"))] == []


def test_every_page_is_in_it(site: Path) -> None:
    titles = {re.sub(r"[`\\]", "", page.read_text(encoding="utf-8").splitlines()[0][2:]) for page in PAGES}
    texts = [path.read_text(encoding="utf-8") for path in site.rglob("*.html")]
    heads = {
        re.sub(r"<[^>]+>", "", found) for text in texts for found in re.findall(r"<h1[^>]*>(.*?)<a", text)
    }
    assert {title.replace("&", "&amp;") for title in titles} - heads == set()


def test_every_endpoint_is_in_the_reference(site: Path) -> None:
    text = (site / "control-plane.html").read_text(encoding="utf-8")
    told = {
        (method, re.sub(r"{.*?}", "{}", path))
        for method, path in re.findall(r"([A-Z]+) /_localfax(/\S*?)<", text)
    }
    assert {(route.method, re.sub(r"<.*?>", "{}", route.path)) for route in ROUTES} - told == set()
