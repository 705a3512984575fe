"""The public SDKs that the vendors' pages name, installed and run as the pages have them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from localfax import Localfax
from localfax.local_server import run_server
from tests.cli.conftest import HUNG, run_process, variables
from tests.docs.pages import ROOT, Example, list_examples
from tests.receiver import Receiver

pytestmark = pytest.mark.soak
PACKAGES = ("PyKazoo==0.0a8", "kazoo-sdk==0.2.4")
LETTER = (ROOT / "docs" / "examples" / "letter.pdf").read_bytes()
FIXED_HOST = """
import kazoo

client = kazoo.Client(api_key="kazoo-test-api-key0000000000000000000000000000000000000000000000")
client.authenticate()
print(client.get_account("0123456789abcdef0123456789abcdef")["data"]["name"])
"""
"""An application that leaves the SDK at the host that it has built in."""
EXAMPLES = [each for each in list_examples() if each.page == "docs/vendors/kazoo.md"]


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment in which pip has installed the SDKs, and nothing of ours."""
    place = tmp_path_factory.mktemp("sdks")
    subprocess.run([sys.executable, "-m", "venv", place], check=True, timeout=HUNG)
    install = [place / "bin" / "pip", "install", "--quiet", *PACKAGES]
    subprocess.run(install, check=True, capture_output=True, timeout=HUNG)
    return place / "bin" / "python"


def run(python: Path, text: str, server: Localfax, receiver: Receiver) -> str:
    text = text.replace("http://127.0.0.1:8329", server.url).replace("http://127.0.0.1:8000", receiver.url)
    environ = {name: value for name, value in variables({}).items() if name != "PYTHONPATH"}
    done = subprocess.run([python, "-c", text], env=environ, capture_output=True, text=True, timeout=HUNG)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.first)
def test_the_sdks_of_the_page_send_with_the_base_url_that_it_names(
    example: Example, python: Path, receiver: Receiver
) -> None:
    receiver.answer(200, LETTER, headers={"Content-Type": "application/pdf"}, times=None)
    with run_server() as server:
        server.sandbox().clock(mode="manual")
        said = run(python, example.text, server, receiver)
        server.sandbox().settle()
        states = [fax.state for fax in server.sandbox().faxes()]
    assert "pending" in said
    assert states == ["delivered"]


def test_the_page_names_those_that_are_run_and_no_other() -> None:
    pages = (ROOT / "docs" / "vendors").glob("*.md")
    named = {name for page in pages for name in re.findall(r"^# pip install (\S+)", page.read_text(), re.M)}
    assert named == set(PACKAGES)


def test_an_sdk_with_a_host_of_its_own_is_intercepted(python: Path) -> None:
    words = ("exec", "--intercept", "--intercept-host", "api.2600hz.com=kazoo", "--")
    done = run_process(*words, python, "-c", FIXED_HOST)
    assert (done.returncode, done.stdout) == (0, "localfax\n"), done.stderr
