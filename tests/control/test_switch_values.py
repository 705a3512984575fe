"""What a switch takes is checked at every door: a wrong value is refused with what would have been right."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.app import App
from emulator.config import Config, load
from emulator.overlays.file import read_overlays
from emulator.replay.playable import read_playable
from emulator.scenarios import ScenarioError
from emulator.scenarios.profile import check_switches
from emulator.vendors import all_vendors
from tests.conftest import Control
from tests.control.shown import path, refused

EVENTS = "a list of names of the vendor's events"
PAGES = "a list of objects with the texts uuid, name, template"
WRONG: list[tuple[str, str, Any, str]] = [
    ("kazoo", "retries", "tris", 'takes tries, not "tris"; did you mean tries?'),
    ("kazoo", "kazoo.profile", 4.33, "takes 4.0 or 4.3, not 4.33; did you mean 4.3?"),
    ("kazoo", "smtp_open", "True", 'takes true or false, not "True"; did you mean true?'),
    ("kazoo", "rate_limit", -1, "takes true or false, or a whole number from 0 to 1000000, not -1"),
    ("kazoo", "list_cap", "few", 'takes a whole number from 0 to 1000000, not "few"'),
    ("openfax", "postback_retries", 11, "takes a whole number from 0 to 10, not 11"),
    ("openfax", "postback_retries", True, "takes a whole number from 0 to 10, not true"),
    ("openfax", "postback_retry_wait", 1.5, "takes a whole number from 1 to 86400, not 1.5"),
    ("openfax", "credit_hold_seconds", "٣", 'takes a whole number from 0 to 99999999, not "٣"'),
    ("mfax", "webhook_format", "legcy", 'takes json or legacy, not "legcy"; did you mean legacy?'),
    ("mfax", "processing_seconds", "soon", 'takes a number from 0 to 86400, not "soon"'),
    ("mfax", "webhook_events", "fax.inboun", f'takes {EVENTS}, not "fax.inboun"; did you mean fax.inbound?'),
    ("mfax", "webhook_events", [7, [1]], f"takes {EVENTS}, not [7, [1]]"),
    ("mfax", "cover_pages", [1, {"name": [1]}], f'takes {PAGES}, not [1, {{"name": [1]}}]'),
    ("ifax", "profile", "lives", 'takes documented or live, not "lives"; did you mean live?'),
    ("ifax", "test_key", 1, "takes true or false, not 1"),
    ("ifax", "designated_number", "nobody", 'takes a telephone number, not "nobody"'),
    ("ifax", "labels", ["A", " "], 'takes a list of names, not ["A", " "]'),
    ("ifax", "page_rows", "9" * 5000, f'takes a whole number from 1 to 1000000, not "{"9" * 59}…'),
    ("faxto", "upload_status", "sucess", 'takes Success or success, not "sucess"; did you mean success?'),
]  # fmt: skip


@pytest.mark.parametrize(("vendor", "switch", "value", "said"), WRONG, ids=lambda each: str(each)[:20])
def test_a_wrong_value_is_refused_with_what_is_taken_and_the_nearest_word(
    still: Control, vendor: str, switch: str, value: Any, said: str
) -> None:
    message = f"the switch {switch} of {vendor} {said}"
    wanted = {switch: value}
    answer = still.call("PATCH", path(still, f"/vendors/{vendor}"), 400, json={"profile": wanted})
    assert answer == refused("invalid", message, f"profile.{switch}")
    made = still.call("POST", "/sandboxes", 400, json={"profiles": {vendor: wanted}})
    assert made == refused("invalid", message, f"profiles.{vendor}.{switch}")
    assert still.vendor(vendor)["profile"] == {}


NOT_ONE = 'the switch retries of kazoo takes tries, not "tris"; did you mean tries?'


def test_no_server_starts_with_a_wrong_value_from_flag_file_or_variable() -> None:
    for config in (
        Config(profile=("kazoo.retries=tris",)),
        load({}, None, {"LOCALFAX_PROFILE": "ifax=live,kazoo.retries=tris"}),
    ):
        with pytest.raises(ValueError, match=r"^profile") as wrong:
            App(config)
        assert str(wrong.value) == f"profile: {NOT_ONE}"


def test_an_overlay_says_it_and_its_file_with_the_line(still: Control) -> None:
    overlay = "overlay: 1\nvendor: kazoo\nprofile:\n  retries: tris\n"
    made = still.call("POST", "/sandboxes", 400, json={"overlay": overlay})
    assert made == refused("invalid", f"profile.retries: {NOT_ONE}", "overlay")
    with pytest.raises(ScenarioError) as wrong:
        read_overlays(overlay, all_vendors(), file="mine.yaml")
    assert str(wrong.value) == f"mine.yaml:4: profile.retries: {NOT_ONE}"


@pytest.mark.parametrize(
    "text",
    [
        "sandbox:\n  vendors:\n    kazoo:\n      profile:\n        retries: tris\n",
        "steps:\n  - settings:\n      vendor: kazoo\n      change:\n        profile: {retries: tris}\n",
    ],
)
def test_a_scenario_s_settings_say_it_with_their_line(text: str) -> None:
    whole = f"name: wrong\nmatch: {{vendor: kazoo, direction: outbound}}\n{text}"
    with pytest.raises(ScenarioError) as wrong:
        read_playable(whole, all_vendors(), "wrong.yaml")
    assert str(wrong.value).startswith("wrong.yaml:7: ")
    assert str(wrong.value).endswith(f"profile.retries: {NOT_ONE}")


@pytest.mark.parametrize("vendor", all_vendors().values(), ids=lambda each: each.name)
def test_named_profiles_and_what_a_comparison_tries_are_taken_and_nonsense_never(vendor: Any) -> None:
    for switches in vendor.profiles.values():
        assert list(check_switches(vendor, switches)) == []
    for switch, values in vendor.recorded.trials.items():
        assert [wrong for value in values for wrong in check_switches(vendor, {switch: value})] == []
    for row in vendor.tables["switches"]:
        assert list(check_switches(vendor, {row.word: None})) == []
        for nonsense in ({"deep": []}, float("nan"), -1, "\0", [[]], 1e300):
            assert list(check_switches(vendor, {row.word: nonsense})), (row.word, nonsense)
