"""The catalogue's README: it tells every key of the grammar, and none that there is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from marshmallow import Schema, fields

from emulator.core.faxes.plan import REFUSALS
from emulator.core.scripting.magic import MAGIC
from emulator.scenarios import find_catalogue, read_text
from emulator.scenarios.calls import OUTCOMES, AfterSchema, CallSchema
from emulator.scenarios.grammar import ScenarioSchema
from emulator.scenarios.script import ScriptSchema
from emulator.scenarios.steps import ReceiveStepSchema, RequestScriptSchema, SendStepSchema
from emulator.vendors import all_vendors
from tests.conftest import Control

ROOT = Path(__file__).parents[2]
README = (find_catalogue() / "README.md").read_text(encoding="utf-8")
SECTION = re.compile(r"^### (.+)$", re.MULTILINE)
ROW = re.compile(r"^\| `(\w+)` \| (.+) \|$", re.MULTILINE)


def told() -> dict[str, dict[str, str]]:
    """Give the keys of each section's table, and what is said of them."""
    _, *parts = SECTION.split(README)
    return {
        title.replace("`", ""): dict(ROW.findall(text))
        for title, text in zip(parts[::2], parts[1::2], strict=True)
    }


def grammar() -> dict[str, set[str]]:
    """Give the keys of each schema by the key that holds it."""
    found = dict(_within("A scenario", ScenarioSchema))
    found["attempts"], found["after"] = set(_keys(CallSchema)), set(_keys(AfterSchema))
    found["send and receive"] = set(_keys(SendStepSchema)) | set(_keys(ReceiveStepSchema))
    del found["send"], found["receive"]
    return found


def _keys(schema: type[Schema]) -> dict[str, fields.Field]:
    return {each.data_key or name: each for name, each in schema().fields.items()}


def _within(title: str, schema: type[Schema]) -> Iterator[tuple[str, set[str]]]:
    keys = _keys(schema)
    yield title, set(keys)
    for key, field in keys.items():
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            yield from _within(key, inner.nested)


def test_every_key_of_the_grammar_is_told_and_no_other() -> None:
    assert {title: set(keys) for title, keys in told().items()} == grammar()


@pytest.mark.parametrize(
    ("section", "key", "schema"),
    [("send and receive", "scenario", ScriptSchema), ("call", "scenarios", RequestScriptSchema)],
)
def test_the_keys_of_a_script_are_told_where_it_stands(section: str, key: str, schema: type[Schema]) -> None:
    assert set(re.findall(r"`(\w+)`", told()[section][key])) == set(_keys(schema))


def test_every_outcome_and_every_refusal_is_told() -> None:
    attempts = README.partition("### `attempts`")[2].partition("| key |")[0]
    assert [word for word in re.findall(r"`(\w+)`", attempts) if word in OUTCOMES][
        : len(OUTCOMES)
    ] == OUTCOMES
    assert set(re.findall(r"`(\w+)`", told()["http"]["refusal"])) == set(REFUSALS)


def test_the_sample_is_read() -> None:
    [sample] = re.findall(r"```yaml\n(.+?)```", README, re.DOTALL)
    [scenario] = read_text(sample, all_vendors())
    assert (scenario.name, scenario.steps) == (
        "busy-then-partly",
        ({"send": {"pages": 3, "max_attempts": 2}},),
    )


def test_the_magic_numbers_and_what_is_nearest_to_them_are_told(server: Control) -> None:
    told = re.findall(r"^\| (\d\d) \| (.+) \|$", README, re.MULTILINE)
    assert told == [(digits, text) for digits, (text, _) in MAGIC.items()]
    coverage = server.call("GET", "/coverage", 200)
    front = (ROOT / "docs" / "failures.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| ([\w.]+) \| (\d\d) \| (.+) \|$", front, re.MULTILINE) == [
        (vendor["title"], number[-2:], said)
        for vendor in coverage["vendors"]
        for number, said in vendor["magic"].items()
        if said != coverage["magic"][number]
    ]
