"""What a person may do in a sandbox: receive, send, choose an outcome; and how an application gets in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import render_template

from emulator.core.outcomes import BEFORE_CALL, Outcome
from emulator.web.curl import browser_request, sample
from emulator.web.place import Place, in_sandbox, plane, vendors

OUTBOUND = tuple(each for each in Outcome if each is not Outcome.cancelled)
INBOUND = tuple(each for each in OUTBOUND if each not in BEFORE_CALL)


@in_sandbox
def act(here: Place) -> str:
    offered = plane().read(f"{here.root}/scenarios")
    return render_template(
        "act.html",
        offered=offered,
        outcomes=OUTBOUND,
        inbound=INBOUND,
        requests={name: json.dumps(browser_request(line)) for name, line in _samples(here).items()},
    )


@in_sandbox
def connect(here: Place) -> str:
    settings = {name: plane().read(f"{here.root}/vendors/{name}") for name in here.sandbox["vendors"]}
    return render_template("connect.html", samples=_samples(here), settings=settings, vendors=vendors())


def _samples(here: Place) -> Mapping[str, str]:
    access: Mapping[str, Any] = here.sandbox["vendors"]
    return {name: sample(each, access[name]) for name, each in vendors().items() if each.sample}


ROUTES = (
    ("/sandboxes/<sandbox>/act", act),
    ("/sandboxes/<sandbox>/connect", connect),
)
