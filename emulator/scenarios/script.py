"""What becomes of one fax, as it is written: the outcome of each call, the faults at both HTTP edges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, post_load, validate

from emulator.core.faxes.plan import REFUSALS, DocumentFault, HttpFault, PollFault, WebhookFault
from emulator.scenarios.calls import Calls
from emulator.scenarios.fields import Text
from emulator.scenarios.strict import Choice, Seconds, Strict, whole

_MOST_DELAY = 600.0
"""Real seconds that a submit call may be held up."""
_MOST_DRIP = 60.0

ALL = "all"
"""Stands for every webhook among the words of those that come before the answer."""
SHORT_FORMS: Mapping[str, Mapping[bool, Any]] = {
    "wrong_auth": {True: "wrong", False: None},
    "before_response": {True: [ALL], False: None},
}

NAME_RULE = validate.Regexp(
    r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z", error="A name is letters, digits, dots and dashes."
)


class HttpFaultSchema(Strict):
    """What the submit call itself gets."""

    refusal = Choice(list(REFUSALS), metadata={"description": "said in the vendor's own way"})
    status = whole(200, 599)
    code = Text(metadata={"description": "a vendor's own code"})
    body = fields.Raw(allow_none=False, metadata={"description": "text, or what becomes JSON"})
    delay = Seconds(_MOST_DELAY, metadata={"description": "real seconds"})
    drop = Choice(
        ["before", "after"], metadata={"description": "cut the connection before or after acceptance"}
    )
    retry_after = Seconds(metadata={"description": "real seconds, for the Retry-After header"})
    truncate = whole(metadata={"description": "bytes of the body before the connection is cut"})
    malformed = fields.Boolean(metadata={"description": "the body breaks off"})
    accept = fields.Boolean(metadata={"description": "the fax is made although an error is answered"})

    @post_load
    def _make(self, data: dict[str, Any], **kwargs: Any) -> HttpFault:
        return HttpFault(**data)


class PollFaultSchema(HttpFaultSchema):
    """What reads of the fax's status get."""

    class Meta:
        exclude = ("accept",)

    drop = fields.Boolean(  # type: ignore[assignment]  # a submit has two ways
        metadata={"description": "cut the connection without a word"}
    )
    times = whole(1, 1000, metadata={"description": "how many reads; without it all"})
    behind = whole(1, 1000, metadata={"description": "reads after the end that show the fax before it"})

    @post_load
    def _make(self, data: dict[str, Any], **kwargs: Any) -> PollFault:
        times, behind = data.pop("times", None), data.pop("behind", 0)
        if "drop" in data:
            data["drop"] = "before" if data["drop"] else None
        return PollFault(HttpFault(**data) if data else None, times, behind)


class WebhookFaultSchema(Strict):
    """What happens to the webhooks."""

    drop = fields.Boolean()
    duplicate = whole(0, 20, metadata={"description": "how many more of each"})
    delay = Seconds(metadata={"description": "seconds on the sandbox's clock"})
    reorder = fields.Boolean()
    before_response = fields.List(
        Text(), validate=validate.Length(1, 20), metadata={"description": "true: all; some by their words"}
    )
    status_order = fields.List(Text(), metadata={"description": "neutral states or the vendor's events"})
    wrong_auth = Choice(["wrong", "missing"], metadata={"description": "true is wrong"})
    truncate = whole(metadata={"description": "bytes of the body"})
    at_once = fields.Boolean(metadata={"description": "the duplicates come at the same moment"})
    hold = fields.Boolean(metadata={"description": "kept until somebody sends them by hand"})
    lose = whole(0, 1000, metadata={"description": "tries of each that do not arrive"})
    lose_answer = whole(0, 1000, metadata={"description": "tries after them that do, but not their answers"})
    drip = Seconds(_MOST_DRIP, metadata={"description": "real seconds between the halves of the body"})

    def load(self, data: Any, **kwargs: Any) -> Any:
        """Take the short forms of wrong_auth and before_response."""
        for key, short in SHORT_FORMS.items():
            if isinstance(data, Mapping) and isinstance(data.get(key), bool):
                data = {**data, key: short[data[key]]}
                data = {key: value for key, value in data.items() if value is not None}
        return super().load(data, **kwargs)

    @post_load
    def _make(self, data: dict[str, Any], **kwargs: Any) -> WebhookFault:
        auth, early = data.pop("wrong_auth", None), data.pop("before_response", None)
        data["status_order"] = tuple(data.get("status_order", ()))
        return WebhookFault(
            **data,
            wrong_auth=auth == "wrong",
            no_auth=auth == "missing",
            before_response=early is not None,
            early=tuple(each for each in early or () if each != ALL),
        )


DOCUMENT_FAULTS = [each.value for each in DocumentFault]
DOCUMENT = {"description": "what is wrong with that of a received fax"}


class ScriptSchema(Strict):
    """What becomes of one fax."""

    name = Text(validate=NAME_RULE)
    attempts = Calls()
    http = fields.Nested(HttpFaultSchema)
    webhook = fields.Nested(WebhookFaultSchema)
    poll = fields.Nested(PollFaultSchema)
    document = Choice([*DOCUMENT_FAULTS], metadata=DOCUMENT)


class ScriptField(fields.Raw):
    """A script, kept as it was written once it is known to be right."""

    def __init__(self, schema: type[ScriptSchema] = ScriptSchema, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.schema = schema

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        self.schema().load(value)
        return value
