"""What can be set of a vendor, and what was decided for it, the coverage and the vendor's page tell."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from emulator.vendors import all_vendors
from tests.conftest import Control
from tests.sending import VENDORS

PAGES = Path(__file__).resolve().parent.parent.parent / "docs" / "vendors"
ANY_VALUE: Any = {
    "true or false": True, "4.0 or 4.3": "4.3", "tries": "tries", "json or legacy": "legacy",
    "Success or success": "success", "documented or live": "live", "a telephone number": "+12125550123",
    "true or false, or a whole number from 0 to 1000000": 5,
    "a list of names": ["Urgent"], "a list of names of the vendor's events": ["fax.outbound"],
    "a list of objects with the texts uuid, name, template": [{"uuid": "1", "name": "One", "template": "x"}],
}  # fmt: skip


def told(control: Control, vendor: str) -> Any:
    """Give the vendor's coverage."""
    vendors = control.call("GET", "/coverage")["vendors"]
    return next(each for each in vendors if each["vendor"] == vendor)


def table(vendor: str, name: str) -> dict[str, list[str]]:
    """Give a table of the vendor's page: its cells by the first one."""
    text = (PAGES / f"{vendor}.md").read_text(encoding="utf-8")
    lines = text.split(f"<!-- table: {name} {vendor} -->\n")[1].split("<!-- end -->")[0].splitlines()[2:]
    cells = (re.split(r"\s*\|\s*", line.strip("| ")) for line in lines)
    return {first.strip("`"): rest for first, *rest in cells}


@pytest.mark.parametrize("vendor", VENDORS)
def test_each_switch_can_be_set_and_is_told_with_who_needs_it(control: Control, vendor: str) -> None:
    rows, page = told(control, vendor)["switches"], table(vendor, "switches")
    assert [row["name"] for row in rows] == list(page)
    for row in rows:
        value = 5 if row["takes"].startswith(("a number", "a whole number")) else ANY_VALUE[row["takes"]]
        assert control.vendor(vendor, profile={row["name"]: value})["profile"][row["name"]] == value
        takes, what, who = page[row["name"]]
        assert takes == row["takes"]
        assert what == row["text"]
        assert who == row["source"]
        assert who
    assert "none known" in {who for *_, who in page.values()} or vendor == "faxto"


@pytest.mark.parametrize("vendor", VENDORS)
def test_each_profile_tells_which_switches_it_sets(control: Control, vendor: str) -> None:
    rows, page = told(control, vendor).get("profiles", []), table(vendor, "profiles")
    assert page.pop("documented") == ["as the vendor's document says; sets no switch", "the default"]
    assert [row["name"] for row in rows] == list(page) == list(all_vendors()[vendor].profiles)
    for row in rows:
        switches = control.vendor(vendor, profile=row["name"])["profile"]
        sets = [
            f"{name}={value if isinstance(value, str) else json.dumps(value)}"
            for name, value in switches.items()
        ]
        said = f"sets {', '.join(sets)}" if sets else "sets no switch"
        assert row["text"].endswith(f"; {said}")
        assert page[row["name"]] == [row["text"], row["source"]]


@pytest.mark.parametrize("vendor", VENDORS)
def test_each_setting_of_the_portal_is_told_with_what_it_is_unless_set(control: Control, vendor: str) -> None:
    shown, page = control.vendor(vendor), table(vendor, "settings")
    rows = {row["name"]: row["text"] for row in told(control, vendor)["settings"]}
    assert rows.keys() == page.keys() == shown.keys()
    assert {name: cells[0] for name, cells in page.items()} == rows
    for name in ("balance", "numbers", "lines", "max_attempts"):
        assert rows[name].endswith(f"; {json.dumps(shown[name])} unless set")


@pytest.mark.parametrize("vendor", VENDORS)
def test_each_choice_names_its_switches_or_that_it_has_none(control: Control, vendor: str) -> None:
    found = told(control, vendor)
    known = {row["name"] for row in found["switches"]}
    page = table(vendor, "choices")
    assert [row["name"] for row in found["choices"]] == list(page)
    for row in found["choices"]:
        names = ", ".join(row["switches"])
        assert row["text"].endswith(f" (switch {names})" if names else " (no switch)")
        assert page[row["name"]][1].replace("`", "") == (names or "no switch")
        assert known.issuperset(row["switches"])
    assert {name for row in found["choices"] for name in row["switches"]} == known
