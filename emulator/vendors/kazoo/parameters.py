"""What each endpoint takes. Unknown keys are kept and echoed (observed: no schema forbids them)."""

from __future__ import annotations

from functools import partial
from typing import Any

from marshmallow import INCLUDE, Schema, ValidationError, validates_schema

from emulator.vendors.kazoo.errors import KazooError, invalid
from emulator.vendors.kazoo.fields import (
    RuledList,
    RuledMapping,
    RuledNumber,
    RuledPart,
    RuledSwitch,
    RuledText,
    RuledTexts,
    between,
    broken,
    dotted,
    formatted,
    length,
    of_type,
    one_of,
    pattern,
)
from emulator.vendors.kazoo.tables import NOTIFICATIONS, OLD_HOOKS
from emulator.vendors.kazoo.visit import visit
from emulator.vendors.reading import schema_of

EMAIL = r"[^@\s]{1,64}@[^@\s]{1,255}"
URL = r"^https?://"


class Open(Schema):
    """A schema that keeps what it does not know."""

    class Meta:
        unknown = INCLUDE


class DocumentSchema(Open):
    url = RuledText(required=True, validate=pattern(URL))
    method = RuledText(load_default="get", validate=one_of("get", "post"))
    host = RuledText()
    referer = RuledText()
    content = RuledText(validate=length(0, 256))
    content_type = RuledText()


class EmailSchema(Open):
    send_to = RuledTexts(validate=formatted("email", EMAIL))


class SmsSchema(Open):
    send_to = RuledTexts()


class NotificationsSchema(Open):
    email = RuledPart(EmailSchema)
    sms = RuledPart(SmsSchema)


class ResultSchema(Open):
    error_message = RuledText()
    fax_bad_rows = RuledNumber()
    fax_error_correction = RuledSwitch()
    fax_receiver_id = RuledText()
    fax_speed = RuledNumber()
    pages_sent = RuledNumber()
    success = RuledSwitch()
    time_elapsed = RuledNumber()


class FaxSchema(Open):
    """A fax to send. `attempts` and `tx_result` are the system's: they are checked, then set anew."""

    document = RuledPart(DocumentSchema)
    retries = RuledNumber(load_default=1, validate=between(0, 4))
    from_name = RuledText()
    from_number = RuledText(required=True)
    to_name = RuledText()
    to_number = RuledText(required=True)
    attempts = RuledNumber(validate=between(0, 4))
    notifications = RuledPart(NotificationsSchema)
    subject = RuledText()
    fax_timezone = RuledText()
    tx_result = RuledPart(ResultSchema)


class ActionSchema(Open):
    """Keys of the fax that the new job shall have differently."""


class LoginSchema(Open):
    credentials = RuledText(required=True, validate=length(1, 64))
    method = RuledText(load_default="md5", validate=one_of("md5", "sha"))
    account_name = RuledText()
    account_realm = RuledText()
    realm = RuledText()
    phone_number = RuledText()


class KeySchema(Open):
    """The account's key and nothing else (observed; the rule's words are assumed)."""

    api_key = RuledText(required=True, validate=length(64, 64))

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def refuse_others(self, _: dict[str, Any], data: dict[str, Any], **__: Any) -> None:
        rule = partial(broken, "additionalProperties", "Field is not allowed")
        others = {key: rule(value=value).messages for key, value in data.items() if key not in self.fields}
        if others:
            raise ValidationError(others)


class CallbackSchema(Open):
    url = RuledText(validate=pattern(URL))
    method = RuledText(validate=one_of("post", "put"))
    type = RuledText(validate=one_of("json", "www-url-form-encoded"))


class DirectionSchema(NotificationsSchema):
    callback = RuledPart(CallbackSchema)


class FaxboxNotificationsSchema(Open):
    inbound = RuledPart(DirectionSchema)
    outbound = RuledPart(DirectionSchema)


class FaxboxSchema(Open):
    name = RuledText(required=True, validate=length(1, 128))
    attempts = RuledNumber(load_default=0, validate=between(0, 4))
    retries = RuledNumber(load_default=1, validate=between(0, 4))
    caller_id = RuledText()
    caller_name = RuledText(load_default="Kazoo Fax Printer")
    fax_header = RuledText(load_default="Kazoo Fax Printer")
    fax_identity = RuledText()
    fax_timezone = RuledText()
    custom_smtp_email_address = RuledText()
    media = RuledMapping(load_default=dict)
    notifications = RuledPart(FaxboxNotificationsSchema)
    smtp_permission_list = RuledList(load_default=list)


class WebhookSchema(Open):
    name = RuledText(required=True)
    uri = RuledText(required=True, validate=formatted("uri", r"https?://\S+"))
    hook = RuledText(required=True, validate=one_of(NOTIFICATIONS))
    http_verb = RuledText(load_default="post", validate=one_of("get", "post", "put"))
    format = RuledText(load_default="form-data", validate=one_of("form-data", "json"))
    retries = RuledNumber(load_default=2, validate=between(0, 4))
    enabled = RuledSwitch(load_default=True)
    include_subaccounts = RuledSwitch()
    include_internal_legs = RuledSwitch(load_default=True)
    custom_data = RuledMapping(texts=True)


class OldWebhookSchema(WebhookSchema):
    """A webhook of the 4.0 era: it neither puts nor sends JSON (observed; that it is refused is assumed)."""

    hook = RuledText(required=True, validate=one_of(*OLD_HOOKS))
    http_verb = RuledText(load_default="post", validate=one_of("get", "post"))
    format = RuledText(load_default="form-data", validate=one_of("form-data"))


class EnableSchema(Open):
    """The one change that can be made to all webhooks at once; its key has a hyphen: `re-enable`."""


def enveloped(schema: type[Schema], *, action: bool = False) -> type[Schema]:
    """Make the schema of a whole body, `data` and what stands beside it, as OpenAPI shows it."""
    beside: dict[str, Any] = {"action": RuledText(required=True)} if action else {}
    keys: dict[str, Any] = {
        "data": RuledPart(schema, required=not action),
        "auth_token": RuledText(),
        "verb": RuledText(),
    }
    return Open.from_dict({**keys, **beside}, name=schema.__name__.replace("Schema", "Envelope"))


def load(schema: type[Schema], data: Any) -> dict[str, Any]:
    """Check data and fill in defaults, the client's keys first; raise KazooError with each broken rule."""
    try:
        checked: dict[str, Any] = schema_of(schema).load(data)
    except ValidationError as wrong:
        raise invalid(dotted(wrong.messages)) from None
    return {**{key: checked.get(key, value) for key, value in data.items()}, **checked}


def data_of_request(*, required: bool = True) -> dict[str, Any]:
    """The envelope's `data`; raises KazooError when it is no object."""
    envelope = visit().envelope
    if envelope is None and not required:
        return {}
    if envelope is not None and not isinstance(envelope, dict):
        raise breaks("body", of_type("object", envelope))
    if envelope is None or "data" not in envelope:
        raise missing("data")
    if not isinstance(envelope["data"], dict):
        raise breaks("data", of_type("object", envelope["data"]))
    found: dict[str, Any] = envelope["data"]
    return found


def missing(field: str) -> KazooError:
    """Say that a field is missing that no schema requires."""
    return breaks(field, broken("required", "Field is required but missing", value=field))


def breaks(field: str, rule: ValidationError) -> KazooError:
    """Say that a field breaks a rule that no schema has."""
    return invalid(dotted({field: rule.messages}))
