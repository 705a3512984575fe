"""The command that has a fax once more, with the scenario that decided it.

The document that Localfax holds is fetched first; where the journal let go of the request, `localfax send`
sends that document.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator

from emulator.core.faxes.machine import Direction
from emulator.core.scripting.magic import magic_plan
from emulator.web.again import DOCUMENT, read_again
from emulator.web.languages import write_curl
from emulator.web.place import JSON, Place


def write_command(
    here: Place, fax: JSON, submit: JSON | None, origin: str, whole: bytes | None = None
) -> str | None:
    """Write the command, a line a request; None when neither the fax's own request nor a page is left.

    `whole` is the body of its request as it came, if it is still kept.
    """
    sandbox = origin + here.control
    if fax["direction"] == Direction.inbound:
        return _receive(fax, f"{sandbox}/inbound")
    if submit is None and not fax["document"]["digest"]:
        return None
    document = f"{sandbox}/faxes/{fax['id']}/document"
    if submit:
        made = write_curl(read_again(submit, origin, whole), document)
    else:
        made = f"curl -s {shlex.quote(document)} -o {DOCUMENT}\n{_send(fax, origin, here.id)}"
    return "\n".join([*_queue(fax, f"{sandbox}/scenarios/next"), made])


def _receive(fax: JSON, url: str) -> str:
    given = {name: fax[name] for name in ("vendor", "to", "from")}
    given |= {"pages": fax["pages"]["total"], "force": True}
    csid = next((call["csid"] for call in fax["attempts"] if call["csid"]), None)
    chosen = {"csid": csid, "scenario": fax["script"]}
    return _post(url, given | {name: value for name, value in chosen.items() if value})


def _queue(fax: JSON, url: str) -> Iterator[str]:
    """Queue what decided the fax, if it was not its number."""
    plan = magic_plan(fax["to"])
    if fax["script"] and (plan is None or plan[0] != fax["scenario"]):
        match = {name: fax[name] for name in ("vendor", "direction", "to")}
        yield _post(url, {**fax["script"], "match": match})


def _post(url: str, data: JSON) -> str:
    text = shlex.quote(json.dumps(data, ensure_ascii=False))
    return f"curl -s {shlex.quote(url)} -H 'Content-Type: application/json' -d {text}"


def _send(fax: JSON, origin: str, sandbox: str) -> str:
    wanted = {"to": fax["to"], "url": origin, "sandbox": sandbox}
    options = [f"--{name}={value}" for name, value in wanted.items()]
    return shlex.join(["localfax", "send", fax["vendor"], DOCUMENT, *options, "--no-wait"])
