"""One word, one meaning: what is public has a name of its own, or stands here with the reason why not."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import emulator
import localfax

PACKAGES = [Path(package.__file__ or "").parent for package in (emulator, localfax)]
MODULES = [
    (path, str(path.relative_to(package.parent))) for package in PACKAGES for path in package.rglob("*.py")
]

MIRROR = "the client's mirror of the core's record, as JSON tells it"
SAME_ACT = "what each vendor takes for the same act"
SHARED: dict[str, str] = {
    **dict.fromkeys(("Attempt", "Entry", "Fax", "Post", "Sandbox"), MIRROR),
    **dict.fromkeys(("Send", "Download"), SAME_ACT),
    "ItemKey": "kind and id of an item, in both stores",
    "ItemT": "any kind of item, wherever lists of them are read",
    "Seconds": "seconds or text like 90s: as a field of scenario files, and as the type of who writes them",
    **dict.fromkeys(("Connection", "Refusal", "Request"), "HTTP's, at the server's door and in the client"),
    "Exchange": "a request with its answer: as it was recorded, and as a report shows one",
    "Part": "a part of a multipart body: as a test receives it, and as a recording has it",
    "Meta": "where marshmallow looks for a schema's options",
}
"""Names of classes and types that stand more than once, each meaning the same."""


def named(path: Path) -> Iterator[str]:
    """The classes of a module, and the types that it gives a name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    classes = (node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    yield from (name for name in classes if not name.startswith("_"))
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else ()
        yield from (
            each.id for each in targets if isinstance(each, ast.Name) and re.match("[A-Z][a-z]", each.id)
        )


def test_a_public_name_is_unique_or_means_the_same():
    places = defaultdict(set)
    for path, place in MODULES:
        for name in named(path):
            places[name].add(place)
    twice = {name: sorted(found) for name, found in places.items() if len(found) > 1}
    assert {name: found for name, found in twice.items() if name not in SHARED} == {}
    assert sorted(set(SHARED) - set(twice)) == []


def test_no_docstring_begins_with_give():
    texts = {
        f"{place}: {text}"
        for path, place in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Module))
        and (text := ast.get_docstring(node) or "").startswith("Give ")
    }
    assert texts == set()
