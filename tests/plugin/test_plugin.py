"""The pytest plugin, as a project that has it installed uses it."""

from __future__ import annotations

import json
import re

import pytest
import yaml

from tests.cli.conftest import run_command

pytest_plugins = ["pytester"]

WARNINGS = ("-p", "no:randomly", "-W", "error")


def run(pytester: pytest.Pytester, *words: str) -> pytest.RunResult:
    return pytester.runpytest_subprocess(*WARNINGS, *words)


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


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project whose tests all pass."""
    pytester.makepyfile(app=APPLICATION, test_good=GOOD)
    pytester.makefile(".yaml", mine='name: mine\nmatch: {to: "+12125550199"}\nattempts: [hangup]')
    pytester.makefile(".ini", pytest="[pytest]\npythonpath = .\naddopts = --strict-markers")
    return pytester


def test_fixture_does_what_its_guide_says(project: pytest.Pytester) -> None:
    run(project, "-q").assert_outcomes(passed=GOOD.count("def test_"))


def test_fixture_is_safe_among_parallel_workers(project: pytest.Pytester) -> None:
    project.makepyfile(test_more=GOOD)
    run(project, "-q", "-n", "4").assert_outcomes(passed=2 * GOOD.count("def test_"))


def test_failed_test_shows_the_nearest_miss_the_ladder_and_how_to_repeat_it(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(test_bad=BAD)
    result = run(pytester, "-q")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "E*AssertionError: no faxes with to='+15005550002', state='delivered'",
            "E*nearest of 1: <ifax fax-1 outbound to +15005550002: failed (busy), 0 of 3 pages>",
            "E*state is 'failed', not 'delivered'",
            "*- Localfax -*",
            "fax-1  ifax outbound to +15005550002  failed (busy), 0 of 3 pages, 1 call  (magic-02)",
            "*+6s    call 1: busy",
            "repeat it with:  localfax replay .pytest_cache/d/localfax/test-bad.py-test-fails.yaml",
        ]
    )
    found = re.search(r"localfax replay (\S+)", result.stdout.str())
    assert found
    done = run_command("replay", found[1], cwd=pytester.path)
    assert done.stdout == "ok      test-bad.py-test-fails (ifax)\n1 scenarios, 0 not as expected.\n"


USED = """
def test_refused(faxcloud):
    fault = {"status": 418, "body": {"tea": "pot"}}
    faxcloud.sandbox.add_scenarios({"name": "pot", "http": fault}, once=True)
    faxcloud.openfax.set(balance=0.5)
    assert faxcloud.send("ifax", "+12125550123").status == 200
"""


def test_call_that_a_used_up_scenario_refused_is_repeated_by_the_line(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_used=USED)
    result = run(pytester, "-q")
    found = re.search(r"localfax replay (\S+)", result.stdout.str())
    assert found
    [step, change] = yaml.safe_load((pytester.path / found[1]).read_text())["steps"][::-1]
    assert change == {"settings": {"vendor": "openfax", "change": {"balance": 0.5}}}
    assert step["call"]["scenarios"] == [{"name": "pot", "http": {"status": 418, "body": {"tea": "pot"}}}]
    assert step["call"]["status"] == 418
    done = run_command("replay", found[1], "--json", cwd=pytester.path)
    [replayed] = json.loads(done.stdout)
    assert (replayed["passed"], replayed["problems"], replayed["faxes"]) == (True, [], [])


def test_failed_test_can_be_repeated_without_a_cache(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_bad=BAD)
    result = run(pytester, "-q", "-p", "no:cacheprovider")
    result.stdout.fnmatch_lines(["repeat it with:  localfax replay .localfax/test-bad.py-test-fails.yaml"])


def test_refused_vendor_call_is_shown_with_its_near_miss(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_bad="""
        def test_wrong_path(faxcloud):
            own = faxcloud.ifax
            url = own.base_url + "/v1/customer/fax-sent"
            faxcloud.sandbox.connection.session.post(url, headers={"accessToken": own.access_token})
            assert faxcloud.faxes
        """
    )
    result = run(pytester, "-q")
    result.stdout.fnmatch_lines(
        [
            "*no faxes",
            "*<ifax POST /v1/customer/fax-sent -> 404; no such path; nearest is POST /v1/customer/fax-send>",
        ]
    )


def test_fixture_that_fails_after_it_shows_the_ladder_too(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_bad="""
        import pytest

        @pytest.fixture
        def delivered(faxcloud):
            faxcloud.send("ifax", "+15005550002")
            faxcloud.settle()
            return faxcloud.assert_fax(state="delivered")

        def test_never_runs(delivered): ...
        """
    )
    result = run(pytester, "-q")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*+6s    call 1: busy", "repeat it with:  localfax replay *.yaml"])


def test_server_of_the_session_is_a_fixture_too(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_server="""
        def test_server(localfax_server):
            assert localfax_server.ready()["name"] == "localfax"
            assert localfax_server.sandbox().id == "default"

        def test_cloud_is_on_it(localfax_server, faxcloud):
            assert faxcloud.url == localfax_server.url
        """
    )
    run(pytester, "-q").assert_outcomes(passed=2)


def test_marker_of_an_unknown_scenario_is_an_error_that_says_so(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_bad="""
        import pytest
        @pytest.mark.faxcloud("nowhere.yaml")
        def test_never_runs(faxcloud): ...
        """
    )
    result = run(pytester, "-q")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*no scenario nowhere.yaml*"])


def test_run_that_does_not_use_it_imports_nothing_of_it(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_plain="""
        import sys
        def test_plain():
            ours = {name for name in sys.modules if name.split(".")[0] == "emulator"}
            assert ours == {"emulator", "emulator.plugin"}
        """
    )
    run(pytester, "-q").assert_outcomes(passed=1)
