"""`localfax grade`."""

from __future__ import annotations

from urllib.parse import urlsplit

import click

from emulator.cli.printing import print_json, print_table
from emulator.cli.session import Exit, check_vendor, explain_errors, json_option

UNSEEN = (
    "Answers alone do not show a second effect, a word that is overwritten, or a fax that is sent twice:\n"
    "localfax explore asks your application itself."
)
_QUICK = 3.0
"""Seconds within which a good answer usually comes."""


@click.command()
@click.option("--webhook", required=True, metavar="URL", help="Your application's own endpoint.")
@click.option("--vendor", required=True, help="Whose webhooks it takes.")
@click.option("--auth", metavar="USER:PASSWORD", help="What it wants as HTTP Basic; adds wrong passwords.")
@click.option(
    "--within",
    envvar="LOCALFAX_WITHIN",
    type=click.FloatRange(0, min_open=True),
    default=_QUICK,
    show_default=True,
    help="Seconds within which a good answer comes.",
)
@json_option
def grade(webhook: str, vendor: str, auth: str | None, within: float, as_json: bool) -> None:
    """Try webhook misbehaviour on your application's endpoint and say which it survives.

    A quick check of the answers alone: what your endpoint does with a webhook cannot be seen so, and it knows
    none of the faxes. `localfax explore` asks your application. Ends with 4 when it fails a case, or when
    nothing can be seen.
    """
    from emulator.grading.grade import grade_endpoint
    from emulator.vendors import all_vendors
    from localfax.local_server import run_server

    check_vendor(vendor, all_vendors())
    host = urlsplit(webhook).hostname
    if host is None:
        raise click.UsageError("--webhook is a URL like http://127.0.0.1:8000/webhooks/fax")
    with explain_errors(), run_server(allow_target=(host,)) as server:
        grades = grade_endpoint(server, vendor, webhook, auth, within=within)
    if as_json:
        print_json([{**each.__dict__, "survived": each.survived} for each in grades])
    elif len(grades) == 1:
        click.echo(f"{webhook}: {grades[0].problem}")
    else:
        rows = [
            (each.name, each.verdict.value, each.problem, " ".join(each.statuses), f"{each.seconds:.3f} s",
             each.text)
            for each in grades
        ]  # fmt: skip
        print_table(("case", "", "why", "answers", "slowest", "what"), rows, "")
        click.echo(UNSEEN)
    survived = [each.survived for each in grades]
    if False in survived or True not in survived:
        raise SystemExit(Exit.not_as_wanted)
