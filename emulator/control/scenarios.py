"""The scenarios of a sandbox: standing rules, one-shots, and what files and magic numbers offer to all."""

from __future__ import annotations

from difflib import get_close_matches
from itertools import chain, count
from typing import Any

from flask import Response, jsonify, request

from emulator.control.answers import json_body, page, query, the_program, the_world
from emulator.control.route import Route
from emulator.control.schemas import ListQuery, OneOrMoreScenarios
from emulator.core.errors import Invalid, NotFound
from emulator.core.scripting.magic import MAGIC, PREFIX, magic_plan
from emulator.core.scripting.scenario import MOST, OneShot, Rule, Scenario, add_rule, enqueue, forget
from emulator.scenarios import read_documents, read_scenario, write_scenario
from emulator.scenarios.calls import OUTCOMES
from emulator.scenarios.json_schema import scenario_json_schema

YAML = ("application/yaml", "application/x-yaml", "text/yaml")


def list_scenarios(sandbox: str) -> Response:
    files, world = the_program().files, the_world(sandbox)
    wanted = query(ListQuery)
    rules = world.list(Rule, Rule.kind, after=wanted.get("after"), limit=wanted["limit"] + 1)
    waiting = world.list(OneShot, OneShot.kind, limit=MOST, descending=False)
    return page(
        "scenarios",
        rules,
        wanted["limit"],
        lambda rule: write_scenario(rule.scenario),
        queue=[write_scenario(shot.scenario) for shot in waiting],
        files=[{"origin": each.origin, **write_scenario(each)} for each in files.scenarios()],
        magic=[{"number": PREFIX + digits, "does": text} for digits, (text, _) in MAGIC.items()],
        problems=[str(problem) for problem in files.problems],
    )


def add_scenarios(sandbox: str) -> tuple[Response, int]:
    world = the_world(sandbox)
    read = _given(sandbox, f"rule-{world.store.count(Rule.kind) + 1}")
    for scenario in reversed(read):  # the last added is asked first, and so is the first of a list
        add_rule(world, scenario)
    world.tell("scenarios", "added")
    return jsonify({"scenarios": [write_scenario(each) for each in read]}), 201


def queue_scenarios(sandbox: str) -> tuple[Response, int]:
    world = the_world(sandbox)
    read = _given(sandbox, f"next-{world.store.number(OneShot.kind) + 1}")
    for scenario in read:
        enqueue(world, scenario)
    world.tell("scenarios", "queued")
    return jsonify({"scenarios": [write_scenario(each) for each in read]}), 201


def clear_scenarios(sandbox: str) -> tuple[str, int]:
    world = the_world(sandbox)
    for kind in (Rule, OneShot):
        forget(world, kind)
    world.tell("scenarios", "cleared")
    return "", 204


def read_scenario_schema() -> Response:
    return jsonify(scenario_json_schema())


def find_scenario(sandbox: str, name: str) -> Scenario:
    """The rule, the file's scenario or the magic one of that name; raise NotFound."""
    rule = the_world(sandbox).store.get(Rule, name)
    found = rule.scenario if rule else the_program().files.get(name) or _magic(name)
    if found is None:
        known = [*OUTCOMES, *(each.name for each in the_program().files.scenarios())]
        near = get_close_matches(name, known, n=1)
        there = f": neither a rule nor a file nor magic-01 to magic-{len(MAGIC)}"
        raise NotFound(f"no scenario {name}{f'; did you mean {near[0]}?' if near else there}")
    return found


def _magic(name: str) -> Scenario | None:
    row = magic_plan(PREFIX + name.removeprefix("magic-")) if name.startswith("magic-") else None
    return None if row is None else Scenario(*row)


def _given(sandbox: str, name: str) -> list[Scenario]:
    """Read the scenarios of the body: YAML, an object, a list of them, or `{"scenarios": [...]}`."""
    names = chain([name], (f"{name}-{place}" for place in count(2)))
    if request.mimetype in YAML:
        text = request.get_data().decode("utf-8", "replace")
        return _few(read_documents(text, lambda row, line: _read(sandbox, row, next(names)), file="body"))
    data = json_body(also=YAML)
    if isinstance(data, dict) and set(data) == {"scenarios"}:
        data = data["scenarios"]
    rows = _few(data if isinstance(data, list) else [data])
    return [_read(sandbox, row, next(names)) for row in rows]


def _few(rows: list[Any]) -> list[Any]:
    if not 1 <= len(rows) <= MOST:
        raise Invalid(f"give 1 to {MOST} scenarios", "scenarios")
    return rows


def _read(sandbox: str, data: Any, name: str) -> Scenario:
    """Read one scenario; `use` takes over what one of that name says, but for what stands beside it."""
    vendors = the_program().vendors
    if not isinstance(data, dict) or "use" not in data:
        return read_scenario(data, vendors, name=name)
    if not isinstance(data["use"], str):
        raise Invalid("use is the name of a scenario", "use")
    used = write_scenario(find_scenario(sandbox, data["use"]))
    used.pop("match", None)
    return read_scenario(used | {key: value for key, value in data.items() if key != "use"}, vendors)


ROUTES = (
    Route(
        "GET", "/scenario.schema.json", read_scenario_schema,
        "Give the JSON Schema of scenario files, for editors.",
    ),
    Route(
        "GET", "/sandboxes/<sandbox>/scenarios", list_scenarios,
        "List standing rules, newest first, the queue, and what files and magic numbers offer.",
        query=ListQuery, statuses=(200, 400, 404),
    ),
    Route(
        "POST", "/sandboxes/<sandbox>/scenarios", add_scenarios,
        "Add standing rules; the newest that fits a fax is taken, one of the same name is replaced.",
        body=OneOrMoreScenarios, statuses=(201, 400, 404, 409), takes=YAML,
    ),
    Route(
        "POST", "/sandboxes/<sandbox>/scenarios/next", queue_scenarios,
        "Queue one-shots for the next faxes that fit.",
        body=OneOrMoreScenarios, statuses=(201, 400, 404, 409), takes=YAML,
    ),
    Route(
        "DELETE", "/sandboxes/<sandbox>/scenarios", clear_scenarios,
        "Forget the standing rules and the queue.", statuses=(204, 404),
    ),
)  # fmt: skip
