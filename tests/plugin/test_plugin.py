"""The pytest plugin, as a project that has it installed uses it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.cli.conftest import HUNG, run_process

OTHERS = ("randomly", "schemathesis", "hypothesispytest", "anyio")
"""Plugins that stand here beside ours, and that a user need not have."""
WORDS = ("-q", "-W", "error", *(word for name in OTHERS for word in ("-p", f"no:{name}")))


def run(place: Path, *words: str) -> str:
    """Run pytest in a folder, as its user; give what it printed."""
    command = [sys.executable, "-m", "pytest", *WORDS, *words]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=HUNG)
    return done.stdout + done.stderr


def shows(text: str, *lines: str) -> None:
    """Check that lines stand in a text, in this order."""
    pytest.LineMatcher(text.splitlines()).fnmatch_lines(lines)


def outcomes(text: str) -> dict[str, int]:
    """Give how many tests passed, failed or erred."""
    return {word: int(count) for count, word in re.findall(r"(\d+) (\w+)", text.splitlines()[-1])}


APPLICATION = """
import requests

def send(cloud, to, pages=1):
    return cloud.send("openfax", to, pages=pages)
"""

GOOD = """
import pytest
import requests
from app import send

def test_accounts_have_urls_and_keys(faxcloud):
    assert faxcloud.ifax.base_url == faxcloud.url + "/ifax"
    assert faxcloud.ifax.access_token == faxcloud.ifax.credentials["accessToken"]
    assert faxcloud.environ["LOCALFAX_KAZOO_X_AUTH_TOKEN"] == faxcloud.kazoo.x_auth_token
    with pytest.raises(AttributeError, match="ifax has no credential 'key'; it has access_token"):
        faxcloud.ifax.key
    with pytest.raises(AttributeError, match="its vendors are openfax, kazoo, ifax, mfax, faxto"):
        faxcloud.pigeon

def test_busy_then_delivered_in_part(faxcloud):
    faxcloud.when(to="+12125550123").busy().then.delivered(pages=2)
    send(faxcloud, "+12125550123", pages=3)
    happened = faxcloud.settle()
    assert happened.where(what="dialing")[1].detail == {"attempt": 2}
    fax = faxcloud.assert_fax(state="delivered", pages_sent=2, pages=3)
    assert [call.outcome for call in fax.attempts] == ["busy", "delivered"]

def test_time_stands_until_it_is_advanced(faxcloud):
    send(faxcloud, "+12125550123")
    assert faxcloud.faxes[0].state == "received"
    faxcloud.advance("3s")
    assert faxcloud.faxes[0].state == "dialing"
    faxcloud.advance("5m")
    assert faxcloud.faxes[0].state == "delivered"

def test_two_tests_see_nothing_of_each_other(faxcloud):
    assert repr(faxcloud.faxes) == "no faxes"
    faxcloud.assert_no_fax()

def test_submit_and_webhooks_can_fail(faxcloud):
    receiver = faxcloud.webhook_receiver
    faxcloud.when(to="*0123").submit(status=503).times(1)
    assert send(faxcloud, "+12125550123").status == 503
    faxcloud.when(to="*0124").delivered().webhook(duplicate=1)
    receiver.answer(500, path="/openfax/outbound")
    send(faxcloud, "+12125550124")
    faxcloud.settle()
    assert len(receiver.requests) == 2
    assert faxcloud.webhooks.where(fault="duplicate", state="delivered")

def test_reads_and_documents_can_fail(faxcloud):
    fax = faxcloud.receive("mfax", scenario=None)
    faxcloud.when(to="*0125").poll(status=503, times=1)
    faxcloud.when(direction="inbound").document("gone")
    sent = faxcloud.send("mfax", "+12125550125")
    gone = faxcloud.receive("mfax")
    faxcloud.settle()
    key = {"Authorization": f"Basic {faxcloud.mfax.credentials['apiKey']}"}
    def read(id, what):
        url = f"{faxcloud.mfax.base_url}/v1/fax/{id}/{what}"
        return requests.get(url, headers=key, timeout=30).status_code
    own = [faxcloud.sandbox.fax(each.id).vendor_id for each in (fax, gone)]
    assert [read(each, "download") for each in own] == [200, 404]
    sent = faxcloud.assert_fax(to="+12125550125").vendor_id
    assert [read(sent, "info") for _ in range(2)] == [503, 200]

def test_receiver_can_misbehave(faxcloud):
    faxcloud.webhook_receiver.answer(500, times=2)
    faxcloud.send("ifax", "+12125550123")
    faxcloud.settle()
    webhook = faxcloud.assert_webhook(vendor="ifax", fields={"faxStatus": "delivered"})
    assert [post.status for post in webhook.attempts] == [500, 500, 200]

def test_somebody_faxes_us(faxcloud):
    fax = faxcloud.receive("ifax", sender="+13105550123", pages=2)
    faxcloud.settle()
    assert faxcloud.assert_fax(direction="inbound", sender="+1310*").state == "arrived"
    assert faxcloud.sandbox.document(fax.id).startswith(b"%PDF")

def test_calls_of_the_vendor_are_kept(faxcloud):
    send(faxcloud, "+12125550123")
    call = faxcloud.assert_request(vendor="openfax", path="/faxSendSubmit.php", status=200)
    assert call.fax == "fax-1"

def test_settings_are_the_portals(faxcloud):
    faxcloud.openfax.set(max_attempts=1, balance=0.5)
    assert faxcloud.openfax.settings["balance"] == 0.5

@pytest.mark.faxcloud("mine.yaml", "third-time-lucky", seed="one", now="2030-01-01T00:00:00Z")
def test_scenario_file_is_chosen_by_a_marker(faxcloud):
    assert faxcloud.now == "2030-01-01T00:00:00.000Z"
    faxcloud.send("openfax", "+12125550199")
    faxcloud.settle()
    assert faxcloud.assert_fax(scenario="mine").outcome == "hangup"
    assert faxcloud.sandbox.seed == "one"
"""

BAD = """
import requests

def test_fails(faxcloud):
    faxcloud.send("ifax", "+15005550002", pages=3)
    faxcloud.settle()
    requests.post(faxcloud.ifax.base_url + "/v1/customer/fax-sent", json={})
    faxcloud.assert_fax(to="+15005550002", state="delivered")
"""


def project(place: Path, **files: str) -> Path:
    """Write a project's modules, each by its name, into a folder."""
    (place / "pytest.ini").write_text("[pytest]\npythonpath = .\naddopts = --strict-markers\n")
    (place / "mine.yaml").write_text('name: mine\nmatch: {to: "+12125550199"}\nattempts: [hangup]\n')
    for name, text in files.items():
        (place / f"{name}.py").write_text(text)
    return place


SERVER = """
def test_server(localfax_server):
    assert localfax_server.ready()["name"] == "localfax"
    assert localfax_server.sandbox().id == "default"

def test_cloud_is_on_it(localfax_server, faxcloud):
    assert faxcloud.url == localfax_server.url
"""


def test_fixtures_do_what_their_guide_says_among_parallel_workers(tmp_path: Path) -> None:
    project(tmp_path, app=APPLICATION, test_good=GOOD, test_server=SERVER)
    said = run(tmp_path, "-n", "2")
    assert outcomes(said) == {"passed": GOOD.count("def test_") + 2}, said


USED = """
def test_refused(faxcloud):
    fault = {"status": 418, "body": {"tea": "pot"}}
    faxcloud.sandbox.add_scenarios({"name": "pot", "http": fault}, once=True)
    faxcloud.openfax.set(balance=0.5)
    assert faxcloud.send("ifax", "+12125550123").status == 200
"""
ELSEWHERE = """
def test_wrong_path(faxcloud):
    own = faxcloud.ifax
    url = own.base_url + "/v1/customer/fax-sent"
    faxcloud.sandbox.connection.session.post(url, headers={"accessToken": own.access_token})
    assert faxcloud.faxes
"""
BEFORE = """
import pytest

@pytest.fixture
def delivered(faxcloud):
    faxcloud.send("ifax", "+15005550002")
    faxcloud.settle()
    return faxcloud.assert_fax(state="delivered")

def test_never_runs(delivered): ...
"""
MARKED = """
import pytest

@pytest.mark.faxcloud("nowhere.yaml")
def test_of_nothing(faxcloud): ...
"""


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose tests have all failed, with what pytest printed in `said`."""
    files = {"test_bad": BAD, "test_used": USED, "test_path": ELSEWHERE, "test_fixture": BEFORE}
    place = project(tmp_path_factory.mktemp("failing"), **files, test_marker=MARKED)
    (place / "said").write_text(run(place))
    return place


def report(failing: Path, test: str) -> str:
    """Give what was said of one test."""
    _, _, rest = (failing / "said").read_text().partition(f" {test} _")
    return re.split(r"^(?:_{4}|={4}).* .*(?:_{4}|={4})$", rest, maxsplit=1, flags=re.MULTILINE)[0]


def repeated(said: str) -> str:
    """Give the file of the line that says how to repeat a test."""
    [found] = re.findall(r"^repeat it with:  localfax replay (\S+)$", said, re.MULTILINE)
    return str(found)


def test_tests_that_fail_and_fixtures_that_fail_are_told_apart(failing: Path) -> None:
    assert outcomes((failing / "said").read_text()) == {"failed": 3, "errors": 2}


def test_failed_test_shows_the_nearest_miss_the_ladder_and_how_to_repeat_it(failing: Path) -> None:
    said = report(failing, "test_fails")
    shows(
        said,
        "E*AssertionError: no faxes with to='+15005550002', state='delivered'",
        "E*nearest of 1: <ifax fax-1 outbound to +15005550002: failed (busy), 0 of 3 pages>",
        "E*state is 'failed', not 'delivered'",
        "*- Localfax -*",
        "fax-1  ifax outbound to +15005550002  failed (busy), 0 of 3 pages, 1 call  (magic-02)",
        "*+6s    call 1: busy",
    )
    assert repeated(said) == ".pytest_cache/d/localfax/test-bad.py-test-fails.yaml"
    done = run_process("replay", repeated(said), cwd=failing)
    assert done.stdout == "ok      test-bad.py-test-fails (ifax)\n1 scenarios, 0 not as expected.\n"


def test_call_that_a_used_up_scenario_refused_is_repeated_by_the_line(failing: Path) -> None:
    found = repeated(report(failing, "test_refused"))
    [step, change] = yaml.safe_load((failing / found).read_text())["steps"][::-1]
    assert change == {"settings": {"vendor": "openfax", "change": {"balance": 0.5}}}
    assert step["call"]["scenarios"] == [{"name": "pot", "http": {"status": 418, "body": {"tea": "pot"}}}]
    assert step["call"]["status"] == 418
    done = run_process("replay", found, "--json", cwd=failing)
    [replayed] = json.loads(done.stdout)
    assert (replayed["passed"], replayed["problems"], replayed["faxes"]) == (True, [], [])


def test_refused_vendor_call_is_shown_with_its_near_miss(failing: Path) -> None:
    shows(
        report(failing, "test_wrong_path"),
        "*no faxes",
        "*<ifax POST /v1/customer/fax-sent -> 404; no such path; nearest is POST /v1/customer/fax-send>",
    )


def test_fixture_that_fails_after_it_shows_the_ladder_too(failing: Path) -> None:
    said = report(failing, "test_never_runs")
    shows(said, "*+6s    call 1: busy")
    assert repeated(said).endswith(".yaml")


def test_marker_of_an_unknown_scenario_is_an_error_that_says_so(failing: Path) -> None:
    shows(report(failing, "test_of_nothing"), "*no scenario nowhere.yaml*")


def test_failed_test_can_be_repeated_without_a_cache(tmp_path: Path) -> None:
    said = run(project(tmp_path, test_bad=BAD), "-p", "no:cacheprovider")
    assert repeated(said) == ".localfax/test-bad.py-test-fails.yaml"


PLAIN = """
import sys

def test_plain():
    ours = {name for name in sys.modules if name.split(".")[0] in ("emulator", "localfax")}
    assert ours == {"localfax", "localfax.plugin"}
"""


def test_run_that_does_not_use_it_imports_nothing_of_it(tmp_path: Path) -> None:
    assert outcomes(run(project(tmp_path, test_plain=PLAIN))) == {"passed": 1}
