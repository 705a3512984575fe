"""`scenarios check` refuses what a replay would, with file and line; a replay says the same at its start."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import run_command

WRONG = {
    "attempts: busy": (2, "attempts: a list of calls is wanted here: write [busy]."),
    "attempts: {busy: {ring: 3}}": (2, "attempts: a list of calls is wanted here: write […]."),
    "steps: [{send: {}}, {advance: 5 min}]": (
        2,
        "a duration is seconds or text like 90s, 5m, 48h, not '5 min'",
    ),
    "steps: [{settings: {vendor: ifax, change: {balanse: 3}}}]": (2, "unknown key; did you mean balance?"),
    "steps: [{settings: {vendor: ifx, change: {}}}]": (2, "unknown vendor 'ifx'; did you mean ifax?"),
    "steps: [{settings: {vendor: ifax, change: {profile: life}}}]": (2, "no profile life of ifax"),
    "steps: [{settings: {vendor: ifax, change: {profile: {tests: 1}}}}]": (2, "no switch tests of ifax"),
    'sandbox: {now: "2030-02-30"}': (2, "sandbox.now: an instant is ISO 8601 like"),
    "sandbox:\n  vendors:\n    mfax: {lines: many}": (4, "sandbox.vendors.mfax.lines: Not a valid integer"),
    "sandbox: {vendors: {mfux: {}}}": (2, "unknown vendor 'mfux'; did you mean mfax?"),
    "steps: [{send: {vendor: faxtoo}}]": (
        2,
        "steps[0].send.vendor: unknown vendor 'faxtoo'; did you mean faxto?",
    ),
    'steps: [{send: {document: "no!"}}]': (2, "steps[0].send.document: a document is base64 text."),
    "steps: [{send: {vendor: ifax, scenario: {attempts: [{code: nope}]}}}]": (2, "'nope'"),
    "steps: [{receive: {scenario: {attempts: [no_credit]}}}]": (2, "no fax to us can end so"),
    "expect: {faxes: 1}": (2, "expect: a list is wanted here: each of its entries begins with a dash."),
    "match: {to: abc}": (2, "match.to: a number has digits, and * stands for any of them: 'abc' fits none."),
    "steps: [{rule: {match: {two: x}}}]": (2, "steps[0].rule.match.two: unknown key"),
    "steps: [{cancel: 1}, {send: {}}]": (2, "there is no fax 1 yet: none is made before this step."),
    "steps: [{send: {times: 2}}, {poll: {fax: 3}}]": (
        2,
        "there is no fax 3 yet: 2 are made before this step.",
    ),
    "steps: [{advance: idle}]\nexpect: [{state: delivered}]": (3, "a step is missing that makes one"),
}


@pytest.mark.parametrize("text", WRONG)
def test_what_a_replay_would_refuse_is_said_with_file_and_line(text: str, tmp_path: Path) -> None:
    line, said = WRONG[text]
    path = tmp_path / "wrong.yaml"
    path.write_text(f"name: wrong\n{text}\n", encoding="utf-8")
    checked, replayed = run_command("scenarios", "check", path), run_command("replay", path)
    [problem, count] = checked.stdout.splitlines()
    assert (checked.returncode, count) == (4, "0 scenarios are right, 1 problems.")
    assert problem.startswith(f"{path}:{line}: ")
    assert said in problem
    assert (replayed.returncode, replayed.stderr) == (1, f"Error: {problem}\n")


def test_right_settings_with_the_replays_own_address_pass(tmp_path: Path) -> None:
    path = tmp_path / "right.yaml"
    change = '{balance: 3, webhooks: {outbound: {url: "<<receiver>>/own"}}, profile: live}'
    path.write_text(
        f"name: right\nsteps: [{{settings: {{vendor: ifax, change: {change}}}}}, {{send: {{}}}}]\n"
    )
    assert run_command("scenarios", "check", path).returncode == 0
    assert run_command("replay", path).returncode == 0


@pytest.mark.parametrize("command", [["scenarios", "check"], ["replay"]])
def test_no_file_found_is_a_wrong_command_line(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "scenario.txt").write_text("name: not-one")
    done = run_command(*command, tmp_path)
    assert done.returncode == 2
    assert f"{tmp_path} has no scenario file: their names end in .yaml or .yml" in done.stderr


def test_a_scenario_of_the_catalogue_is_taken_by_its_name() -> None:
    done = run_command("scenarios", "check", "busy-then-delivered")
    assert (done.returncode, "1 scenarios are right" in done.stdout) == (0, True), done.stderr
    wrong = run_command("scenarios", "check", "busy-then-deliverd.yaml")
    assert wrong.returncode == 2
    assert "did you mean busy-then-delivered, of the catalogue?" in wrong.stderr


def test_a_failed_replay_says_that_the_application_took_no_part(tmp_path: Path) -> None:
    path = tmp_path / "failing.yaml"
    path.write_text("name: failing\nattempts: [busy]\nsteps: [{send: {}}]\nexpect: [{state: delivered}]\n")
    done = run_command("replay", path)
    assert done.returncode == 4
    assert "plays the vendor's side: your application took no part" in done.stderr
    assert "--wait --url URL --sandbox default" in done.stderr


@pytest.mark.parametrize("text", ["", "# name: mine\n"])
def test_a_file_without_a_scenario_is_no_right_one(text: str, tmp_path: Path) -> None:
    path = tmp_path / "empty.yaml"
    path.write_text(text, encoding="utf-8")
    checked, replayed = run_command("scenarios", "check", path), run_command("replay", path)
    said = f"{path}: no scenario is in it: one has a name, like `name: mine`, and what it does"
    assert (checked.returncode, checked.stdout.splitlines()[0]) == (4, said)
    assert (replayed.returncode, replayed.stderr) == (1, f"Error: {said}\n")


def test_a_replay_for_a_vendor_that_is_none_is_refused() -> None:
    done = run_command("replay", "busy-then-delivered", "--vendor", "ifx")
    assert (done.returncode, "no vendor 'ifx'; there are openfax" in done.stderr) == (2, True)
