"""What requests carry and what each operation takes of it.

An empty value counts as not sent, unknown fields are passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from flask import request
from marshmallow import Schema, ValidationError, fields, validate
from werkzeug.datastructures import MultiDict

from emulator.vendors.forms import base_name
from emulator.vendors.mfax.errors import invalid
from emulator.vendors.mfax.events import EVENTS
from emulator.vendors.mfax.fields import (
    Choices,
    CommaList,
    Flag,
    IsoInstant,
    JsonObject,
    ObjectText,
    Pattern,
    Uuid,
    WholeNumber,
    parse_json,
)
from emulator.vendors.mfax.tables import LONGEST_TEXTS, MOST_TAGS, STATES
from emulator.vendors.reading import QuickSchema, schema_of

_EVERY_PAGE = 1_000_000
_FILE = {"type": "string", "format": "binary"}

_ORDER = Pattern(r"^created_?[aA]t (asc|desc|ASC|DESC)$", error="Must be created_at ASC or created_at DESC.")
_CONTACT_ORDER = Pattern(
    r"^(name|email|faxNumber|phoneNumber|createdAt|updatedAt) (asc|desc|ASC|DESC)$",
    error="Must be name, email, faxNumber, phoneNumber, createdAt or updatedAt, and asc or desc.",
)
_THREE_DIGITS = Pattern(r"^[2-9][0-9]{2}$", error="Must be three digits that begin with 2 to 9.")
_ZIP_CODE = Pattern(r"^[0-9]{5}(-[0-9]{4})?$", error="Must be a ZIP code: 89101 or 89101-1234.")
_COUNTRY = Pattern(r"^[A-Za-z]{2}$", error="Must be an alpha-2 country code: US.")
_COLOUR = Pattern(r"^#[0-9a-fA-F]{6}$", error="Must be a colour: #rrggbb.")
_API_NAME = Pattern(
    r"^[A-Za-z_][A-Za-z0-9_]{0,63}$", error="Must be 1 to 64 letters, digits or _, no digit first."
)
_ADDRESS = Pattern(r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#]\S*$", error="Must be an http or https address.")
_LOGIN = Pattern(r"^[^:\r\n]{1,200}:[^\r\n]{0,200}$", error="Must be user:password.")


def _word(*words: str, default: str) -> fields.String:
    return fields.String(load_default=default, validate=validate.OneOf(words))


def _brief(most: int) -> fields.String:
    return fields.String(load_default="", validate=validate.Length(max=most))


def _some(least: int, most: int, default: int) -> WholeNumber:
    return WholeNumber(least, most, load_default=default)


def _takes(base: type[Schema] = QuickSchema, /, **kinds: fields.Field[Any]) -> type[Schema]:
    return base.from_dict(dict(kinds))


Preview = _takes(
    # Files are taken from parts of any name; `attachments` stands here for the description alone.
    attachments=fields.Raw(metadata={"type": "array", "items": _FILE}),
    coverPage=Flag(load_default=False),
    coverPageId=Uuid(),
    **{name: fields.String(validate=validate.Length(max=most)) for name, most in LONGEST_TEXTS.items()},
)
SendShared = _takes(
    Preview,
    attachmentUrls=CommaList(load_default=list),
    fileIds=CommaList(load_default=list),
    tags=CommaList(MOST_TAGS, load_default=list),
    cf=JsonObject(load_default=dict),
    scheduledDate=IsoInstant(load_default=None),
    webhookId=Uuid(),
    optimizeFax=_word("auto", "text", "image", default="auto"),
)
"""Everything that faxes to many share."""
Blast = _takes(SendShared, recipient=fields.Raw(metadata=_FILE))
SendMultiple = _takes(
    SendShared, recipientFax=CommaList(load_default=list), recipientContacts=CommaList(load_default=list)
)
SendFax = _takes(SendMultiple, faxNumber=CommaList(load_default=list))
Send = _takes(SendFax, **{"async": Flag(load_default=False)})
Resend = _takes(messageId=Uuid(required=True), recipientFax=fields.String(), scheduledDate=IsoInstant())
Update = _takes(isArchived=Flag())
Download = _takes(format=_word("pdf", default="pdf"))
ReadHistory = _takes(
    accountId=Uuid(load_default=None),
    offset=_some(0, _EVERY_PAGE, 0),
    limit=_some(1, 500, 10),
    direction=_word("all", "inbound", "outbound", default="all"),
    status=_word("all", *(row.word for row in STATES), default="all"),
    fromDate=IsoInstant(),
    toDate=IsoInstant(day_ends=True),
    userId=Uuid(),
    query=fields.String(),
    tags=CommaList(MOST_TAGS),
    isArchived=Flag(),
    include=CommaList(load_default=list, validate=validate.ContainsOnly(("contacts", "tags"))),
    order=fields.String(load_default="created_at DESC", validate=_ORDER),
)
FaxTag = _takes(tagId=Uuid(required=True))
ListPage = _takes(offset=_some(0, _EVERY_PAGE, 0), limit=_some(1, 500, 50))

NumberList = _takes(
    accountId=Uuid(load_default=None),
    type=fields.String(load_default=None, validate=validate.OneOf(("available", "assigned", "pending"))),
    offset=_some(0, _EVERY_PAGE, 0),
    limit=_some(1, 1000, 30),
    query=fields.String(load_default=""),
)
Provision = _takes(
    type=fields.String(required=True, validate=validate.OneOf(("order", "local", "toll-free"))),
    numbers=CommaList(load_default=list),
    quantity=_some(1, 1000, 1),
    accountId=Uuid(load_default=None),
    storage=ObjectText(),
)
NumberSearch = _takes(
    npa=fields.String(validate=_THREE_DIGITS),
    nxx=fields.String(validate=_THREE_DIGITS),
    state=fields.String(validate=validate.Length(max=40)),
    city=fields.String(validate=validate.Length(max=80)),
    zipcode=fields.String(validate=_ZIP_CODE),
    limit=_some(1, 1000, 10),
)
NumberSettings = _takes(storage=ObjectText(), managedBy=Uuid())
NumberCheck = _takes(
    number=fields.String(required=True, validate=validate.Length(max=250)),
    country=fields.String(required=True, validate=_COUNTRY),
)

NewTag = _takes(
    name=fields.String(required=True, validate=validate.Length(1, 100)),
    color=fields.String(load_default="#000000", validate=_COLOUR),
    isPublic=Flag(load_default=False),
)
ContactList = _takes(
    ListPage,
    userId=Uuid(load_default=None),
    order=fields.String(load_default="name asc", validate=_CONTACT_ORDER),
    query=fields.String(load_default=""),
)
NewContact = _takes(
    name=_brief(100),
    email=_brief(200),
    faxNumber=_brief(40),
    phoneNumber=_brief(40),
    organizationId=Uuid(load_default=None),
    isPublic=Flag(load_default=False),
    isOrganization=Flag(load_default=False),
    publicEditable=Flag(load_default=False),
)
_ENTITIES = ("fax", "account", "user")
CustomFieldList = _takes(
    ListPage, entity=fields.String(load_default=None, validate=validate.OneOf(_ENTITIES))
)
NewCustomField = _takes(
    label=fields.String(required=True, validate=validate.Length(1, 100)),
    apiName=fields.String(required=True, validate=_API_NAME),
    entity=_word(*_ENTITIES, default="fax"),
    displayUI=Flag(load_default=False),
    displayUITable=Flag(load_default=False),
    hint=_brief(500),
)
CustomField = _takes(NewCustomField, isArchived=Flag())
NewUser = _takes(
    email=fields.Email(required=True),
    firstName=_brief(100),
    lastName=_brief(100),
    userRole=_word("base", "admin", default="base"),
    accountId=Uuid(load_default=None),
)
WebhookList = _takes(accountId=Uuid(), numberId=Uuid())
NewWebhook = _takes(
    name=fields.String(required=True, validate=validate.Length(1, 200)),
    url=fields.String(required=True, validate=(validate.Length(max=2000), _ADDRESS)),
    events=Choices(EVENTS, load_default=lambda: dict.fromkeys(sorted(EVENTS), True)),
    auth=fields.String(load_default=None, validate=_LOGIN),
    accountId=Uuid(load_default=None),
    numberId=Uuid(load_default=None),
    attachmentEnabled=Flag(load_default=False),
    notificationEmails=CommaList(20, load_default=list),
    enabled=Flag(load_default=True),
)

_NOTHING: tuple[Any, ...] = (None, "", [], [""])


def load(schema: type[Schema]) -> dict[str, Any]:
    """Load the query of a GET, else the body, a form or JSON; a PATCH may leave out what stays.

    Raises InvalidInputError for what cannot be taken.
    """
    partial = request.method == "PATCH"
    sent = {name: value for name, value in _given().items() if value not in _NOTHING}
    try:
        loaded: dict[str, Any] = schema_of(schema).load(sent, partial=partial)
    except ValidationError as wrong:
        raise invalid(_message(wrong.messages_dict)) from None
    return {name: value for name, value in loaded.items() if not partial or name in sent}


class SentFile(NamedTuple):
    """A file part: its name, its content, and the type that its client gave."""

    name: str
    content: bytes
    kind: str = ""


def files(*, but: str = "") -> list[SentFile]:
    """Read name and content of every file part, whatever the part is called, in the order sent."""
    parts = (part for field, part in request.files.items(multi=True) if field != but)
    read = (SentFile(base_name(part.filename or ""), part.read(), part.mimetype) for part in parts)
    return [file for file in read if file.name or file.content]


def _given() -> dict[str, Any]:
    if request.method in ("GET", "HEAD"):
        return _gather(request.args)
    return _json() if request.mimetype == "application/json" else _gather(request.form)


def _gather(source: MultiDict[str, str]) -> dict[str, Any]:
    """Read `a[]` and repeated fields as lists and `a[key]` as objects."""
    found: dict[str, Any] = {}
    for key, values in source.lists():
        # A part of a multipart body may have no name at all.
        name, bracket, inner = (key or "").partition("[")
        inner = inner.removesuffix("]")
        if inner:
            known = found.get(name)
            found[name] = {**(known if isinstance(known, dict) else {}), inner: values[0]}
        else:
            found[name] = values if bracket or len(values) > 1 else values[0]
    return found


def _json() -> dict[str, Any]:
    if not request.get_data():
        return {}
    try:
        found = parse_json(request.get_data().decode())
    except (ValidationError, UnicodeDecodeError):
        raise invalid("The body is not valid JSON.") from None
    if not isinstance(found, dict):
        raise invalid("The body must be a JSON object.")
    return found


def _message(messages: Mapping[Any, Any]) -> str:
    """Say the first thing that is wrong, with the name of its field."""
    name, inner = next(iter(messages.items()))
    while isinstance(inner, Mapping):
        inner = next(iter(inner.values()))
    said = next(iter(inner)) if isinstance(inner, Iterable) and not isinstance(inner, str) else inner
    return f"{name}: {said}"
