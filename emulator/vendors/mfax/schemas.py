"""What each operation takes. An empty value counts as not sent, unknown fields are passed over."""

from __future__ import annotations

from marshmallow import EXCLUDE, Schema, fields, validate

from emulator.vendors.mfax.fields import (
    Choices,
    CommaList,
    Flag,
    Instant,
    ObjectText,
    Pattern,
    Table,
    Uuid,
    Whole,
)
from emulator.vendors.mfax.tables import EVENTS, LONGEST, MOST_TAGS, STATUSES

EVERY_PAGE = 1_000_000
FILE = {"type": "string", "format": "binary"}

ORDER = Pattern(r"^created_?[aA]t (asc|desc|ASC|DESC)$", error="Must be created_at ASC or created_at DESC.")
THREE_DIGITS = Pattern(r"^[2-9][0-9]{2}$", error="Must be three digits that begin with 2 to 9.")
ZIP_CODE = Pattern(r"^[0-9]{5}(-[0-9]{4})?$", error="Must be a ZIP code: 89101 or 89101-1234.")
COUNTRY = Pattern(r"^[A-Za-z]{2}$", error="Must be an alpha-2 country code: US.")
COLOUR = Pattern(r"^#[0-9a-fA-F]{6}$", error="Must be a colour: #rrggbb.")
API_NAME = Pattern(
    r"^[A-Za-z_][A-Za-z0-9_]{0,63}$", error="Must be 1 to 64 letters, digits or _, no digit first."
)
ADDRESS = Pattern(r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#]\S*$", error="Must be an http or https address.")
LOGIN = Pattern(r"^[^:\r\n]{1,200}:[^\r\n]{0,200}$", error="Must be user:password.")


def _text(name: str) -> fields.String:
    return fields.String(validate=validate.Length(max=LONGEST[name]))


def _word(*words: str, default: str) -> fields.String:
    return fields.String(load_default=default, validate=validate.OneOf(words))


class MfaxSchema(Schema):
    class Meta:
        unknown = EXCLUDE


class PreviewSchema(MfaxSchema):
    """Files are taken from parts of any name; `attachments` stands here for the description alone."""

    attachments = fields.Raw(metadata={"type": "array", "items": FILE})
    coverPage = Flag(load_default=False)  # noqa: N815
    coverPageId = Uuid()  # noqa: N815
    recipientName = _text("recipientName")  # noqa: N815
    senderName = _text("senderName")  # noqa: N815
    subject = _text("subject")
    callerId = _text("callerId")  # noqa: N815
    notes = _text("notes")


class SharedSchema(PreviewSchema):
    """Everything that faxes to many share."""

    attachmentUrls = CommaList(load_default=list)  # noqa: N815
    fileIds = CommaList(load_default=list)  # noqa: N815
    tags = CommaList(MOST_TAGS, load_default=list)
    cf = Table(load_default=dict)
    scheduledDate = Instant(load_default=None)  # noqa: N815
    webhookId = Uuid()  # noqa: N815
    optimizeFax = _word("auto", "text", "image", default="auto")  # noqa: N815


class BlastSchema(SharedSchema):
    recipient = fields.Raw(metadata=FILE)


class MultipleSchema(SharedSchema):
    recipientFax = CommaList(load_default=list)  # noqa: N815
    recipientContacts = CommaList(load_default=list)  # noqa: N815


class SendSchema(MultipleSchema):
    faxNumber = CommaList(load_default=list)  # noqa: N815


SendSchema._declared_fields["async"] = Flag(load_default=False)  # a word of Python's own


class ResendSchema(MfaxSchema):
    messageId = Uuid(required=True)  # noqa: N815
    recipientFax = fields.String()  # noqa: N815


class UpdateSchema(MfaxSchema):
    isArchived = Flag()  # noqa: N815


class DownloadSchema(MfaxSchema):
    format = _word("pdf", default="pdf")


class HistorySchema(MfaxSchema):
    accountId = Uuid(load_default=None)  # noqa: N815
    offset = Whole(0, EVERY_PAGE, load_default=0)
    limit = Whole(1, 500, load_default=10)
    direction = _word("all", "inbound", "outbound", default="all")
    status = _word("all", *(row.word for row in STATUSES), default="all")
    fromDate = Instant()  # noqa: N815
    toDate = Instant(day_ends=True)  # noqa: N815
    userId = Uuid()  # noqa: N815
    query = fields.String()
    tags = CommaList(MOST_TAGS)
    isArchived = Flag()  # noqa: N815
    include = CommaList(load_default=list, validate=validate.ContainsOnly(("contacts", "tags")))
    order = fields.String(load_default="created_at DESC", validate=ORDER)


class FaxTagSchema(MfaxSchema):
    tagId = Uuid(required=True)  # noqa: N815


class NumbersSchema(MfaxSchema):
    accountId = Uuid(load_default=None)  # noqa: N815
    type = fields.String(load_default=None, validate=validate.OneOf(("available", "assigned", "pending")))
    offset = Whole(0, EVERY_PAGE, load_default=0)
    limit = Whole(1, 1000, load_default=30)
    query = fields.String(load_default="")


class ProvisionSchema(MfaxSchema):
    type = fields.String(required=True, validate=validate.OneOf(("order", "local", "toll-free")))
    numbers = CommaList(load_default=list)
    quantity = Whole(1, 1000, load_default=1)
    accountId = Uuid(load_default=None)  # noqa: N815
    storage = ObjectText()


class SearchSchema(MfaxSchema):
    npa = fields.String(validate=THREE_DIGITS)
    nxx = fields.String(validate=THREE_DIGITS)
    state = fields.String(validate=validate.Length(max=40))
    city = fields.String(validate=validate.Length(max=80))
    zipcode = fields.String(validate=ZIP_CODE)
    limit = Whole(1, 1000, load_default=10)


class NumberSettingsSchema(MfaxSchema):
    storage = ObjectText()
    managedBy = Uuid()  # noqa: N815


class ValidateSchema(MfaxSchema):
    number = fields.String(required=True, validate=validate.Length(max=250))
    country = fields.String(required=True, validate=COUNTRY)


class ListSchema(MfaxSchema):
    offset = Whole(0, EVERY_PAGE, load_default=0)
    limit = Whole(1, 500, load_default=50)


class TagSchema(MfaxSchema):
    name = fields.String(required=True, validate=validate.Length(1, 100))
    color = fields.String(load_default="#000000", validate=COLOUR)
    isPublic = Flag(load_default=False)  # noqa: N815


class ContactSchema(MfaxSchema):
    firstName = fields.String(load_default="", validate=validate.Length(max=100))  # noqa: N815
    lastName = fields.String(load_default="", validate=validate.Length(max=100))  # noqa: N815
    companyName = fields.String(load_default="", validate=validate.Length(max=100))  # noqa: N815
    email = fields.String(load_default="", validate=validate.Length(max=200))
    phoneNumber = fields.String(load_default="", validate=validate.Length(max=40))  # noqa: N815
    faxNumber = fields.String(required=True, validate=validate.Length(max=40))  # noqa: N815


class CustomFieldSchema(MfaxSchema):
    label = fields.String(required=True, validate=validate.Length(1, 100))
    apiName = fields.String(required=True, validate=API_NAME)  # noqa: N815
    entity = _word("fax", "account", "user", default="fax")


class UserSchema(MfaxSchema):
    email = fields.Email(required=True)
    firstName = fields.String(load_default="", validate=validate.Length(max=100))  # noqa: N815
    lastName = fields.String(load_default="", validate=validate.Length(max=100))  # noqa: N815
    userRole = _word("base", "admin", default="base")  # noqa: N815
    accountId = Uuid(load_default=None)  # noqa: N815


class WebhookListSchema(MfaxSchema):
    accountId = Uuid()  # noqa: N815
    numberId = Uuid()  # noqa: N815


class WebhookSchema(MfaxSchema):
    name = fields.String(load_default="", validate=validate.Length(max=200))
    url = fields.String(required=True, validate=(validate.Length(max=2000), ADDRESS))
    events = Choices(EVENTS, required=True)
    auth = fields.String(load_default=None, validate=LOGIN)
    accountId = Uuid(load_default=None)  # noqa: N815
    numberId = Uuid(load_default=None)  # noqa: N815
    attachmentEnabled = Flag(load_default=False)  # noqa: N815
    notificationEmails = CommaList(20, load_default=list)  # noqa: N815
    enabled = Flag(load_default=True)
