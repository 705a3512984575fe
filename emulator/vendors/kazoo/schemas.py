"""What the views take. Unknown keys are kept and echoed (observed: no schema forbids them)."""

from __future__ import annotations

from typing import Any

from marshmallow import INCLUDE, Schema, ValidationError, validates_schema

from emulator.vendors.kazoo.envelope import KazooError, invalid
from emulator.vendors.kazoo.fields import (
    Items,
    Mapped,
    Part,
    Text,
    Texts,
    Whole,
    YesNo,
    between,
    dotted,
    formatted,
    length,
    not_allowed,
    of_type,
    one_of,
    pattern,
)
from emulator.vendors.kazoo.visit import visit
from emulator.vendors.kazoo.webhooks import NOTIFICATIONS, OLD_HOOKS

EMAIL = r"[^@\s]{1,64}@[^@\s]{1,255}"
URL = r"^https?://"


class Open(Schema):
    """A schema that keeps what it does not know."""

    class Meta:
        unknown = INCLUDE


class DocumentSchema(Open):
    url = Text(required=True, validate=pattern(URL))
    method = Text(load_default="get", validate=one_of("get", "post"))
    host = Text()
    referer = Text()
    content = Text(validate=length(0, 256))
    content_type = Text()


class EmailSchema(Open):
    send_to = Texts(validate=formatted("email", EMAIL))


class SmsSchema(Open):
    send_to = Texts()


class NotificationsSchema(Open):
    email = Part(EmailSchema)
    sms = Part(SmsSchema)


class ResultSchema(Open):
    error_message = Text()
    fax_bad_rows = Whole()
    fax_error_correction = YesNo()
    fax_receiver_id = Text()
    fax_speed = Whole()
    pages_sent = Whole()
    success = YesNo()
    time_elapsed = Whole()


class FaxSchema(Open):
    """A fax to send. `attempts` and `tx_result` are the system's: they are checked, then set anew."""

    document = Part(DocumentSchema)
    retries = Whole(load_default=1, validate=between(0, 4))
    from_name = Text()
    from_number = Text(required=True)
    to_name = Text()
    to_number = Text(required=True)
    attempts = Whole(validate=between(0, 4))
    notifications = Part(NotificationsSchema)
    subject = Text()
    fax_timezone = Text()
    tx_result = Part(ResultSchema)


class ActionSchema(Open):
    """Keys of the fax that the new job shall have differently."""


class LoginSchema(Open):
    credentials = Text(required=True, validate=length(1, 64))
    method = Text(load_default="md5", validate=one_of("md5", "sha"))
    account_name = Text()
    account_realm = Text()
    realm = Text()
    phone_number = Text()


class KeySchema(Open):
    """The account's key and nothing else (observed; the rule's words are assumed)."""

    api_key = Text(required=True, validate=length(64, 64))

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def refuse_others(self, _: dict[str, Any], data: dict[str, Any], **__: Any) -> None:
        others = {key: not_allowed(value).messages for key, value in data.items() if key not in self.fields}
        if others:
            raise ValidationError(others)


class CallbackSchema(Open):
    url = Text(validate=pattern(URL))
    method = Text(validate=one_of("post", "put"))
    type = Text(validate=one_of("json", "www-url-form-encoded"))


class DirectionSchema(NotificationsSchema):
    callback = Part(CallbackSchema)


class FaxboxNotificationsSchema(Open):
    inbound = Part(DirectionSchema)
    outbound = Part(DirectionSchema)


class FaxboxSchema(Open):
    name = Text(required=True, validate=length(1, 128))
    attempts = Whole(load_default=0, validate=between(0, 4))
    retries = Whole(load_default=1, validate=between(0, 4))
    caller_id = Text()
    caller_name = Text(load_default="Kazoo Fax Printer")
    fax_header = Text(load_default="Kazoo Fax Printer")
    fax_identity = Text()
    fax_timezone = Text()
    custom_smtp_email_address = Text()
    media = Mapped(load_default=dict)
    notifications = Part(FaxboxNotificationsSchema)
    smtp_permission_list = Items(load_default=list)


class WebhookSchema(Open):
    name = Text(required=True)
    uri = Text(required=True, validate=formatted("uri", r"https?://\S+"))
    hook = Text(required=True, validate=one_of(NOTIFICATIONS))
    http_verb = Text(load_default="post", validate=one_of("get", "post", "put"))
    format = Text(load_default="form-data", validate=one_of("form-data", "json"))
    retries = Whole(load_default=2, validate=between(0, 4))
    enabled = YesNo(load_default=True)
    include_subaccounts = YesNo()
    include_internal_legs = YesNo(load_default=True)
    custom_data = Mapped(texts=True)


class OldWebhookSchema(WebhookSchema):
    """A webhook of the 4.0 era: it neither puts nor sends JSON (observed; that it is refused is assumed)."""

    hook = Text(required=True, validate=one_of(*OLD_HOOKS))
    http_verb = Text(load_default="post", validate=one_of("get", "post"))
    format = Text(load_default="form-data", validate=one_of("form-data"))


class EnableSchema(Open):
    """The one change that can be made to all webhooks at once; its key has a hyphen: `re-enable`."""


def enveloped(schema: type[Schema], *, action: bool = False) -> type[Schema]:
    """Give the schema of a whole body, `data` and what stands beside it, as OpenAPI shows it."""
    beside: dict[str, Any] = {"action": Text(required=True)} if action else {}
    keys = {"data": Part(schema, required=not action), "auth_token": Text(), "verb": Text(), **beside}
    return Open.from_dict(keys, name=schema.__name__.replace("Schema", "Envelope"))


def load(schema: type[Schema], data: Any) -> dict[str, Any]:
    """Check data and fill in defaults, the client's keys first; raise KazooError with each broken rule."""
    try:
        checked: dict[str, Any] = schema().load(data)
    except ValidationError as wrong:
        raise invalid(dotted(wrong.messages)) from None
    return {**{key: checked.get(key, value) for key, value in data.items()}, **checked}


def data_of_call(*, required: bool = True) -> dict[str, Any]:
    """Give the envelope's `data`; raise KazooError when it is no object."""
    envelope = visit().body.envelope
    if envelope is None and not required:
        return {}
    if envelope is not None and not isinstance(envelope, dict):
        raise _wrong_type("body", envelope)
    if envelope is None or "data" not in envelope:
        rule = {"message": "Field is required but missing", "value": "data"}
        raise invalid({"data": {"required": rule}})
    if not isinstance(envelope["data"], dict):
        raise _wrong_type("data", envelope["data"])
    found: dict[str, Any] = envelope["data"]
    return found


def _wrong_type(field: str, value: Any) -> KazooError:
    return invalid(dotted({field: of_type("object", value).messages}))
