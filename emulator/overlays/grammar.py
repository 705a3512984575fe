"""The grammar of overlays: strict, so that a mistake is told where it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from emulator.core.dialect.vendor import Vendor
from emulator.core.faxes.outcomes import Outcome
from emulator.core.paths import KeyPath, undotted
from emulator.core.webhooks.delivery import LONGEST_WAIT
from emulator.overlays.overlay import AnswerRow, Edits, Occasions, Overlay, Tries, WebhookRow
from emulator.scenarios.fields import Text
from emulator.scenarios.mistakes import Mistake, ScenarioError, list_mistakes, suggest
from emulator.scenarios.profile import check_switches
from emulator.scenarios.strict import Choice, Seconds, Strict, quote, whole

FORMAT = 1
TYPES = ("text", "number", "truth value", "null")
_TOKEN = re.compile(r"[\w!#$%&'*+.^`|~-]+", re.ASCII)
_FRAMING = frozenset({"content-length", "transfer-encoding", "connection"})
_MOST_ROWS, _MOST_EDITS = 2000, 500


def read_path(text: Any) -> KeyPath:
    """Read a path; raise ValidationError."""
    try:
        return undotted(str(text))
    except ValueError as wrong:
        raise ValidationError(str(wrong)) from None


class ByPath(fields.Dict):
    """Something for each path."""

    def deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        loaded = super().deserialize(value, *args, **kwargs)
        if not isinstance(loaded, dict):
            return loaded
        if len(loaded) > _MOST_EDITS:
            raise ValidationError(f"at most {_MOST_EDITS} paths.")
        return {read_path(path): each for path, each in loaded.items()}


class Paths(fields.Raw):
    """A list of paths."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(value, list) or len(value) > _MOST_EDITS:
            raise ValidationError(f"a list of at most {_MOST_EDITS} paths.")
        return tuple(map(read_path, value))


class HeaderName(fields.String):
    """The name of a header that does not say where a message ends."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        name = super()._deserialize(value, *args, **kwargs)
        if not _TOKEN.fullmatch(name) or name.lower() in _FRAMING:
            raise ValidationError(f"no header that can be set: {quote(name)}")
        return name


class WhenSchema(Strict):
    """When: the HTTP status of the emulator's answer, the first word of a state or code in it."""

    status = whole(100, 599)
    says = Text(allow_none=True, metadata={"description": "null: an answer that says none"})

    @post_load
    def _make(self, data: dict[str, Any], **kwargs: Any) -> Occasions:
        return Occasions(data.get("status"), data.get("says"), "says" not in data)


class EditsSchema(Strict):
    """What is changed; paths are those of the emulator's own answer, like data.jobId or rows[].status."""

    when = fields.Nested(WhenSchema)
    headers = fields.Dict(
        keys=HeaderName(),
        values=fields.String(allow_none=True, validate=validate.Regexp(r"[\t\x20-\x7e\xa0-\xff]*\Z")),
        metadata={"description": "null: none"},
    )
    rename = ByPath(
        keys=fields.String(), values=fields.String(), metadata={"description": "the key's new name"}
    )
    remove = Paths()
    add = ByPath(keys=fields.String(), values=fields.Raw(allow_none=True))
    type = ByPath(keys=fields.String(), values=Choice(list(TYPES)))
    say = ByPath(
        keys=fields.String(),
        values=fields.Dict(keys=Text(), values=fields.Raw(allow_none=True)),
        metadata={"description": "by path, what is said in place of what the emulator says"},
    )
    reverse = Paths(metadata={"description": "lists in the reverse order"})
    seen = fields.List(fields.String(), metadata={"description": "entries of the recording"})

    def parts(self, data: dict[str, Any]) -> dict[str, Any]:
        """The parts that answers and webhooks have alike."""
        names = ("rename", "remove", "add", "type", "say", "reverse")
        edits = Edits(**{name: data[name] for name in names if name in data})
        return {"when": data.get("when", Occasions()), "headers": data.get("headers", {}), "edits": edits}


class AnswerRowSchema(EditsSchema):
    """What an endpoint answers otherwise."""

    endpoint = Text(required=True)
    status = whole(200, 599)

    @post_load
    def _make(self, data: dict[str, Any], **kwargs: Any) -> AnswerRow:
        return AnswerRow(data["endpoint"], status=data.get("status"), **self.parts(data))


class TriesSchema(Strict):
    """When a webhook is tried again."""

    after = fields.List(Seconds(most=LONGEST_WAIT), required=True, validate=validate.Length(max=1000))
    last = fields.Boolean(metadata={"description": "no tries follow; otherwise the vendor's own do"})

    @post_load
    def _make(self, data: dict[str, Any], **kwargs: Any) -> Tries:
        return Tries(tuple(data["after"]), data.get("last", False))


class WebhookRowSchema(EditsSchema):
    """How the webhook of an event differs."""

    event = Text(required=True)
    retries = fields.Nested(TriesSchema)
    never = fields.Boolean(metadata={"description": "it is not posted"})

    @post_load
    def _make(self, data: dict[str, Any], **kwargs: Any) -> WebhookRow:
        own = {"retries": data.get("retries"), "never": data.get("never", False)}
        return WebhookRow(data["event"], **own, **self.parts(data))


class TimingRowSchema(Strict):
    """How long calls last that end so, or by how much a state lasts longer."""

    outcome = Choice([each.value for each in Outcome if each is not Outcome.cancelled])
    state = Text(metadata={"description": "the vendor's word"})
    pace = fields.Float(
        validate=validate.Range(0.001, 10_000), metadata={"description": "times the usual seconds"}
    )
    longer = fields.Float(
        validate=validate.Range(-LONGEST_WAIT, LONGEST_WAIT),
        metadata={"description": "seconds; less than 0: shorter"},
    )
    seen = fields.List(fields.String())

    @validates_schema
    def _one_of_them(self, data: dict[str, Any], **kwargs: Any) -> None:
        if data.keys() - {"seen"} not in ({"outcome", "pace"}, {"state", "longer"}):
            raise ValidationError("outcome and pace, or state and longer, are wanted.")


class RecordedSchema(Strict):
    """The recording from which it was made: its evidence."""

    day = Text(required=True, metadata={"description": "YYYY-MM-DD"})
    digest = Text(required=True)
    exchanges = whole()


class OverlaySchema(Strict):
    """What one vendor's account was seen to do otherwise than the emulator."""

    overlay = whole(FORMAT, FORMAT, required=True, metadata={"description": "the format"})
    vendor = Text(required=True)
    recorded = fields.Nested(RecordedSchema)
    profile = fields.Dict(keys=fields.String(), metadata={"description": "switches"})
    answers = fields.List(fields.Nested(AnswerRowSchema), validate=validate.Length(max=_MOST_ROWS))
    webhooks = fields.List(fields.Nested(WebhookRowSchema), validate=validate.Length(max=_MOST_ROWS))
    timings = fields.List(fields.Nested(TimingRowSchema), validate=validate.Length(max=_MOST_ROWS))


def load_overlay(data: Any) -> Overlay:
    """Read plain data; raise ValidationError."""
    given = OverlaySchema().load(data)
    recorded = given.get("recorded", {})
    answers: dict[str, tuple[AnswerRow, ...]] = {}
    for row in given.get("answers", ()):
        answers[row.endpoint] = (*answers.get(row.endpoint, ()), row)
    webhooks: dict[str, tuple[WebhookRow, ...]] = {}
    for row in given.get("webhooks", ()):
        webhooks[row.event] = (*webhooks.get(row.event, ()), row)
    return Overlay(
        vendor=given["vendor"],
        data=data,
        day=recorded.get("day", ""),
        digest=recorded.get("digest", ""),
        profile=given.get("profile", {}),
        answers=answers,
        webhooks=webhooks,
        pace=_timing(given, "outcome", "pace"),
        longer=_timing(given, "state", "longer"),
    )


def _timing(given: Mapping[str, Any], name: str, said: str) -> dict[str, float]:
    return {row[name]: row[said] for row in given.get("timings", ()) if name in row}


def read_overlay(data: Any, vendors: Mapping[str, Vendor]) -> Overlay:
    """Read plain data and check it by the vendor's tables; raise ScenarioError with all that is wrong."""
    try:
        found = load_overlay(data)
    except ValidationError as wrong:
        raise ScenarioError(list_mistakes(wrong)) from None
    if found.vendor not in vendors:
        said = f"no vendor {found.vendor}{suggest(found.vendor, vendors)}"
        raise ScenarioError([Mistake(said, ("vendor",))])
    if mistakes := list(_unknown(data, vendors[found.vendor])):
        raise ScenarioError(mistakes)
    return found


def _unknown(data: Mapping[str, Any], vendor: Vendor) -> list[Mistake]:
    endpoints = [each.name for each in vendor.endpoints]
    states = [row.word for row in vendor.tables.get("states", ())]
    wrong = [
        Mistake(
            f"no endpoint {row['endpoint']}{suggest(row['endpoint'], endpoints, most=0)}",
            ("answers", place, "endpoint"),
        )
        for place, row in enumerate(data.get("answers", ()))
        if row["endpoint"] not in endpoints
    ]
    wrong += [
        Mistake(each.message, ("profile", *each.path))
        for each in check_switches(vendor, data.get("profile", {}))
    ]
    wrong += [
        Mistake(f"no state {row['state']}{suggest(str(row['state']), states)}", ("timings", place, "state"))
        for place, row in enumerate(data.get("timings", ()))
        if "state" in row and str(row["state"]) not in states
    ]
    return wrong
