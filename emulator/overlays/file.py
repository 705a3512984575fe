"""Overlays as YAML text and files, read with the line of every mistake."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from emulator.core.dialect.vendor import Vendor
from emulator.overlays.grammar import read_overlay
from emulator.overlays.overlay import Overlay
from emulator.scenarios.mistakes import Mistake, ScenarioError
from emulator.scenarios.text import OWN, read_documents


def read_overlays(text: str, vendors: Mapping[str, Vendor], *, file: str = "") -> dict[str, Overlay]:
    """Read YAML text, one document a vendor; raise ScenarioError with file and line."""

    def read(data: Any, line: int) -> Overlay:
        return read_overlay(data, vendors)

    found: dict[str, Overlay] = {}
    for each in read_documents(text, read, file=file, bounds=OWN):
        if each.vendor in found:
            raise ScenarioError([Mistake(f"two overlays of {each.vendor}", file=file)])
        found[each.vendor] = each
    return found


def load_overlays(paths: Iterable[str], vendors: Mapping[str, Vendor]) -> dict[str, Overlay]:
    """Load overlay files; raise ScenarioError, also for two of one vendor, or OSError."""
    found: dict[str, Overlay] = {}
    for path in paths:
        for vendor, overlay in read_overlays(
            Path(path).read_text(encoding="utf-8"), vendors, file=path
        ).items():
            if vendor in found:
                raise ScenarioError([Mistake(f"an overlay of {vendor} was given already", file=path)])
            found[vendor] = overlay
    return found
