"""`localfax webhooks`, `localfax webhooks resend` and `localfax requests`."""

from __future__ import annotations

from typing import Any

import click
from click.core import ParameterSource

from emulator.cli.printing import print_found, print_json, say_unheard
from emulator.cli.session import Exit, json_option, sandbox_option, url_option, with_sandbox
from localfax import Post, Request, Sandbox, Webhook
from localfax.hints import explain_trouble

limit_option = click.option(
    "--limit", type=click.IntRange(1), default=50, show_default=True, help="Rows at most."
)


@click.group(invoke_without_command=True, subcommand_metavar="[resend DELIVERY]")
@click.option("--fax", help="Only of this fax.")
@limit_option
@json_option
@url_option
@sandbox_option
def webhooks(**given: Any) -> None:
    """List the webhooks with their tries, newest first; or send one once more."""
    if click.get_current_context().invoked_subcommand:
        _refuse_early_options()
    else:
        _list(**given)


@with_sandbox
def _list(sandbox: Sandbox, fax: str | None, limit: int, as_json: bool) -> None:
    columns = ("delivery", "vendor", "fax", "event", "state", "fault", "tries", "to")
    found = sandbox.webhooks(most=limit, fax=fax)
    print_found(found, as_json, columns, _webhook, "No webhooks.")
    if not found:
        say_unheard(sandbox, [sandbox.fax(fax)] if fax else sandbox.faxes(most=limit))


def _refuse_early_options() -> None:
    here = click.get_current_context()
    if any(here.get_parameter_source(name) is ParameterSource.COMMANDLINE for name in here.params):
        raise click.UsageError("options stand after resend")


@webhooks.command()
@click.argument("delivery")
@json_option
@with_sandbox
def resend(sandbox: Sandbox, delivery: str, as_json: bool) -> None:
    """Send a webhook once more, now and whole, by its id of the first column of `localfax webhooks`.

    The vendor's retries begin anew. Ends with 4 when it was not taken.
    """
    sent = sandbox.redeliver(delivery)
    if as_json:
        print_json(sent.data)
    else:
        click.echo(repr(sent))
    if sent.state != "delivered":
        raise SystemExit(Exit.not_as_wanted)


def _webhook(webhook: Webhook) -> tuple[object, ...]:
    tries = "\n".join(_try(post, webhook.url) for post in webhook.attempts)
    about = (webhook.id, webhook.vendor, webhook.fax, webhook.event)
    return (*about, webhook.state, webhook.fault, tries, webhook.url)


def _try(post: Post, url: str) -> str:
    why = explain_trouble(post.error, post.url or url)
    return f"{post.at} {post.status or post.error}{f': {why}' if why else ''}"


@click.command()
@click.option("--vendor", help="Only of this vendor.")
@click.option("--fax", help="Only about this fax.")
@click.option("--status", type=int, help="Only with this HTTP status.")
@limit_option
@json_option
@with_sandbox
def requests(
    sandbox: Sandbox, vendor: str | None, fax: str | None, status: int | None, limit: int, as_json: bool
) -> None:
    """List the vendor calls, newest first, with near misses of those that were refused."""
    found = sandbox.requests(most=limit, vendor=vendor, fax=fax, status=status)
    columns = ("at", "vendor", "call", "status", "fax", "near misses")
    print_found(found, as_json, columns, _request, "No vendor calls.")


def _request(request: Request) -> tuple[object, ...]:
    misses = "" if request.fax else "\n".join(request.near_misses)
    call = f"{request.method} {request.path}"
    return (request.at, request.vendor, call, request.status, request.fax, misses)
