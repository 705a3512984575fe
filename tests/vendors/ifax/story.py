"""Calls and their whole answers, as fixtures/ifax writes them down; and the one who makes the calls."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import phonenumbers
import pycountry
import yaml

from tests.conftest import FIXTURES, YAML, Control
from tests.vendors.ifax.client import Ifax, attachment, document, facts

SEED, NOW = "walk", "2026-01-02T03:04:05Z"
"""What the ids and instants of the fixtures follow from."""

Step = dict[str, Any]
"""One call, `{operation: parameters, gives: whole body}`, or one thing that happens, `{advance: {…}}`."""


class Loader(YAML):
    """Reads YAML in which a sample document stands by its name."""


def _attachment(loader: Loader, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        return attachment(str(loader.construct_scalar(node)))
    assert isinstance(node, yaml.MappingNode)
    given = loader.construct_mapping(node, deep=True)
    return attachment(given.pop("document")) | given


def _base64(loader: Loader, node: yaml.ScalarNode) -> str:
    return b64encode(document(str(loader.construct_scalar(node)))).decode()


def _countries(loader: Loader, node: yaml.ScalarNode) -> list[dict[str, str]]:
    """Give every country of both libraries, by name; the table changes with their releases."""
    both = [each for each in pycountry.countries if each.alpha_2 in phonenumbers.SUPPORTED_REGIONS]
    codes = {each.alpha_2: phonenumbers.country_code_for_region(each.alpha_2) for each in both}
    return [
        {"abbreviation": each.alpha_2, "name": each.name, "dialCode": f"+{codes[each.alpha_2]}"}
        for each in sorted(both, key=lambda each: str(each.name))
    ]


def _times(loader: Loader, node: yaml.MappingNode) -> list[Any]:
    given = loader.construct_mapping(node, deep=True)
    return [given["each"]] * given["count"]


def _zeros(loader: Loader, node: yaml.ScalarNode) -> str:
    return b64encode(bytes(int(loader.construct_scalar(node)))).decode()


Loader.add_constructor("!attachment", _attachment)
Loader.add_constructor("!base64", _base64)
Loader.add_constructor("!countries", _countries)
Loader.add_constructor("!times", _times)
Loader.add_constructor("!zeros", _zeros)


@cache
def written(name: str) -> Any:
    """Give a file of fixtures/ifax."""
    return yaml.load((FIXTURES / "ifax" / name).read_text(encoding="utf-8"), Loader)


def known(operation: str, parameters: dict[str, Any] | None = None) -> dict[str, Any]:
    """Give the whole answer of an operation: walk.yaml's for these parameters, else its first."""
    steps = [step for step in written("walk.yaml")["operations"][operation] if operation in step]
    return dict(next((step for step in steps if step[operation] == parameters), steps[0])["gives"])


def begin(server: Control, **more: Any) -> Ifax:
    """Give a client of the sandbox in which the fixtures' ids and instants are true."""
    return Ifax(server.create(seed=SEED, clock={"mode": "manual", "now": NOW}, **more))


def compact(body: Any) -> str:
    """Write a body as iFax does: its keys in their order, without spaces."""
    return json.dumps(body, separators=(",", ":"))


def refusal(code: int, message: str | None = None, row: int = 1) -> dict[str, Any]:
    """Give the whole body of an error: the text is that of the code's only, first or `row`th line."""
    texts = [each["text"] for each in facts()["codes"] if each["code"] == code]
    return {"status": 0, "code": code, "message": message or texts[row - 1]}


def play(ifax: Ifax, steps: Sequence[Step]) -> None:
    """Take the steps in their order; each answer must be what it is said to be, to the letter."""
    for step in steps:
        name, given = next(iter(step.items()))
        if name in HAPPENINGS:
            HAPPENINGS[name](ifax, given)
        else:
            _call(ifax, name, given, step["gives"], step.get("http", 200))


def _call(ifax: Ifax, name: str, given: Any, body: Any, status: int) -> None:
    *method, operation = name.split()
    answer = ifax.call(operation, given, method=method[0] if method else "POST")
    assert answer.text == compact(body), (name, given)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/json")


def _use_key(ifax: Ifax, which: str) -> None:
    ifax.key = ifax.credentials.get(which, which)


def _inbound(ifax: Ifax, call: dict[str, Any]) -> None:
    path = f"/sandboxes/{ifax.control.id}/inbound"
    ifax.control.call("POST", path, 201, json={"vendor": "ifax", **call})


HAPPENINGS: dict[str, Callable[[Ifax, Any], Any]] = {
    "advance": lambda ifax, target: ifax.control.advance(**target),
    "portal": lambda ifax, changes: ifax.control.vendor("ifax", **changes),
    "profile": lambda ifax, switches: ifax.profile(**switches),
    "scenario": lambda ifax, scenario: ifax.scenario(**scenario),
    "inbound": _inbound,
    "key": _use_key,
}
"""What happens between two calls: time passes, somebody uses the portal, faxes us, takes another key."""
