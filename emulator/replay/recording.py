"""A sandbox's history as a scenario file that makes the same lives again from the same seed.

What a sandbox does follows from its seed, its clock and what comes from outside. So a recording holds
what came from outside, each thing at its virtual instant, and nothing of what followed: every request to
a vendor word for word, every act at the control plane, and what others answered to webhooks and fetches
(`stand_ins`). The clock is advanced from one to the next. What decided a fax (a rule, a file, its number,
chance) is written as the plan that the fax had, so that a replay depends on none of these. What each
sandbox has of its own (keys, ids, addresses) is replaced by a name like `<<ifax accessToken>>`, for which
a replay puts in its own (`names`).

For example, a fax was sent to a busy number, its webhook was answered with a 500 at first, and after five
minutes somebody cancelled it:

    sandbox: {seed: one, now: "2026-01-05T09:00:00Z", answers: [{path: /hook, status: 500}]}
    steps:
      - call: {vendor: ifax, method: POST, path: /v1/customer/fax-send, body: ..., status: 200,
               headers: {accessToken: <<ifax accessToken>>}, scenarios: [{to: "+1...", attempts: [busy]}]}
      - advance: 300.000s
      - cancel: 1
      - advance: idle
    expect: [{state: cancelled, outcome: cancelled, attempts: 1, pages: 1, sent: 0}]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from emulator.core.instants import iso
from emulator.replay.expectation import describe_fax
from emulator.replay.names import Names, map_texts, own_texts
from emulator.replay.past import Past
from emulator.replay.stand_ins import find_stand_ins
from emulator.replay.transcript import write_fax, write_request
from localfax import Sandbox
from localfax.things import JSON

_HEAD = "# Play it again: localfax replay FILE\n"


@dataclass(frozen=True, order=True)
class Action:
    """Something that somebody did from outside: at a virtual instant, in the order of the real ones."""

    at: float
    real_at: float
    number: int
    step: JSON = field(compare=False)


def write_recording(sandbox: Sandbox, name: str = "recording") -> str:
    """Write a sandbox's history as YAML."""
    import yaml

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # faster, where libyaml is
    past = describe_past(sandbox, name)
    return _HEAD + str(yaml.dump(past, Dumper=dumper, sort_keys=False, allow_unicode=True, width=120))


def describe_past(sandbox: Sandbox, name: str = "recording") -> JSON:
    """Describe a sandbox's history as a scenario: its world, what was done when, and how each fax stands.

    A fax whose request the journal has forgotten or cut, or that came by mail, is sent by a request like
    it; the purpose says how much is missing.
    """
    past, seen = Past(sandbox.snapshot()), {fax.id: fax for fax in sandbox.faxes()}
    around = find_stand_ins(past.snapshot, past.hooks)
    names = {vendor: Names(own_texts(sandbox, vendor), around.aliases) for vendor in sandbox.vendors}
    places = Names({}, around.aliases)
    actions = sorted([*_requests(past, names, sandbox), *_acts(past, places), *_untold(past)])
    begun = actions[0].at if actions else past.now
    world: JSON = {
        "name": sandbox.data["name"],
        "seed": sandbox.seed,
        "now": iso(begun),
        "webhooks": False,
        "vendors": map_texts(places.hide, past.beginning),
    }
    return {
        "name": name[:100],
        "purpose": _purpose(past),
        "sandbox": world | ({"answers": around.answers} if around.answers else {}),
        "steps": [*_wait_between(actions, begun), *_end(past, actions[-1].at if actions else begun)],
        "expect": [_known(describe_fax(seen[each])) if each in seen else {} for each in past.places],
    }


def _purpose(past: Past) -> str:
    told = "What happened once in a sandbox."
    if past.cut:
        told += f" Not word for word, as their bodies were too long to keep: {len(past.cut)} calls."
    if forgotten := [f"{count} {journal}" for journal, count in sorted(past.dropped.items())]:
        told += f" Forgotten by the journals: {', '.join(forgotten)}."
    return told


def _requests(past: Past, names: Mapping[str, Names], sandbox: Sandbox) -> Iterator[Action]:
    for number, entry in enumerate(past.requests):
        if (content := past.content(entry)) is None:
            continue
        made, vendor = past.list_made(entry), entry["vendor"]
        at = made[0].created_at if made else entry["at"]
        step = write_request(entry, content, made, names[vendor], list(sandbox.credentials(vendor)))
        yield Action(round(at, 3), entry["real_at"], number, step)


def _acts(past: Past, places: Names) -> Iterator[Action]:
    for number, entry in enumerate(past.acts):
        if entry.get("fax") and entry["fax"] not in past.places:
            continue  # it was deleted
        step = _ACTS[entry["act"]](past, places, entry)
        yield Action(round(_instant(past, entry), 3), entry["real_at"], number, step)


def _untold(past: Past) -> Iterator[Action]:
    for fax, real_at in past.list_untold():
        step = write_fax(fax, past.document(fax))
        yield Action(round(fax.created_at, 3), real_at, fax.sequence, step)


def _instant(past: Past, act: JSON) -> float:
    """Say when an act took effect: on a clock that runs that is a little later than it began."""
    fax = past.fax(act["fax"]) if past.holds(act.get("fax", "")) else None
    moments = {"receive_fax": fax and fax.created_at, "cancel_fax": fax and fax.finished_at}
    return moments.get(act["act"]) or float(act["at"])


def _receive(past: Past, names: Names, entry: JSON) -> JSON:
    fax = past.fax(entry["fax"])  # a deleted one has no place, as no request makes it
    return write_fax(fax, None if entry["drawn"] else past.document(fax))


_ACTS: Mapping[str, Callable[[Past, Names, JSON], JSON]] = {
    "receive_fax": _receive,
    "cancel_fax": lambda past, names, entry: {"cancel": past.places[entry["fax"]]},
    "replay_webhook": lambda past, names, entry: {"redeliver": entry["delivery"]},
    "change_vendor": lambda past, names, entry: {
        "settings": {"vendor": entry["vendor"], "change": map_texts(names.hide, entry["change"])}
    },
}
"""The step of each act of the control plane's journal."""


def _wait_between(actions: list[Action], at: float) -> Iterator[JSON]:
    for action in actions:
        yield from _advance(action.at - at)
        yield action.step
        at = action.at


def _advance(seconds: float) -> list[JSON]:
    return [{"advance": f"{seconds:.3f}s"}] if round(seconds, 3) > 0 else []


def _end(past: Past, at: float) -> list[JSON]:
    """Go on to the end, or as far as the sandbox had come."""
    if past.waits:
        return _advance(past.now - at)
    return [{"advance": "idle"}] if past.faxes else []


def _known(words: JSON) -> JSON:
    return {name: value for name, value in words.items() if value is not None}
