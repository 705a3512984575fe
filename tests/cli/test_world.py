"""Time, sandboxes, journals, scenarios and coverage with the installed command."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from emulator.scenarios import find_catalogue
from localfax import Localfax, Sandbox
from tests.cli.conftest import COMMAND, Run, run_command
from tests.conftest import Control

Read = Callable[..., Any]


def test_serve_is_ready_and_ends_when_told() -> None:
    with subprocess.Popen([COMMAND, "serve", "--port", "0"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[3].rstrip(".")
        done = run_command("ready", "--url", url)
        process.send_signal(signal.SIGTERM)
        process.stdout.read()
    assert (done.returncode, process.returncode) == (0, 0)
    assert done.stdout == f"localfax 0.1.0 is ready at {url}\n"


def test_ready_gives_up_in_time() -> None:
    done = run_command("ready", "--url", "http://127.0.0.1:9", "--timeout", 0.1)
    assert (done.returncode, done.stdout) == (3, "")


def test_advance_and_settle_print_what_happened(localfax: Run, read: Read, sandbox: Sandbox) -> None:
    sandbox.clock(now="2030-01-01T00:00:00Z")
    sandbox.send("ifax", "+12125550123")
    assert localfax("advance", "1s").stdout == (
        "2030-01-01T00:00:00.500Z  fax-1     rendering\nIt is 2030-01-01T00:00:01.000Z.\n"
    )
    said = read("advance", "--fax", "fax-1", "--state", "dialing")
    assert said["timeline"][-1]["what"] == "dialing"
    assert read("settle")["timeline"][-1]["what"] == "delivered"
    assert read("advance", "--to", "2030-01-02T00:00:00Z") == {
        "now": "2030-01-02T00:00:00.000Z",
        "timeline": [],
    }


def test_advance_wants_one_target(localfax: Run) -> None:
    assert localfax("advance").returncode == 2
    assert localfax("advance", "5s", "--to", "2030-01-01T00:00:00Z").returncode == 2
    assert localfax("advance", "--fax", "fax-1").returncode == 2
    done = localfax("advance", "soon")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: by: a duration is seconds or text like 90s")


def test_reset_empties_the_sandbox(localfax: Run, sandbox: Sandbox) -> None:
    sandbox.send("ifax", "+12125550123")
    assert localfax("reset").stdout == f"Sandbox {sandbox.id} is empty.\n"
    assert sandbox.faxes() == []


def test_sandboxes_are_made_listed_and_deleted(server: Control) -> None:
    environ = {"LOCALFAX_URL": server.url}
    made = run_command(
        "sandbox", "create", "--manual", "--seed", "s", "--webhook", "http://127.0.0.1:9/", environ=environ
    )
    exported = dict(line.removeprefix("export ").split("=", 1) for line in made.stdout.splitlines())
    found = exported["LOCALFAX_SANDBOX"].strip("'")
    assert exported["LOCALFAX_IFAX_BASE_URL"] == f"'{server.url}/ifax'"
    assert exported["LOCALFAX_IFAX_ACCESS_TOKEN"].startswith("'live_")
    with Localfax(server.url) as client:
        assert client.sandbox(found).settings("ifax")["webhooks"]["outbound"]["url"] == "http://127.0.0.1:9/"
    assert found in run_command("sandbox", "list", environ=environ).stdout
    assert run_command("sandbox", "delete", found, environ=environ).stdout == f"Sandbox {found} is gone.\n"
    gone = run_command("faxes", "--sandbox", found, environ=environ)
    said = f"Error: no sandbox {found}; `localfax sandbox list` shows those there are\n"
    assert (gone.returncode, gone.stderr) == (1, said)


def test_webhooks_are_listed_with_their_tries(localfax: Run, read: Read, sandbox: Sandbox) -> None:
    assert localfax("webhooks").stdout == "No webhooks.\n"
    sandbox.settings("faxto", webhooks={"outbound": {"url": "http://127.0.0.1:9/hook"}})
    sandbox.send("faxto", "+12125550123")
    sandbox.settle()
    [webhook] = read("webhooks", "--fax", "fax-1")
    assert {post["error"] for post in webhook["attempts"]} == {"unreachable"}
    assert "unreachable" in localfax("webhooks").stdout


def test_requests_show_near_misses(localfax: Run, read: Read, sandbox: Sandbox) -> None:
    assert localfax("requests").stdout == "No vendor calls.\n"
    sandbox.send("ifax", "+12125550123")
    own = sandbox.credentials("ifax")
    sandbox.connection.session.post(f"{sandbox.base_url('ifax')}/v1/customer/fax-sent", json={}, headers=own)
    assert "nearest is POST /v1/customer/fax-send" in localfax("requests", "--vendor", "ifax").stdout
    assert [each["status"] for each in read("requests", "--fax", "fax-1")] == [200]


def test_scenarios_are_listed_checked_and_pushed(
    localfax: Run, read: Read, sandbox: Sandbox, tmp_path: Path
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text('name: mine\nmatch: {to: "+12125550123"}\nattempts: [no_answer]\n')
    assert localfax("scenarios", "check", file).stdout == "1 scenarios are right, 0 problems.\n"
    assert localfax("scenarios", "push", file).stdout == "mine\n"
    assert localfax("scenarios", "push", "--next", file).stdout == "mine\n"
    listed = read("scenarios", "list")
    assert ([each["name"] for each in listed["scenarios"]], len(listed["queue"])) == (["mine"], 1)
    assert "busy-then-delivered" in localfax("scenarios", "list").stdout


def test_scenario_that_is_wrong_is_said_with_file_and_line(localfax: Run, tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("name: bad\nattempts:\n  - buzy\n")
    done = localfax("scenarios", "check", file, find_catalogue())
    assert done.returncode == 4
    first, last = done.stdout.splitlines()
    assert first.startswith(f"{file}:3: attempts[0]: unknown outcome 'buzy'; did you mean busy?")
    assert last.endswith("scenarios are right, 1 problems.")
    assert localfax("scenarios", "push", file).returncode == 1


def test_coverage_counts_the_evidence(localfax: Run, read: Read) -> None:
    _, _, *rows = localfax("coverage").stdout.strip().splitlines()
    assert [row.split()[0] for row in rows] == ["Openfax", "Kazoo", "iFax", "mFax", "Fax.to"]
    assert "documented" in localfax("coverage", "--vendor", "ifax").stdout
    assert [each["vendor"] for each in read("coverage", "--vendor", "ifax")["vendors"]] == ["ifax"]
    assert localfax("coverage", "--vendor", "pigeon").returncode == 2
