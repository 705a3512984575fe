"""Scenario files in directories: read at the start, and again when a look on use shows a change."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from emulator.core.dialect.vendor import Vendor
from emulator.core.scripting.scenario import Candidate, Scenario, Shelf
from emulator.core.world import World
from emulator.scenarios.mistakes import Mistake, ScenarioError
from emulator.scenarios.text import read_text

_SUFFIXES = (".yaml", ".yml")

Stamp = tuple[int, int]
"""Nanoseconds of the last change, and bytes: what tells that a file is another one now."""


def find_catalogue() -> Path:
    """Find the directory of the scenarios that come with the program, installed or in its source tree."""
    package = Path(__file__).parent.parent
    installed = package / "scenarios_catalogue"
    return installed if installed.is_dir() else package.parent / "scenarios"


_CALM = 1.0
"""Real seconds between two looks at the catalogue, which changes only under its developers' hands."""


@dataclass(frozen=True)
class _Read:
    stamp: Stamp
    scenarios: tuple[Scenario, ...]
    problems: tuple[Mistake, ...] = ()


class Files:
    """The scenarios of some directories (or single files), in their order, and then of the catalogue.

    Raises ScenarioError when a file is wrong or missing at the start; the catalogue alone is read when
    somebody first wants a scenario. A file that is wrong later keeps what it had, and `problems` says why.
    """

    def __init__(self, directories: Iterable[Path], vendors: Mapping[str, Vendor]) -> None:
        self.directories = tuple(directories)
        self.catalogue = find_catalogue()
        self.vendors = vendors
        self._read: dict[str, _Read] = {}
        self._seen: list[tuple[str, Stamp]] = []
        self._shelf = Shelf(())
        self._lock = threading.Lock()
        self._calm: tuple[float, list[tuple[str, Stamp]]] = (-_CALM, [])
        for directory in self.directories:
            if not directory.exists():
                raise ScenarioError([Mistake("no such file or directory", file=str(directory))])
        if self.directories:
            self.scenarios()
            if self.problems:
                raise ScenarioError(self.problems)

    def find(self, world: World, fax: Candidate) -> Scenario | None:
        """Find the first scenario that fits a fax; all sandboxes share them."""
        return self._read_changed().find(world, fax)

    def scenarios(self) -> Sequence[Scenario]:
        """List all scenarios in their order; of two with one name the first."""
        return self._read_changed().scenarios

    def _read_changed(self) -> Shelf:
        if not self.directories and self._is_calm():
            return self._shelf
        stamps = [stamp for directory in self.directories for stamp in _stamps_or_none(directory)]
        with self._lock:
            stamps += self._catalogued()
            if stamps != self._seen:
                self._seen = stamps
                self._read = {path: self._file(path, stamp) for path, stamp in stamps}
                every = (each for read in self._read.values() for each in read.scenarios)
                named: dict[str, Scenario] = {}
                for scenario in every:
                    named.setdefault(scenario.name, scenario)
                self._shelf = Shelf(tuple(named.values()))
            return self._shelf

    def _catalogued(self) -> list[tuple[str, Stamp]]:
        if not self._is_calm():
            self._calm = time.monotonic(), _stamps_or_none(self.catalogue)
        return self._calm[1]

    def _is_calm(self) -> bool:
        return time.monotonic() - self._calm[0] < _CALM

    @property
    def problems(self) -> tuple[Mistake, ...]:
        """What is wrong with files as they stand now."""
        return tuple(problem for read in self._read.values() for problem in read.problems)

    def get(self, name: str) -> Scenario | None:
        """Find the scenario of that name."""
        return next((each for each in self.scenarios() if each.name == name), None)

    def _file(self, path: str, stamp: Stamp) -> _Read:
        before = self._read.get(path)
        if before is not None and before.stamp == stamp:
            return before
        try:
            text = Path(path).read_text(encoding="utf-8")
            return _Read(stamp, tuple(read_text(text, self.vendors, file=path)))
        except ScenarioError as wrong:
            problems = wrong.problems
        except (OSError, UnicodeDecodeError) as wrong:
            problems = (Mistake(f"cannot be read: {wrong}", file=path),)
        return _Read(stamp, before.scenarios if before else (), problems)


def _stamps_or_none(directory: Path) -> list[tuple[str, Stamp]]:
    try:
        return _stamps(directory)
    except OSError:
        return []


def _stamps(directory: Path) -> list[tuple[str, Stamp]]:
    if directory.is_file():
        about = directory.stat()
        return [(str(directory), (about.st_mtime_ns, about.st_size))]
    with os.scandir(directory) as entries:
        found = {each.path: each.stat() for each in entries if each.name.endswith(_SUFFIXES)}
    return [(path, (found[path].st_mtime_ns, found[path].st_size)) for path in sorted(found)]
