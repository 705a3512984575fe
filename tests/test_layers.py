"""Which room may import which: the core knows nobody, a vendor knows the core and itself."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import emulator
import localfax
from emulator.vendors import all_vendors

PACKAGE = Path(emulator.__file__).parent
CLIENT = Path(localfax.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
CLIENTS = sorted(CLIENT.rglob("*.py"))
FRAMEWORKS = (
    "apscheduler",
    "flask",
    "marshmallow",
    "redis",
    "requests",
    "urllib3",
    "asyncio",
    "httptools",
    "uvloop",
    "werkzeug",
    "yaml",
)
HEAVY = (
    *("aiosmtpd", "apispec", "cryptography", "msgspec", "openpyxl", "phonenumbers", "PIL", "xlrd"),
    *("prometheus_client", "pypdf", "pypdfium2", "redis", "reportlab", "rich", "trustme", "yaml"),
)
"""What is imported only when it is first needed."""
LIGHT = (*HEAVY, "flask", "marshmallow", "requests", "apscheduler")

ROOMS: dict[str, tuple[str, ...]] = {
    "core.errors": (),
    "core.message": (),
    "core.item": ("core.errors",),
    "documents": (),
    "core.instants": (),
    "core.sandbox": ("core.errors", "core.item", "core.faxes.numbers"),
    "core.faxes": ("core.errors", "core.item", "core.message"),
    "core.storage": ("core.errors", "core.item", "core.sandbox"),
    "core.webhooks": ("core.errors", "core.item", "core.message", "core.faxes", "core.storage"),
    "core.world": (
        "core.errors",
        "core.item",
        "core.faxes",
        "core.sandbox",
        "core.storage",
        "core.webhooks",
        "documents",
    ),
    "core.dialect": (
        "core.errors",
        "core.faxes",
        "core.item",
        "core.message",
        "core.sandbox",
        "core.webhooks",
        "core.world",
        "documents",
    ),
    "core.scripting": ("core.errors", "core.item", "core.faxes", "core.storage", "core.world"),
    "core.engine": ("core", "documents"),
    "stores": ("core",),
    "core.decoding": (),
    "core.request_body": ("core.decoding",),
    "outbound": ("core.decoding", "core.message"),
    "heart": ("core",),
    "server": ("core.errors",),
    "config": ("core.sandbox",),
    "scenarios": ("core", "config"),
    "vendors": ("core", "documents"),
    "watch": ("core",),
    "overlays": ("core", "scenarios"),
    "traffic": ("core", "documents", "outbound", "server", "vendors", "__version__"),
    "control": ("core", "documents", "overlays", "scenarios", "watch", "__version__"),
    "reports": ("core.json_text",),
    "web": ("core", "reports"),
}
"""What each room may import of this program beside itself; rooms that are not named may import all."""

OF_THE_CLIENT = {
    **dict.fromkeys(("cli", "comparison", "explore", "grading", "migration", "replay"), "localfax"),
    **dict.fromkeys(("rehearsal", "web"), "localfax.asking"),
    "vendors": "localfax.vendors",
}
"""What each room may import of what users import; rooms that are not named may import nothing of it."""


def imports(path: Path) -> Iterator[str]:
    """Give the names of what a module imports, inside of functions too, but not for type checkers only."""
    yield from read(ast.parse(path.read_text(encoding="utf-8")))


def read(tree: ast.AST) -> Iterator[str]:
    """Give the names of what a part of a module imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{name.name}" for name in node.names)


def dotted(path: Path) -> str:
    root = PACKAGE if path.is_relative_to(PACKAGE) else CLIENT.parent
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def within(name: str, room: str) -> bool:
    return f"{name}.".startswith(f"{room}.")


def test_a_room_imports_itself_and_what_its_row_names():
    wrong = []
    for path in MODULES:
        room = next((room for room in ROOMS if within(dotted(path), room)), None)
        own = [name.removeprefix("emulator.") for name in imports(path) if within(name, "emulator")]
        if room is not None:
            allowed = (room, *ROOMS[room])
            wrong += [(dotted(path), name) for name in own if not any(within(name, each) for each in allowed)]
    assert wrong == []


def test_the_client_is_imported_only_above_the_server_and_where_a_vendor_is_spoken_to():
    wrong = []
    for path in MODULES:
        room = next((room for room in OF_THE_CLIENT if within(dotted(path), room)), "")
        named = [name for name in imports(path) if within(name, "localfax")]
        wrong += [
            (dotted(path), name) for name in named if not within(name, OF_THE_CLIENT.get(room, "nothing"))
        ]
    assert wrong == []


KNOWN = {"localfax", "pytest"}
"""What the client may always import."""


def test_the_client_imports_nothing_of_the_server_but_inside_of_functions():
    wrong = []
    for path in CLIENTS:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        tops = [each for each in tree.body if not isinstance(each, (ast.FunctionDef, ast.ClassDef))]
        roots = {name.partition(".")[0] for each in tops for name in read(each)}
        beside = {each.stem for each in path.parent.glob("*.py")}  # what programs load that have no package
        wrong += [(dotted(path), root) for root in roots - KNOWN - beside - sys.stdlib_module_names]
    assert wrong == []


def test_the_client_is_written_for_python_3_9():
    for path in CLIENTS:
        ast.parse(path.read_text(encoding="utf-8"), str(path), feature_version=(3, 9))


def test_a_vendor_imports_no_other_vendor():
    wrong = []
    for path in MODULES:
        first, _, rest = dotted(path).partition(".")
        folder = rest.partition(".")[0]
        if first == "vendors" and folder in all_vendors():
            others = [f"emulator.vendors.{name}" for name in all_vendors() if name != folder]
            wrong += [(dotted(path), name) for name in imports(path) for each in others if within(name, each)]
    assert wrong == []


def test_the_core_and_the_documents_know_no_framework_and_no_vendor():
    wrong = []
    for path in MODULES:
        if within(dotted(path), "core") or within(dotted(path), "documents"):
            roots = {name.partition(".")[0] for name in imports(path)}
            words = path.read_text(encoding="utf-8").lower()
            named = [name for name in (*all_vendors(), "documo", "2600hz") if name in words]
            wrong += [(dotted(path), each) for each in (*roots.intersection(FRAMEWORKS), *named)]
    assert wrong == []


def test_only_the_heart_imports_the_scheduler():
    users = [path.name for path in MODULES if any(name.startswith("apscheduler") for name in imports(path))]
    assert users == ["beats.py", "pump.py"]


def test_a_module_is_short_and_no_drawer():
    sizes = {
        dotted(path): len(path.read_text(encoding="utf-8").splitlines()) for path in (*MODULES, *CLIENTS)
    }
    assert [name for name, lines in sizes.items() if lines > 300] == []
    assert {path.stem for path in (*MODULES, *CLIENTS)} & {"utils", "helpers", "common", "misc"} == set()


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("emulator.core.engine.engine", LIGHT),
        ("emulator.core.engine.player", LIGHT),
        ("emulator.cli", LIGHT),
        ("emulator.app", HEAVY),
    ],
)
def test_a_fresh_import_loads_nothing_heavy(module: str, unwanted: tuple[str, ...]):
    assert sorted({*loaded_by(f"import {module}")} & {*unwanted}) == []


@pytest.mark.parametrize("name", all_vendors())
def test_sending_by_one_vendor_imports_no_other(name: str):
    loaded = loaded_by(f"import localfax.submission as c; c.client_of({name!r})")
    assert [other for other in all_vendors() if f"localfax.vendors.{other}" in loaded] == [name]
    assert not any(within(each, "emulator") for each in loaded)


def loaded_by(code: str) -> list[str]:
    command = [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
