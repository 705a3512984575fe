"""`localfax sandbox create|list|delete`, and `localfax reset`."""

from __future__ import annotations

from typing import Any, TextIO

import click

from emulator.cli.options import profile_option, read_profiles, read_webhooks, webhook_option
from emulator.cli.printing import print_found, print_json
from emulator.cli.session import json_option, with_sandbox, with_server
from localfax import Localfax, Sandbox


@click.group()
def sandbox() -> None:
    """Make, list and delete sandboxes: worlds of their own with credentials of their own."""


@sandbox.command()
@click.option("--name", help="A name for people.")
@click.option("--seed", help="The same seed repeats a run.")
@click.option("--manual", is_flag=True, help="The clock stands still until it is advanced.")
@click.option("--speed", help="Virtual seconds a real second, or max.")
@click.option("--balance", type=float, help="Every vendor's balance.")
@click.option(
    "--overlay",
    type=click.File(encoding="utf-8"),
    help="A file that `compare --teach` wrote: answer like that account.",
)
@profile_option
@webhook_option
@json_option
@with_server
def create(
    server: Localfax, manual: bool, speed: str | None, webhook: tuple[str, ...], profile: tuple[str, ...],
    as_json: bool, overlay: TextIO | None, **settings: Any,
) -> None:  # fmt: skip
    """Make a sandbox; prints what to export for the application that is to use it."""
    clock: dict[str, Any] = {"mode": "manual"} if manual else {}
    clock |= {"speed": speed} if speed else {}
    hooks = read_webhooks(server.sandbox().vendors, webhook) if webhook else None
    settings |= {"webhooks": hooks, "profiles": read_profiles(profile) or None}
    settings["overlay"] = None if overlay is None else overlay.read()
    made = server.create(**settings, clock=clock or None)
    if as_json:
        print_json(made.data)
        return
    for name, value in made.environ.items():
        click.echo(f"export {name}='{value}'")


@sandbox.command("list")
@json_option
@with_server
def list_(server: Localfax, as_json: bool) -> None:
    """List the sandboxes."""
    columns = ("sandbox", "name", "seed", "clock", "now", "created")
    print_found(server.sandboxes(), as_json, columns, _row, "No sandboxes.")


def _row(each: Sandbox) -> tuple[object, ...]:
    clock = each.data["clock"]
    mode = f"{clock['mode']}, speed {clock['speed']}"
    return (each.id, each.data["name"], each.seed, mode, clock["now"], each.data["created_at"])


@sandbox.command()
@click.argument("sandbox_ids", metavar="SANDBOX...", nargs=-1, required=True)
@with_server
def delete(server: Localfax, sandbox_ids: tuple[str, ...]) -> None:
    """Delete sandboxes by id."""
    for sandbox_id in sandbox_ids:
        server.sandbox(sandbox_id).delete()
        click.echo(f"Sandbox {sandbox_id} is gone.")


@click.command()
@with_sandbox
def reset(sandbox: Sandbox) -> None:
    """Forget faxes, journals and queued scenarios; keep credentials, settings and standing rules."""
    sandbox.reset()
    click.echo(f"Sandbox {sandbox.id} is empty.")
