"""What `faxcloud.when(…)` offers: every outcome with its options. (Type checkers see it in `typed.py`.)"""

from __future__ import annotations

import inspect
from typing import Any, Self, Unpack, get_args, get_type_hints

import pytest

from emulator.scenarios.calls import OPTIONS
from emulator.scenarios.script import HttpFaultSchema, PollFaultSchema, WebhookFaultSchema
from localfax.script import Script


def options(method: str) -> set[str]:
    """Give the names of the options that a method is typed with."""
    hints = get_type_hints(getattr(Script, method), localns={"Self": Self, "Unpack": Unpack})
    [given] = [hint for name, hint in hints.items() if name != "return"]
    [typed] = get_args(given)
    return set(typed.__annotations__) if inspect.isclass(typed) else set()


@pytest.mark.parametrize("outcome", OPTIONS)
def test_every_outcome_is_a_method_with_the_options_of_the_grammar(outcome: str) -> None:
    assert options(outcome) == OPTIONS[outcome]


FAULTS = [("submit", HttpFaultSchema), ("poll", PollFaultSchema), ("webhook", WebhookFaultSchema)]


@pytest.mark.parametrize(("method", "schema"), FAULTS)
def test_faults_take_what_the_grammar_takes(method: str, schema: Any) -> None:
    assert options(method) == set(schema().fields)
