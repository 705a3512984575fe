"""What commands that talk to a server share: its address, the sandbox, JSON for programs, exit codes."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import Any, TypeVar

import click

from localfax import DEFAULT_URL, Localfax, Refusal, Unreachable

CommandT = TypeVar("CommandT", bound=Callable[..., Any])


class Exit(IntEnum):
    """How commands end."""

    done = 0
    failed = 1
    usage = 2
    unreachable = 3
    not_as_wanted = 4


url_option = click.option(
    "--url",
    envvar="LOCALFAX_URL",
    show_envvar=True,
    default=DEFAULT_URL,
    show_default=True,
    help="The server's address.",
)
sandbox_option = click.option(
    "--sandbox", "sandbox_id", envvar="LOCALFAX_SANDBOX", show_envvar=True, default="default",
    show_default=True,
    help="The sandbox's id.",
)  # fmt: skip
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


_LISTED = {
    "no sandbox ": "; `localfax sandbox list` shows those there are",
    "no fax ": "; `localfax faxes` shows those there are",
    "no delivery ": "; `localfax webhooks` shows those there are",
}
"""How to find what there is, where something is not."""


class Failure(click.ClickException):
    """A message for stderr and an exit code."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.exit_code = code  # type: ignore[misc]  # click reads it of the instance


def with_server(command: CommandT) -> CommandT:
    """Hand a command `server` in place of --url, and end it with an exit code when the server says no."""

    @url_option
    @functools.wraps(command)
    def run(url: str, **rest: Any) -> Any:
        with explain_errors(), Localfax(url) as server:
            return command(server=server, **rest)

    return run  # type: ignore[return-value]


def with_sandbox(command: CommandT) -> CommandT:
    """Hand a command `sandbox` in place of --url and --sandbox, likewise."""

    @with_server
    @sandbox_option
    @functools.wraps(command)
    def run(server: Localfax, sandbox_id: str, **rest: Any) -> Any:
        return command(sandbox=server.sandbox(sandbox_id), **rest)

    return run  # type: ignore[return-value]


@contextmanager
def explain_errors() -> Iterator[None]:
    """Make of what the server refuses, or a file does, a message and an exit code."""
    try:
        yield
    except Refusal as wrong:
        way = next((way for begin, way in _LISTED.items() if wrong.message.startswith(begin)), "")
        raise Failure(f"{wrong}{'' if ';' in wrong.message else way}", Exit.failed) from None
    except Unreachable as wrong:
        ways = "Start one with `localfax serve`, or name it with --url or LOCALFAX_URL."
        raise Failure(f"{wrong}. {ways}", Exit.unreachable) from None
    except OSError as wrong:
        said = f"{wrong.filename}: {wrong.strerror}" if wrong.filename else str(wrong)
        raise Failure(said, Exit.failed) from None


def check_vendor(vendor: str, known: Collection[str]) -> None:
    """Check a vendor's name; raise a usage error that names those there are."""
    if vendor not in known:
        raise click.UsageError(f"no vendor {vendor!r}; there are {', '.join(known)}")
