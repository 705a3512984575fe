"""A vendor call of the journal as a step that makes it again."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from emulator.client.submission import CALL_HEADER
from emulator.core.faxes.fax import Fax
from emulator.core.scripting.scenario import Scenario
from emulator.replay.names import Names
from emulator.scenarios import written

JSON = dict[str, Any]
LEFT_OUT = frozenset(
    {"accept", "accept-encoding", "connection", "content-length", "expect", "host", "transfer-encoding",
     "user-agent", CALL_HEADER.lower()}
)  # fmt: skip
"""Headers of the connection, or of the program that asked."""
UNAUTHORIZED = 401
CUT = frozenset({"drop", "truncate"})
"""Faults after which the client has seen no status, or not the whole answer."""


def call_of(
    entry: Mapping[str, Any], content: bytes, made: Sequence[Fax], names: Names, credentials: Sequence[str]
) -> JSON:
    """Write a call with what became of the faxes that it made; `credentials` names those of its vendor."""
    fault = entry["fault"] or {}
    step: JSON = {
        "vendor": entry["vendor"],
        "method": entry["method"],
        "path": names.hide(entry["path"]),
        "query": names.hide(entry["query"]),
        "headers": _headers(entry, names, credentials),
        **_body(content, names),
        "status": None if CUT & fault.keys() else entry["status"],
        "scenarios": [{"to": fax.to, **script(fax)} for fax in made],
    }
    if fault and not any(fax.plan.http for fax in made):
        step["scenarios"].append({"name": entry["scenario"] or "refused", "http": fault})
    return {"call": {name: part for name, part in step.items() if part not in (None, "", {}, [])}}


def script(fax: Fax) -> JSON:
    """Write what became of a fax as the plan that it had: numbers, rules and files then have no say."""
    return {"attempts": ["delivered"], **written(Scenario(fax.scenario or f"as-{fax.id}", fax.plan))}


def _headers(entry: Mapping[str, Any], names: Names, credentials: Sequence[str]) -> JSON:
    keys = {name.lower(): name for name in credentials}
    found = {}
    for name, value in entry["headers"].items():
        if name.lower() in LEFT_OUT:
            continue
        hidden = names.hide(value)
        if name.lower() in keys and hidden == value and entry["status"] != UNAUTHORIZED:
            # A key that was handed out on the way: another sandbox hands out another one.
            hidden = f"<<{entry['vendor']} {keys[name.lower()]}>>"
        found[name] = hidden
    return found


def _body(content: bytes, names: Names) -> JSON:
    hidden = names.hide(content.decode("latin-1")).encode("latin-1")
    try:
        text = hidden.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    if all(sign.isprintable() or sign in "\r\n\t" for sign in text):
        return {"body": text}
    return {"base64": base64.b64encode(hidden).decode()}
