"""Scenarios over HTTP: standing rules, one-shots, and which of all is taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from emulator.app import App
from emulator.config import Config
from emulator.server.http_server import in_process
from tests.conftest import WAIT, Control
from tests.sending import send

Sent = Callable[..., dict[str, Any]]


def rules(control: Control, method: str = "GET", status: int = 200, path: str = "", **options: Any) -> Any:
    return control.call(method, f"/sandboxes/{control.id}/scenarios{path}", status, **options)


def refused(control: Control, body: Any, path: str = "") -> Any:
    return rules(control, "POST", 400, path, json=body)["error"]


def test_one_shot_is_for_the_next_fax_only(control: Control, sent: Sent) -> None:
    made = rules(control, "POST", 201, "/next", json={"attempts": ["no_answer"]})
    assert made == {"scenarios": [{"name": "next-1", "attempts": ["no_answer"]}]}
    assert rules(control)["queue"] == made["scenarios"]
    assert (sent()["outcome"], sent()["outcome"]) == ("no_answer", "delivered")
    assert rules(control)["queue"] == []


def test_one_shots_are_taken_in_their_order_each_by_the_first_fax_that_fits(
    control: Control, sent: Sent
) -> None:
    shots = [
        {"attempts": ["busy"], "match": {"to": "+12125550199"}},
        {"attempts": ["hangup"], "times": 2},
        {"attempts": ["not_fax"]},
    ]
    rules(control, "POST", 201, "/next", json={"scenarios": shots})
    outcomes = [sent(to)["outcome"] for to in ["+12125550123"] * 3 + ["+12125550199", "+12125550123"]]
    assert outcomes == ["hangup", "hangup", "not_fax", "busy", "delivered"]


def test_standing_rule_serves_every_fax_that_fits_until_it_is_cleared(control: Control, sent: Sent) -> None:
    rules(control, "POST", 201, json={"name": "ny", "match": {"to": "+1212*"}, "attempts": ["busy"]})
    assert [sent("+12125550123")["outcome"] for _ in range(2)] == ["busy", "busy"]
    assert sent("+13105550123")["scenario"] is None
    rules(control, "DELETE", 204)
    assert (rules(control)["scenarios"], sent()["outcome"]) == ([], "delivered")


def test_precedence_is_queue_rules_files_magic_delivery(control: Control, sent: Sent) -> None:
    found = [sent("+15005550002")["scenario"], sent("+15005551002")["scenario"], sent()["scenario"]]
    rules(control, "POST", 201, json={"name": "rule", "attempts": ["hangup"]})
    found += [sent("+15005550002")["scenario"], sent("+15005551002")["scenario"]]
    rules(control, "POST", 201, "/next", json={"name": "shot", "attempts": ["busy"]})
    found += [sent("+15005550002")["scenario"], sent("+15005550002")["scenario"]]
    assert found == ["magic-02", "busy-then-delivered", None, "rule", "rule", "shot", "rule"]


def test_newest_rule_is_asked_first_and_the_first_of_a_list(control: Control, sent: Sent) -> None:
    rules(control, "POST", 201, json=[{"name": "a"}, {"name": "b"}])
    assert sent()["scenario"] == "a"
    rules(control, "POST", 201, json={"name": "c"})
    assert sent()["scenario"] == "c"
    assert [each["name"] for each in rules(control)["scenarios"]] == ["c", "a", "b"]


def test_rule_of_the_same_name_is_replaced(control: Control, sent: Sent) -> None:
    for outcome in ("busy", "hangup"):
        rules(control, "POST", 201, json={"name": "same", "attempts": [outcome], "times": 1})
    assert rules(control)["scenarios"] == [{"name": "same", "times": 1, "attempts": ["hangup"]}]
    assert [sent()["outcome"] for _ in range(2)] == ["hangup", "delivered"]


def test_rule_may_be_for_the_nth_fax_that_fits(control: Control, sent: Sent) -> None:
    rules(control, "POST", 201, json={"match": {"to": "+12125550123", "nth": 2}, "attempts": ["busy"]})
    numbers = ["+12125550123", "+13105550123", "+12125550123", "+12125550123"]
    assert [sent(to)["outcome"] for to in numbers] == ["delivered", "delivered", "busy", "delivered"]


def test_rule_may_be_spent(control: Control, sent: Sent) -> None:
    rules(control, "POST", 201, json={"attempts": ["busy"], "times": 2})
    assert [sent()["outcome"] for _ in range(3)] == ["busy", "busy", "delivered"]


def test_rule_may_look_at_headers_pages_and_sender(control: Control, sent: Sent) -> None:
    rules(control, "POST", 201, json={"match": {"header.X-Test": "a*", "pages": 2}, "attempts": ["busy"]})
    found = [
        sent(count=2, headers={"x-test": "abc"})["outcome"],
        sent(count=1, headers={"x-test": "abc"})["outcome"],
        sent(count=2, headers={"x-test": "bc"})["outcome"],
        sent(count=2)["outcome"],
    ]
    assert found == ["busy", "delivered", "delivered", "delivered"]


def test_chance_repeats_with_the_seed(server: Control) -> None:
    lives = []
    for seed in ("x", "x", "y"):
        control = server.create(seed=seed)
        rules(control, "POST", 201, json={"probability": 0.5, "attempts": ["busy"]})
        for _ in range(12):
            send(control, "ifax")
        control.advance()
        lives.append([fax["outcome"] for fax in control.faxes()])
    assert lives[0] == lives[1] != lives[2]
    assert set(lives[0]) == {"busy", "delivered"}


def test_probability_nought_is_never(control: Control, sent: Sent) -> None:
    rules(control, "POST", 201, json={"probability": 0, "attempts": ["busy"]})
    assert sent()["outcome"] == "delivered"


def test_reset_forgets_the_queue_and_keeps_the_rules(control: Control, sent: Sent) -> None:
    rules(control, "POST", 201, json={"name": "stays", "times": 1, "attempts": ["busy"]})
    rules(control, "POST", 201, "/next", json={"attempts": ["hangup"]})
    control.call("POST", f"/sandboxes/{control.id}/reset", 200)
    listed = rules(control)
    assert (listed["queue"], [each["name"] for each in listed["scenarios"]]) == ([], ["stays"])
    assert [sent()["outcome"] for _ in range(2)] == ["busy", "delivered"]
    rules(control, "POST", 201, json={"name": "later"})
    assert [each["name"] for each in rules(control)["scenarios"]] == ["later", "stays"]


def test_scenario_may_be_used_by_name(control: Control, sent: Sent) -> None:
    rules(control, "POST", 201, "/next", json={"use": "hung-up-on-page-two"})
    rules(control, "POST", 201, "/next", json={"use": "magic-08", "times": 2, "name": "twice"})
    found = [(fax["scenario"], fax["outcome"]) for fax in (sent(), sent(), sent(), sent())]
    assert found == [
        ("hung-up-on-page-two", "hangup"),
        ("twice", "bad_number"),
        ("twice", "bad_number"),
        (None, "delivered"),
    ]


def test_name_that_is_nowhere_is_not_found(control: Control) -> None:
    said = rules(control, "POST", 404, "/next", json={"use": "nothing"})
    assert said == {
        "error": {
            "code": "not_found",
            "message": "no scenario nothing: neither a rule nor a file nor magic-01 to magic-22",
        }
    }


def test_yaml_is_taken_and_its_lines_are_named(control: Control, sent: Sent) -> None:
    headers = {"Content-Type": "application/yaml"}
    rules(control, "POST", 201, data="name: y\nattempts: [busy]\n---\nname: z", headers=headers)
    assert sent()["scenario"] == "y"
    said = rules(control, "POST", 400, data="name: y\nattempts: [bussy]", headers=headers)
    assert said["error"]["message"].startswith(
        "body:2: attempts[0]: unknown outcome 'bussy'; did you mean busy?"
    )


def test_yaml_over_http_may_do_without_a_name_and_use_others_as_json_may(control: Control) -> None:
    headers = {"Content-Type": "application/yaml"}
    text = "attempts: [busy]\n---\nattempts: [hangup]\n---\n{use: magic-07, times: 2}"
    made = rules(control, "POST", 201, "/next", data=text, headers=headers)
    assert made == {
        "scenarios": [
            {"name": "next-1", "attempts": ["busy"]},
            {"name": "next-1-2", "attempts": ["hangup"]},
            {"name": "magic-07", "times": 2, "attempts": ["not_fax"]},
        ]
    }
    assert rules(control)["queue"] == made["scenarios"]


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n"])
def test_yaml_without_a_scenario_is_refused(control: Control, text: str) -> None:
    said = rules(control, "POST", 400, data=text, headers={"Content-Type": "application/yaml"})
    assert said["error"] == {
        "code": "invalid",
        "field": "scenarios",
        "message": "give 1 to 1000 scenarios",
    }


def test_wrong_scenario_is_refused_with_its_field(control: Control) -> None:
    assert refused(control, {"attempts": ["busy", {"delivered": {"pagez": 2}}]}) == {
        "code": "invalid",
        "field": "attempts[1].delivered.pagez",
        "message": "unknown key; did you mean pages? Known: pages, code, ring, setup, per_page, speed, csid, "
        "ecm, pace, after.",
    }
    assert refused(control, {"attempts": ["busy", "no_credit"]}, "/next")["field"] == "attempts[1]"
    assert refused(control, [])["message"] == "give 1 to 1000 scenarios"
    assert rules(control)["scenarios"] == []


def test_code_of_a_vendor_brings_its_state_and_text(control: Control) -> None:
    body = {"match": {"vendor": "ifax"}, "attempts": [{"line_error": {"code": 9012}}]}
    rules(control, "POST", 201, "/next", json=body)
    send(control, "ifax")
    control.advance()
    [fax] = control.faxes()
    assert (fax["state"], fax["vendor_view"]["code"]) == ("failed", "9012")
    assert fax["vendor_view"]["text"] == "Disconnected after permitted retries"


def test_code_is_left_out_at_a_vendor_that_has_no_such_code(control: Control) -> None:
    rules(control, "POST", 201, json={"attempts": [{"busy": {"code": "9012"}}]})
    send(control, "mfax")
    control.advance()
    [fax] = control.faxes()
    assert (fax["state"], fax["outcome"], fax["attempts"][0]["code"]) == ("failed", "busy", None)


def test_unknown_code_is_refused_with_the_nearest(control: Control) -> None:
    said = refused(control, {"match": {"vendor": "ifax"}, "attempts": [{"busy": {"code": 9013333}}]})
    assert said["field"] == "attempts[0]"
    assert said["message"].startswith("no code '9013333' in the table of ifax; did you mean ")


def test_text_plain_is_refused(control: Control) -> None:
    said = rules(control, "POST", 415, data='{"name": "a"}', headers={"Content-Type": "text/plain"})
    assert said == {
        "error": {
            "code": "unsupported_media_type",
            "message": "send JSON with Content-Type: application/json, or YAML with application/yaml",
        }
    }


def test_files_of_a_directory_are_used_and_seen_anew(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text('name: mine\nmatch: {to: "+12125550123"}\nattempts: [busy]', encoding="utf-8")
    app = App(Config(scenarios=(str(tmp_path),)))
    try:
        with in_process(app) as running:
            control = Control(running.url).create()
            found = []
            for text in (None, "name: changed\nattempts: [hangup]", "name: changed\nattempts: [oops]"):
                if text:
                    path.write_text(text, encoding="utf-8")
                send(control, "ifax")
                control.advance()
                found.append((control.faxes()[0]["scenario"], control.faxes()[0]["outcome"]))
            assert found == [("mine", "busy"), ("changed", "hangup"), ("changed", "hangup")]
            [problem] = rules(control)["problems"]
            assert problem.startswith(f"{path}:2: attempts[0]: unknown outcome 'oops'")
            assert requests.get(f"{control.root}/ready", timeout=WAIT).status_code == 200
    finally:
        app.close()


@pytest.mark.parametrize("path", ["", "/next"])
def test_scenarios_of_an_unknown_sandbox_are_not_found(server: Control, path: str) -> None:
    said = server.call("POST", f"/sandboxes/nowhere/scenarios{path}", 404, json={"name": "a"})
    assert said == {"error": {"code": "not_found", "message": "no sandbox nowhere"}}


def test_each_one_shot_is_taken_once_however_many_faxes_come_at_one_time(control: Control) -> None:
    shots = [{"name": f"shot-{number}", "attempts": ["busy"]} for number in range(8)]
    shots.append({"name": "thrice", "times": 3, "attempts": ["busy"]})
    control.call("POST", f"/sandboxes/{control.id}/scenarios/next", 201, json=shots)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: send(control, "faxto"), range(16)))
    served = Counter(fax["scenario"] for fax in control.faxes())
    assert served == {**{f"shot-{number}": 1 for number in range(8)}, "thrice": 3, None: 5}
    assert control.call("GET", f"/sandboxes/{control.id}/scenarios", 200)["queue"] == []
