"""The `localfax` command. Each command's module is imported only when that command runs."""

from __future__ import annotations

from importlib import import_module

import click

EPILOG = """\b
Exit codes:
  0  done
  1  the server refused, or something failed
  2  the command line is wrong
  3  no server answers
  4  done, but not as wanted: a fax was not delivered, an expectation or a check did not hold
`exec` ends with the code of its command (126 when it cannot be run, 127 when there is none).

\b
Which server: --url, or LOCALFAX_URL, else http://127.0.0.1:8329.
Which sandbox: --sandbox, or LOCALFAX_SANDBOX, else default.
Shell completion: eval "$(_LOCALFAX_COMPLETE=bash_source localfax)"; zsh_source and fish_source likewise.
"""

COMMANDS = {
    "serve": ("serve:serve", "Start the server."),
    "exec": ("execution:exec_", "Start a server on a free port and run a command against it."),
    "ready": ("about:ready", "Wait until a server is ready."),
    "send": ("sending:send", "Send a fax through a vendor's own API and follow it."),
    "receive": ("sending:receive", "Let somebody fax us and follow the fax."),
    "faxes": ("faxes:faxes", "List the faxes, newest first."),
    "show": ("faxes:show", "Show one fax."),
    "timeline": ("faxes:timeline", "Show a fax's life as a ladder: states, calls, webhooks."),
    "webhooks": ("journals:webhooks", "List the webhooks with their tries, newest first; send one again."),
    "requests": ("journals:requests", "List the vendor calls, newest first, with near misses."),
    "tail": ("tail:tail", "Follow requests, faxes and webhooks as they happen."),
    "advance": ("clock:advance", "Advance the clock and play everything on the way."),
    "settle": ("clock:settle", "Play everything until nothing is left to happen."),
    "settings": ("settings:settings", "Show what a vendor's portal would set, and set it."),
    "reset": ("sandboxes:reset", "Forget faxes, journals and queued scenarios."),
    "sandbox": ("sandboxes:sandbox", "Make, list and delete sandboxes."),
    "snapshot": ("snapshots:snapshot", "Save a sandbox as a file, and put it back."),
    "scenarios": ("scenarios:scenarios", "List, check and push scenarios; write their JSON Schema."),
    "ca": ("authority:ca", "Show the authority's certificate, for clients to trust."),
    "coverage": ("about:coverage", "Show which endpoints, states and codes there are, with evidence."),
    "record": ("replaying:record", "Write a sandbox's history as a scenario file that repeats it."),
    "replay": ("replaying:replay", "Play scenario files and check what they expect."),
    "explore": ("exploring:explore", "Run your application through everything that can go wrong."),
    "overlay": ("overlays:overlay", "Check overlays, and write their JSON Schema."),
    "compare": ("comparing:compare", "Play recorded traffic against the emulator and tell what differs."),
    "migrate": (
        "migrating:migrate",
        "Play scenarios at two vendors and tell what an application sees differently.",
    ),
    "proxy": ("proxying:proxy", "Record what your application and the real vendor say to each other."),
    "grade": ("grading:grade", "Try webhook misbehaviour on your application's endpoint."),
}
"""Where each command is, and what it does in one line."""


class LazyGroup(click.Group):
    """A group that imports a command when it is asked for; its own help imports none."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            if near := _nearest(cmd_name):
                ctx.fail(f"No such command '{cmd_name}'. Did you mean {near}?")
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        found: click.Command = getattr(import_module(f"{__name__}.{module}"), name)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


def _nearest(word: str) -> str | None:
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, COMMANDS, n=1)), None)


@click.group(
    cls=LazyGroup,
    epilog=EPILOG,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(package_name="localfax")
@click.pass_context
def main(context: click.Context) -> None:
    """Localfax: five cloud fax vendors on your own machine. Not for real patient data."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
