"""What `faxcloud.when(…)` offers: every outcome with its options, and what type checkers make of it."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path
from typing import Any, Self, Unpack, get_args, get_type_hints

import pytest

from emulator.scenarios.calls import OPTIONS
from emulator.scenarios.script import HttpFaultSchema, PollFaultSchema, WebhookFaultSchema
from localfax.script import Script

TYPED = """
from localfax import Fax
from localfax.faxcloud import FaxCloud

def test_typed(faxcloud: FaxCloud) -> None:
    token: str = faxcloud.ifax.access_token
    fax: Fax = faxcloud.assert_fax(state="delivered")
    faxcloud.when(to="+1*", nth=2).busy(ring="5s").then.delivered(pages=2, csid="X").webhook(duplicate=1)
    wrong: int = fax.state
    faxcloud.when(to="+1*").bussy()
    faxcloud.when(to="+1*").busy(pages=2)
    faxcloud.when(number="+1*")
    faxcloud.when().submit(status="503")
    faxcloud.send("ifax", "+12125550123", page=2)
"""
WRONG = [
    'Incompatible types in assignment (expression has type "str", variable has type "int")  [assignment]',
    '"Script" has no attribute "bussy"; maybe "busy"?  [attr-defined]',
    'Unexpected keyword argument "pages" for "busy" of "Script"  [call-arg]',
    'Unexpected keyword argument "number" for "when" of "FaxCloud"  [call-arg]',
    'Argument "status" to "submit" of "Script" has incompatible type "str"; expected "int"  [arg-type]',
    'Unexpected keyword argument "page" for "send" of "FaxCloud"; did you mean "pages"?  [call-arg]',
]


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


def test_code_that_uses_it_is_checked_by_its_types(tmp_path: Path) -> None:
    path = tmp_path / "test_typed.py"
    path.write_text(TYPED)
    words = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), str(path)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=240, cwd=tmp_path)
    assert [line.partition("error: ")[2] for line in done.stdout.splitlines() if "error: " in line] == WRONG
