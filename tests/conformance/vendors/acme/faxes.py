"""Acme's two endpoints, and who is let in."""

from emulator.vendors.acme.errors import answer, failure
from emulator.vendors.acme.words import shown
from flask import Response, request
from marshmallow import Schema, ValidationError, fields, validate

from emulator.core.dialect.moment import Upload
from emulator.core.dialect.vendor import Endpoint
from emulator.core.faxes.fax import Submission
from emulator.core.faxes.numbers import normalise
from emulator.vendors.dialect import concerns, context, enter
from emulator.vendors.reading import read_basic, schema_of

NUMBER = fields.String(required=True, validate=validate.Regexp(r"^\+?[0-9]{5,20}$(?!\n)"))
Sending = Schema.from_dict({"faxNumber": NUMBER})


def check_key() -> Response | None:
    """Find the sandbox of user and password."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    try:
        user, password = read_basic(given)
    except ValueError:
        return failure("-1003")
    return None if scheme == "Basic" and enter(f"{user}:{password}") else failure("-1003")


def send() -> Response:
    """Send the body to one number."""
    own = context()
    try:
        wanted = schema_of(Sending).load(request.args)
    except ValidationError:
        return failure("-150")
    if own.settings.restricts(wanted["faxNumber"]) or not own.settings.active or not request.get_data():
        return failure("-150")
    document = Upload.of(own.world.keep(request.get_data()))
    fax = own.world.submit(
        Submission(
            "acme",
            normalise(wanted["faxNumber"]),
            vendor_id=str(own.ids.serial("acme/fax", own.next("fax"), 9)),
            document=document.digest,
            pages=document.pages,
            problem=document.problem,
            resolution="fine",
        )
    )
    concerns(fax.id)
    made = answer({"id": fax.vendor_id}, 201)
    made.headers["Location"] = f"{request.url_root.rstrip('/')}/outbound/faxes/{fax.vendor_id}"
    return made


def status(fax: str) -> Response:
    """Tell what has become of a fax."""
    found = context().world.find("acme", fax)
    if found is None:
        return failure("-150", 404)
    concerns(found.id)
    return answer(shown(context().world.count_poll(found)))


ENDPOINTS = (
    Endpoint("send", ("POST",), "/outbound/faxes", send, Sending, "query", (201, 400, 401), source="send"),
    Endpoint("status", ("GET",), "/outbound/faxes/<fax>", status, statuses=(200, 401, 404), source="status"),
)
