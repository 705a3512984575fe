"""The locks name all that pyproject.toml asks for, with hashes, and nothing of where it was found."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
LOCKS = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "scripts" / "locks").glob("*.txt")}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
RUNS = [*PROJECT["project"]["dependencies"], *EXTRAS["redis"]]
BUILDS = PROJECT["build-system"]["requires"]


def pins(lock: str) -> dict[str, Requirement]:
    lines = re.findall(r"^[^\s#].*?(?= \\$)", LOCKS[lock], re.MULTILINE)
    return {canonicalize_name(each.name): each for each in map(Requirement, lines)}


def version(pin: Requirement) -> str:
    [only] = pin.specifier
    return only.version


@pytest.mark.parametrize(
    ("lock", "asked"),
    [("run", RUNS), ("build", BUILDS), ("test", [*RUNS, *EXTRAS["dev"], *BUILDS]), ("uv", ["uv"])],
)
def test_a_lock_pins_what_is_asked_for(lock: str, asked: list[str]) -> None:
    pinned = pins(lock)
    for each in map(Requirement, asked):
        assert each.specifier.contains(version(pinned[canonicalize_name(each.name)])), each


@pytest.mark.parametrize("lock", ["run", "build"])
def test_what_two_locks_pin_is_the_same(lock: str) -> None:
    tested = pins("test")
    assert {name: str(tested[name].specifier) for name in pins(lock)} == {
        name: str(pin.specifier) for name, pin in pins(lock).items()
    }


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_is_pins_with_hashes_and_nothing_else(lock: str) -> None:
    pin = r"[a-z0-9.-]+==\S+( ; [^\\\n]+)?"
    assert re.fullmatch(rf"({pin}( \\\n    --hash=sha256:[0-9a-f]{{64}})+\n)+", LOCKS[lock])
