"""`--webhook`: where vendors post, said once for all of them or for one."""

from __future__ import annotations

import pytest
import requests
import yaml

from emulator.app import App
from emulator.config import Config, load
from emulator.replay.recording import write_recording
from emulator.server.http_server import in_process
from localfax import Localfax
from tests.conftest import WAIT, Control
from tests.receiver import Receiver
from tests.sending import send

HOOK = "http://127.0.0.1:8000/hook"


def urls(control: Control) -> dict[str, set[str | None]]:
    return {
        name: {hook["url"] for hook in control.vendor(name)["webhooks"].values()}
        for name in control.sandbox["vendors"]
    }


def test_one_url_is_that_of_all_vendors_of_the_default_sandbox_and_of_each_that_names_none():
    app = App(Config(webhook=(HOOK, f"ifax={HOOK}/ifax")))
    try:
        with in_process(app) as server:
            default = Control(server.url, requests.get(f"{server.url}/_localfax/sandboxes/default").json())
            made = default.create(webhooks={"mfax": {"outbound": f"{HOOK}/own"}})
            assert urls(default) == {name: {HOOK} for name in urls(default)} | {"ifax": {f"{HOOK}/ifax"}}
            assert urls(made) == urls(default) | {"mfax": {f"{HOOK}/own", None}}
    finally:
        app.close()


def test_a_sandbox_takes_one_url_for_all(control: Control, receiver: Receiver):
    made = control.create(webhooks=f"{receiver.url}/hook")
    assert urls(made) == {name: {f"{receiver.url}/hook"} for name in urls(made)}
    assert send(made, "ifax").ok
    made.advance()
    assert [each["state"] for each in made.webhooks()] == ["delivered"]


@pytest.mark.parametrize("given", ["ftp://a/b", "nowhere", "ifax=nowhere", "http://"])
def test_what_is_no_url_is_refused_with_an_example(given: str):
    with pytest.raises(
        ValueError, match=r"webhook: .* is neither URL nor VENDOR=URL, like http://127.0.0.1:8000"
    ):
        App(Config(webhook=(given,)))


def test_an_unknown_vendor_is_refused_with_those_there_are():
    with pytest.raises(
        ValueError, match="webhook: no vendor ifx; there are openfax, kazoo, ifax, mfax, faxto"
    ):
        App(Config(webhook=(f"ifx={HOOK}",)))


def test_it_is_a_variable_too():
    assert load({}, environ={"LOCALFAX_WEBHOOK": f"{HOOK},ifax={HOOK}/i"}).webhook == (HOOK, f"ifax={HOOK}/i")


def test_a_url_that_is_refused_for_a_sandbox_names_the_field(control: Control):
    answer = requests.post(f"{control.root}/sandboxes", json={"webhooks": "nowhere"}, timeout=WAIT)
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, "webhooks")


def test_a_recording_of_the_default_sandbox_says_where_it_posted(receiver: Receiver):
    app = App(Config(webhook=(receiver.url,), speed=0.0))
    try:
        with in_process(app) as server, Localfax(server.url) as client:
            sandbox = client.sandbox()
            sandbox.send("ifax", "+12125550123")
            recording = yaml.safe_load(write_recording(sandbox, "past"))
            hooks = recording["sandbox"]["vendors"]["ifax"]["webhooks"]
            assert {side: hook["url"] for side, hook in hooks.items()} == dict.fromkeys(
                ("outbound", "inbound"), "<<receiver>>"
            )
    finally:
        app.close()


def test_the_settings_of_a_vendor_take_one_url_for_both_directions(control: Control):
    control.vendor("ifax", webhooks=HOOK)
    hooks = control.vendor("ifax")["webhooks"]
    assert {side: hook["url"] for side, hook in hooks.items()} == {"outbound": HOOK, "inbound": HOOK}


def test_a_recording_tells_of_one_url_that_was_set_for_both_directions(control: Control, receiver: Receiver):
    control.vendor("ifax", webhooks=receiver.url)
    assert send(control, "ifax").ok
    control.advance()
    recording = yaml.safe_load(write_recording(control.client, "past"))
    changes = [step["settings"]["change"] for step in recording["steps"] if "settings" in step]
    assert changes == [{"webhooks": "<<receiver>>"}]
