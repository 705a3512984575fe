"""Scenarios as YAML text: plain data, and the line on which each part of it was written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import TYPE_CHECKING, Any, TypeVar

from emulator.core.dialect.vendor import Vendor
from emulator.core.scripting.scenario import MOST, Scenario
from emulator.scenarios.grammar import read_scenario
from emulator.scenarios.mistakes import Mistake, Path, ScenarioError

if TYPE_CHECKING:
    from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

_MOST_DEPTH = 30
ReadT = TypeVar("ReadT")
"""What is made of a document."""


@dataclass(frozen=True)
class Bounds:
    """How much one file may hold; `parts` are keys, values and list entries, those of an alias each time."""

    characters: int
    parts: int
    documents: int


ANYBODYS = Bounds(1_000_000, 20_000, MOST)
"""Of what comes over HTTP, and of what a directory holds."""
OWN = Bounds(500_000_000, 1_000_000, 100_000)
"""Of a file that somebody names on the command line: recordings hold documents."""


@dataclass
class YamlDocument:
    """One YAML document as plain data, with the line of each path."""

    data: Any
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """Find the line of a path, or of what is around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_text(
    text: str, vendors: Mapping[str, Vendor], *, file: str = "", bounds: Bounds = ANYBODYS
) -> list[Scenario]:
    """Read the scenarios of a file, one a YAML document; raise ScenarioError with file and line."""

    def read(data: Any, line: int) -> Scenario:
        return read_scenario(data, vendors, origin=f"{file}:{line}" if file else "")

    return read_documents(text, read, file=file, bounds=bounds)


def read_documents(
    text: str, read: Callable[[Any, int], ReadT], *, file: str = "", bounds: Bounds = ANYBODYS
) -> list[ReadT]:
    """Have each YAML document read, as plain data and its first line; raise ScenarioError with all lines."""
    found: list[ReadT] = []
    problems: list[Mistake] = []
    for document in _documents(text, file, bounds):
        try:
            found.append(read(document.data, document.line(())))
        except ScenarioError as wrong:
            problems += [replace(each, file=file, line=document.line(each.path)) for each in wrong.problems]
    if problems:
        raise ScenarioError(problems)
    return found


def _documents(text: str, file: str, bounds: Bounds) -> list[YamlDocument]:
    import yaml

    if len(text) > bounds.characters:
        raise ScenarioError([Mistake(f"longer than {bounds.characters:,} characters", file=file)])
    try:
        _check_depth(text, file, bounds.documents)
        nodes = [node for node in yaml.compose_all(text, _loader()) if node is not None]
        return [_Reader(bounds.parts).document(node) for node in nodes]
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        said = ", ".join(filter(None, (wrong.context, wrong.problem)))
        line = mark.line + 1 if mark else None
        raise ScenarioError([Mistake(f"not YAML: {said}", file=file, line=line)]) from None
    except yaml.YAMLError as wrong:
        raise ScenarioError([Mistake(f"not YAML: {wrong}", file=file)]) from None
    except ScenarioError as wrong:
        raise ScenarioError(replace(each, file=file) for each in wrong.problems) from None


def _check_depth(text: str, file: str, most: int) -> None:
    """Refuse what is nested too deeply before it is composed: the parser in C would run out of stack."""
    import yaml

    depth, read, documents = 0, 0, 0
    try:
        for event in yaml.parse(text, _loader()):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            documents += isinstance(event, yaml.DocumentStartEvent)
            if documents > most:
                raise ScenarioError([Mistake(f"more than {most:,} documents", file=file)])
            read = event.end_mark.index if event.end_mark else read
            if depth > _MOST_DEPTH:
                raise _too_deep(file, _line(event))
    except yaml.MarkedYAMLError as wrong:
        # A parser reads ahead within a line for a key's colon, and may refuse what is nested there by itself.
        if (mark := wrong.problem_mark) and _deepest(text[read : mark.index], depth) > _MOST_DEPTH:
            raise _too_deep(file, mark.line + 1) from None
        raise


def _deepest(text: str, depth: int) -> int:
    return max(accumulate((_NESTS.get(each, 0) for each in text), initial=depth))


def _too_deep(file: str, line: int) -> ScenarioError:
    return ScenarioError([Mistake("nested too deeply", file=file, line=line)])


class _Reader:
    def __init__(self, most_parts: int) -> None:
        self.lines: dict[Path, int] = {}
        self.most_parts = most_parts
        self.parts = 0

    def document(self, node: Node) -> YamlDocument:
        return YamlDocument(self.value(node, ()), self.lines)

    def value(self, node: Node, path: Path) -> Any:
        self.parts += 1
        line = _line(node)
        if self.parts > self.most_parts or len(path) > _MOST_DEPTH:
            raise ScenarioError([Mistake("too much in it, or nested too deeply", path, line=line)])
        self.lines.setdefault(path, line)
        read: Any = _KINDS[type(node).__name__](self, node, path)
        return read

    def mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key, line = str(key_node.value), _line(key_node)
            if not isinstance(key_node.value, str):
                raise ScenarioError([Mistake("a key is a plain word", path, line=line)])
            if key in found:
                raise ScenarioError([Mistake("written twice", (*path, key), line=line)])
            self.lines[(*path, key)] = line
            found[key] = self.value(value_node, (*path, key))
        return found

    def sequence(self, node: SequenceNode, path: Path) -> list[Any]:
        return [self.value(each, (*path, place)) for place, each in enumerate(node.value)]

    def scalar(self, node: ScalarNode, path: Path) -> Any:
        if any("\ud800" <= each <= "\udfff" for each in node.value):
            raise ScenarioError([Mistake("half of a surrogate pair is no character", path, line=_line(node))])
        return _SCALARS.get(str(node.tag), str)(node.value)


def _line(part: Any) -> int:
    return int(part.start_mark.line) + 1


def _whole(text: str) -> Any:
    # +15005550004, 0044 and 1:30 are numbers to YAML; here they are text, as they were written.
    plain = text.removeprefix("-").isdecimal() and text.isascii() and len(text) < 19
    return int(text) if plain and str(int(text)) == text else text


def _broken(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text


def _truth(text: str) -> Any:
    return {"true": True, "false": False}.get(text.lower(), text)


_NESTS = {"[": 1, "{": 1, "]": -1, "}": -1}

_SCALARS: dict[str, Callable[[str], Any]] = {
    "tag:yaml.org,2002:null": lambda text: None,
    "tag:yaml.org,2002:bool": _truth,
    "tag:yaml.org,2002:int": _whole,
    "tag:yaml.org,2002:float": _broken,
}
"""YAML 1.1 takes yes, no, on and off for truth values too: here they are words."""

_KINDS: Mapping[str, Any] = {
    "MappingNode": _Reader.mapping,
    "SequenceNode": _Reader.sequence,
    "ScalarNode": _Reader.scalar,
}


def _loader() -> Any:
    """Choose the safe loader that is written in C where there is one: it is ten times as quick."""
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)
