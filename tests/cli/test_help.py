"""What the command says of itself, and how quickly."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from emulator.cli import COMMANDS, main
from localfax.receiver import Receiver
from tests.cli.conftest import run_command, run_process
from tests.conftest import Control

HEAVY = ("flask", "requests", "rich", "yaml", "marshmallow", "pypdf", "reportlab", "emulator.app")


def test_help_names_every_command_and_exit_code() -> None:
    said = run_process("--help").stdout
    assert all(f"  {name} " in said for name in COMMANDS)
    assert all(f"    {code}  " in said for code in range(5))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    done = CliRunner().invoke(main, [name, "--help"], prog_name="localfax")
    assert done.exit_code == 0
    assert done.output.startswith(f"Usage: localfax {name}")
    assert len(done.output.splitlines()) > 5


def test_unknown_command_is_a_usage_error() -> None:
    done = run_process("fly")
    assert (done.returncode, done.stdout) == (2, "")
    assert "No such command 'fly'" in done.stderr


def test_a_mistyped_command_is_answered_with_the_one_that_was_meant() -> None:
    done = run_command("servee")
    assert (done.returncode, done.stdout) == (2, "")
    assert "No such command 'servee'. Did you mean serve?" in done.stderr


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys; from click.testing import CliRunner; from emulator.cli import main; "
        f"CliRunner().invoke(main, ['--help']); print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30)
    assert done.stdout.strip() == "[]", done.stderr


def test_shell_completion_offers_the_commands() -> None:
    environ = {"_LOCALFAX_COMPLETE": "bash_complete", "COMP_WORDS": "localfax sa", "COMP_CWORD": "1"}
    assert run_process(environ=environ).stdout == "plain,sandbox\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_script(shell: str) -> None:
    done = run_process(environ={"_LOCALFAX_COMPLETE": f"{shell}_source"})
    assert (done.returncode, "_localfax_completion" in done.stdout) == (0, True), done.stderr


def test_no_server_is_said_with_code_3() -> None:
    done = run_command("faxes", "--url", "http://127.0.0.1:9")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == (
        "Error: nobody answers at http://127.0.0.1:9: Connection refused. "
        "Start one with `localfax serve`, or name it with --url or LOCALFAX_URL.\n"
    )


def test_server_that_is_no_localfax_is_said_with_code_3(receiver: Receiver) -> None:
    for words in (("faxes",), ("ready", "--timeout", "0"), ("sandbox", "list")):
        done = run_command(*words, "--url", receiver.url)
        assert (done.returncode, done.stdout) == (3, "")
        assert done.stderr.startswith(f"Error: what answers at {receiver.url} is no Localfax.")


def test_file_that_cannot_be_written_is_said_with_code_1(server: Control, tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "x.yaml"
    done = run_command("record", "--url", server.url, "--output", path)
    assert (done.returncode, done.stderr) == (1, f"Error: {path}: No such file or directory\n")


def test_help_of_a_command_below_webhooks_needs_no_server() -> None:
    done = run_command("webhooks", "resend", "--help", environ={"LOCALFAX_URL": "http://127.0.0.1:9"})
    assert (done.returncode, done.stdout.startswith("Usage: localfax webhooks resend")) == (0, True)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("{}/ifax", "is not the server's address, which has no path: {}."),
        ("https", "does it speak http:// there?"),
        ("localhost:8329", "is no address: it begins with http:// or https://"),
    ],
)
def test_an_address_that_is_nearly_right_is_told(server: Control, url: str, said: str) -> None:
    given = server.url.replace("http", "https", 1) if url == "https" else url.format(server.url)
    done = run_command("faxes", environ={"LOCALFAX_URL": given})
    assert (done.returncode, said.format(server.url) in done.stderr) == (3, True), done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("faxes", "--limit", "-1"), "--limit"),
        (("faxes", "--to", "foo"), "to: a number has digits, and * stands for any of them: 'foo' fits none."),
        (("show", "fax-9"), "no fax fax-9; `localfax faxes` shows those there are"),
        (("receive", "ifax", "--scenario", "lin_error"), "no scenario lin_error; did you mean line_error?"),
        (("serve", "--overlay", "/no/such.yaml"), "cannot read /no/such.yaml: No such file or directory"),
        (("serve", "--host", "192.0.2.1", "--port", "0"), "; choose another with --host"),
    ],
)
def test_what_cannot_be_is_told_with_the_way_out(server: Control, words: tuple[str, ...], said: str) -> None:
    done = run_command(*words, environ={"LOCALFAX_URL": server.url})
    assert (done.returncode in (1, 2), said in done.stderr) == (True, True), done.stderr


def test_a_port_that_is_taken_is_told_by_exec_too(server: Control) -> None:
    done = run_command("exec", "--port", server.url.rpartition(":")[2], "--", "true")
    assert (done.returncode, "choose another with --port" in done.stderr) == (1, True), done.stderr


def test_without_words_it_helps() -> None:
    done, asked = run_command(), run_command("--help")
    assert (done.returncode, done.stdout, done.stderr) == (0, asked.stdout, "")
