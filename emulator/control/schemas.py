"""The bodies that the control plane takes; unknown keys are refused with their names."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from emulator.control.fields import Duration, Instant, Money, Speed
from emulator.core.clock import Mode
from emulator.core.sandbox import Hook

_URL = validate.Regexp(r"https?://\S+", error="A webhook's URL begins with http:// or https://.")


class HookSchema(Schema):
    url = fields.String(allow_none=True, validate=_URL)
    auth = fields.String(allow_none=True, metadata={"description": "user:password for HTTP Basic"})


class HookField(fields.Field[Hook]):
    """A webhook: its URL alone, or an object with url and auth; a null URL takes it away."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Hook:
        try:
            return Hook(**HookSchema().load({"url": value} if isinstance(value, str) else value))
        except ValidationError as wrong:
            raise ValidationError(str(wrong.normalized_messages())) from None


class HooksSchema(Schema):
    outbound = HookField(allow_none=True)
    inbound = HookField(allow_none=True)

    @post_load
    def _take_away(self, data: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        return {name: hook or Hook() for name, hook in data.items()}


class ClockSchema(Schema):
    mode = fields.Enum(Mode, by_value=True)
    speed = Speed()
    now = Instant()


class SandboxSchema(Schema):
    name = fields.String(validate=validate.Length(1, 200))
    seed = fields.Raw(metadata={"description": "text or a number; the same seed repeats a run"})
    clock = fields.Nested(ClockSchema)
    webhooks = fields.Dict(keys=fields.String(), values=fields.Nested(HooksSchema))
    balance = Money()


class RatesSchema(Schema):
    page = Money()
    minute = Money()


class VendorSchema(Schema):
    balance = Money()
    active = fields.Boolean()
    webhooks = fields.Nested(HooksSchema)
    numbers = fields.List(fields.String())
    restricted_numbers = fields.List(fields.String())
    lines = fields.Integer(allow_none=True, validate=validate.Range(min=0))
    rates = fields.Nested(RatesSchema)
    max_attempts = fields.Integer(validate=validate.Range(min=1, max=100))
    profile = fields.Dict(keys=fields.String())


class UntilSchema(Schema):
    fax = fields.String(required=True)
    state = fields.String(required=True)


class UntilField(fields.Field[Any]):
    """`idle`, or an object with fax and state."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if value == "idle":
            return value
        if not isinstance(value, dict):
            raise ValidationError("until is idle, or an object with fax and state.")
        return UntilSchema().load(value)


class AdvanceSchema(Schema):
    by = Duration()
    to = Instant()
    until = UntilField()
