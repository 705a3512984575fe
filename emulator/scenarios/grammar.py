"""The grammar of a scenario: plain data, from YAML or JSON, read strictly into a core Scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from emulator.core.dialect.vendor import Vendor
from emulator.core.dialect.words import Word
from emulator.core.faxes.machine import Direction, State
from emulator.core.faxes.numbers import normalise
from emulator.core.faxes.outcomes import BEFORE_CALL, Outcome
from emulator.core.faxes.plan import CallPlan, DocumentFault, Plan, WebhookFault
from emulator.core.scripting.scenario import Match, Scenario
from emulator.scenarios.calls import CODE_ALONE, OUTCOMES, Calls, check_order
from emulator.scenarios.fields import WILD, NumberPattern, Text
from emulator.scenarios.mistakes import Mistake, ScenarioError, list_mistakes, suggest
from emulator.scenarios.script import (
    DOCUMENT,
    DOCUMENT_FAULTS,
    NAME_RULE,
    HttpFaultSchema,
    PollFaultSchema,
    WebhookFaultSchema,
)
from emulator.scenarios.steps import StepSchema, WorldSchema
from emulator.scenarios.strict import Choice, Strict, whole

_HEADER = "header."
_MOST_STEPS = 20_000


class MatchSchema(Strict):
    """Which faxes a scenario is for. `header.NAME` conditions stand beside these; texts may hold * and ?."""

    vendor = Text()
    direction = Choice([each.value for each in Direction])
    to = NumberPattern()
    sender = Text(data_key="from")  # a station may call itself by a name
    pages = whole()
    nth = whole(1)
    headers = fields.Dict(keys=fields.String(), values=Text(), metadata={"description": "by header name"})

    def takes(self, key: Any) -> bool:
        return str(key).startswith(_HEADER)

    def load(self, data: Any, **kwargs: Any) -> Any:
        """Take header.X keys together before the rest is read."""
        if isinstance(data, Mapping) and any(self.takes(key) for key in data):
            given = {str(key)[len(_HEADER) :]: value for key, value in data.items() if self.takes(key)}
            data = {key: value for key, value in data.items() if not self.takes(key)} | {"headers": given}
        return super().load(data, **kwargs)

    @post_load
    def _make(self, data: dict[str, Any], **kwargs: Any) -> Match:
        headers = data.pop("headers", {})
        for side in ("to", "sender"):
            if side in data and not WILD & set(data[side]):
                data[side] = normalise(data[side])
        return Match(**data, headers=tuple((name.lower(), wanted) for name, wanted in headers.items()))


class ExpectSchema(Strict):
    """How one fax must stand in the end; in the order in which they were made."""

    state = Choice([state.value for state in State])
    outcome = Choice([*OUTCOMES, Outcome.cancelled.value])
    attempts = whole()
    sent = whole(metadata={"description": "pages"})
    pages = whole()
    code = Text(metadata={"description": "the vendor's code"})
    accepted = fields.Boolean(metadata={"description": "whether the submit call made a fax"})
    submit = Text(metadata={"description": "the HTTP status of the submit call, or cut"})
    webhooks = whole(metadata={"description": "posts that the receiver got"})
    faults = fields.List(Text(), metadata={"description": "what the journal says of the webhooks"})


class ScenarioSchema(Strict):
    """A scenario."""

    name = Text(validate=NAME_RULE)
    purpose = Text(validate=validate.Length(max=2000))
    match = fields.Nested(MatchSchema)
    times = whole(1, metadata={"description": "how many faxes it is for"})
    probability = fields.Float(validate=validate.Range(min=0, max=1))
    attempts = Calls()
    http = fields.Nested(HttpFaultSchema)
    webhook = fields.Nested(WebhookFaultSchema)
    poll = fields.Nested(PollFaultSchema)
    document = Choice([*DOCUMENT_FAULTS], metadata=DOCUMENT)
    sandbox = fields.Nested(WorldSchema)
    steps = fields.List(fields.Nested(StepSchema), validate=validate.Length(max=_MOST_STEPS))
    expect = fields.List(fields.Nested(ExpectSchema), validate=validate.Length(max=_MOST_STEPS))


def read_scenario(
    data: Any, vendors: Mapping[str, Vendor], *, origin: str = "", name: str | None = None
) -> Scenario:
    """Read a scenario, called `name` if it has none; raise ScenarioError with all that is wrong."""
    try:
        given = ScenarioSchema().load(data)
        calls = tuple(given.get("attempts", (CallPlan(),)))
        _within("attempts", lambda: check_order(calls))
    except ValidationError as wrong:
        raise ScenarioError(list_mistakes(wrong)) from None
    if "name" not in given and name is None:
        raise ScenarioError([Mistake("a scenario has a name.", ("name",))])
    match = given.get("match", Match())
    coded = _with_codes(calls, match, vendors)
    if match.direction == Direction.inbound:
        check_inbound(coded)
    document = given.get("document")
    plan = Plan(
        coded,
        given.get("http"),
        given.get("webhook"),
        given.get("poll"),
        None if document is None else DocumentFault(document),
    )
    _check_http_code(plan, match, vendors)
    _check_status_order(plan, match, vendors)
    return Scenario(
        name=given.get("name", name),
        plan=plan,
        match=match,
        purpose=given.get("purpose", ""),
        times=given.get("times"),
        probability=given.get("probability", 1.0),
        expect=tuple(given.get("expect", ())),
        steps=tuple(given.get("steps", ())),
        sandbox=given.get("sandbox", {}),
        origin=origin,
    )


def _within(key: str, check: Any) -> None:
    try:
        check()
    except ValidationError as wrong:
        raise ValidationError({key: wrong.messages}) from None


def _matching(match: Match, vendors: Mapping[str, Vendor]) -> list[Vendor]:
    wanted = match.vendor or "*"
    found = [vendor for name, vendor in vendors.items() if fnmatchcase(name, wanted)]
    if not found:
        path = ("match", "vendor")
        raise ScenarioError([Mistake(f"unknown vendor {wanted!r}{suggest(wanted, vendors)}", path)])
    return found


def _with_codes(
    calls: tuple[CallPlan, ...], match: Match, vendors: Mapping[str, Vendor]
) -> tuple[CallPlan, ...]:
    asked = _matching(match, vendors)
    return tuple(_coded(call, place, asked) for place, call in enumerate(calls))


def _coded(call: CallPlan, place: int, vendors: list[Vendor]) -> CallPlan:
    if call.code is None:
        return call
    rows = [vendor.codes[call.code] for vendor in vendors if call.code in vendor.codes]
    if not rows:
        raise _unknown_code(
            call.code, ("attempts", place), [code for each in vendors for code in each.codes], vendors
        )
    wrong = [_contradiction(call, row) for row in rows]
    if all(wrong):
        raise ScenarioError([Mistake(str(wrong[0]), ("attempts", place))])
    if call.pages != CODE_ALONE:
        return call
    return replace(call, outcome=rows[0].outcome or Outcome.line_error, pages=None)


def _contradiction(call: CallPlan, row: Word) -> str | None:
    """Why no call that ends so has this code, None when it may."""
    if not row.ends:
        return f"code {call.code!r} is that of a fax on its way, not of a call's end; stuck never ends."
    if row.outcome is Outcome.cancelled:
        return f"code {call.code!r} is that of a cancelled fax: no call ends so."
    delivered = row.outcome is Outcome.delivered
    if call.pages == CODE_ALONE or row.outcome is None or delivered is (call.outcome is Outcome.delivered):
        return None
    return f"code {call.code!r} is that of {row.outcome}, not of {call.outcome}."


def check_inbound(calls: tuple[CallPlan, ...]) -> None:
    """Refuse for faxes to us what ends a fax before anybody calls; raise ScenarioError."""
    for place, call in enumerate(calls):
        if call.outcome in BEFORE_CALL:
            said = f"{call.outcome} happens before any call: no fax to us can end so."
            raise ScenarioError([Mistake(said, ("attempts", place))])


def _check_http_code(plan: Plan, match: Match, vendors: Mapping[str, Vendor]) -> None:
    read = plan.poll.http if plan.poll else None
    for key, fault in (("http", plan.http), ("poll", read)):
        if fault is not None and fault.code is not None:
            _check_error_code(fault.code, key, match, vendors)


def _check_error_code(code: str, key: str, match: Match, vendors: Mapping[str, Vendor]) -> None:
    asked = _matching(match, vendors)
    known = [code for vendor in asked for code in vendor.codes]
    errors = [row for vendor in asked for row in vendor.tables.get("errors", ())]
    known += [str(said) for row in errors for said in (row.word, row.status) if said is not None]
    if known and code not in known:
        raise _unknown_code(code, (key, "code"), known, asked)


def _check_status_order(plan: Plan, match: Match, vendors: Mapping[str, Vendor]) -> None:
    """Refuse a word in an order of webhooks that is neither a state nor an event of a vendor meant."""
    fault = plan.webhook or WebhookFault()
    for key, words in (("status_order", fault.status_order), ("before_response", fault.early)):
        if words:
            _check_words(key, words, match, vendors)


def _check_words(key: str, words: tuple[str, ...], match: Match, vendors: Mapping[str, Vendor]) -> None:
    events = (row for vendor in _matching(match, vendors) for row in vendor.tables.get("webhooks", ()))
    known = [*(state.value for state in State), *(row.word for row in events)]
    for place, word in enumerate(words):
        if word not in known:
            path = ("webhook", key, place)
            raise ScenarioError([Mistake(f"no state or event {word!r}{suggest(word, known)}", path)])


def _unknown_code(
    code: str, path: tuple[str | int, ...], known: list[str], vendors: list[Vendor]
) -> ScenarioError:
    names = ", ".join(vendor.name for vendor in vendors)
    return ScenarioError([Mistake(f"no code {code!r} in the table of {names}{suggest(code, known)}", path)])
