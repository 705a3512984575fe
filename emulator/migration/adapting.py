"""A scenario for another vendor: what that vendor has no counterpart for is left out, and told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from emulator.core.dialect.vendor import Vendor


def adapt(scenario: Mapping[str, Any], vendor: Vendor) -> tuple[dict[str, Any], list[str]]:
    """Write a scenario for a vendor, and say what had to be left out."""
    lacks: list[str] = []
    made = {name: value for name, value in scenario.items() if name != "expect"}
    made["match"] = {**scenario.get("match", {}), "vendor": vendor.name}
    if "attempts" in scenario:
        made["attempts"] = [_call(each, vendor, lacks) for each in scenario["attempts"]]
    if "sandbox" in scenario:
        made["sandbox"] = _world(scenario["sandbox"], vendor)
    if "steps" in scenario:
        made["steps"] = list(_steps(scenario["steps"], vendor, lacks))
    return made, lacks


def _call(given: Any, vendor: Vendor, lacks: list[str]) -> Any:
    if not isinstance(given, Mapping):
        return given
    if "code" in given:  # the code alone says how the call ends
        return given if str(given["code"]) in vendor.codes else _lacking(given["code"], "line_error", lacks)
    return {word: _options(options, vendor, lacks) for word, options in given.items()}


def _options(options: Any, vendor: Vendor, lacks: list[str]) -> Any:
    if not isinstance(options, Mapping) or str(options.get("code")) in (*vendor.codes, "None"):
        return options
    return _lacking(options["code"], {name: each for name, each in options.items() if name != "code"}, lacks)


def _lacking(code: Any, otherwise: Any, lacks: list[str]) -> Any:
    lacks.append(f"code {code}")
    return otherwise


def _world(world: Mapping[str, Any], vendor: Vendor) -> dict[str, Any]:
    """Let the settings of the scenario's vendor be those of this one, but for switches."""
    found = [settings for settings in world.get("vendors", {}).values() if settings]
    own = {name: value for name, value in (found[0] if found else {}).items() if name != "profile"}
    return {**world, "vendors": {vendor.name: own} if own else {}}


def _steps(steps: Iterable[Mapping[str, Any]], vendor: Vendor, lacks: list[str]) -> Iterable[dict[str, Any]]:
    for step in steps:
        [(word, given)] = step.items()
        if word == "call":
            lacks.append(f"{given['method']} {given['path']}, which is a request of {given['vendor']}'s own")
        elif isinstance(given, Mapping) and "vendor" in given:
            yield {word: {**given, "vendor": vendor.name}}
        else:
            yield dict(step)
