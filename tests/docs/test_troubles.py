"""Each message of docs/troubleshooting.md is really said, when a beginner does what leads to it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from localfax import FaxCloud
from localfax.local_server import find_server
from localfax.postmortem import list_idle
from tests.cli.conftest import run_command
from tests.conftest import WAIT, Control
from tests.docs.pages import ROOT

PAGE = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
KINDS = {
    title: [re.sub(r"^`+ ?| ?`+$", "", row) for row in re.findall(r"^\| (`+.*?`+) \| ", part, re.MULTILINE)]
    for title, part in re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
}
"""The messages of the page, by the kind of mistake."""


class Beginner:
    """Somebody in his first hour: each method does one thing wrong and gives what he is told."""

    def __init__(self, cloud: FaxCloud, place: Path) -> None:
        self.cloud, self.place = cloud, place
        self.sandbox = cloud.sandbox

    def send(self, vendor: str = "ifax", to: str = "+12125550123") -> None:
        self.cloud.send(vendor, to)
        self.cloud.settle()

    def command(self, *words: object) -> str:
        at = {"LOCALFAX_URL": self.cloud.url, "LOCALFAX_SANDBOX": self.sandbox.id}
        done = run_command(*words, environ=at)
        return done.stdout + done.stderr

    def post(self, path: str, **options: object) -> str:
        answer = requests.post(self.cloud.url + path, timeout=WAIT, **options)  # type: ignore[arg-type]
        return answer.text

    def through(self, url: str) -> str:
        return requests.get(url, proxies={"http": self.cloud.url}, timeout=WAIT).text

    def asked(self, **options: object) -> str:
        """What the journal says of a request to iFax with the sandbox's key."""
        keys = {"accessToken": self.cloud.ifax.access_token}
        self.post(
            "/ifax/v1/customer/fax-sent" if not options else "/ifax/v1/customer/fax-send",
            headers=keys,
            **options,
        )
        return self.command("requests")

    def posted(self, url: str) -> str:
        self.cloud.ifax.webhooks_to(url)
        self.send()
        return self.command("webhooks")

    def check(self, text: str) -> str:
        path = self.place / "mine" / "a.yaml"
        path.parent.mkdir()
        if text:
            path.write_text(f"name: a\n{text}\n")
        return self.command("scenarios", "check", path.parent)

    def failing(self, act: Callable[[], object]) -> str:
        with pytest.raises((AssertionError, ValueError)) as told:
            act()
        return str(told.value)

    def unheard(self) -> str:
        self.send()
        return self.command("timeline")

    def dropped(self) -> str:
        self.cloud.ifax.webhooks_to("http://127.0.0.1:9/hook")
        self.send(to="+15005550016")
        return self.cloud.timeline

    def stranger(self) -> str:
        self.post("/ifax/v1/customer/fax-status", headers={"accessToken": "of-production"}, json={"jobId": 1})
        return run_command("requests", environ={"LOCALFAX_URL": self.cloud.url}).stdout

    def waits(self) -> str:
        self.cloud.send("ifax", "+12125550123")
        return self.failing(lambda: self.cloud.assert_fax(state="delivered"))

    def idle(self, **match: str) -> str:
        rule = self.cloud.when(**match)  # type: ignore[arg-type]
        if match:
            rule.busy()
        return "\n".join(list_idle(self.cloud))

    def elsewhere(self) -> str:
        with (
            pytest.raises(Exception, match="LOCALFAX_URL") as told,
            find_server({"LOCALFAX_URL": "http://127.0.0.1:9"}),
        ):
            pass
        return str(told.value)


HERE: dict[str, Callable[[Beginner], str]] = {
    "ifax has no webhook": lambda one: one.unheard(),
    "nothing listens at": lambda one: one.posted("http://127.0.0.1:9/hook"),
    "the outbound policy": lambda one: one.posted("http://203.0.113.9/hook"),
    "dropped, never sent": lambda one: one.dropped(),
    "this is iFax's path": lambda one: one.post("/v1/customer/fax-send"),
    "accessToken … opens": lambda one: one.stranger(),
    "no such path": lambda one: one.asked(),
    "field `faxNumber`": lambda one: one.asked(json={"fax_number": "+12125550123"}),
    "unknown host": lambda one: one.post("/", headers={"Host": "fax.example"}),
    "… is no vendor's host": lambda one: one.through("http://shop.example/"),
    "calls from pages": lambda one: one.post("/", headers={"Origin": "http://shop.example"}),
    "did you mean": lambda one: one.failing(lambda: one.cloud.assert_no_fax(state="deliverd")),
    "the test's clock": lambda one: one.waits(),
    "says no outcome": lambda one: one.idle(),
    "matched no fax": lambda one: one.idle(to="+12125550199"),
    "LOCALFAX_URL is": lambda one: one.elsewhere(),
    "a list of calls": lambda one: one.check("attempts: busy"),
    "unknown outcome": lambda one: one.check("attempts: [bussy]"),
    "a duration is": lambda one: one.check("steps: [{send: {}}, {advance: 5 min}]"),
    "has no scenario file": lambda one: one.check(""),
    "nobody answers": lambda one: one.command("faxes", "--url", "http://127.0.0.1:9"),
    "no vendor 'ifx'": lambda one: one.failing(lambda: one.cloud.send("ifx", "+12125550123")),
    "speed must be": lambda one: one.command("serve", "--speed", "fast"),
}
ELSEWHERE = {
    "no Localfax server": "tests/clients/test_python.py",
    "cannot listen on": "tests/test_cli.py",
    "no converter for docx": "tests/test_recipes.py",
    "Openfax takes PDF": "tests/clients/test_python.py",
    "the store cannot": "tests/server/test_workers.py",
}
"""Said where more is needed than a beginner has here, and by which file that is shown."""
SAID = [message for messages in KINDS.values() for message in messages]


@pytest.mark.parametrize("begins", HERE)
def test_what_a_beginner_does_is_answered_with_the_way_out(
    begins: str, faxcloud: FaxCloud, tmp_path: Path
) -> None:
    [message] = [each for each in SAID if each.startswith(begins)]
    told = HERE[begins](Beginner(faxcloud, tmp_path))
    assert [part for part in message.split("…") if part.strip() not in told] == [], told


@pytest.mark.parametrize("begins", ELSEWHERE)
def test_what_is_said_elsewhere_is_said_so(begins: str) -> None:
    [message] = [each for each in SAID if each.startswith(begins)]
    assert message in (ROOT / ELSEWHERE[begins]).read_text(encoding="utf-8")


def test_every_message_has_its_test_and_every_kind_three_mistakes(server: Control) -> None:
    known = (*HERE, *ELSEWHERE)
    assert [each for each in SAID if not each.startswith(known)] == []
    assert {title: len(found) for title, found in KINDS.items() if len(found) < 3} == {}
