"""What the control plane takes in bodies and queries; unknown keys are refused with the one meant."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from emulator.control.answers import no_vendor, the_program
from emulator.control.hooks import SandboxHooksField, VendorHooksField
from emulator.core.faxes.machine import Direction, State
from emulator.core.sandbox import PER_MICRO, Mode
from emulator.core.scripting.adversities import When
from emulator.core.storage.codec import LARGEST
from emulator.scenarios.fields import Balance, Duration, Instant, Money, NumberPattern, Speed, Text
from emulator.scenarios.grammar import ScenarioSchema
from emulator.scenarios.strict import Choice, Strict, whole

MOST = 1000
MOST_WAIT = 60.0
"""Real seconds that an answer is held at most."""
MOST_PAGES = 200
MOST_TEXT = 200
"""Characters that are looked for."""

_TEXT = {"type": "string"}
_TEXT_OR_NUMBER = {"oneOf": [{"type": "string"}, {"type": "number"}]}


class VendorName(fields.String):
    """The name of a vendor."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        name = super()._deserialize(value, *args, **kwargs)
        if name not in the_program().vendors:
            raise ValidationError(no_vendor(name))
        return name


class NoBody(Strict):
    """Nothing."""


class ClockSchema(Strict):
    mode = Choice([mode.value for mode in Mode])
    speed = Speed(metadata={"description": "virtual seconds a second, or max", **_TEXT_OR_NUMBER})
    now = Instant(metadata={"format": "date-time", **_TEXT})

    @post_load
    def _mode(self, data: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        return data | ({"mode": Mode(data["mode"])} if "mode" in data else {})


class Funded(Strict):
    """What may set a balance: `balance` in micros, and `below_micro` as the settings have it."""

    balance = Balance()

    @post_load
    def _split(self, data: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        if "balance" not in data:
            return data
        micros, below = divmod(data["balance"], PER_MICRO)
        return data | {"balance": micros, "below_micro": below}


class ProfileField(fields.Raw):
    """The name of a profile, or a table of switches."""

    def __init__(self, **options: Any) -> None:
        told = {"description": "a profile's name, or switches", "oneOf": [_TEXT, {"type": "object"}]}
        super().__init__(metadata=told, **options)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(value, str) or (isinstance(value, dict) and all(isinstance(key, str) for key in value)):
            return value
        raise ValidationError("a profile is a name, or an object of switches.")


class SandboxSchema(Funded):
    name = fields.String(validate=validate.Length(1, 200))
    seed = Text(validate=validate.Length(max=200), metadata={"description": "the same seed repeats a run"})
    clock = fields.Nested(ClockSchema)
    webhooks = SandboxHooksField()
    profiles = fields.Dict(keys=fields.String(), values=ProfileField(), metadata={"description": "by vendor"})
    overlay = fields.Raw(
        metadata={
            "description": "what an account was seen to answer, as compare --teach writes it, or a list",
            "oneOf": [_TEXT, {"type": "object"}, {"type": "array", "items": {"type": "object"}}],
        }
    )


class RatesSchema(Strict):
    page = Money(validate=validate.Range(min=0))
    minute = Money(validate=validate.Range(min=0))


_NUMBER = fields.String(validate=validate.Length(1, 100))


class VendorSchema(Funded):
    active = fields.Boolean()
    webhooks = VendorHooksField()
    numbers = fields.List(_NUMBER, validate=validate.Length(max=MOST))
    restricted_numbers = fields.List(_NUMBER, validate=validate.Length(max=MOST))
    lines = whole(0, 100_000, allow_none=True)
    rates = fields.Nested(RatesSchema)
    max_attempts = whole(1, 100)
    profile = ProfileField()


class UntilSchema(Strict):
    fax = fields.String(required=True)
    state = Choice([state.value for state in State], required=True)


class UntilField(fields.Raw):
    """`idle`, or an object with fax and state."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if value == "idle":
            return value
        if not isinstance(value, dict):
            raise ValidationError("until is idle, or an object with fax and state.")
        return UntilSchema().load(value)


class AdvanceSchema(Strict):
    by = Duration(metadata={"description": "seconds, or text like 90s, 5m, 48h", **_TEXT_OR_NUMBER})
    to = Instant(metadata={"format": "date-time", **_TEXT})
    until = UntilField(
        metadata={
            "description": "idle, or an object with fax and state",
            "oneOf": [_TEXT, {"type": "object"}],
        }
    )


class Content(fields.Raw):
    """A document as base64."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> bytes:
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError, TypeError):
            raise ValidationError("a document is base64 text.") from None


class InboundSchema(Strict):
    vendor = VendorName(required=True)
    to = fields.String(required=True, validate=validate.Length(1, 100))
    sender = fields.String(required=True, data_key="from", validate=validate.Length(1, 100))
    force = fields.Boolean(
        load_default=False, metadata={"description": "let it ring though the account has not that number"}
    )
    csid = fields.String(validate=validate.Length(max=20))
    pages = whole(1, MOST_PAGES)
    document = Content(metadata={"format": "byte", **_TEXT})
    scenario = fields.Raw(
        metadata={
            "description": "the outcome of the call, the name of a scenario, or one written out",
            "oneOf": [_TEXT, {"type": "object"}],
        }
    )

    @validates_schema
    def _one_source(self, data: Mapping[str, Any], **kwargs: Any) -> None:
        if "document" in data and "pages" in data:
            raise ValidationError("give document or pages: a document has pages of its own.", "pages")


class OneOrMoreScenarios(ScenarioSchema):
    """A scenario, a list of them, or an object with such a list; `use` names one to take over."""

    SHAPES: ClassVar[dict[str, Any]] = {
        "oneOf": [
            ScenarioSchema,
            {"type": "array", "items": ScenarioSchema},
            {
                "type": "object",
                "required": ["scenarios"],
                "properties": {"scenarios": {"type": "array", "items": ScenarioSchema}},
            },
        ]
    }


class SnapshotSchema(Strict):
    """What GET gave."""

    format = whole(1, required=True)
    sandbox = fields.Dict(keys=fields.String(), required=True)
    items = fields.List(fields.Dict(keys=fields.String()), required=True)
    counters = fields.Dict(keys=fields.String(), values=whole(-LARGEST, LARGEST), required=True)
    documents = fields.Dict(keys=fields.String(), values=Content(), required=True)
    journals = fields.Dict(keys=fields.String(), values=fields.List(fields.Dict()), required=True)
    dropped = fields.Dict(keys=fields.String(), values=fields.Integer(strict=True), load_default=dict)


class PageQuery(Strict):
    limit = fields.Integer(load_default=100, validate=validate.Range(1, MOST))


class ListQuery(PageQuery):
    after = fields.Integer(
        validate=validate.Range(0, 2**53), metadata={"description": "`next` of an earlier page"}
    )


class SandboxListQuery(PageQuery):
    after = fields.String(metadata={"description": "`next` of an earlier page"})


class FullQuery(Strict):
    full = fields.Boolean(load_default=False, metadata={"description": "tell of its webhooks too"})


class WaitQuery(Strict):
    wait = Duration(metadata={"description": f"at most {MOST_WAIT:g} seconds", **_TEXT})

    @post_load
    def _bounded(self, data: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        if data.get("wait", 0) > MOST_WAIT:
            raise ValidationError(f"an answer is held for {MOST_WAIT:g} seconds at most.", "wait")
        return data


class FaxListQuery(ListQuery, FullQuery, WaitQuery):
    vendor = VendorName()
    direction = Choice([each.value for each in Direction])
    to = NumberPattern(metadata={"description": "a number, or a pattern with *"})
    sender = Text(data_key="from", metadata={"description": "a number, or a pattern with *"})
    state = Choice([state.value for state in State])
    since = Instant(metadata={"format": "date-time", **_TEXT})
    text = fields.String(
        validate=validate.Length(max=MOST_TEXT),
        metadata={"description": "words, each said somewhere of the fax, or a part of a number"},
    )


class CountQuery(Strict):
    vendor = VendorName()
    direction = Choice([each.value for each in Direction])
    full = fields.Boolean(load_default=False, metadata={"description": "count what went wrong of late too"})


class AdversityQuery(Strict):
    vendor = VendorName(required=True)
    where = Choice([each.value for each in When], metadata={"description": "of a pair one lies there"})
    pairs = fields.Boolean(load_default=True)
    has = fields.String(load_default="", metadata={"description": "auth, order, or both with a comma"})


class WebhookListQuery(ListQuery):
    fax = fields.String()


class RequestListQuery(ListQuery, WaitQuery):
    newer_than = fields.Integer(
        validate=validate.Range(0, 2**53), metadata={"description": "the `id` of a request"}
    )
    vendor = VendorName()
    fax = fields.String()
    status = fields.Integer()
    refused = fields.Boolean(metadata={"description": "whether the vendor did not do what was asked"})


class NotificationListQuery(ListQuery):
    vendor = VendorName()


EVENT_KINDS = ("state", "call", "webhook", "request", "clock", "settings", "sandbox", "scenarios")


class EventQuery(Strict):
    kind = Choice(list(EVENT_KINDS))


class DocumentQuery(Strict):
    format = Choice(["pdf", "tiff", "png", "text"], load_default="pdf")
    page = fields.Integer(load_default=1, validate=validate.Range(1, 100_000))
