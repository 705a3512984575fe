"""A line for each request and each try of a webhook, as the server's terminal and `localfax tail` show them.

No documents, of a key that opens nothing only its end, and of a number only its ends: `+121…123`. A line's
time is that of its sandbox. Lines are written by a thread of their own, all of a moment at once: to wake it
for each request cost 60 microseconds, a third of what the request does.
When nobody reads them, the latest are let go, and how many is said.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from queue import SimpleQueue
from typing import Any

from emulator.core.engine.courier import post_entry
from emulator.core.instants import iso
from emulator.core.storage.journals import NO_VENDOR
from emulator.core.webhooks.delivery import Delivery
from emulator.watch.refusals import is_refused, reason_of

MOST_WAITING = 10_000
"""Lines that wait to be written."""
MOMENT = 0.05
"""Real seconds for which lines are gathered."""
MOST_EXPLAINED = 100
"""Lines that may wait while all of a refused request is kept; beyond, only the vendor's words are told."""

_NUMBER = re.compile(r"(?<![0-9a-f])(\+?\d{3})\d{4,}(\d{3})(?![0-9a-f])")
"""A telephone number, and no part of an id in hexadecimal."""
_RED, _GREEN, _PLAIN = "\x1b[31m", "\x1b[32m", "\x1b[0m"

_SHOWN = ("vendor", "method", "status", "fax", "seconds")
_ASKED = ("at", "path", *_SHOWN)
"""What of a request's entry its line is made of."""

ConsoleLine = Mapping[str, Any]


def request_line(entry: Mapping[str, Any]) -> ConsoleLine:
    """What is shown of a request of the journal."""
    shown = {name: entry[name] for name in _SHOWN}
    why = entry["why"] and mask(entry["why"])
    return {"at": iso(entry["at"]), "kind": "request", "path": mask(entry["path"]), "why": why, **shown}


def webhook_line(delivery: Delivery) -> ConsoleLine:
    """What is shown of a webhook's latest try."""
    entry = post_entry(delivery, delivery.attempts[-1])
    shown = {name: entry.detail[name] for name in ("delivery", "attempt", "status", "error", "state")}
    url = mask(str(entry.detail["url"]).partition("?")[0])
    return {
        **{"at": iso(entry.at), "kind": "webhook", "vendor": delivery.vendor, "event": delivery.event},
        **{"fax": delivery.fax, "url": url, **shown},
    }


def mask(text: str) -> str:
    """Leave of each long number its ends."""
    return _NUMBER.sub(r"\1…\2", text)


def write_text(line: ConsoleLine, colours: bool = False) -> str:
    """Write a line for people."""
    clock, vendor = line["at"][11:19], "-" if line["vendor"] == NO_VENDOR else line["vendor"]
    if line["kind"] == "request":
        said = f"{line['method']} {line['path']} {line['status']}  {line['seconds'] * 1000:.0f} ms"
        good = line["status"] < 400 and not line["why"]
    else:
        answer = line["status"] or line["error"]
        said = f"webhook {line['event']}, try {line['attempt']}: {answer} <- {line['url']}"
        good = line["status"] is not None and line["status"] < 300
    more = "".join(f"  {each}" for each in (line["fax"], line.get("why")) if each)
    text = f"{clock} {vendor:<7} {said}{more}"
    return text if not colours else f"{_GREEN if good else _RED}{clock}{_PLAIN} {text[len(clock) + 1 :]}"


def write_json(line: ConsoleLine) -> str:
    """Write a line for programs."""
    return json.dumps(line, ensure_ascii=False)


LINES: Mapping[str, Callable[[Any], ConsoleLine]] = {"request": request_line, "delivery": webhook_line}
"""By what the engine tells of, how its line is made."""


class Console:
    """Hears what the engine tells and has it written, a line each; `near` says what a request was nearly."""

    def __init__(
        self,
        write: Callable[[ConsoleLine], str],
        out: Callable[[str], None],
        near: Callable[[str, Mapping[str, Any]], list[str]],
    ) -> None:
        self._write = write
        self._out = out
        self._near = near
        self._heard: SimpleQueue[tuple[str, Any] | None] = SimpleQueue()
        self._lost = 0
        self._thread = threading.Thread(target=self._run, name="localfax-console", daemon=True)
        self._thread.start()

    name, port = "console", 0

    def hear(self, sandbox_id: str, kind: str, thing: Any) -> None:
        """Take in one happening; never waits."""
        if kind not in LINES:
            return
        if (waiting := self._heard.qsize()) >= MOST_WAITING:
            self._lost += 1
            return
        kept = thing
        if kind == "request":
            # Of most not the whole entry, which has the request's body.
            kept = {**{name: thing.get(name) for name in _ASKED}, "why": None}
            if is_refused(thing):
                kept |= {"sandbox": sandbox_id, "refused": thing} if waiting < MOST_EXPLAINED else {}
                kept["why"] = reason_of(thing)
        self._heard.put((kind, kept))

    def close(self) -> None:
        """Write what is left."""
        self._heard.put(None)
        self._thread.join(1.0)

    def _run(self) -> None:
        while (first := self._heard.get()) is not None:
            time.sleep(MOMENT)
            rest = [self._heard.get() for _ in range(self._heard.qsize())]
            lines = [self._line(kind, thing) for kind, thing in filter(None, (first, *rest))]
            if self._lost:
                lost, self._lost = self._lost, 0
                lines.append(f"({lost} lines are left out: they came faster than they were read)")
            self._out("\n".join(lines))
            if rest and rest[-1] is None:
                return

    def _line(self, kind: str, thing: Any) -> str:
        if kind == "request" and (refused := thing.get("refused")):
            thing = {**thing, "why": reason_of(refused, self._near(thing["sandbox"], refused))}
        return self._write(LINES[kind](thing))
