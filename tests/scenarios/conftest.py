from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from tests.conftest import Control
from tests.receiver import Receiver
from tests.sending import read, send

VENDOR = "openfax"
"""Sends what says no vendor: it redials, and posts when a fax has ended."""

NUMBER = "+12125550100"


@dataclass
class Made:
    """What one send or receive of a replay came to."""

    submit: str
    fax: str | None


@dataclass
class Replay:
    """Plays the steps of a written scenario in one sandbox, whose webhooks go to a receiver."""

    control: Control
    receiver: Receiver
    vendor: str = VENDOR
    made: list[Made] = field(default_factory=list)

    def play(self, scenario: Mapping[str, Any]) -> None:
        match = scenario.get("match", {})
        for step in scenario.get("steps") or [{"send": {}}, {"advance": "idle"}]:
            [(word, given)] = step.items()
            STEPS[word](self, match, given)

    def send(self, match: Mapping[str, Any], given: Mapping[str, Any]) -> None:
        for _ in range(given.get("times", 1)):
            known = {fax["id"] for fax in self.control.faxes()}
            try:
                status = str(
                    send(self.control, self.vendor, match["to"], count=given.get("pages", 1)).status_code
                )
            except requests.RequestException:
                status = "cut"
            self.made.append(Made(status, self._new(known)))

    def receive(self, match: Mapping[str, Any], given: Mapping[str, Any]) -> None:
        known = {fax["id"] for fax in self.control.faxes()}
        body = {"vendor": self.vendor, "to": NUMBER, "from": match["from"], "pages": given.get("pages", 1)}
        path = f"/sandboxes/{self.control.id}/inbound"
        self.control.call("POST", path, 201, json=body)
        self.made.append(Made("201", self._new(known)))

    def poll(self, match: Mapping[str, Any], given: Mapping[str, Any]) -> None:
        for _ in range(given.get("times", 1)):
            answer = read(self.control, self.vendor, str(self.made[-1].fax))
            assert answer.status_code == 200, answer.text

    def advance(self, match: Mapping[str, Any], given: str) -> None:
        self.control.advance(**({"until": "idle"} if given == "idle" else {"by": given}))

    def cancel(self, match: Mapping[str, Any], given: int) -> None:
        path = f"/sandboxes/{self.control.id}/faxes/{self.made[given - 1].fax}/cancel"
        self.control.call("POST", path, 200)

    def found(self, place: int) -> dict[str, Any]:
        """Give how the fax made at that place stands, in the words of `expect`."""
        made = self.made[place]
        if made.fax is None:
            return {"accepted": False, "submit": made.submit}
        fax = self.control.fax(made.fax)
        webhooks = [each for each in self.control.webhooks() if each["fax"] == made.fax]
        return {
            "accepted": True,
            "submit": made.submit,
            "state": fax["state"],
            "outcome": fax["outcome"],
            "attempts": len(fax["attempts"]),
            "pages": fax["pages"]["total"],
            "sent": fax["pages"]["sent"],
            "code": fax["vendor_view"]["code"],
            "webhooks": len(self.receiver.requests),
            "faults": sorted({each["fault"] for each in webhooks if each["fault"]}),
        }

    def _new(self, known: set[str]) -> str | None:
        return next((fax["id"] for fax in self.control.faxes() if fax["id"] not in known), None)


STEPS: dict[str, Callable[[Replay, Mapping[str, Any], Any], None]] = {
    "send": Replay.send,
    "receive": Replay.receive,
    "poll": Replay.poll,
    "advance": Replay.advance,
    "cancel": Replay.cancel,
}


@pytest.fixture
def new_replay(server: Control, receiver: Receiver) -> Callable[..., Replay]:
    """Make a replay in a sandbox of its own; all webhooks go to one receiver."""

    def make(vendor: str = VENDOR, seed: str = "replay") -> Replay:
        hooks = {
            way: {"url": f"{receiver.url}/{way}", "auth": "user:secret"} for way in ("outbound", "inbound")
        }
        control = server.create(seed=seed, webhooks={vendor: hooks})
        return Replay(control, receiver, vendor)

    return make
