"""What each endpoint takes. Unknown keys are kept and echoed (observed: no schema forbids them)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from marshmallow import INCLUDE, Schema, ValidationError, validates_schema

from emulator.vendors.kazoo import fields, tables
from emulator.vendors.kazoo.errors import KazooError, invalid
from emulator.vendors.kazoo.visit import visit
from emulator.vendors.reading import schema_of

EMAIL = r"[^@\s]{1,64}@[^@\s]{1,255}"
URL = r"^https?://"
LONGEST_NUMBER = 64

_NOISE = re.compile(r"[\s\-().]")
_BARE = re.compile(r"[2-9]\d{7,}", re.ASCII)


class Open(Schema):
    """A schema that keeps what it does not know."""

    class Meta:
        unknown = INCLUDE


class DocumentSchema(Open):
    url = fields.RuledText(required=True, validate=fields.pattern(URL))
    method = fields.RuledText(load_default="get", validate=fields.one_of("get", "post"))
    host = fields.RuledText()
    referer = fields.RuledText()
    content = fields.RuledText(validate=fields.length(0, 256))
    content_type = fields.RuledText()


class EmailSchema(Open):
    send_to = fields.RuledValue("string,array", str | list, validate=fields.of_format("email", EMAIL))


class SmsSchema(Open):
    send_to = fields.RuledValue("string,array", str | list)


class NotificationsSchema(Open):
    email = fields.RuledPart(EmailSchema)
    sms = fields.RuledPart(SmsSchema)


OF_TYPE = {str: fields.RuledText, int: fields.RuledNumber, bool: fields.RuledSwitch}
ResultSchema = Open.from_dict(
    {key: OF_TYPE[type(usual)]() for key, usual in tables.UNTRIED.items()}, name="ResultSchema"
)


class FaxSchema(Open):
    """A fax to send. `attempts` and `tx_result` are the system's, set anew whatever a client says of them."""

    document = fields.RuledPart(DocumentSchema)
    retries = fields.RuledNumber(load_default=1, validate=fields.between(0, 4))
    from_name = fields.RuledText()
    from_number = fields.RuledText(required=True, validate=fields.length(1, LONGEST_NUMBER)[0])
    to_name = fields.RuledText()
    to_number = fields.RuledText(required=True)
    attempts = fields.RuledNumber()
    notifications = fields.RuledPart(NotificationsSchema)
    subject = fields.RuledText()
    fax_timezone = fields.RuledText()
    tx_result = fields.RuledPart(ResultSchema)


class ActionSchema(Open):
    """Keys of the fax that the new job shall have differently."""


class LoginSchema(Open):
    credentials = fields.RuledText(required=True, validate=fields.length(1, 64))
    method = fields.RuledText(load_default="md5", validate=fields.one_of("md5", "sha"))
    account_name = fields.RuledText()
    account_realm = fields.RuledText()
    realm = fields.RuledText()
    phone_number = fields.RuledText()


class KeySchema(Open):
    """The account's key and nothing else (observed; the rule's words are assumed)."""

    api_key = fields.RuledText(required=True, validate=fields.length(64, 64))

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def refuse_others(self, _: dict[str, Any], data: dict[str, Any], **__: Any) -> None:
        rule = partial(fields.rule_error, "additionalProperties", "Field is not allowed")
        others = {key: rule(value=value).messages for key, value in data.items() if key not in self.fields}
        if others:
            raise ValidationError(others)


class CallbackSchema(Open):
    url = fields.RuledText(validate=fields.pattern(URL))
    method = fields.RuledText(validate=fields.one_of("post", "put"))
    type = fields.RuledText(validate=fields.one_of("json", "www-url-form-encoded"))


class DirectionSchema(NotificationsSchema):
    callback = fields.RuledPart(CallbackSchema)


class FaxboxNotificationsSchema(Open):
    inbound = fields.RuledPart(DirectionSchema)
    outbound = fields.RuledPart(DirectionSchema)


class FaxboxSchema(Open):
    name = fields.RuledText(required=True, validate=fields.length(1, 128))
    attempts = fields.RuledNumber(load_default=0, validate=fields.between(0, 4))
    retries = fields.RuledNumber(load_default=1, validate=fields.between(0, 4))
    caller_id = fields.RuledText()
    caller_name = fields.RuledText(load_default="Kazoo Fax Printer")
    fax_header = fields.RuledText(load_default="Kazoo Fax Printer")
    fax_identity = fields.RuledText()
    fax_timezone = fields.RuledText()
    custom_smtp_email_address = fields.RuledText()
    media = fields.RuledValue("object", dict, texts=False, load_default=dict)
    notifications = fields.RuledPart(FaxboxNotificationsSchema)
    smtp_permission_list = fields.RuledValue("array", list, load_default=list)


class WebhookSchema(Open):
    name = fields.RuledText(required=True)
    uri = fields.RuledText(required=True, validate=fields.of_format("uri", r"https?://\S+"))
    hook = fields.RuledText(required=True, validate=fields.one_of(tables.NOTIFICATIONS))
    http_verb = fields.RuledText(load_default="post", validate=fields.one_of("get", "post", "put"))
    format = fields.RuledText(load_default="form-data", validate=fields.one_of("form-data", "json"))
    retries = fields.RuledNumber(load_default=2, validate=fields.between(0, 4))
    enabled = fields.RuledSwitch(load_default=True)
    include_subaccounts = fields.RuledSwitch()
    include_internal_legs = fields.RuledSwitch(load_default=True)
    custom_data = fields.RuledValue("object", dict)


class OldWebhookSchema(WebhookSchema):
    """A webhook of the 4.0 era: it does not put (that this is refused is assumed), and its `format` is
    kept like any key that is not known (observed).
    """

    hook = fields.RuledText(required=True, validate=fields.one_of(*tables.OLD_HOOKS))
    http_verb = fields.RuledText(load_default="post", validate=fields.one_of("get", "post"))
    format = fields.RuledText(load_default="form-data")


class EnableSchema(Open):
    """The one change that can be made to all webhooks at once; its key has a hyphen: `re-enable`."""


def wrap(schema: type[Schema], *, action: bool = False) -> type[Schema]:
    """Make the schema of a whole body, `data` and what stands beside it, as OpenAPI shows it."""
    beside: dict[str, Any] = {"action": fields.RuledText(required=True)} if action else {}
    keys: dict[str, Any] = {
        "data": fields.RuledPart(schema, required=not action),
        "auth_token": fields.RuledText(),
        "verb": fields.RuledText(),
    }
    return Open.from_dict({**keys, **beside}, name=schema.__name__.replace("Schema", "Envelope"))


def load(schema: type[Schema], data: Any) -> dict[str, Any]:
    """Check data and fill in defaults, the client's keys first; raise KazooError with each broken rule."""
    try:
        checked: dict[str, Any] = schema_of(schema).load(data)
    except ValidationError as wrong:
        raise invalid(fields.flatten(wrong.messages)) from None
    return {**{key: checked.get(key, value) for key, value in data.items()}, **checked}


def can_dial(text: str) -> bool:
    """Tell whether a number can be dialled; ten digits are North American, other bare ones get their plus."""
    plain = _NOISE.sub("", text[: LONGEST_NUMBER + 1])
    if len(plain) > LONGEST_NUMBER:
        return False
    if _BARE.fullmatch(plain) and len(plain) != 10:
        plain = f"+{plain}"
    return tables.DIALLABLE.fullmatch(plain) is not None


def check_fax(data: Mapping[str, Any], *, has_file: bool) -> dict[str, Any]:
    """Check what a client wants sent and set what is the system's; raise KazooError."""
    doc = load(FaxSchema, dict(data))
    errors = {} if can_dial(doc["to_number"]) else tables.NUMBER_MISSING
    if not has_file and "document" not in doc:
        errors = errors | tables.DOCUMENT_MISSING
    if errors:
        raise invalid(errors)
    doc |= {"attempts": 0, "tx_result": dict(tables.UNTRIED)}
    doc.setdefault("fax_timezone", "undefined")
    return doc


def data_of_request(*, required: bool = True) -> dict[str, Any]:
    """The envelope's `data`; raises KazooError when it is no object."""
    envelope = visit().envelope
    if envelope is None and not required:
        return {}
    if envelope is not None and not isinstance(envelope, dict):
        raise breaks("body", fields.type_error("object", envelope))
    if envelope is None or "data" not in envelope:
        raise missing("data")
    if not isinstance(envelope["data"], dict):
        raise breaks("data", fields.type_error("object", envelope["data"]))
    found: dict[str, Any] = envelope["data"]
    return found


def missing(field: str) -> KazooError:
    """Say that a field is missing that no schema requires."""
    return breaks(field, fields.rule_error("required", "Field is required but missing", value=field))


def breaks(field: str, rule: ValidationError) -> KazooError:
    """Say that a field breaks a rule that no schema has."""
    return invalid(fields.flatten({field: rule.messages}))
