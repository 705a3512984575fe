"""The map tells the truth: every file and function that docs/architecture.md names is there."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import emulator
import localfax
from emulator.vendors import all_vendors

ROOT = Path(__file__).parents[1]
MAP = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def place(named: str) -> Path:
    """Where a file of the map is; the package may be installed elsewhere than the tests."""
    for package, folder in ((emulator, "emulator"), (localfax, "clients/python/localfax")):
        if f"{named}/".startswith(f"{folder}/"):
            return Path(package.__file__ or "").parent / named.removeprefix(folder).removeprefix("/")
    return ROOT / named


def defined(path: Path) -> set[str]:
    """The functions, classes, methods and constants of a module, methods as Class.method."""
    names: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}.{each.name}" for each in node.body if isinstance(each, ast.FunctionDef)}
    return names


def test_every_file_on_the_map_is_there():
    named = set(re.findall(r"`((?:emulator|tests|docs|clients)/[\w./]+)`", MAP))
    assert len(named) > 20
    assert [path for path in sorted(named) if not place(path).exists()] == []


def test_every_function_on_the_map_is_in_its_file():
    pairs = re.findall(r"`(emulator/[\w./]+\.py)`[\s,]+`([\w.]+)`", MAP)
    assert len(pairs) > 12
    assert [(path, name) for path, name in pairs if name not in defined(place(path))] == []


def test_every_room_is_on_the_map():
    rooms = {path.parent.name for path in place("emulator/").glob("*/__init__.py")}
    assert [room for room in sorted(rooms) if f"{room}/" not in MAP] == []


def test_every_vendors_folder_has_the_files_that_their_readme_names():
    roles = re.findall(
        r"^\| `(\w+\.py)` \|", place("emulator/vendors/README.md").read_text().split("Beside")[0], re.M
    )
    assert len(roles) > 10
    folders = [place(f"emulator/vendors/{name}") for name in all_vendors()]
    assert [f"{each.name}/{role}" for each in folders for role in roles if not (each / role).exists()] == []


def test_the_readmes_tables_are_those_of_the_code():
    check = [sys.executable, str(ROOT / "scripts" / "readme_tables.py"), "--check"]
    done = subprocess.run(check, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
