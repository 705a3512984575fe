"""Why an application does not hear of its faxes, in words, with the way out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from localfax.sandbox import Sandbox
    from localfax.things import Fax

_OPTION = {"outbound": "--webhook", "inbound": "--inbound-webhook"}
_OF = {"outbound": "", "inbound": " for received faxes"}
_ITSELF = ("localhost", "127.0.0.1", "::1")

_TROUBLES = {
    "refused": "the outbound policy forbids {host}: allow it with --allow-target {host}, "
    "or all of the internet with --allow-egress",
    "unresolved": "no address is known for {host}",
    "unreachable": "nothing listens at {place}",
    "timeout": "{place} gave no answer in time",
    "tls": "{host} shows a certificate that is not trusted here",
    "too_many_redirects": "{place} leads from one address to the next",
    "bad_url": "this is no address of HTTP",
    "bad_message": "its document is gone",
    "bad_reply": "what {place} answered is no HTTP",
    "interrupted": "the server ended while it was sent; it is sent again",
}
"""By a try's error, what happened; {host} and {place}, its host and port, are of the URL."""


COMMAND = "`localfax settings {vendor} {option} URL`"


def list_unheard(sandbox: Sandbox, faxes: Iterable[Fax], way: str = COMMAND) -> list[str]:
    """Say, of each vendor of these faxes that posted nothing of them, that it has no URL to post to.

    `way` says how one is set, for a {vendor} and by which {option} of the command.
    """
    silent: dict[tuple[str, str], bool] = {}
    for fax in faxes:
        side = (fax.vendor, fax.direction)
        told = any(entry.kind == "webhook" for entry in fax.timeline)
        silent[side] = silent.get(side, True) and not told
    return [_say(*side, way) for side, is_so in silent.items() if is_so and not _has_url(sandbox, *side)]


def _has_url(sandbox: Sandbox, vendor: str, direction: str) -> bool:
    return bool(sandbox.settings(vendor)["webhooks"][direction]["url"])


def _say(vendor: str, direction: str, way: str) -> str:
    how = way.format(vendor=vendor, option=_OPTION[direction])
    return f"{vendor} has no webhook URL{_OF[direction]}: set one with {how}."


def explain_trouble(error: str | None, url: str) -> str:
    """Say what an error of a webhook's try means for whoever waits at the URL; empty for none known."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or url, parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        host, port = url, 0
    said = _TROUBLES.get(error or "", "").format(host=host, place=f"{host}:{port}")
    if error == "unreachable" and host in _ITSELF:
        said += "; where Localfax runs in a container, that is the container: try host.docker.internal"
    return said
