"""What a scenario may say, and what is said about one that cannot be."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.core.faxes.outcomes import Outcome
from emulator.core.faxes.plan import CallPlan, HttpFault, Plan, WebhookFault
from emulator.core.scripting.scenario import Match, Scenario
from emulator.scenarios import ScenarioError, read_scenario, read_text, write_scenario
from emulator.vendors import all_vendors

VENDORS = all_vendors()


def problem(text: str) -> str:
    """Read a wrong scenario; give what is said about it."""
    with pytest.raises(ScenarioError) as caught:
        read_text(text, VENDORS, file="bad.yaml")
    return str(caught.value)


def test_whole_grammar_is_read() -> None:
    [read] = read_text(
        """
name: all-of-it
purpose: Everything at once.
match: {vendor: ifax, direction: outbound, to: +15005551999, from: "+1212*", pages: 2, nth: 3, header.X-A: a*}
times: 5
probability: 0.25
attempts:
  - busy: {ring: 5s, code: 263}
  - line_error: {pages: 1, speed: 9600, csid: FAR END, ecm: false, per_page: 1m, setup: 10, after: {polls: 2}}
  - stuck
http: {delay: 1s, drop: after, retry_after: 1m, truncate: 3}
webhook:
  {duplicate: 2, delay: 90s, reorder: true, status_order: [delivered, dialing],
   wrong_auth: missing, truncate: 9}
steps:
  - send: {pages: 2, from: "+12125550100"}
  - advance: 5m
expect:
  - {state: failed, attempts: 3}
""",
        VENDORS,
        file="all.yaml",
    )
    assert read == Scenario(
        name="all-of-it",
        purpose="Everything at once.",
        match=Match("ifax", "outbound", "+15005551999", "+1212*", 2, 3, (("x-a", "a*"),)),
        times=5,
        probability=0.25,
        plan=Plan(
            attempts=(
                CallPlan(Outcome.busy, ring=5, code="263"),
                CallPlan(
                    Outcome.line_error,
                    pages=1,
                    speed=9600,
                    csid="FAR END",
                    ecm=False,
                    per_page=60,
                    setup=10,
                    polls=2,
                ),
                CallPlan(Outcome.stuck),
            ),
            http=HttpFault(delay=1, drop="after", retry_after=60, truncate=3),
            webhook=WebhookFault(
                duplicate=2,
                delay=90,
                reorder=True,
                status_order=("delivered", "dialing"),
                no_auth=True,
                truncate=9,
            ),
        ),
        steps=({"send": {"pages": 2, "sender": "+12125550100"}}, {"advance": "5m"}),
        expect=({"state": "failed", "attempts": 3},),
        origin="all.yaml:2",
    )


def test_written_scenario_reads_back_the_same() -> None:
    data: dict[str, Any] = {
        "name": "again",
        "purpose": "There and back.",
        "match": {"vendor": "kazoo", "to": "+1*", "header.x-a": "b"},
        "times": 2,
        "probability": 0.5,
        "attempts": ["no_answer", {"delivered": {"speed": 14400, "after": {"polls": 3}}}],
        "http": {"status": 503, "body": {"a": [1]}},
        "webhook": {"wrong_auth": "missing", "status_order": ["delivered"]},
        "steps": [{"send": {"from": "1", "times": 2}}, {"poll": {"times": 3}}, {"cancel": 1}],
        "expect": [{"submit": "503"}],
    }
    assert write_scenario(read_scenario(data, VENDORS)) == data


def test_file_may_hold_several_documents() -> None:
    names = [each.name for each in read_text("name: one\n---\nname: two\nattempts: [busy]\n", VENDORS)]
    assert names == ["one", "two"]


def test_code_alone_brings_the_outcome_of_the_vendors_table() -> None:
    [row] = read_text("name: a\nmatch: {vendor: ifax}\nattempts: [{code: 263}]", VENDORS)
    assert row.plan.attempts == (CallPlan(Outcome.busy, code="263"),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "name: a\nattemps: [busy]",
            "bad.yaml:2: attemps: unknown key; did you mean attempts? Known: name, purpose, match, times, ",
        ),
        (
            "name: a\nattempts:\n  - busy\n  - deliverd",
            "bad.yaml:4: attempts[1]: unknown outcome 'deliverd'; did you mean delivered? Known: delivered, "
            "busy, no_answer, not_fax, bad_number, circuits_busy, hangup, line_error, stuck, "
            "conversion_failed, no_credit, fetch_failed.",
        ),
        (
            "name: a\nattempts:\n  - delivered\n  - busy",
            "bad.yaml:4: attempts[1]: nothing follows delivered: this call would never be made.",
        ),
        (
            "name: a\nattempts:\n  - busy\n\n  - conversion_failed",
            "bad.yaml:5: attempts[1]: conversion_failed happens before any call: it cannot follow busy.",
        ),
        (
            "name: a\nmatch: {direction: inbound}\nattempts:\n  - no_credit",
            "bad.yaml:4: attempts[0]: no_credit happens before any call: no fax to us can end so.",
        ),
        (
            "name: a\nmatch: {direction: inbound, vendor: openfax}\nattempts:\n  - {code: 8}",
            "bad.yaml:4: attempts[0]: conversion_failed happens before any call: no fax to us can end so.",
        ),
        (
            "name: a\nattempts:\n  - busy:\n      ring: 3\n      pages: 2",
            "bad.yaml:5: attempts[0].busy.pages: busy cannot have this; it takes after, code, pace, ring.",
        ),
        (
            "name: a\nattempts: [{delivered: {speed: 33600, ecm: false}}]",
            "bad.yaml:2: attempts[0].delivered.ecm: a speed above 14400 is V.34, which needs error ",
        ),
        (
            "name: a\nmatch: {vendor: ifx}",
            "bad.yaml:2: match.vendor: unknown vendor 'ifx'; did you mean ifax? Known: openfax, kazoo, ifax, "
            "mfax, faxto.",
        ),
        (
            "name: a\nmatch:\n  vendor: openfax\nattempts:\n  - busy: {code: 22}",
            "bad.yaml:5: attempts[0]: no code '22' in the table of openfax",
        ),
        (
            "name: a\nwebhook:\n  status_order:\n    - delivered\n    - fax.v1.outbound.sucseed",
            "bad.yaml:5: webhook.status_order[1]: no state or event 'fax.v1.outbound.sucseed'; "
            "did you mean fax.v1.outbound.succeed?",
        ),
        (
            "name: a\nmatch: {vendor: openfax}\nwebhook: {status_order: [fax.outbound]}",
            "bad.yaml:3: webhook.status_order[0]: no state or event 'fax.outbound'",
        ),
        ("name: a\nname: b", "bad.yaml:2: name: written twice"),
        ("name: a\nattempts: [busy}", "bad.yaml:2: not YAML: while parsing a flow sequence"),
        ("- 1", "bad.yaml:1: a mapping is wanted here, not [1]."),
        ("purpose: nameless", "bad.yaml:1: name: a scenario has a name."),
        ("name: a b", "bad.yaml:1: name: A name is letters, digits, dots and dashes."),
        (
            "name: a\nhttp: {drop: later}",
            "bad.yaml:2: http.drop: unknown word 'later'; did you mean after? Known: before, after.",
        ),
        (
            "name: a\nhttp: {delay: fast}",
            "bad.yaml:2: http.delay: a duration is seconds or text like 90s, 5m, 48h, not 'fast'.",
        ),
        ("name: a\nmatch: {nth: 0}", "bad.yaml:2: match.nth: Must be greater than or equal to 1"),
        ("name: a\nsteps:\n  - {send: {}, advance: idle}", "bad.yaml:3: steps[0]: one thing a step."),
        ("name: a\nattempts: []", "bad.yaml:2: attempts: Length must be between 1 and 100."),
        ("? [a]\n: b", "bad.yaml:1: a key is a plain word"),
        ("[" * 100_000, "bad.yaml:1: nested too deeply"),
        ("name: a\nsteps: " + "{[" * 600, "bad.yaml:2: nested too deeply"),
        ("[\n" * 2_000, "bad.yaml:31: nested too deeply"),
        ("- " * 2_000, "bad.yaml:1: nested too deeply"),
        ("[" * 30 + "]" * 30 + "@", "bad.yaml:1: not YAML: "),
        ("a: &a {b: *a}", "too much in it, or nested too deeply"),
        ("name: a\n" + "# long\n" * 200_000, "bad.yaml: longer than 1,000,000 characters"),
    ],
)  # fmt: skip
def test_wrong_scenario_is_refused_with_its_line_and_what_would_be_right(text: str, said: str) -> None:
    assert said in problem(text)


def test_all_that_is_wrong_is_said_at_once() -> None:
    said = problem(
        "name: a\ntimes: 0\nwebhook:\n  duplicat: 1\n  drop: maybe\n---\nname: b\nhttp: {status: 99}"
    )
    assert [line.partition(" ")[0] for line in said.splitlines()] == [
        "bad.yaml:2:",
        "bad.yaml:4:",
        "bad.yaml:8:",
    ]


def test_numbers_that_yaml_would_change_stay_as_they_are_written() -> None:
    [read] = read_text(
        "name: 0123\nmatch: {to: 0044123, from: +12125550100}\nattempts: [{delivered: {csid: 1:30}}]", VENDORS
    )
    assert (read.name, read.match.sender, read.plan.attempts[0].csid) == ("0123", "+12125550100", "1:30")


@pytest.mark.parametrize(
    "data", [None, 1, "busy", [], [[]], {"name": {}}, {"attempts": {"busy": 1}}, {"match": []}]
)
def test_data_of_a_wrong_shape_is_refused(data: Any) -> None:
    with pytest.raises(ScenarioError):
        read_scenario(data, VENDORS)
