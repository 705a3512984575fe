"""Print the way of one send: which functions of which files it goes through, from the door to the answer.

    make walk VENDOR=ifax

Three figures say how well a newcomer can follow it: the files that it passes through, the functions that
are called, and how often it returns to a file that it had left already; for the whole request, and for the
part from the route's view until the fax is stored. docs/architecture.md tells the same walk in words.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import requests
from werkzeug.test import Client as Browser

import emulator
from emulator.app import App
from emulator.config import Config
from emulator.vendors import the_vendor
from localfax.asking import Account, Document, Order

PACKAGE = f"{Path(emulator.__file__).parent}/"

Step = tuple[int, CodeType]
"""How deep a call is, and the function that is called."""


def trace(vendor: str) -> list[Step]:
    """Send a fax for the second time in a process, when nothing is imported or made ready any more."""
    app = App(Config(seed="walk"))
    try:
        browser, order = Browser(app), request_of(vendor)
        send(browser, order)
        steps: list[Step] = []
        sys.setprofile(watcher(steps))
        try:
            send(browser, order)
        finally:
            sys.setprofile(None)
    finally:
        app.close()
    return steps


def request_of(vendor: str) -> requests.PreparedRequest:
    known = the_vendor(vendor)
    assert known.client is not None
    account = Account(f"http://localhost/{vendor}", known.credentials)
    order = known.client.send(Order(account, "+12125550123", Document.of_pages(1)))
    return requests.Request(**order.arguments).prepare()


def send(browser: Browser, order: requests.PreparedRequest) -> None:
    headers = dict(order.headers)
    answer = browser.open(order.path_url, method=order.method, headers=headers, data=order.body)
    if answer.status_code >= 400:
        raise SystemExit(f"the fax was refused: {answer.status} {answer.text}")


def watcher(steps: list[Step]) -> Any:
    depth = 0

    def watch(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal depth
        if not frame.f_code.co_filename.startswith(PACKAGE):
            return
        if event == "call":
            steps.append((depth, frame.f_code))
            depth += 1
        elif event == "return":
            depth -= 1

    return watch


def until_stored(steps: Sequence[Step], vendor: str) -> Sequence[Step]:
    """From the route's view to the end of the commit that stores the fax."""
    views = {getattr(endpoint.view, "__code__", None) for endpoint in the_vendor(vendor).endpoints}
    codes = [code for _, code in steps]
    first = next((place for place, code in enumerate(codes) if code in views), 0)
    writes = [
        place
        for place, code in enumerate(codes)
        if code.co_name == "commit" and "/stores/" in code.co_filename
    ]
    last = writes[-1] + 1
    while steps[last][0] > steps[writes[-1]][0] and codes[last].co_name != "tell":
        last += 1
    return steps[first:last]


def figures(steps: Sequence[Step]) -> str:
    files = [code.co_filename for _, code in steps]
    left, returns = {files[0]}, 0
    for before, now in pairwise(files):
        if now != before:
            returns += now in left
            left.add(now)
    functions = len({code for _, code in steps})
    return f"{len(left)} files, {functions} functions, {returns} returns to a file already left"


def lines(steps: Sequence[Step]) -> Iterator[str]:
    before = ""
    for depth, code in steps:
        file = code.co_filename.removeprefix(PACKAGE)
        shown = "" if file == before else f"{file}:{code.co_firstlineno}"
        yield f"{'  ' * depth}{code.co_qualname}".ljust(66) + f" {shown}".rstrip()
        before = file


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("vendor", nargs="?", default="ifax")
    parser.add_argument("--quiet", action="store_true", help="print the figures alone")
    asked = parser.parse_args()
    steps = trace(asked.vendor)
    if not asked.quiet:
        print(*lines(steps), "", sep="\n")
    print(f"{asked.vendor}, the whole request: {figures(steps)}")
    stored = until_stored(steps, asked.vendor)
    print(f"{asked.vendor}, from the route until the fax is stored: {figures(stored)}")


if __name__ == "__main__":
    main()
