"""How a vendor answers, chosen by one word or by switches: in a sandbox, later, for a whole server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from emulator.app import App
from emulator.config import Config, load
from emulator.server.http_server import in_process
from emulator.vendors import all_vendors
from tests.conftest import Control, exchange
from tests.control.shown import path, refused

LIVE = {"status": 0, "code": 120012, "message": "The faxNumber field is required.,"}
DOCUMENTED = {"status": 0, "code": 12020, "message": "to_number not found in request data."}


def answer(control: Control) -> Any:
    """What iFax says to a send without a number."""
    url = f"{control.base_url('ifax')}/v1/customer/fax-send"
    key = {"accessToken": control.credentials("ifax")["accessToken"]}
    return exchange("POST", url, json={}, headers=key).json()


def test_a_sandbox_is_made_with_profiles(server: Control) -> None:
    assert answer(server.create()) == DOCUMENTED
    live = server.create(profiles={"ifax": "live", "kazoo": {"live_status": True}})
    assert answer(live) == LIVE
    assert live.vendor("ifax")["profile"] == {"profile": "live"}
    assert live.vendor("kazoo")["profile"] == {"live_status": True}


def test_a_profile_is_chosen_by_its_name_and_left_again(still: Control) -> None:
    still.vendor("ifax", profile={"test_pages": 3})
    assert still.vendor("ifax", profile="live")["profile"] == {"profile": "live"}
    assert answer(still) == LIVE
    assert still.vendor("ifax", profile={"test_pages": 3})["profile"] == {"profile": "live", "test_pages": 3}
    assert still.vendor("ifax", profile="documented")["profile"] == {}
    assert answer(still) == DOCUMENTED


def test_an_unknown_profile_is_refused_with_those_that_there_are(still: Control) -> None:
    said = still.call("PATCH", path(still, "/vendors/ifax"), 400, json={"profile": "lives"})
    message = "no profile lives of ifax; there are documented, live"
    assert said == refused("invalid", message, "profile")
    for wrong, field, text in (
        ({"ifax": "lives"}, "profiles.ifax", message),
        ({"ifax": {"no": 1}}, "profiles.ifax.no", "no switch no of ifax"),
        ({"fax": "live"}, "profiles.fax", "no vendor fax"),
    ):
        said = still.call("POST", "/sandboxes", 400, json={"profiles": wrong})
        assert said["error"]["field"] == field
        assert said["error"]["message"].startswith(text)
    said = still.call("POST", "/sandboxes", 400, json={"profiles": {"ifax": 3}})
    assert said["error"]["field"] == "profiles.ifax"


def test_a_server_s_profiles_hold_in_every_sandbox_that_sets_none(tmp_path: Path) -> None:
    file = tmp_path / "localfax.toml"
    file.write_text('profile = ["ifax=live", "kazoo.live_status=true"]\n', encoding="utf-8")
    variables = {"LOCALFAX_PROFILE": "ifax=live,kazoo.live_status=true"}
    config = load({}, str(file), {})
    assert config == load({}, None, variables)
    program = App(config)
    try:
        with in_process(program, threads=4) as running:
            whole = Control(running.url)
            usual = Control(running.url, whole.call("GET", "/sandboxes/default", 200))
            assert answer(usual) == answer(whole.create()) == LIVE
            assert whole.create().vendor("kazoo")["profile"] == {"live_status": True}
            assert answer(whole.create(profiles={"ifax": "documented"})) == DOCUMENTED
    finally:
        program.close()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ifax", "profile: 'ifax' is not VENDOR=NAME or VENDOR.SWITCH=VALUE; vendors are openfax, kazoo,"),
        ("fax=live", "profile: 'fax=live' is not VENDOR=NAME"),
        ("ifax=lives", "profile: no profile lives of ifax; there are documented, live"),
        ("ifax.test_page=3", "profile: no switch test_page of ifax; did you mean test_pages?"),
    ],
)
def test_a_server_does_not_start_with_a_profile_that_there_is_not(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=r"^profile: ") as wrong:
        App(Config(profile=(text,)))
    assert str(wrong.value).startswith(message)


def test_every_profile_is_made_of_switches_that_the_coverage_lists(server: Control) -> None:
    tables = {each["vendor"]: each for each in server.call("GET", "/coverage", 200)["vendors"]}
    for name, vendor in all_vendors().items():
        switches = {row["name"] for row in tables[name]["switches"]}
        assert all(set(each) <= switches for each in vendor.profiles.values()), name
