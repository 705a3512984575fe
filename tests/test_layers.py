"""Which module may import which: the core knows nobody, a vendor knows the core and itself."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import emulator
from emulator.vendors import all_vendors

PACKAGE = Path(emulator.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
HEAVY = (
    *(
        "aiosmtpd",
        "apispec",
        "cryptography",
        "openpyxl",
        "phonenumbers",
        "PIL",
        "prometheus_client",
        "pycountry",
    ),
    *("pypdf", "pypdfium2", "redis", "reportlab", "rich", "trustme", "yaml"),
)
"""What is imported only when it is first needed."""

LAYERS: dict[str, tuple[str, ...]] = {
    "core": ("core",),
    "stores": ("core", "stores"),
    "webhooks": ("core", "webhooks"),
    "senders": (),
    "pump": ("core", "senders"),
    "config": ("core",),
    "fields": ("core", "config"),
    "guard": (),
    "connection": (),
    "pool": (),
    "peers": (),
    "serve": ("connection", "peers", "pool", "tls", "workers"),
    "scenarios": ("core", "fields", "scenarios"),
    "vendors": ("core", "vendors"),
    "control": ("core", "fields", "scenarios", "control", "vendors.dialect"),
    "web": ("core", "web"),
}
"""What the modules of each part may import of this program; parts that are not named may import all."""


def imports(path: Path) -> Iterator[str]:
    """Give the names of what a module imports, inside of functions too, but not for type checkers only."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    )
    for node in for_types:
        node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{name.name}" for name in node.names)


def part(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def named(paths: list[Path]) -> list[object]:
    return [pytest.param(path, id=str(path.relative_to(PACKAGE))) for path in paths]


def within(name: str, allowed: str) -> bool:
    return f"{name}.".startswith(f"emulator.{allowed}." if allowed else "emulator.")


@pytest.mark.parametrize("path", named([path for path in MODULES if part(path) in LAYERS]))
def test_a_module_imports_its_own_layer_and_those_below(path: Path):
    own = [name for name in imports(path) if within(name, "") and name != "emulator.__version__"]
    above = [name for name in own if not any(within(name, allowed) for allowed in LAYERS[part(path)])]
    assert above == []


@pytest.mark.parametrize("path", named([path for path in MODULES if part(path) == "vendors"]))
def test_a_vendor_imports_no_other_vendor(path: Path):
    folder = path.relative_to(PACKAGE / "vendors").parts[0]
    others = [name for name in all_vendors() if name != folder and folder in all_vendors()]
    assert not [name for name in imports(path) for other in others if within(name, f"vendors.{other}")]


@pytest.mark.parametrize("path", named([path for path in MODULES if part(path) == "core"]))
def test_the_core_knows_no_framework_and_no_vendor(path: Path):
    outside = {
        "flask",
        "werkzeug",
        "marshmallow",
        "requests",
        "urllib3",
        "apscheduler",
        "redis",
        "yaml",
        "waitress",
    }
    assert not {name.partition(".")[0] for name in imports(path)} & outside
    words = path.read_text(encoding="utf-8").lower()
    assert [name for name in (*all_vendors(), "documo", "2600hz") if name in words] == []


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("emulator.core.engine", (*HEAVY, "flask", "marshmallow", "requests", "apscheduler", "waitress")),
        ("emulator.core.player", (*HEAVY, "flask", "marshmallow", "requests", "apscheduler", "waitress")),
        ("emulator.cli", (*HEAVY, "flask", "marshmallow", "requests", "apscheduler", "waitress")),
        ("emulator.app", HEAVY),
    ],
)
def test_a_fresh_import_loads_nothing_heavy(module: str, unwanted: tuple[str, ...]):
    code = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert sorted(set(loaded) & set(unwanted)) == []


@pytest.mark.parametrize("name", all_vendors())
def test_sending_by_one_vendor_imports_no_other(name: str):
    code = f"import sys, emulator.client.submission as c; c.client_of({name!r}); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert [other for other in all_vendors() if f"emulator.vendors.{other}" in loaded] == [name]


def test_only_the_pump_imports_the_scheduler():
    users = [path.name for path in MODULES if any(name.startswith("apscheduler") for name in imports(path))]
    assert users == ["pump.py"]


@pytest.mark.parametrize("path", named(MODULES))
def test_a_module_is_short_and_no_drawer(path: Path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300
    assert path.stem not in ("utils", "helpers", "common", "misc")
