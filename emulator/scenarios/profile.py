"""A profile's switches, checked by the vendor's table: their names, and what each takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from emulator.core.dialect.vendor import Vendor
from emulator.scenarios.mistakes import Mistake, suggest


def check_switches(vendor: Vendor, wanted: Mapping[str, Any]) -> Iterator[Mistake]:
    """Tell of each switch that the vendor has not, or that takes no such value; null takes one away."""
    takes = {row.word: row.takes for row in vendor.tables.get("switches", ())}
    for name, given in wanted.items():
        if name not in takes:
            yield Mistake(f"no switch {name} of {vendor.name}{suggest(name, takes)}", (name,))
        elif given is not None and (found := takes[name]) and (problem := found.problem(given)):
            yield Mistake(f"the switch {name} of {vendor.name} {problem}", (name,))
