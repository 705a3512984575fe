"""What a replay does, step by step, and the sandbox in which it does it."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from emulator.scenarios.fields import Text
from emulator.scenarios.script import ScriptField, ScriptSchema
from emulator.scenarios.strict import Strict, whole

_BASE64 = {"description": "content, in base 64"}


class AnswerSchema(Strict):
    """What the replay's own server answers at a path: to webhooks, or to who fetches a document there."""

    path = Text(required=True)
    status = whole(200, 599)
    headers = fields.Dict(keys=fields.String(), values=fields.String())
    base64 = Text(metadata=_BASE64)
    drop = fields.Boolean(metadata={"description": "cut the connection without a word"})
    always = fields.Boolean(metadata={"description": "all that come; otherwise the next one"})


class WorldSchema(Strict):
    """The sandbox that a replay makes for itself."""

    name = Text(validate=validate.Length(max=200), metadata={"description": "else that of the scenario"})
    seed = Text(validate=validate.Length(max=200))
    now = Text(metadata={"description": "its first instant, ISO 8601"})
    vendors = fields.Dict(keys=fields.String(), values=fields.Dict(keys=fields.String()))
    webhooks = fields.Boolean(metadata={"description": "whether all vendors post to the replay; true"})
    answers = fields.List(fields.Nested(AnswerSchema), validate=validate.Length(max=20_000))


class SendStepSchema(Strict):
    """A fax to send; what is not said is the scenario's own match, or one page."""

    vendor = Text()
    to = Text()
    sender = Text(data_key="from")
    pages = whole(1, 100)
    times = whole(1, 100)
    document = Text(metadata=_BASE64)
    max_attempts = whole(1, 100)
    scenario = ScriptField(metadata={"description": "what becomes of this fax", "type": "object"})


class ReceiveStepSchema(SendStepSchema):
    """A fax that somebody sends us."""

    csid = Text(validate=validate.Length(max=20))


class RequestScriptSchema(ScriptSchema):
    """What becomes of one of the faxes that a request sends."""

    to = Text()


class RequestStepSchema(Strict):
    """A request to a vendor's API, word for word; `<<…>>` stands for what each sandbox has of its own."""

    vendor = Text(required=True)
    method = Text(required=True)
    path = Text(required=True)
    query = Text()
    headers = fields.Dict(keys=fields.String(), values=fields.String())
    body = Text(metadata={"description": "what is sent, as text"})
    base64 = Text(metadata=_BASE64)
    status = whole(100, 599, metadata={"description": "how it must be answered"})
    scenarios = fields.List(ScriptField(RequestScriptSchema), validate=validate.Length(max=1000))


class RuleStepSchema(ScriptSchema):
    """A standing rule for the faxes that come from now on; the last one is asked first."""

    match = fields.Dict(keys=fields.String(), metadata={"description": "as in a scenario"})
    times = whole(1, metadata={"description": "how many faxes it is for"})


class PollStepSchema(Strict):
    """Reads of a fax's status."""

    fax = whole(1, metadata={"description": "which fax, counted from 1; without it the one made last"})
    times = whole(1, 1000)


class SettingsStepSchema(Strict):
    """A change of what a vendor's portal would set."""

    vendor = Text(required=True)
    change = fields.Dict(keys=fields.String(), required=True)


class StepSchema(Strict):
    """One thing that a replay does; one key a step."""

    send = fields.Nested(SendStepSchema)
    receive = fields.Nested(ReceiveStepSchema)
    call = fields.Nested(RequestStepSchema)
    poll = fields.Nested(PollStepSchema)
    advance = Text(metadata={"description": "a duration, or idle"})
    cancel = whole(1, metadata={"description": "which fax, counted from 1"})
    settings = fields.Nested(SettingsStepSchema)
    redeliver = Text(metadata={"description": "the id of a webhook's delivery, to be sent once more"})
    rule = ScriptField(RuleStepSchema, metadata={"description": "a standing rule from now on"})
    release = whole(1, metadata={"description": "which webhook, counted from 1 as they arose, is sent now"})
    look = whole(1, metadata={"description": "how often the status is read, by the application if it sends"})

    @post_load
    def _one(self, data: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        if len(data) != 1:
            raise ValidationError("one thing a step.")
        return data
