"""What the emulator says of a fax in each of its states, learnt from one that is sent for it."""

from __future__ import annotations

from datetime import datetime

from emulator.core.instants import iso
from localfax import Fax, Refusal, Sandbox

_TO = "+12125550123"


def learn_words(sandbox: Sandbox, vendor: str) -> dict[str, str]:
    """Learn the vendor's word for each neutral state that a fax goes through; nothing if none can be sent."""
    attempts = [{"busy": {}}, "delivered"]
    scenario = {"name": "words", "match": {"vendor": vendor, "direction": "outbound"}, "attempts": attempts}
    words: dict[str, str] = {}
    known = {fax.id for fax in sandbox.faxes()}
    sandbox.add_scenarios([scenario, {**scenario, "name": "words-again"}], once=True)
    try:
        sandbox.send(vendor, _TO)
        stops = [after for fax in _new(sandbox, known) for _, after in _settled(sandbox, fax)]
        known = {fax.id for fax in sandbox.faxes()}
        sandbox.send(vendor, _TO)
    except Refusal:
        return {}
    for fax in _new(sandbox, known):
        begun = _instant(fax.data["created_at"])
        for after in stops:
            sandbox.advance(to=iso(begun + after))
            now = sandbox.fax(fax.id)
            words.setdefault(now.state, now.data["vendor_view"]["state"])
    return words


def list_states(fax: Fax) -> list[tuple[str, float]]:
    """List the neutral states of a fax with the seconds after it was made."""
    begun = _instant(fax.data["created_at"])
    return [(each.what, round(_instant(each.at) - begun, 3)) for each in fax.timeline if each.kind == "state"]


def _new(sandbox: Sandbox, known: set[str]) -> list[Fax]:
    return [fax for fax in sandbox.faxes() if fax.id not in known]


def _settled(sandbox: Sandbox, fax: Fax) -> list[tuple[str, float]]:
    sandbox.settle()
    return list_states(sandbox.fax(fax.id))


def _instant(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
