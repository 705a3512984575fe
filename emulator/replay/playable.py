"""What a replay would stumble over, said before it begins, with file and line."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from marshmallow import ValidationError

from emulator.control.profiles import read_profile
from emulator.control.schemas import VendorSchema
from emulator.core.dialect.vendor import Vendor
from emulator.core.errors import Invalid
from emulator.core.scripting.scenario import Scenario
from emulator.replay.names import RECEIVER, map_texts
from emulator.replay.steps import Step
from emulator.scenarios import OWN, ScenarioError, read_documents, read_scenario
from emulator.scenarios.fields import parse_duration, parse_instant
from emulator.scenarios.mistakes import Mistake, Path, list_mistakes, suggest

Vendors = Mapping[str, Vendor]
_ANY = "*"
_SOMEWHERE = "http://127.0.0.1"
"""Stands for the replay's own server while nothing is played."""


def read_playable(text: str, vendors: Vendors, file: str) -> list[Scenario]:
    """Read the scenarios of a file that a replay can play; raise ScenarioError with file and line."""

    def read(data: Any, line: int) -> Scenario:
        scenario = read_scenario(data, vendors, origin=f"{file}:{line}")
        if mistakes := [*_list_of_world(scenario, vendors), *_list_of_steps(scenario, vendors)]:
            raise ScenarioError(mistakes)
        return scenario

    return read_documents(text, read, file=file, bounds=OWN)


def _list_of_world(scenario: Scenario, vendors: Vendors) -> Iterator[Mistake]:
    world, path = scenario.sandbox, ("sandbox",)
    if "now" in world:
        yield from _failing(parse_instant, world["now"], (*path, "now"))
    for name, change in world.get("vendors", {}).items():
        here = (*path, "vendors", name)
        yield from _list_of_vendor(name, vendors, here) or _list_of_settings(vendors[name], change, here)
    for place, answer in enumerate(world.get("answers", ())):
        yield from _list_of_content(answer, (*path, "answers", place))


def _list_of_steps(scenario: Scenario, vendors: Vendors) -> Iterator[Mistake]:
    made, sure = 0, True
    for place, step in enumerate(scenario.steps):
        [(word, given)] = step.items()
        path: Path = ("steps", place, word)
        yield from _CHECKS.get(word, _nothing)(given, path, scenario, vendors)
        if word in ("send", "receive"):
            made += given.get("times", 1)
        sure = sure and word != "call"  # a request may make many
        if sure and (wanted := _fax_of(word, given)) is not None and wanted > made:
            yield Mistake(f"there is no fax {wanted} yet: {_count(made)} made before this step.", path)
    expected = len(scenario.expect)
    if sure and scenario.steps and expected > made:
        said = f"{expected} faxes are expected, but {_count(made)} made: a step is missing that makes one."
        yield Mistake(said, ("expect", made))


def _count(made: int) -> str:
    return f"{made or 'none'} {'is' if made < 2 else 'are'}"


def _fax_of(word: str, given: Any) -> int | None:
    """Say which fax a step is about, counted from 1."""
    if word == "cancel":
        return int(given)
    if word == "poll":
        return int(given.get("fax", 1))
    return 1 if word == "look" else None


def _check_advance(given: str, path: Path, scenario: Scenario, vendors: Vendors) -> Iterator[Mistake]:
    if given != "idle":
        yield from _failing(parse_duration, given, path)


def _check_fax(given: Step, path: Path, scenario: Scenario, vendors: Vendors) -> Iterator[Mistake]:
    vendor, direction = given.get("vendor", _ANY), "inbound" if path[-1] == "receive" else "outbound"
    if wrong := _list_of_vendor(vendor, vendors, path):
        yield from wrong
        return
    yield from _list_of_content(given, path)
    if "scenario" in given:
        match = {"vendor": vendor, "direction": direction}
        yield from _list_of_script(given["scenario"], match, vendors, (*path, "scenario"))


def _check_call(given: Step, path: Path, scenario: Scenario, vendors: Vendors) -> Iterator[Mistake]:
    if wrong := _list_of_vendor(given["vendor"], vendors, path):
        yield from wrong
        return
    yield from _list_of_content(given, path)
    for place, script in enumerate(given.get("scenarios", ())):
        own = {name: value for name, value in script.items() if name != "to"}
        match = {"vendor": given["vendor"], "direction": "outbound"}
        yield from _list_of_script(own, match, vendors, (*path, "scenarios", place))


def _check_settings(given: Step, path: Path, scenario: Scenario, vendors: Vendors) -> Iterator[Mistake]:
    name = given["vendor"]
    wrong = _list_of_vendor(name, vendors, path)
    yield from wrong or _list_of_settings(vendors[name], given["change"], (*path, "change"))


def _check_rule(given: Step, path: Path, scenario: Scenario, vendors: Vendors) -> Iterator[Mistake]:
    yield from _list_of_script(given, given.get("match", {}), vendors, path)


def _nothing(given: Any, path: Path, scenario: Scenario, vendors: Vendors) -> Iterator[Mistake]:
    return iter(())


_CHECKS: Mapping[str, Callable[[Any, Path, Scenario, Vendors], Iterator[Mistake]]] = {
    "send": _check_fax,
    "receive": _check_fax,
    "call": _check_call,
    "settings": _check_settings,
    "rule": _check_rule,
    "advance": _check_advance,
}


def _list_of_vendor(name: str, vendors: Vendors, path: Path) -> list[Mistake]:
    if name == _ANY or name in vendors:
        return []
    return [Mistake(f"unknown vendor {name!r}{suggest(name, vendors)}", (*path, "vendor"))]


def _list_of_settings(vendor: Vendor, change: Step, path: Path) -> list[Mistake]:
    try:
        told = map_texts(lambda text: text.replace(RECEIVER, _SOMEWHERE), change)
        wanted = VendorSchema().load(told)
        if "profile" in wanted:
            read_profile(vendor, wanted["profile"])
    except ValidationError as wrong:
        return [Mistake(each.message, (*path, *each.path)) for each in list_mistakes(wrong)]
    except Invalid as wrong:
        return [Mistake(str(wrong), (*path, *(wrong.field or "").split(".")))]
    return []


def _list_of_script(script: Step, match: Step, vendors: Vendors, path: Path) -> list[Mistake]:
    try:
        read_scenario({"name": "step", **script, "match": match}, vendors)
    except ScenarioError as wrong:
        return [Mistake(each.message, (*path, *each.path)) for each in wrong.problems]
    return []


def _list_of_content(given: Step, path: Path) -> Iterator[Mistake]:
    for name in ("base64", "document"):
        if name in given:
            yield from _failing(b64decode, given[name], (*path, name), "a document is base64 text.")


def _failing(read: Callable[[Any], Any], given: Any, path: Path, said: str = "") -> Iterator[Mistake]:
    try:
        read(given)
    except ValueError as wrong:
        yield Mistake(said or f"{wrong}.", path)
